import type { Address } from '../engine/types.ts';
import { plural } from '../report/format.ts';

/** What comes next where something drifted. */
export const DRIFT_COMMANDS =
  'trueup drift says what differs; trueup apply heals it, trueup drift --accept DOCUMENT keeps it';

/** Documents that a notice names; the rest is counted. */
const NAMED = 5;

/**
 * The first of the documents, each with what there is to say of it, and how many more there are.
 * @param isAll false: there are others of which only the number of their objects, or of their kind, is known
 */
export function documentLines(said: ReadonlyMap<Address, string>, isAll = true): readonly string[] {
  const all = [...said].sort(([a], [b]) => (a < b ? -1 : 1));
  const named = all.slice(0, NAMED).map(([address, text]) => `- ${address}${text === '' ? '' : `: ${text}`}`);
  const rest = all.length - named.length;
  if (!isAll) return [...named, 'and more documents'];
  return rest === 0 ? named : [...named, `and ${plural(rest, 'more document')}`];
}

/** How often each occurs, in the order of first mention. */
export function tally(addresses: Iterable<Address>): ReadonlyMap<Address, number> {
  const counts = new Map<Address, number>();
  for (const address of addresses) counts.set(address, (counts.get(address) ?? 0) + 1);
  return counts;
}
