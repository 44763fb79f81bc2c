import { DnsSyntaxError } from '../errors.ts';

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const MAX_UINT32 = 0xffff_ffff;

/** An unsigned decimal number that fits `octets`. */
export function parseUnsigned(text: string, octets: number, what: string): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : undefined;
  const highest = 0x100 ** octets - 1;
  if (value !== undefined && value <= highest) return value;
  throw new DnsSyntaxError(`${text} is no ${what}: a number from 0 to ${highest} is wanted.`, { code: 'bad-number' });
}

/** Is it seconds, plain or with units? What a TTL looks like (BIND 9 manual, "Time-to-live"). */
export function isDuration(text: string): boolean {
  return /^(?:\d{1,10}|(?:\d{1,10}[smhdw])+)$/i.test(text);
}

/** Seconds, plain or with units: `3600`, `1h30m`, `2W`; 32 bits. */
export function parseDuration(text: string): number {
  let seconds = isDuration(text) ? 0 : Number.NaN;
  for (const [, count, unit] of text.matchAll(/(\d+)([a-z]?)/gi)) {
    seconds += Number(count) * (SECONDS[unit?.toLowerCase() || 's'] ?? Number.NaN);
  }
  if (seconds <= MAX_UINT32) return seconds;
  throw new DnsSyntaxError(`${text} is no time: seconds below 2^32, or parts such as 1h30m, are wanted.`, {
    code: 'bad-time',
  });
}

/** `octets` octets in network order. */
export function packUnsigned(value: number, octets: number): string {
  let packed = '';
  for (let shift = octets - 1; shift >= 0; shift -= 1) {
    packed += String.fromCharCode(Math.floor(value / 0x100 ** shift) % 0x100);
  }
  return packed;
}
