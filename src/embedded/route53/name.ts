/** RFC 1035 §2.3.4 */
const MAX_LABEL_OCTETS = 63;
const MAX_NAME_OCTETS = 255;

const FIRST_PRINTABLE = 0x21;
const LAST_PRINTABLE = 0x7e;
const DELETE = 0x7f;
const MAX_OCTET = 0xff;
const DOT = 0x2e;
const OCTAL_ESCAPE = /^\\[0-3][0-7]{2}/;
const PLAIN = /^[a-z0-9_-]$/;

/** Why a text is not a domain name; `problem` and `explanation` as Route 53 words them. */
export interface NameProblem {
  readonly problem: string;
  readonly explanation: string;
}

export type NameResult = { readonly name: string } | NameProblem;

/**
 * A domain name as Route 53 stores and lists it: lower case, every octet outside `a-z 0-9 - _` as `\ooo` octal, closed
 * by a dot (Developer Guide, "DNS domain name format"). Of the input, octets 000–040 and 177–377 and a dot inside a
 * label must be escaped.
 */
export function canonicalName(text: string): NameResult {
  const labels: string[] = [];
  let label = '';
  let labelOctets = 0;
  let nameOctets = 1;
  let position = 0;
  if (text === '.') return { name: '.' };
  const source = text.endsWith('.') ? text.slice(0, -1) : text;
  if (source === '') return problem('DomainLabelEmpty', 'Domain label is empty');
  while (position <= source.length) {
    const character = source.charAt(position);
    if (character === '.' || character === '') {
      if (labelOctets === 0) return problem('DomainLabelEmpty', 'Domain label is empty');
      if (labelOctets > MAX_LABEL_OCTETS) return problem('DomainLabelTooLong', 'Domain label is too long');
      nameOctets += labelOctets + 1;
      labels.push(label);
      label = '';
      labelOctets = 0;
      position += 1;
      continue;
    }
    const escape = OCTAL_ESCAPE.exec(source.slice(position, position + 4))?.[0];
    if (character === '\\' && escape === undefined) {
      return problem(
        'InvalidEscapeSequence',
        'Value contains an escape that is not a backslash and three octal digits',
      );
    }
    const octet = escape === undefined ? character.charCodeAt(0) : Number.parseInt(escape.slice(1), 8);
    if (escape === undefined && (octet < FIRST_PRINTABLE || octet > LAST_PRINTABLE)) {
      return problem('UnsupportedCharacter', 'Value contains unsupported characters');
    }
    label += writeOctet(octet);
    labelOctets += 1;
    position += escape?.length ?? 1;
  }
  if (nameOctets > MAX_NAME_OCTETS) return problem('DomainNameTooLong', 'Domain name is too long');
  return { name: `${labels.join('.')}.` };
}

function problem(name: string, explanation: string): NameProblem {
  return { problem: name, explanation };
}

function writeOctet(octet: number): string {
  const lower = String.fromCharCode(octet).toLowerCase();
  if (octet <= MAX_OCTET && octet < DELETE && octet !== DOT && PLAIN.test(lower)) return lower;
  return `\\${octet.toString(8).padStart(3, '0')}`;
}

/** Labels reversed and closed by a dot, as Route 53 sorts: `com.example.www.` */
export function reversedName(name: string): string {
  return `${name.split('.').slice(0, -1).reverse().join('.')}.`;
}

/** Is a canonical name the zone's own or below it? */
export function isInZone(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`) || zone === '.';
}

const WILDCARD_LABEL = '\\052.';

export function isWildcard(name: string): boolean {
  return name.startsWith(WILDCARD_LABEL);
}
