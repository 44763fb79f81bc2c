import { DnsSyntaxError } from '../errors.ts';
import { formatHex, parseHex } from './fields.ts';
import { parseUnsigned } from './numbers.ts';
import type { WordReader } from './word-reader.ts';

/** Opens the form that every type can be written in (RFC 3597 §5). */
export const GENERIC_MARK = String.raw`\#`;

/** The octets of `\# LENGTH HEX`; the mark is taken already. */
export function parseGeneric(words: WordReader): string {
  const length = parseUnsigned(words.plain('RDATA length'), 2, 'RDATA length');
  const octets = words.done ? '' : parseHex(words.joined('hexadecimal data'));
  if (octets.length === length) return octets;
  throw new DnsSyntaxError(`The RDATA length is given as ${length}, but ${octets.length} octets follow.`, {
    code: 'rdata-length',
  });
}

export function formatGeneric(octets: string): string {
  return octets === '' ? `${GENERIC_MARK} 0` : `${GENERIC_MARK} ${octets.length} ${formatHex(octets)}`;
}
