import { isIPv4, isIPv6 } from 'node:net';
import { canonicalName } from './name.ts';
import type { NameProblem } from './name.ts';

type FieldKind = 'u8' | 'u16' | 'u32' | 'domain' | 'hex' | 'tag' | 'string' | 'ipv4' | 'ipv6';

/** The fields of a value by type (Developer Guide, "Supported DNS record types"); TXT, SPF, SVCB and HTTPS have lists. */
const FIELDS: Readonly<Record<string, readonly FieldKind[]>> = {
  A: ['ipv4'],
  AAAA: ['ipv6'],
  CAA: ['u8', 'tag', 'string'],
  CNAME: ['domain'],
  DS: ['u16', 'u8', 'u8', 'hex'],
  MX: ['u16', 'domain'],
  NAPTR: ['u16', 'u16', 'string', 'string', 'string', 'domain'],
  NS: ['domain'],
  PTR: ['domain'],
  SOA: ['domain', 'domain', 'u32', 'u32', 'u32', 'u32', 'u32'],
  SRV: ['u16', 'u16', 'u16', 'domain'],
  SSHFP: ['u8', 'u8', 'hex'],
  TLSA: ['u8', 'u8', 'u8', 'hex'],
};

const LARGEST: Readonly<Record<'u8' | 'u16' | 'u32', number>> = { u8: 0xff, u16: 0xffff, u32: 0xffff_ffff };
const COUNT_WORDS = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven'];
const DECIMAL = /^\d{1,10}$/;
const HEX = /^(?:[0-9a-f]{2})+$/i;
/** RFC 8659 §4.1 */
const CAA_TAG = /^[a-z0-9]+$/i;
/** RFC 9460 §2.1: a key, and a value that may stand in quotes. */
const SERVICE_PARAMETER = /^([a-z0-9-]+)(?:=(?:"(?:[^"\\]|\\.)*"|[^"\s]+))?$/;
/** A character string: printable octets and escapes, in quotes (Developer Guide, "TXT record type"). */
const CHARACTER_STRING = /^"((?:[ !#-[\]-~]|\\[0-3][0-7]{2}|\\["\\])*)"$/;
const ESCAPE = /\\(?:[0-7]{3}|.)/g;
/** RFC 1035 §3.3 */
const MAX_STRING_OCTETS = 255;
/** Words are parted by blanks; inside quotes blanks stay. It never steps back, not even where a quote stays open. */
const WORD = /(?:"(?:[^"\\]|\\.?)*"?|[^\s"])+/g;
const UNPRINTABLE = /[^\x20-\x7e]/;

/** What is wrong with a value, as Route 53 words it; undefined: nothing. */
export function valueProblem(type: string, value: string): NameProblem | undefined {
  if (UNPRINTABLE.test(value)) return problem('UnsupportedCharacter', 'Value contains unsupported characters');
  const words = splitWords(value);
  if (words === undefined) return problem('InvalidCharacterString', 'Value should be enclosed in quotation marks');
  if (type === 'TXT' || type === 'SPF') return stringsProblem(words);
  if (type === 'SVCB' || type === 'HTTPS') return serviceProblem(type, words);
  const fields = FIELDS[type] ?? [];
  if (words.length !== fields.length) return countProblem(type, fields.length);
  return fields.map((kind, index) => fieldProblem(type, kind, words[index] ?? '')).find((found) => found !== undefined);
}

/** A value in the form in which Route 53 compares it: names canonical, one blank between fields. */
export function canonicalValue(type: string, value: string): string {
  const words = splitWords(value);
  if (words === undefined || type === 'TXT' || type === 'SPF') return value;
  const fields: readonly FieldKind[] = type === 'SVCB' || type === 'HTTPS' ? ['u16', 'domain'] : (FIELDS[type] ?? []);
  return words
    .map((word, index) => {
      const parsed = fields[index] === 'domain' ? canonicalName(word) : undefined;
      return parsed !== undefined && 'name' in parsed ? parsed.name : word;
    })
    .join(' ');
}

