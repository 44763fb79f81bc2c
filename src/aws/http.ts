/** The SDK has no default time-outs (research: ecosystem §1.7); these are far above any healthy answer. */
export const TIMEOUTS = { connectionTimeout: 2_000, requestTimeout: 15_000, throwOnRequestTimeout: true } as const;

/** Of calls of which nothing hangs but a message. */
export const BRIEF_TIMEOUTS = { ...TIMEOUTS, requestTimeout: 4_000 } as const;

/** Of copies within S3: what a function has to live at the most ends them anyway (Lambda quotas, 15 minutes). */
export const SLOW_TIMEOUTS = { ...TIMEOUTS, requestTimeout: 900_000 } as const;
