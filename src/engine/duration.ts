const SECONDS: ReadonlyMap<string, number> = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 3600],
  ['d', 86_400],
]);

const PATTERN = /^([1-9][0-9]{0,6})([smhd])$/;

/** Seconds of a duration as configuration writes it (`30s`, `5m`, `24h`, `30d`); undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit = ''] = PATTERN.exec(text) ?? [];
  const seconds = SECONDS.get(unit);
  return seconds === undefined ? undefined : Number(count) * seconds;
}
