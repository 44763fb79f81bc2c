import { RCODE } from '../wire/protocol.ts';

const SERVES = 'Does this server serve the zone, under exactly this name?';
const ADMITS =
  'Does its list of clients for transfers (BIND: allow-transfer) hold the address that this query comes from?';
const NO_KEY = 'It may want a TSIG key: this query was not signed.';
const OTHER_KEY = 'The key may not be admitted for this zone, or the server wants none.';

/**
 * What to look at after a response code. The code alone never says why: servers answer one and the same cause with
 * different codes.
 */
export function rcodeHints(rcode: number, signed: boolean): string[] {
  const key = signed ? OTHER_KEY : NO_KEY;
  switch (rcode) {
    case RCODE.REFUSED:
      return [ADMITS, key, SERVES];
    case RCODE.NOTAUTH:
      return [SERVES, key, ADMITS];
    case RCODE.SERVFAIL:
      return ['The server knows the zone but could not load it, or it has expired there: look at its log.', ADMITS];
    case RCODE.NOTIMP:
      return ['This server does not offer AXFR over TCP, or something in between filters it.', key];
    case RCODE.FORMERR:
      return ['The server did not understand the query.', signed ? 'It may not know TSIG.' : 'Is it a DNS server?'];
    default:
      return [SERVES, ADMITS, key];
  }
}