function problem(name: string, explanation: string): NameProblem {
  return { problem: name, explanation };
}

/** Undefined: a quotation mark is not closed. */
function splitWords(value: string): readonly string[] | undefined {
  return endsInQuotes(value) ? undefined : (value.match(WORD) ?? []);
}

function endsInQuotes(value: string): boolean {
  let isInside = false;
  for (let at = 0; at < value.length; at += 1) {
    if (value[at] === '"') isInside = !isInside;
    // An escape inside of quotes: what follows closes nothing.
    else if (isInside && value[at] === '\\') at += 1;
  }
  return isInside;
}

function countProblem(type: string, count: number): NameProblem {
  const fields = count === 1 ? 'Field' : 'Fields';
  return problem(
    `${type}RRDATANot${COUNT_WORDS[count]}${fields}`,
    `${type} record doesn't have ${count} ${fields.toLowerCase()}`,
  );
}

function fieldProblem(type: string, kind: FieldKind, word: string): NameProblem | undefined {
  switch (kind) {
    case 'ipv4':
      return isIPv4(word) ? undefined : problem('ARRDATAIllegalIPv4Address', 'Value is not a valid IPv4 address');
    case 'ipv6':
      return isIPv6(word) && !word.includes('%')
        ? undefined
        : problem('AAAARRDATAIllegalIPv6Address', 'Value is not a valid IPv6 address');
    case 'domain': {
      const parsed = canonicalName(word);
      return 'name' in parsed ? undefined : parsed;
    }
    case 'hex':
      return HEX.test(word) ? undefined : problem(`${type}RRDATAInvalidHex`, 'Value is not hexadecimal');
    case 'tag':
      return CAA_TAG.test(word) ? undefined : problem('CAARRDATAInvalidTag', 'Tag is not letters and digits');
    case 'string':
      return stringProblem(word);
    case 'u8':
    case 'u16':
    case 'u32':
      return DECIMAL.test(word) && Number(word) <= LARGEST[kind]
        ? undefined
        : problem(`${type}RRDATAInvalidNumber`, `Value is not a number from 0 to ${LARGEST[kind]}`);
  }
}

function stringsProblem(words: readonly string[]): NameProblem | undefined {
  if (words.length === 0) return problem('InvalidCharacterString', 'Value should be enclosed in quotation marks');
  return words.map(stringProblem).find((found) => found !== undefined);
}

function stringProblem(word: string): NameProblem | undefined {
  const content = CHARACTER_STRING.exec(word)?.[1];
  if (content === undefined) {
    return problem('InvalidCharacterString', 'Value should be enclosed in quotation marks');
  }
  if (content.replaceAll(ESCAPE, '.').length > MAX_STRING_OCTETS) {
    return problem('CharacterStringTooLong', 'Value is too long');
  }
  return undefined;
}

/** Priority, target, and in service mode (priority from 1) parameters, each key once (RFC 9460 §2.2). */
function serviceProblem(type: string, words: readonly string[]): NameProblem | undefined {
  const [priority, target, ...parameters] = words;
  if (priority === undefined || target === undefined) return countProblem(type, 2);
  const wrong = fieldProblem(type, 'u16', priority) ?? fieldProblem(type, 'domain', target);
  if (wrong !== undefined) return wrong;
  if (Number(priority) === 0 && parameters.length > 0) {
    return problem(`${type}RRDATAInvalidParameters`, 'An alias (priority 0) has no parameters');
  }
  const keys = parameters.map((parameter) => SERVICE_PARAMETER.exec(parameter)?.[1]);
  if (keys.includes(undefined) || new Set(keys).size < keys.length) {
    return problem(`${type}RRDATAInvalidParameters`, 'Parameters are key=value, each key once');
  }
  return undefined;
}
