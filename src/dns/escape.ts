import { DnsSyntaxError } from './errors.ts';
import type { EscapeStyle } from './types.ts';

interface Escape {
  /** One octet as a latin1 character. */
  readonly octet: string;
  /** Where the text goes on. */
  readonly end: number;
}

const RADIX: Readonly<Record<EscapeStyle, number>> = { decimal: 10, octal: 8 };
const NUMBER: Readonly<Record<EscapeStyle, RegExp>> = { decimal: /^\d{3}$/, octal: /^[0-7]{3}$/ };
const MAX_OCTET = 0xff;

/**
 * The escape whose backslash stands at `start`: three digits (decimal in master files, RFC 1035 §5.1; octal in
 * Route 53), or a backslash before any other character of ASCII, which then stands for itself.
 */
export function readEscape(text: string, start: number, style: EscapeStyle): Escape {
  const next = text.charAt(start + 1);
  if (/^[\0-/:-\x7e]$/.test(next)) return { octet: next, end: start + 2 };
  const digits = text.slice(start + 1, start + 4);
  const octet = NUMBER[style].test(digits) ? Number.parseInt(digits, RADIX[style]) : undefined;
  if (octet === undefined || octet > MAX_OCTET) throw badEscape(text.slice(start, start + 4), style);
  return { octet: String.fromCharCode(octet), end: start + 4 };
}

/** `\DDD` or `\OOO` for one octet. */
export function writeEscape(octet: string, style: EscapeStyle): string {
  return `\\${octet.charCodeAt(0).toString(RADIX[style]).padStart(3, '0')}`;
}

function badEscape(escape: string, style: EscapeStyle): DnsSyntaxError {
  const wanted = style === 'decimal' ? 'three decimal digits up to \\255' : 'three octal digits up to \\377';
  return new DnsSyntaxError(`${JSON.stringify(escape)} is no escape: a backslash takes ${wanted}, or one character.`, {
    code: 'bad-escape',
  });
}
