const GROUPED = new Intl.NumberFormat('en-US');

const UNITS: readonly (readonly [seconds: number, unit: string])[] = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
];

/** Characters of a digest that people compare by eye. */
const SHORT_DIGEST = 8;

/** 8412 → `8,412`. */
export function count(value: number): string {
  return GROUPED.format(value);
}

/** `1 batch`, `2 batches`; the plural is the singular and an s unless given. */
export function plural(value: number, singular: string, many = `${singular}s`): string {
  return `${count(value)} ${value === 1 ? singular : many}`;
}

/** The two largest units of a duration: `6 d 4 h`, `1 h`, `45 s`; below ten seconds with a decimal: `4.2 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 10_000) return `${Math.round(milliseconds / 100) / 10} s`;
  let rest = Math.round(milliseconds / 1_000);
  const parts: string[] = [];
  for (const [seconds, unit] of UNITS) {
    const amount = Math.floor(rest / seconds);
    rest %= seconds;
    if (amount > 0) parts.push(`${amount} ${unit}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(' ');
}

/** The beginning of a digest, enough to compare by eye. What is no hexadecimal digit is none of a digest. */
export function shortDigest(digest: string): string {
  return /^[0-9a-f]*/u.exec(digest.slice(0, SHORT_DIGEST))?.[0] ?? '';
}

/** `2026-11-22T23:14:05Z` → `2026-11-22 23:14 UTC`; anything else unchanged. */
export function instant(iso: string): string {
  const [, day, time] = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?Z$/u.exec(iso) ?? [];
  return day !== undefined && time !== undefined ? `${day} ${time} UTC` : iso;
}
