import { formatRdata } from '../rdata.ts';
import { MAX_BATCH_CHARACTERS, MAX_BATCH_ELEMENTS, MAX_VALUE_CHARACTERS, MAX_VALUES_PER_SET } from '../route53.ts';
import { RR } from '../rr-types.ts';
import type { RRset } from '../types.ts';

/** How RDATA is written that does not fit its type (RFC 3597 §5); Route 53 takes no such text. */
const GENERIC_MARK = '\\#';
/** The label `*` at the front of a name. */
const WILDCARD = '\x01*';

const REASONS = {
  values: `a set of more than ${MAX_VALUES_PER_SET} values, Route 53's limit for one set.`,
  value: `a value of more than ${MAX_VALUE_CHARACTERS.toLocaleString('en')} characters, Route 53's limit for one value.`,
  name: `more than ${MAX_BATCH_ELEMENTS.toLocaleString('en')} values or ${MAX_BATCH_CHARACTERS.toLocaleString('en')} characters at one name, Route 53's limit for one request.`,
  text: 'a value that has no text in its type, so that it cannot be sent to Route 53.',
  wildcardNs: 'a delegation at a wildcard, which Route 53 does not take.',
  soa: 'a SOA below the apex, which Route 53 does not take.',
} as const;

export type CannotHold = keyof typeof REASONS;

export const CANNOT_HOLD: Readonly<Record<CannotHold, string>> = REASONS;

/** Why Route 53 cannot hold the sets of one name; undefined: it can. */
export function whyNotHeld(sets: readonly RRset[]): CannotHold | undefined {
  let elements = 0;
  let characters = 0;
  for (const { name, type, rdata } of sets) {
    if (type === RR.SOA) return 'soa';
    if (type === RR.NS && name.startsWith(WILDCARD)) return 'wildcardNs';
    if (rdata.length > MAX_VALUES_PER_SET) return 'values';
    for (const value of rdata) {
      const text = formatRdata(type, value, 'octal');
      if (text.startsWith(GENERIC_MARK)) return 'text';
      if (text.length > MAX_VALUE_CHARACTERS) return 'value';
      characters += text.length;
    }
    elements += rdata.length;
  }
  return elements > MAX_BATCH_ELEMENTS || characters > MAX_BATCH_CHARACTERS ? 'name' : undefined;
}
