import { DnsSyntaxError, MalformedRdataError } from '../errors.ts';
import { formatName, parseName } from '../name.ts';
import { decodeText, encodeCharacterString, quoteOctets } from '../presentation.ts';
import type { EscapeStyle } from '../types.ts';
import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from './ip.ts';
import { packUnsigned, parseDuration, parseUnsigned } from './numbers.ts';
import type { OctetReader } from './octet-reader.ts';
import type { WordReader } from './word-reader.ts';

/** One field of an RDATA: its text and its octets. `format` of what `parse` gave is always possible, and exact. */
export interface Field {
  /** @throws DnsSyntaxError without a place. */
  parse(words: WordReader): string;
  /** Empty: the field has no text. @throws MalformedRdataError for octets that no text stands for. */
  format(octets: OctetReader, style: EscapeStyle): string;
}

export const octet = unsigned(1, 'number');
export const short = unsigned(2, 'number');
export const long = unsigned(4, 'number');

/** 32 bits of seconds; units are read and never written. */
export const duration: Field = {
  parse: (words) => packUnsigned(parseDuration(words.plain('time')), 4),
  format: (octets) => String(octets.number(4)),
};

export const name: Field = {
  parse: (words) => parseName(words.plain('name'), words.style, words.origin),
  format: (octets, style) => formatName(octets.name(), style),
};

export const ipv4: Field = {
  parse: (words) => parseIpv4(words.plain('IPv4 address')),
  format: (octets) => formatIpv4(octets.take(4)),
};

export const ipv6: Field = {
  parse: (words) => parseIpv6(words.plain('IPv6 address')),
  format: (octets) => formatIpv6(octets.take(16)),
};

export const characterString: Field = {
  parse: (words) => encodeCharacterString(words.next('string').text, words.style),
  format: (octets, style) => quoteOctets(octets.characterString(), style),
};

/** Character-strings to the end. */
export function characterStrings(least: number, most = Infinity): Field {
  return {
    parse(words) {
      let octets = '';
      for (let count = 0; count < least || (count < most && !words.done); count += 1) {
        octets += characterString.parse(words);
      }
      return octets;
    },
    format(octets, style) {
      const strings: string[] = [];
      while (!octets.done) strings.push(characterString.format(octets, style));
      if (strings.length >= least && strings.length <= most) return strings.join(' ');
      throw new MalformedRdataError(`${strings.length} strings are too few or too many for the type.`);
    },
  };
}

/** One quoted string of any length to the end, without a length octet (CAA, URI). */
export const quotedRest: Field = {
  parse: (words) => decodeText(words.next('value').text, words.style),
  format: (octets, style) => quoteOctets(octets.rest(), style),
};

/** A character-string of letters and digits, written without quotes (CAA's tag, RFC 8659 §4.1). */
export const tag: Field = {
  parse(words) {
    const text = words.plain('tag');
    if (!/^[A-Za-z0-9]{1,255}$/.test(text)) {
      throw new DnsSyntaxError(`${text} is no tag: letters and digits are wanted.`, { code: 'bad-tag' });
    }
    return packUnsigned(text.length, 1) + text;
  },
  format(octets) {
    const text = octets.characterString();
    if (!/^[A-Za-z0-9]+$/.test(text)) throw new MalformedRdataError('The tag has other than letters and digits.');
    return text;
  },
};

/** Octets to the end, at least one, in hexadecimal. */
export const hex: Field = {
  parse: (words) => parseHex(words.joined('hexadecimal data')),
  format: (octets) => formatHex(someOctets(octets)),
};

/** Octets to the end, at least one, in base64. */
export const base64: Field = {
  parse: (words) => parseBase64(words.joined('base64 data')),
  format: (octets) => formatBase64(someOctets(octets)),
};

export function parseHex(text: string): string {
  if (!/^(?:[0-9a-f]{2})+$/i.test(text)) {
    throw new DnsSyntaxError('Hexadecimal data has pairs of 0-9 and A-F.', { code: 'bad-hex' });
  }
  return Buffer.from(text, 'hex').toString('latin1');
}

export function formatHex(octets: string): string {
  return Buffer.from(octets, 'latin1').toString('hex').toUpperCase();
}

export function parseBase64(text: string): string {
  const octets = Buffer.from(text, 'base64');
  if (octets.length === 0 || octets.toString('base64') !== text) {
    throw new DnsSyntaxError('This is no base64 (RFC 4648 §4, with its padding).', { code: 'bad-base64' });
  }
  return octets.toString('latin1');
}

export function formatBase64(octets: string): string {
  return Buffer.from(octets, 'latin1').toString('base64');
}

function unsigned(size: number, what: string): Field {
  return {
    parse: (words) => packUnsigned(parseUnsigned(words.plain(what), size, what), size),
    format: (octets) => String(octets.number(size)),
  };
}

function someOctets(octets: OctetReader): string {
  const rest = octets.rest();
  if (rest === '') throw new MalformedRdataError('The RDATA ends before its data.');
  return rest;
}
