import { isIPv4, isIPv6 } from 'node:net';
import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from '../../dns/rdata/ip.ts';

/** A block of addresses in canonical form: the bits behind the prefix are zero. */
export interface Cidr {
  readonly version: 4 | 6;
  /** The first address, 4 or 16 octets. */
  readonly octets: string;
  readonly length: number;
}

const NOTATION = /^([^/]+)\/(\d{1,3})$/;

/** Undefined: not CIDR notation. Bits behind the prefix are cleared, as EC2 does. */
export function parseCidr(text: string): Cidr | undefined {
  const [, address = '', digits = ''] = NOTATION.exec(text) ?? [];
  const length = Number(digits);
  if (isIPv4(address) && length <= 32) return { version: 4, octets: mask(parseIpv4(address), length), length };
  if (isIPv6(address) && !address.includes('%') && length <= 128) {
    return { version: 6, octets: mask(parseIpv6(address), length), length };
  }
  return undefined;
}

export function formatCidr({ version, octets, length }: Cidr): string {
  return `${version === 4 ? formatIpv4(octets) : formatIpv6(octets)}/${length}`;
}

export function contains(outer: Cidr, inner: Cidr): boolean {
  return (
    outer.version === inner.version && outer.length <= inner.length && mask(inner.octets, outer.length) === outer.octets
  );
}

export function overlap(left: Cidr, right: Cidr): boolean {
  return contains(left, right) || contains(right, left);
}

/** Addresses of an IPv4 block. */
export function sizeOf({ length }: Cidr): number {
  return 2 ** (32 - length);
}

/** The IPv4 address at an offset. */
export function addressAt({ octets }: Cidr, offset: number): string {
  const first = Buffer.from(octets, 'latin1').readUInt32BE();
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(first + offset);
  return formatIpv4(bytes.toString('latin1'));
}

function mask(octets: string, length: number): string {
  return Array.from(octets, (octet, index) => {
    const bits = Math.min(8, Math.max(0, length - 8 * index));
    return String.fromCharCode(octet.charCodeAt(0) & (0xff << (8 - bits)));
  }).join('');
}
