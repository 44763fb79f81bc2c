import { DnsSyntaxError } from '../errors.ts';
import { formatHex, hex, parseHex } from './fields.ts';
import type { Field } from './fields.ts';
import { packUnsigned } from './numbers.ts';

/** 64 bits as four groups of hexadecimal digits (RFC 6742 §2.1 and §2.3). */
export const locator64: Field = {
  parse(words) {
    const text = words.plain('locator');
    if (!/^[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){3}$/i.test(text)) {
      throw new DnsSyntaxError(`${text} is no locator of four groups.`, { code: 'bad-address' });
    }
    const groups = text.split(':');
    return groups.map((group) => packUnsigned(Number.parseInt(group, 16), 2)).join('');
  },
  format: (octets) => Array.from({ length: 4 }, () => octets.number(2).toString(16)).join(':'),
};

/** An IEEE extended unique identifier of 6 or 8 octets, hyphenated (RFC 7043). */
export function eui(size: number): Field {
  return {
    parse(words) {
      const text = words.plain('identifier');
      if (/^[0-9a-f]{2}(?:-[0-9a-f]{2})*$/i.test(text) && text.length === size * 3 - 1) {
        return parseHex(text.replaceAll('-', ''));
      }
      throw new DnsSyntaxError(`${text} is no identifier of ${size} hyphenated octets.`, { code: 'bad-address' });
    },
    format: (octets) => Array.from(octets.take(size), (one) => formatHex(one).toLowerCase()).join('-'),
  };
}

/** An OSI address (RFC 1706 §7): hexadecimal after `0x`, dots anywhere. */
export const nsap: Field = {
  parse(words) {
    const text = words.plain('NSAP address');
    if (!/^0x/i.test(text)) throw new DnsSyntaxError(`${text} is no NSAP address.`, { code: 'bad-address' });
    return parseHex(text.slice(2).replaceAll('.', ''));
  },
  format: (octets, style) => `0x${hex.format(octets, style).toLowerCase()}`,
};
