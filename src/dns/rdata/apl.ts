import { DnsSyntaxError, MalformedRdataError } from '../errors.ts';
import type { Field } from './fields.ts';
import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from './ip.ts';
import { packUnsigned, parseUnsigned } from './numbers.ts';
import type { OctetReader } from './octet-reader.ts';

interface Family {
  readonly size: number;
  parse(text: string): string;
  format(octets: string): string;
}

/** IANA address family numbers that RFC 3123 defines. */
const FAMILIES: ReadonlyMap<number, Family> = new Map([
  [1, { size: 4, parse: parseIpv4, format: formatIpv4 }],
  [2, { size: 16, parse: parseIpv6, format: formatIpv6 }],
]);
const NEGATION = 0x80;

/** Address prefixes, `[!]family:address/bits` each (RFC 3123 §5). */
export const addressPrefixes: Field = {
  parse(words) {
    let octets = '';
    while (!words.done) octets += parsePrefix(words.plain('address prefix'));
    return octets;
  },
  format(octets) {
    const prefixes: string[] = [];
    while (!octets.done) prefixes.push(formatPrefix(octets));
    return prefixes.join(' ');
  },
};

function parsePrefix(text: string): string {
  const [, negation, number, address = '', bits = ''] = /^(!?)([12]):([^/]+)\/(\d+)$/.exec(text) ?? [];
  const family = FAMILIES.get(Number(number));
  if (family === undefined) {
    throw new DnsSyntaxError(`${text} is no address prefix such as 1:192.0.2.0/24.`, { code: 'bad-address' });
  }
  const prefix = parseUnsigned(bits, 1, 'prefix length');
  if (prefix > family.size * 8) throw new DnsSyntaxError(`/${bits} is too long a prefix.`, { code: 'bad-address' });
  const part = family.parse(address).replace(/\0+$/, '');
  const length = part.length + (negation === '!' ? NEGATION : 0);
  return packUnsigned(Number(number), 2) + packUnsigned(prefix, 1) + packUnsigned(length, 1) + part;
}

function formatPrefix(octets: OctetReader): string {
  const number = octets.number(2);
  const prefix = octets.number(1);
  const length = octets.number(1);
  const part = octets.take(length % NEGATION);
  const family = FAMILIES.get(number);
  if (family === undefined || prefix > family.size * 8 || part.length > family.size || part.endsWith('\0')) {
    throw new MalformedRdataError('An address prefix has no text.');
  }
  const address = family.format(part.padEnd(family.size, '\0'));
  return `${length >= NEGATION ? '!' : ''}${number}:${address}/${prefix}`;
}
