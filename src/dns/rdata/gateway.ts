import { DnsSyntaxError, MalformedRdataError } from '../errors.ts';
import type { EscapeStyle } from '../types.ts';
import { base64, ipv4, ipv6, name, octet } from './fields.ts';
import type { Field } from './fields.ts';
import { packUnsigned, parseUnsigned } from './numbers.ts';
import type { OctetReader } from './octet-reader.ts';
import type { WordReader } from './word-reader.ts';

/** Written where there is no gateway (RFC 4025 §3.1, RFC 8777 §4.3.1). */
const nothing: Field = {
  parse(words) {
    const text = words.plain('gateway');
    if (text !== '.') throw new DnsSyntaxError(`${text} stands where no gateway is wanted.`, { code: 'bad-gateway' });
    return '';
  },
  format: () => '.',
};

/** By gateway type: none, an address of either kind, a name. */
const GATEWAYS: readonly Field[] = [nothing, ipv4, ipv6, name];
const DISCOVERY_OPTIONAL = 0x80;

/** Gateway type, algorithm, gateway and the key, if any (RFC 4025 §2.1). */
export const ipsecGateway: Field = {
  parse(words) {
    const type = parseUnsigned(words.plain('gateway type'), 1, 'gateway type');
    const algorithm = octet.parse(words);
    const gateway = parseGateway(type, words);
    return packUnsigned(type, 1) + algorithm + gateway + (words.done ? '' : base64.parse(words));
  },
  format(octets, style) {
    const type = octets.number(1);
    const algorithm = octets.number(1);
    const head = `${type} ${algorithm} ${formatGateway(type, octets, style)}`;
    return octets.done ? head : `${head} ${base64.format(octets, style)}`;
  },
};

/** Discovery bit, relay type and relay (RFC 8777 §4.2). */
export const relay: Field = {
  parse(words) {
    const optional = words.plain('discovery bit');
    if (optional !== '0' && optional !== '1') {
      throw new DnsSyntaxError(`${optional} is no discovery bit: 0 or 1 is wanted.`, { code: 'bad-number' });
    }
    const type = parseUnsigned(words.plain('relay type'), 1, 'relay type');
    const gateway = parseGateway(type, words);
    return packUnsigned(type + Number(optional) * DISCOVERY_OPTIONAL, 1) + gateway;
  },
  format(octets, style) {
    const flags = octets.number(1);
    const type = flags % DISCOVERY_OPTIONAL;
    return `${flags >= DISCOVERY_OPTIONAL ? 1 : 0} ${type} ${formatGateway(type, octets, style)}`;
  },
};

function parseGateway(type: number, words: WordReader): string {
  const gateway = GATEWAYS[type];
  if (gateway !== undefined) return gateway.parse(words);
  throw new DnsSyntaxError(`${type} is no gateway type: 0 to 3 are.`, { code: 'bad-gateway' });
}

function formatGateway(type: number, octets: OctetReader, style: EscapeStyle): string {
  const gateway = GATEWAYS[type];
  if (gateway !== undefined) return gateway.format(octets, style);
  throw new MalformedRdataError(`${type} is no gateway type.`);
}
