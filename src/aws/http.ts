/** The SDK has no default time-outs (research: ecosystem §1.7); these are far above any healthy answer. */
export const TIMEOUTS = { connectionTimeout: 2_000, requestTimeout: 15_000, throwOnRequestTimeout: true } as const;
/** Throttling is answered with patience, not with failure: Route 53's 5 requests a second are shared with everybody. */
export const MAX_ATTEMPTS = 10;
