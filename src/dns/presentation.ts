import { DnsSyntaxError } from './errors.ts';
import { readEscape, writeEscape } from './escape.ts';
import type { EscapeStyle } from './types.ts';

/** A piece of presentation text between blanks, escapes still in it. */
export interface Word {
  /** Without the quotes. */
  readonly text: string;
  readonly quoted: boolean;
  /** No blank stands before it: `key65333="…"` is two words, the second glued to the first. */
  readonly glued: boolean;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
}

/** RFC 1035 §3.3: one length octet. */
const MAX_CHARACTER_STRING = 255;

/** Ends a word outside quotes, besides the end of the text. */
const VALUE_STOPS = ' \t\r\n"';

/** The words of one value that stands alone, such as a Route 53 `Value`: there are no comments and no parentheses. */
export function splitWords(text: string): Word[] {
  const words: Word[] = [];
  let end = 0;
  for (let at = 0; at < text.length;) {
    if (isBlank(text.charAt(at))) {
      at += 1;
      continue;
    }
    const place = { line: 1, column: at + 1 };
    const piece = scanWord(text, at, VALUE_STOPS, place);
    words.push({ text: piece.text, quoted: piece.quoted, glued: at > 0 && at === end, ...place });
    at = piece.end;
    end = at;
  }
  return words;
}

interface Piece {
  readonly text: string;
  readonly quoted: boolean;
  /** Where the text goes on. */
  readonly end: number;
}

/** The quoted or plain word that begins at `start`; a backslash takes the next character with it. */
export function scanWord(text: string, start: number, stops: string, place: { line: number; column: number }): Piece {
  const quoted = text.charAt(start) === '"';
  const first = quoted ? start + 1 : start;
  const endings = quoted ? '"\n' : stops;
  let at = first;
  while (at < text.length && !endings.includes(text.charAt(at))) {
    at += text.charAt(at) === '\\' && text.charAt(at + 1) !== '\n' ? 2 : 1;
  }
  const end = Math.min(at, text.length);
  if (!quoted) return { text: text.slice(first, end), quoted, end };
  if (text.charAt(end) !== '"') {
    throw new DnsSyntaxError('A quoted string does not end on its line.', { code: 'unbalanced-quotes', ...place });
  }
  return { text: text.slice(first, end), quoted, end: end + 1 };
}

/**
 * The octets that a word stands for.
 * @throws DnsSyntaxError for a bad escape or a character outside ASCII.
 */
export function decodeText(text: string, style: EscapeStyle): string {
  const odd = /[^\0-\x7e]/.exec(text)?.[0];
  if (odd !== undefined) throw notAscii(text, text.search(/[^\0-\x7e]/), style);
  if (!text.includes('\\')) return text;
  let octets = '';
  for (let at = 0; at < text.length;) {
    if (text.charAt(at) === '\\') {
      const escape = readEscape(text, at, style);
      octets += escape.octet;
      at = escape.end;
      continue;
    }
    octets += text.charAt(at);
    at += 1;
  }
  return octets;
}

/** Octets in quotes, without a limit on the length; the inverse of {@link decodeText} on what is between the quotes. */
export function quoteOctets(octets: string, style: EscapeStyle): string {
  const escaped = octets.replaceAll(/[^ -~]|["\\]/g, (octet) =>
    octet >= ' ' && octet < '\x7f' ? `\\${octet}` : writeEscape(octet, style),
  );
  return `"${escaped}"`;
}

/** A character-string with its length octet (RFC 1035 §3.3). */
export function encodeCharacterString(text: string, style: EscapeStyle): string {
  const octets = decodeText(text, style);
  if (octets.length > MAX_CHARACTER_STRING) {
    throw new DnsSyntaxError(
      `A character-string has at most ${MAX_CHARACTER_STRING} octets, this one has ${octets.length}.`,
      { code: 'string-too-long', hint: 'Split it: "first part" "second part".' },
    );
  }
  return String.fromCharCode(octets.length) + octets;
}

function isBlank(character: string): boolean {
  return character === ' ' || character === '\t' || character === '\r' || character === '\n';
}

function notAscii(text: string, at: number, style: EscapeStyle): DnsSyntaxError {
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const escaped = Array.from(Buffer.from(character, 'utf8'), (octet) => writeEscape(String.fromCharCode(octet), style));
  return new DnsSyntaxError(`${JSON.stringify(character)} is outside ASCII: octets are not known from it.`, {
    code: 'bad-character',
    hint: `Write its octets; in UTF-8 they are ${escaped.join('')}.`,
  });
}
