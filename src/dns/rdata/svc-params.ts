import { DnsSyntaxError, MalformedRdataError } from '../errors.ts';
import { decodeText, quoteOctets } from '../presentation.ts';
import type { EscapeStyle } from '../types.ts';
import type { Field } from './fields.ts';
import { packUnsigned } from './numbers.ts';
import { OctetReader } from './octet-reader.ts';
import type { WordReader } from './word-reader.ts';
import { ALPN, formatKey, MANDATORY, NO_DEFAULT_ALPN, parseKey, VALUES } from './svc-values.ts';

interface Param {
  readonly key: number;
  /** Wire form. */
  readonly value: string;
}

/** SvcParams of SVCB and HTTPS (RFC 9460 §2): in any order as text, by ascending key on the wire. */
export const svcParams: Field = {
  parse(words) {
    const params: Param[] = [];
    while (!words.done) params.push(parseParam(words));
    params.sort((a, b) => a.key - b.key);
    const fault = findFault(params);
    if (fault !== undefined) throw new DnsSyntaxError(fault, { code: 'bad-svcparam' });
    return params.map(({ key, value }) => packUnsigned(key, 2) + packUnsigned(value.length, 2) + value).join('');
  },
  format(octets, style) {
    const params: Param[] = [];
    while (!octets.done) params.push({ key: octets.number(2), value: octets.take(octets.number(2)) });
    const fault = findFault(params);
    if (fault !== undefined) throw new MalformedRdataError(fault);
    return params.map((param) => formatParam(param, style)).join(' ');
  },
};

/** `key`, `key=value` or `key="value"`; the quoted value is a word of its own, glued to the equals sign. */
function parseParam(words: WordReader): Param {
  const word = words.plain('SvcParam');
  const equals = word.indexOf('=');
  const key = parseKey(equals < 0 ? word : word.slice(0, equals));
  const plain = equals < 0 ? undefined : word.slice(equals + 1);
  const next = words.peek();
  const text = plain === '' && next?.quoted && next.glued ? words.next('value').text : plain;
  return { key, value: parseValue(key, text, words.style) };
}

function parseValue(key: number, text: string | undefined, style: EscapeStyle): string {
  const octets = text === undefined ? '' : decodeText(text, style);
  const codec = VALUES.get(key);
  if (codec === undefined) return octets;
  if (octets === '' && key !== NO_DEFAULT_ALPN) {
    throw new DnsSyntaxError(`${formatKey(key)} wants a value.`, { code: 'bad-svcparam' });
  }
  return codec.parse(octets);
}

function formatParam({ key, value }: Param, style: EscapeStyle): string {
  const codec = VALUES.get(key);
  if (codec === undefined) return value === '' ? formatKey(key) : `${formatKey(key)}=${quoteOctets(value, style)}`;
  const octets = new OctetReader(value);
  const text = codec.format(octets);
  octets.end();
  if (text === '') return formatKey(key);
  return `${formatKey(key)}=${codec.quoted ? quoteOctets(text, style) : text}`;
}

/** What RFC 9460 §2.2, §7.1.1 and §8 forbid about parameters together. */
function findFault(params: readonly Param[]): string | undefined {
  let previous = -1;
  for (const { key } of params) {
    if (key <= previous) return `${formatKey(key)} is given twice, or not in ascending order.`;
    previous = key;
  }
  const keys = new Set(params.map(({ key }) => key));
  if (keys.has(NO_DEFAULT_ALPN) && !keys.has(ALPN)) return 'no-default-alpn stands without alpn.';
  const mandatory = new OctetReader(params.find(({ key }) => key === MANDATORY)?.value ?? '');
  while (!mandatory.done) {
    const key = mandatory.number(2);
    if (!keys.has(key)) return `${formatKey(key)} is mandatory, and not there.`;
  }
  return undefined;
}
