const STEPS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];

/** 1,234 */
export function figure(value: number): string {
  return value.toLocaleString('en-US');
}

/** By thousands, as bills count: `0 B`, `1.2 GB`. */
export function octets(value: number): string {
  const step = value < 1 ? 0 : Math.min(STEPS.length - 1, Math.floor(Math.log10(value) / 3));
  const scaled = value / 1_000 ** step;
  const digits = step === 0 || scaled >= 100 ? 0 : 1;
  return `${scaled.toLocaleString('en-US', { maximumFractionDigits: digits })} ${STEPS[step] ?? ''}`;
}
