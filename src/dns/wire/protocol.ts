/** Numbers of the DNS header and classes (RFC 1035 §4.1, IANA "DNS Parameters"). */

export const HEADER_OCTETS = 12;

export const CLASS = { IN: 1, ANY: 255 } as const;

export const OPCODE = { QUERY: 0 } as const;

/** Masks and shifts of the header's second 16 bits. */
export const FLAG = {
  QR: 0x8000,
  AA: 0x0400,
  TC: 0x0200,
  RD: 0x0100,
  RA: 0x0080,
  OPCODE_SHIFT: 11,
  OPCODE_MASK: 0xf,
  RCODE_MASK: 0xf,
} as const;

export const RCODE = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5, NOTAUTH: 9 } as const;

const RCODE_NAMES = [
  'NOERROR',
  'FORMERR',
  'SERVFAIL',
  'NXDOMAIN',
  'NOTIMP',
  'REFUSED',
  'YXDOMAIN',
  'YXRRSET',
  'NXRRSET',
  'NOTAUTH',
  'NOTZONE',
] as const;

/** The mnemonic of a header's response code; `RCODE11` where IANA has none. */
export function rcodeName(rcode: number): string {
  return RCODE_NAMES[rcode] ?? `RCODE${rcode}`;
}
