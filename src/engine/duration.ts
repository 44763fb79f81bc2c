const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

const PATTERN = /^([1-9][0-9]{0,6})([smhd])$/;

/** Seconds of a duration as configuration writes it (`30s`, `5m`, `24h`, `30d`); undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit] = PATTERN.exec(text) ?? [];
  if (count === undefined || unit === undefined) return undefined;
  return Number(count) * SECONDS[unit as keyof typeof SECONDS];
}
