import { DnsSyntaxError } from './errors.ts';
import { readEscape, writeEscape } from './escape.ts';
import type { EscapeStyle, WireName } from './types.ts';

/** The root of all names: no label but the empty one. */
export const ROOT: WireName = '\0';

/** RFC 1035 §2.3.4. */
const MAX_LABEL = 63;
/** RFC 1035 §2.3.4, length octets included. */
const MAX_NAME = 255;

const BACKSLASH = 0x5c;
const DOT = 0x2e;

/**
 * A name from its text. Relative names take the origin (default: the root), `@` alone is the origin when one is given.
 * @throws DnsSyntaxError for a label over 63 octets, a name over 255, an empty label, a bad escape, or a character
 * outside the printable ASCII ones that is not escaped.
 */
export function parseName(text: string, style: EscapeStyle, origin?: WireName): WireName {
  if (text === '.') return ROOT;
  if (text === '@' && origin !== undefined) return origin;
  if (text === '') throw new DnsSyntaxError('A name is missing.', { code: 'empty-name' });

  let wire = '';
  let label = '';
  let absolute = false;
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) {
      const escape = readEscape(text, at, style);
      label += escape.octet;
      at = escape.end;
      continue;
    }
    at += 1;
    if (code !== DOT) {
      label += plainCharacter(text, code);
      continue;
    }
    wire += lengthPrefixed(label, text);
    label = '';
    absolute = at === text.length;
  }
  const name = absolute ? `${wire}${ROOT}` : `${wire}${lengthPrefixed(label, text)}${origin ?? ROOT}`;
  if (name.length > MAX_NAME) {
    throw new DnsSyntaxError(`A name has at most ${MAX_NAME} octets, this one has ${name.length}: ${text}.`, {
      code: 'name-too-long',
    });
  }
  return name;
}

/** Does the text of a name end in a dot that is not escaped? */
export function isAbsolute(text: string): boolean {
  return /(?:^|[^\\])(?:\\\\)*\.$/.test(text);
}

/**
 * The absolute text of a name, with its trailing dot. `octal` is how Route 53 lists names: everything outside
 * a-z, 0-9, `-` and `_` escaped (letters in upper case stay: fold first where that matters).
 */
export function formatName(name: WireName, style: EscapeStyle): string {
  if (name === ROOT) return '.';
  let text = '';
  for (const label of labelsOf(name)) {
    text += `${style === 'decimal' ? formatDecimalLabel(label) : formatOctalLabel(label)}.`;
  }
  return text;
}

/** A-Z to lower case and nothing else: what DNS compares by (RFC 4343). Length octets are below `A` and cannot match. */
export function foldName(name: WireName): WireName {
  // Most names are folded already, and a search is cheaper than a replacement that finds nothing.
  if (!/[A-Z]/.test(name)) return name;
  return name.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** The labels as octets, the leftmost first, without the root's. */
export function labelsOf(name: WireName): string[] {
  const labels: string[] = [];
  for (let at = 0; at < name.length - 1;) {
    const end = at + 1 + name.charCodeAt(at);
    labels.push(name.slice(at + 1, end));
    at = end;
  }
  return labels;
}

/** Is `name` the ancestor or below it? By label; both are folded already. */
export function isAtOrBelow(name: WireName, ancestor: WireName): boolean {
  const boundary = name.length - ancestor.length;
  if (boundary < 0 || !name.endsWith(ancestor)) return false;
  let at = 0;
  while (at < boundary) at += 1 + name.charCodeAt(at);
  return at === boundary;
}

/** Offsets of labels; a name has at most 127 of them. Reused: comparing a million names must not allocate. */
const leftStarts = new Uint8Array(128);
const rightStarts = new Uint8Array(128);

/** Canonical order (RFC 4034 §6.1): by labels from the right, octets compared with A-Z as lower case. */
export function compareNames(a: WireName, b: WireName): number {
  if (a === b) return 0;
  let left = findLabels(a, leftStarts);
  let right = findLabels(b, rightStarts);
  while (left > 0 && right > 0) {
    left -= 1;
    right -= 1;
    const order = compareLabels(a, leftStarts[left] ?? 0, b, rightStarts[right] ?? 0);
    if (order !== 0) return order;
  }
  return left - right;
}

function findLabels(name: WireName, starts: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < name.length - 1; at += 1 + name.charCodeAt(at)) {
    starts[count] = at;
    count += 1;
  }
  return count;
}

function compareLabels(a: WireName, startA: number, b: WireName, startB: number): number {
  const lengthA = a.charCodeAt(startA);
  const lengthB = b.charCodeAt(startB);
  const shared = Math.min(lengthA, lengthB);
  for (let offset = 1; offset <= shared; offset += 1) {
    const order = foldOctet(a.charCodeAt(startA + offset)) - foldOctet(b.charCodeAt(startB + offset));
    if (order !== 0) return order;
  }
  return lengthA - lengthB;
}

function foldOctet(octet: number): number {
  return octet >= 0x41 && octet <= 0x5a ? octet + 0x20 : octet;
}

function plainCharacter(text: string, code: number): string {
  if (code > 0x20 && code < 0x7f) return String.fromCharCode(code);
  throw new DnsSyntaxError(
    `U+${code.toString(16).toUpperCase().padStart(4, '0')} stands unescaped in the name ${JSON.stringify(text)}.`,
    { code: 'bad-character', hint: 'Escape the octet, or write the A-label (xn--…) of an international name.' },
  );
}

function lengthPrefixed(label: string, text: string): string {
  if (label === '') throw new DnsSyntaxError(`The name ${text} has an empty label.`, { code: 'empty-label' });
  if (label.length > MAX_LABEL) {
    throw new DnsSyntaxError(`A label has at most ${MAX_LABEL} octets, one in ${text} has ${label.length}.`, {
      code: 'label-too-long',
    });
  }
  return String.fromCharCode(label.length) + label;
}

function formatDecimalLabel(label: string): string {
  return label.replaceAll(/[^!-~]|["().;@\\$]/g, (octet) =>
    octet > ' ' && octet < '\x7f' ? `\\${octet}` : writeEscape(octet, 'decimal'),
  );
}

function formatOctalLabel(label: string): string {
  return label.replaceAll(/[^A-Za-z0-9_-]/g, (octet) => writeEscape(octet, 'octal'));
}
