/**
 * How much a test that shows something at full size takes. By default what tells a mistake in seconds; TRUEUP_THOROUGH,
 * which CI sets, takes more; TRUEUP_SCALE=1 the size that is promised, which takes many minutes of one core
 * (docs/performance.md).
 */
export function sizeOf(sizes: { readonly small: number; readonly thorough: number; readonly full: number }): number {
  if (isFullSize()) return sizes.full;
  return process.env['TRUEUP_THOROUGH'] ? sizes.thorough : sizes.small;
}

/** Limit for a test of such a size: nothing is asserted by it, and it ends what hangs. */
export function timeoutOf(): number {
  return isFullSize() ? 6 * 3_600_000 : 15 * 60_000;
}

/** What a run of full size came to, for docs/performance.md; without a word in any other. */
export function tellFigures(name: string, figures: Readonly<Record<string, number | string>>): void {
  if (!isFullSize()) return;
  const { user, system } = process.cpuUsage();
  const { maxRSS } = process.resourceUsage();
  const all = { ...figures, cpuSeconds: Math.round((user + system) / 1e6), megabytes: Math.round(maxRSS / 1024) };
  process.stdout.write(`${name}: ${JSON.stringify(all)}\n`);
}

function isFullSize(): boolean {
  return Boolean(process.env['TRUEUP_SCALE']);
}
