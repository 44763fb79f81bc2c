import type { Budgets } from '../dns/transfer/budgets.ts';
import { usageError } from './errors.ts';

const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/;
const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const TIMES: Readonly<Record<string, keyof Budgets>> = {
  connect: 'connect',
  'first-byte': 'firstByte',
  idle: 'idle',
  total: 'total',
};
const COUNTS: Readonly<Record<string, keyof Budgets>> = { 'min-rate': 'minRate', bytes: 'bytes', records: 'records' };

/** `--budget NAME=VALUE`: durations such as `10s`, counts as plain numbers. */
export function parseBudgets(entries: readonly string[]): Partial<Budgets> {
  return Object.fromEntries(entries.map(parseBudget));
}

function parseBudget(entry: string): readonly [keyof Budgets, number] {
  const cut = entry.indexOf('=');
  const [name, text] = [entry.slice(0, cut), entry.slice(cut + 1)];
  const time = TIMES[name];
  const count = COUNTS[name];
  if (count !== undefined && /^\d+$/.test(text)) return [count, Number(text)];
  const duration = time === undefined ? undefined : DURATION.exec(text);
  if (time !== undefined && duration) return [time, Number(duration[1]) * (MILLISECONDS[duration[2] ?? 's'] ?? 1)];
  const known = [...Object.keys(TIMES), ...Object.keys(COUNTS)].join(', ');
  throw usageError(`--budget ${entry} is not understood`, `NAME=VALUE, NAME one of ${known}; durations as 10s or 5m`);
}
