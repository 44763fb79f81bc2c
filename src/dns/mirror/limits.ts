import { formatRdata } from '../rdata.ts';
import { MAX_BATCH_CHARACTERS, MAX_BATCH_ELEMENTS, MAX_VALUE_CHARACTERS, MAX_VALUES_PER_SET } from '../route53.ts';
import { RR } from '../rr-types.ts';
import type { RRset } from '../types.ts';

/** How RDATA is written that does not fit its type (RFC 3597 §5); Route 53 takes no such text. */
const GENERIC_MARK = '\\#';
/** The label `*` at the front of a name. */
const WILDCARD = '\x01*';

const TOO_MANY_VALUES = `a set of more than ${MAX_VALUES_PER_SET} values, Route 53's limit for one set.`;
const VALUE_TOO_LONG = `a value of more than ${count(MAX_VALUE_CHARACTERS)} characters, Route 53's limit for one value.`;
const NAME_TOO_LARGE =
  `more than ${count(MAX_BATCH_ELEMENTS)} values or ${count(MAX_BATCH_CHARACTERS)} characters at one name, ` +
  `Route 53's limit for one request.`;
const NO_TEXT = 'a value that does not fit its type and so has no text that Route 53 takes.';
const WILDCARD_NS = 'a delegation at a wildcard, which Route 53 does not take.';
const LOWER_SOA = 'a SOA below the apex, which Route 53 does not take.';

/** What Route 53 cannot hold of the sets of one name (but the apex SOA), as half a sentence; undefined: it can. */
export function whyNotHeld(sets: readonly RRset[]): string | undefined {
  let elements = 0;
  let characters = 0;
  for (const { name, type, rdata } of sets) {
    if (type === RR.SOA) return LOWER_SOA;
    if (type === RR.NS && name.startsWith(WILDCARD)) return WILDCARD_NS;
    if (rdata.length > MAX_VALUES_PER_SET) return TOO_MANY_VALUES;
    for (const value of rdata) {
      const text = formatRdata(type, value, 'octal');
      if (text.startsWith(GENERIC_MARK)) return NO_TEXT;
      if (text.length > MAX_VALUE_CHARACTERS) return VALUE_TOO_LONG;
      characters += text.length;
    }
    elements += rdata.length;
  }
  return elements > MAX_BATCH_ELEMENTS || characters > MAX_BATCH_CHARACTERS ? NAME_TOO_LARGE : undefined;
}

function count(limit: number): string {
  return limit.toLocaleString('en');
}
