import { DnsSyntaxError, MalformedRdataError } from '../errors.ts';
import { typeName } from '../rr-types.ts';
import { parseType } from './bitmap.ts';
import { formatHex, parseHex } from './fields.ts';
import type { Field } from './fields.ts';
import { packUnsigned, parseUnsigned } from './numbers.ts';

/** IANA "DNS Security Algorithm Numbers". */
export const ALGORITHMS: Readonly<Record<string, number>> = {
  RSAMD5: 1,
  DH: 2,
  DSA: 3,
  RSASHA1: 5,
  NSEC3DSA: 6,
  NSEC3RSASHA1: 7,
  RSASHA256: 8,
  RSASHA512: 10,
  ECCGOST: 12,
  ECDSAP256SHA256: 13,
  ECDSAP384SHA384: 14,
  ED25519: 15,
  ED448: 16,
  INDIRECT: 252,
  PRIVATEDNS: 253,
  PRIVATEOID: 254,
};

/** IANA "CERT RR Certificate Types". */
export const CERTIFICATES: Readonly<Record<string, number>> = {
  PKIX: 1,
  SPKI: 2,
  PGP: 3,
  IPKIX: 4,
  ISPKI: 5,
  IPGP: 6,
  ACPKIX: 7,
  IACPKIX: 8,
  URI: 253,
  OID: 254,
};

/** A number that may be written as a mnemonic; the number is what is printed. */
export function mnemonic(size: number, numbers: Readonly<Record<string, number>>, what: string): Field {
  const known = new Map(Object.entries(numbers));
  return {
    parse(words) {
      const text = words.plain(what);
      return packUnsigned(known.get(text.toUpperCase()) ?? parseUnsigned(text, size, what), size);
    },
    format: (octets) => String(octets.number(size)),
  };
}

/** The type that a signature covers. */
export const coveredType: Field = {
  parse: (words) => packUnsigned(parseType(words.plain('type')), 2),
  format: (octets) => typeName(octets.number(2)),
};

/** Seconds since 1970 as YYYYMMDDHHmmSS or as a number (RFC 4034 §3.2); the number is what is printed. */
export const moment: Field = {
  parse(words) {
    const text = words.plain('time');
    if (!/^\d{14}$/.test(text)) return packUnsigned(parseUnsigned(text, 4, 'time'), 4);
    const [, ...parts] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text) ?? [];
    const [year = 0, month = 0, day, hour, minute, second] = parts.map(Number);
    // Serial arithmetic: after 2106 the 32 bits start again.
    return packUnsigned((Date.UTC(year, month - 1, day, hour, minute, second) / 1000) % 2 ** 32, 4);
  },
  format: (octets) => String(octets.number(4)),
};

/** Octets with their count, in hexadecimal, `-` for none (NSEC3's salt, RFC 5155 §3.3). */
export const salt: Field = {
  parse(words) {
    const text = words.plain('salt');
    const octets = text === '-' ? '' : parseHex(text);
    if (octets.length > 0xff) throw new DnsSyntaxError('A salt has at most 255 octets.', { code: 'bad-hex' });
    return packUnsigned(octets.length, 1) + octets;
  },
  format: (octets) => formatHex(octets.characterString()) || '-',
};

/** RFC 4648 §7. */
const BASE32HEX = '0123456789ABCDEFGHIJKLMNOPQRSTUV';

/** The next owner's hash with its length, in base32hex without padding (RFC 5155 §3.3). */
export const hashedOwner: Field = {
  parse(words) {
    const text = words.plain('hash').toUpperCase();
    const bits = Array.from(text, (digit) => BASE32HEX.indexOf(digit).toString(2).padStart(5, '0')).join('');
    const octets = bits.match(/[01]{8}/g) ?? [];
    if (
      !/^[0-9A-V]+$/.test(text) ||
      octets.length === 0 ||
      octets.length > 0xff ||
      !/^0{0,7}$/.test(bits.slice(octets.length * 8))
    ) {
      throw new DnsSyntaxError(`${text} is no base32 (RFC 4648 §7).`, { code: 'bad-base32' });
    }
    return packUnsigned(octets.length, 1) + octets.map((octet) => packUnsigned(Number.parseInt(octet, 2), 1)).join('');
  },
  format(octets) {
    const hash = octets.characterString();
    if (hash === '') throw new MalformedRdataError('The hash is empty.');
    const bits = Array.from(hash, (octet) => octet.charCodeAt(0).toString(2).padStart(8, '0')).join('');
    const digits = bits.padEnd(Math.ceil(bits.length / 5) * 5, '0').match(/[01]{5}/g) ?? [];
    return digits.map((digit) => BASE32HEX.charAt(Number.parseInt(digit, 2))).join('');
  },
};
