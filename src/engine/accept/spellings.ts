import { parseDuration } from '../duration.ts';
import { isPlainMap } from '../config/yaml-value.ts';

/** What is wanted, and what stands there instead. */
export interface Pair {
  readonly wanted: unknown;
  readonly found: unknown;
}

/** Seconds of what properties of AWS count by: seconds, minutes, hours, days. */
const COUNTED = [1, 60, 3600, 86_400] as const;
const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
] as const;
const DECIMAL = /^-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,10})?$/;

/**
 * What a field would have to say so that what it decides is as it was found, if it says now what is wanted: itself, the
 * same as text or as a number, a duration for a number of seconds to days, a part of a text. Undefined among them takes
 * the field away. Guesses, the likeliest first: whether one is right is for others to prove.
 *
 * @param field what stands there now; undefined: nothing.
 */
export function guesses(field: unknown, { wanted, found }: Pair): readonly unknown[] {
  if (field === undefined) return wanted === null ? spellings(found) : [];
  if (found === null) return spellings(wanted).includes(field) ? [undefined] : [];
  if (!isPlain(wanted) || !isPlain(found) || !isPlain(field)) return [];
  return [...new Set([...sameWay(field, wanted, found), ...asPart(field, String(wanted), String(found))])];
}

type Plain = string | number | boolean;

function isPlain(value: unknown): value is Plain {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** All ways in which a field may say a plain value. */
function spellings(value: unknown): readonly unknown[] {
  if (typeof value === 'number') return [value, String(value), ...COUNTED.flatMap((unit) => durations(value * unit))];
  if (typeof value === 'string') return DECIMAL.test(value) ? [value, Number(value)] : [value];
  return typeof value === 'boolean' ? [value] : [];
}

/** The found value in the way in which the field spells the wanted one. */
function sameWay(field: Plain, wanted: Plain, found: Plain): readonly Plain[] {
  if (field === wanted) return [found];
  if (field === String(wanted)) return [String(found)];
  if (typeof wanted === 'string' && field === Number(wanted)) return DECIMAL.test(String(found)) ? [Number(found)] : [];
  const seconds = typeof field === 'string' ? parseDuration(field) : undefined;
  if (seconds === undefined || typeof wanted !== 'number' || typeof found !== 'number') return [];
  const unit = COUNTED.find((one) => wanted * one === seconds);
  return unit === undefined ? [] : durations(found * unit, String(field).at(-1));
}

/** All that say so many seconds: in the unit that was used, then in the largest. */
function durations(seconds: number, used?: string): readonly string[] {
  const fitting = UNITS.filter(([, unit]) => seconds > 0 && seconds % unit === 0);
  const [first, others] = [fitting.filter(([name]) => name === used), fitting.filter(([name]) => name !== used)];
  return [...first, ...others].map(([name, unit]) => `${seconds / unit}${name}`);
}

/** The field stands within the wanted text, or the wanted value within the field. */
function asPart(field: Plain, wanted: string, found: string): readonly string[] {
  if (typeof field !== 'string' || field === '' || wanted === '' || field === wanted) return [];
  if (field.includes(wanted)) return [field.replace(wanted, () => found)];
  const at = wanted.indexOf(field);
  if (at < 0) return [];
  const [front, back] = [wanted.slice(0, at), wanted.slice(at + field.length)];
  const isFramed = found.length > front.length + back.length && found.startsWith(front) && found.endsWith(back);
  return isFramed ? [found.slice(front.length, found.length - back.length)] : [];
}

/** The places in which two values of one shape differ; where their shapes differ they are a pair themselves. */
export function differingPairs(wanted: unknown, found: unknown): readonly Pair[] {
  if (Array.isArray(wanted) && Array.isArray(found) && wanted.length === found.length) {
    return wanted.flatMap((item, index) => differingPairs(item, found[index]));
  }
  if (isPlainMap(wanted) && isPlainMap(found)) {
    const keys = [...new Set([...Object.keys(wanted), ...Object.keys(found)])];
    return keys.flatMap((key) => differingPairs(wanted[key] ?? null, found[key] ?? null));
  }
  return Object.is(wanted, found) ? [] : [{ wanted, found }];
}
