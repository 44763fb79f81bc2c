import { BundleError } from './errors.ts';

/** Octets of a header, and of the blocks that contents are padded to (POSIX.1-2017, pax, "ustar Interchange Format"). */
export const BLOCK = 512;

/** Offset and length of each field that is read or written. */
const FIELD = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  mtime: [136, 12],
  checksum: [148, 8],
  type: [156, 1],
  magic: [257, 8],
  devmajor: [329, 8],
  devminor: [337, 8],
  prefix: [345, 155],
} as const satisfies Record<string, readonly [number, number]>;

const MAGIC = 'ustar\x0000';
const REGULAR = '0';
const MODE = 0o644;

export interface TarHeader {
  /** `prefix/name` put together; not checked. */
  readonly name: string;
  /** Octets of content that follow. */
  readonly size: number;
  /** One character. */
  readonly type: string;
}

/**
 * The header of a regular file: mode 0644, nobody's, of no time.
 * @throws BundleError `too-large` for a name that ustar cannot hold: 255 octets in two halves.
 */
export function writeHeader(name: string, size: number): Uint8Array {
  const header = Buffer.alloc(BLOCK);
  const [prefix, rest] = splitName(name);
  rest.copy(header, FIELD.name[0]);
  prefix.copy(header, FIELD.prefix[0]);
  const numbers = { mode: MODE, uid: 0, gid: 0, size, mtime: 0, devmajor: 0, devminor: 0 } as const;
  for (const [field, value] of Object.entries(numbers)) {
    const [start, length] = FIELD[field as keyof typeof numbers];
    header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, start, 'latin1');
  }
  header.write(REGULAR, FIELD.type[0], 'latin1');
  header.write(MAGIC, FIELD.magic[0], 'latin1');
  header.write(`${checksumOf(header).toString(8).padStart(6, '0')}\0 `, FIELD.checksum[0], 'latin1');
  return header;
}

/** The last slash that leaves both halves short enough, as octets. */
function splitName(name: string): readonly [prefix: Buffer, rest: Buffer] {
  const bytes = Buffer.from(name);
  const [, longest] = FIELD.name;
  if (bytes.length <= longest) return [Buffer.alloc(0), bytes];
  const slash = bytes.lastIndexOf('/', FIELD.prefix[1]);
  const rest = bytes.subarray(slash + 1);
  if (slash > 0 && rest.length <= longest) return [bytes.subarray(0, slash), rest];
  throw new BundleError('too-large', `the name ${name} is too long for an archive: 255 octets in two halves`);
}

/** @throws BundleError `malformed` for a block that is no header of POSIX ustar, or whose checksum differs. */
export function readHeader(block: Buffer): TarHeader {
  if (textOf(block, 'magic') !== MAGIC) throw new BundleError('malformed', 'the archive has a header that is no ustar');
  if (numberOf(block, 'checksum') !== checksumOf(block)) {
    throw new BundleError('malformed', 'the archive has a header with a wrong checksum');
  }
  const prefix = nameOf(block, 'prefix');
  const name = nameOf(block, 'name');
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    size: numberOf(block, 'size'),
    type: textOf(block, 'type'),
  };
}

function checksumOf(block: Buffer): number {
  const [start, length] = FIELD.checksum;
  return block.reduce((sum, byte, at) => sum + (at >= start && at < start + length ? 0x20 : byte), 0);
}

function bytesOf(block: Buffer, field: keyof typeof FIELD): Buffer {
  const [start, length] = FIELD[field];
  return block.subarray(start, start + length);
}

function textOf(block: Buffer, field: keyof typeof FIELD): string {
  return bytesOf(block, field).toString('latin1');
}

/** Octal digits alone: numbers in base 256 and with signs are extensions of others. */
function numberOf(block: Buffer, field: keyof typeof FIELD): number {
  const [, digits] = /^ *([0-7]+)[\0 ]*$/.exec(textOf(block, field)) ?? [];
  if (digits === undefined) throw new BundleError('malformed', `the archive has a header whose ${field} is no number`);
  return Number.parseInt(digits, 8);
}

/** What ends at its first NUL, and hides nothing behind it. */
function nameOf(block: Buffer, field: 'name' | 'prefix'): string {
  const bytes = bytesOf(block, field);
  const end = bytes.indexOf(0);
  const name = end === -1 ? bytes : bytes.subarray(0, end);
  if (end !== -1 && bytes.subarray(end).some((byte) => byte !== 0)) {
    throw new BundleError('hostile-entry', 'the archive has an entry with a NUL in its name');
  }
  return decodeName(name);
}

/** @throws BundleError `hostile-entry` for octets that are not UTF-8. */
export function decodeName(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new BundleError('hostile-entry', 'the archive has an entry whose name is not UTF-8', cause);
  }
}
