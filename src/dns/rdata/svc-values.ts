import { DnsSyntaxError, MalformedRdataError } from '../errors.ts';
import { formatBase64, parseBase64 } from './fields.ts';
import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from './ip.ts';
import { packUnsigned, parseUnsigned } from './numbers.ts';
import type { OctetReader } from './octet-reader.ts';

/** A SvcParamValue: text after character-string decoding, and wire octets. */
interface ValueCodec {
  readonly quoted: boolean;
  parse(text: string): string;
  format(octets: OctetReader): string;
}

export const MANDATORY = 0;
export const ALPN = 1;
export const NO_DEFAULT_ALPN = 2;
const PORT = 3;
const IPV4HINT = 4;
const ECH = 5;
const IPV6HINT = 6;

/** RFC 9460 §14.3.2. */
const KEYS: ReadonlyMap<string, number> = new Map([
  ['mandatory', MANDATORY],
  ['alpn', ALPN],
  ['no-default-alpn', NO_DEFAULT_ALPN],
  ['port', PORT],
  ['ipv4hint', IPV4HINT],
  ['ech', ECH],
  ['ipv6hint', IPV6HINT],
]);
const KEY_NAMES: ReadonlyMap<number, string> = new Map([...KEYS].map(([keyName, key]) => [key, keyName]));
const MAX_KEY = 0xffff;

/** The values with a text of their own; all others are opaque. */
export const VALUES: ReadonlyMap<number, ValueCodec> = new Map([
  [MANDATORY, { quoted: false, parse: parseMandatory, format: formatMandatory }],
  [ALPN, { quoted: true, parse: parseAlpn, format: formatAlpn }],
  [NO_DEFAULT_ALPN, { quoted: false, parse: parseNothing, format: () => '' }],
  [
    PORT,
    { quoted: false, parse: (text: string) => packUnsigned(parseUnsigned(text, 2, 'port'), 2), format: formatPort },
  ],
  [IPV4HINT, addresses(4, parseIpv4, formatIpv4)],
  [ECH, { quoted: false, parse: parseBase64, format: formatEch }],
  [IPV6HINT, addresses(16, parseIpv6, formatIpv6)],
]);

/** The number of a key's name or of `key123` (RFC 9460 §2.1). */
export function parseKey(text: string): number {
  const known = KEYS.get(text);
  if (known !== undefined) return known;
  const digits = /^key(0|[1-9]\d{0,4})$/.exec(text)?.[1];
  if (digits !== undefined && Number(digits) <= MAX_KEY) return Number(digits);
  throw new DnsSyntaxError(`${text} is no SvcParamKey.`, {
    code: 'bad-svcparam',
    hint: 'Write a key without a name as keyNNNNN="value".',
  });
}

export function formatKey(key: number): string {
  return KEY_NAMES.get(key) ?? `key${key}`;
}

function parseMandatory(text: string): string {
  const keys = text.split(',').map(parseKey);
  if (keys.includes(MANDATORY) || new Set(keys).size < keys.length) {
    throw new DnsSyntaxError('mandatory names other keys, each once.', { code: 'bad-svcparam' });
  }
  return keys
    .sort((a, b) => a - b)
    .map((key) => packUnsigned(key, 2))
    .join('');
}

function formatMandatory(octets: OctetReader): string {
  const keys: number[] = [];
  do {
    const key = octets.number(2);
    if (key <= (keys.at(-1) ?? MANDATORY)) throw new MalformedRdataError('The mandatory keys do not ascend.');
    keys.push(key);
  } while (!octets.done);
  return keys.map(formatKey).join(',');
}

/** A comma-separated list whose own backslash escapes are inside those of the string (RFC 9460 appendix A.1). */
function parseAlpn(text: string): string {
  const ids = [''];
  for (const piece of text.match(/\\[^]|[^]/g) ?? []) {
    if (piece === ',') ids.push('');
    else ids.push(`${ids.pop()}${piece.slice(-1)}`);
  }
  if (ids.some((id) => id === '' || id.length > 0xff)) {
    throw new DnsSyntaxError('An ALPN id has 1 to 255 octets.', { code: 'bad-svcparam' });
  }
  return ids.map((id) => packUnsigned(id.length, 1) + id).join('');
}

function formatAlpn(octets: OctetReader): string {
  const ids: string[] = [];
  do {
    const id = octets.characterString();
    if (id === '') throw new MalformedRdataError('An ALPN id is empty.');
    ids.push(id.replaceAll(/[\\,]/g, String.raw`\$&`));
  } while (!octets.done);
  return ids.join(',');
}

function parseNothing(text: string): string {
  if (text === '') return '';
  throw new DnsSyntaxError('no-default-alpn takes no value.', { code: 'bad-svcparam' });
}

function formatPort(octets: OctetReader): string {
  return String(octets.number(2));
}

function formatEch(octets: OctetReader): string {
  const config = octets.rest();
  if (config === '') throw new MalformedRdataError('The ECH configuration is empty.');
  return formatBase64(config);
}

function addresses(size: number, parse: (text: string) => string, format: (octets: string) => string): ValueCodec {
  return {
    quoted: false,
    parse: (text) => text.split(',').map(parse).join(''),
    format(octets) {
      const list: string[] = [];
      do list.push(format(octets.take(size)));
      while (!octets.done);
      return list.join(',');
    },
  };
}
