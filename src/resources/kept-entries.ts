import { documentOf } from '../engine/address.ts';
import type { Address, Finding } from '../engine/types.ts';

/** Entries that are named; more are counted. */
const NAMED = 5;

/** Names what others wrote into an object of ours, and stays. @param what they are, with the object: `targets of rule r`. */
export function keptEntries(address: Address, what: string, ids: readonly string[]): readonly Finding[] {
  if (ids.length === 0) return [];
  const more = ids.length > NAMED ? ` and ${ids.length - NAMED} more` : '';
  const named = ids.slice(0, NAMED).join(', ');
  return [
    {
      document: documentOf(address),
      code: 'kept-entries',
      severity: 'info',
      message: `${what} that are not ours and stay: ${named}${more}`,
      data: { entries: [...ids] },
    },
  ];
}
