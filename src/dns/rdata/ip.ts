import { isIPv4, isIPv6 } from 'node:net';

import { DnsSyntaxError } from '../errors.ts';
import { packUnsigned } from './numbers.ts';

/** Four octets of a dotted quad. */
export function parseIpv4(text: string): string {
  if (!isIPv4(text)) throw new DnsSyntaxError(`${text} is no IPv4 address.`, { code: 'bad-address' });
  return text
    .split('.')
    .map((part) => String.fromCharCode(Number(part)))
    .join('');
}

export function formatIpv4(octets: string): string {
  return Array.from(octets, (octet) => octet.charCodeAt(0)).join('.');
}

/** Sixteen octets of any text form (RFC 4291 §2.2); a zone index is refused. */
export function parseIpv6(text: string): string {
  if (!isIPv6(text) || text.includes('%')) {
    throw new DnsSyntaxError(`${text} is no IPv6 address.`, { code: 'bad-address' });
  }
  const [left = '', right] = text.split('::');
  const head = packGroups(left);
  const tail = packGroups(right ?? '');
  return head + '\0'.repeat(16 - head.length - tail.length) + tail;
}

/** Canonical text (RFC 5952): lower case, the longest run of zero groups shortened, mapped IPv4 dotted. */
export function formatIpv6(octets: string): string {
  if (octets.startsWith(MAPPED)) return `::ffff:${formatIpv4(octets.slice(MAPPED.length))}`;
  const groups = Array.from({ length: 8 }, (_, index) =>
    (octets.charCodeAt(index * 2) * 0x100 + octets.charCodeAt(index * 2 + 1)).toString(16),
  );
  const run = longestZeroRun(groups);
  if (run.length < 2) return groups.join(':');
  return `${groups.slice(0, run.start).join(':')}::${groups.slice(run.start + run.length).join(':')}`;
}

/** ::ffff:0:0/96 (RFC 4291 §2.5.5.2). */
const MAPPED = `${'\0'.repeat(10)}\xff\xff`;

function packGroups(text: string): string {
  if (text === '') return '';
  return text
    .split(':')
    .map((group) => (group.includes('.') ? parseIpv4(group) : packUnsigned(Number.parseInt(group, 16), 2)))
    .join('');
}

/** The first of the longest, as RFC 5952 §4.2.3 wants. */
function longestZeroRun(groups: readonly string[]): { start: number; length: number } {
  let longest = { start: 0, length: 0 };
  let start = 0;
  for (const [index, group] of groups.entries()) {
    if (group !== '0') start = index + 1;
    else if (index + 1 - start > longest.length) longest = { start, length: index + 1 - start };
  }
  return longest;
}
