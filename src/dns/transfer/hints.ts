import { RR } from '../rr-types.ts';
import { RCODE } from '../wire/protocol.ts';

const SERVES = 'Does this server serve the zone, under exactly this name?';
const ADMITS_TRANSFER =
  'Does its list of clients for transfers (BIND: allow-transfer) hold the address that this query comes from?';
const ADMITS_QUERY =
  'Does its list of clients (BIND: allow-query, allow-recursion) hold the address that this query comes from?';
const NO_KEY = 'It may want a TSIG key: this query was not signed.';
const OTHER_KEY = 'The key may not be admitted for this zone, or the server wants none.';

/**
 * What to look at after a response code. The code alone never says why: servers answer one and the same cause with
 * different codes.
 */
export function rcodeHints(rcode: number, type: number, signed: boolean): string[] {
  const admits = isTransfer(type) ? ADMITS_TRANSFER : ADMITS_QUERY;
  const key = signed ? OTHER_KEY : NO_KEY;
  switch (rcode) {
    case RCODE.REFUSED:
      return [admits, key, SERVES];
    case RCODE.NOTAUTH:
      return [SERVES, key, admits];
    case RCODE.SERVFAIL:
      return ['The server knows the zone but could not load it, or it has expired there: look at its log.', admits];
    case RCODE.NOTIMP:
      return [
        `This server does not offer ${isTransfer(type) ? 'transfers' : 'this'} over TCP, or something in between filters it.`,
        key,
      ];
    case RCODE.FORMERR:
      return ['The server did not understand the query.', signed ? 'It may not know TSIG.' : 'Is it a DNS server?'];
    default:
      return [SERVES, admits, key];
  }
}

function isTransfer(type: number): boolean {
  return type === RR.AXFR || type === RR.IXFR;
}
