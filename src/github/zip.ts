import { crc32, inflateRawSync } from 'node:zlib';

/** An archive that is not what an artefact of ours is. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
}

/** APPNOTE.TXT 6.3.10, §4.3.7, §4.3.12 and §4.3.16. */
const END = { signature: 0x06054b50, size: 22 };
const CENTRAL = { signature: 0x02014b50, size: 46 };
const LOCAL = { signature: 0x04034b50, size: 30 };
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;
/** Unix file types, in the high half of the external attributes (§4.3.12). */
const TYPE_MASK = 0o170000;
const REGULAR = 0o100000;

/**
 * The content of the one file of an archive, in memory, and never more than `most` octets of it (threats T43).
 * @throws ArchiveError for an archive of anything else: of several entries, of another name, of a link.
 */
export function readOnlyEntry(archive: Uint8Array, name: string, most: number): Buffer {
  const zip = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
  try {
    return contentOf(zip, entryOf(zip, name), most);
  } catch (error) {
    if (error instanceof ArchiveError) throw error;
    throw new ArchiveError('it is no whole zip archive');
  }
}

interface Entry {
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly at: number;
}

function entryOf(zip: Buffer, name: string): Entry {
  // Our writer leaves no comment at the end; whoever puts one there hides another end in it.
  const end = zip.length - END.size;
  if (zip.readUInt32LE(end) !== END.signature) throw new ArchiveError('it is no whole zip archive');
  if (zip.readUInt16LE(end + 8) !== 1 || zip.readUInt16LE(end + 10) !== 1)
    throw new ArchiveError('it has not one entry');
  const at = zip.readUInt32LE(end + 16);
  if (zip.readUInt32LE(at) !== CENTRAL.signature) throw new ArchiveError('it has no directory');
  const length = zip.readUInt16LE(at + 28);
  const found = zip.toString('utf8', at + CENTRAL.size, at + CENTRAL.size + length);
  if (found !== name) throw new ArchiveError(`its entry is not ${name}`);
  if (zip.readUInt16LE(at + 8) & ENCRYPTED) throw new ArchiveError('its entry is encrypted');
  const type = (zip.readUInt32LE(at + 38) >>> 16) & TYPE_MASK;
  if (type !== 0 && type !== REGULAR) throw new ArchiveError('its entry is no regular file');
  return {
    method: zip.readUInt16LE(at + 10),
    crc: zip.readUInt32LE(at + 16),
    packed: zip.readUInt32LE(at + 20),
    size: zip.readUInt32LE(at + 24),
    at: zip.readUInt32LE(at + 42),
  };
}

function contentOf(zip: Buffer, { method, crc, packed, size, at }: Entry, most: number): Buffer {
  if (size > most) throw new ArchiveError(`its entry has more than ${most.toLocaleString('en')} octets`);
  if (zip.readUInt32LE(at) !== LOCAL.signature) throw new ArchiveError('its entry is not where its directory says');
  const start = at + LOCAL.size + zip.readUInt16LE(at + 26) + zip.readUInt16LE(at + 28);
  const bytes = zip.subarray(start, start + packed);
  const content = unpacked(method, bytes, size);
  if (content.length !== size || crc32(content) !== crc) throw new ArchiveError('its entry is damaged');
  return content;
}

/** What inflates to more than it says is no archive of ours. */
function unpacked(method: number, bytes: Buffer, size: number): Buffer {
  if (method === STORED) return bytes;
  if (method !== DEFLATED) throw new ArchiveError(`its entry is packed by method ${method}`);
  return inflateRawSync(bytes, { maxOutputLength: Math.max(size, 1) });
}
