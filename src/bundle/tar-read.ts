import { checkInside, checkPortable, NameSet } from './entry-name.ts';
import { BundleError } from './errors.ts';
import { TREE_LIMITS } from './limits.ts';
import type { ArchiveLimits } from './limits.ts';
import { MAX_PAX_BYTES, readPax } from './pax.ts';
import type { PaxRecords } from './pax.ts';
import { BLOCK, readHeader } from './tar-header.ts';
import type { TarHeader } from './tar-header.ts';
import { paddingOf } from './tar-write.ts';

export interface TarEntry {
  /** Safe: relative, without `..`; the leading folder is still there. */
  readonly name: string;
  /** A link is said and never followed. */
  readonly type: 'file' | 'directory' | 'symlink';
  /** Shared with the archive; empty but for a file. */
  readonly bytes: Uint8Array;
}

export interface Tar {
  readonly entries: readonly TarEntry[];
  /** What the global header of `git archive` says: the commit's id. Not verified. */
  readonly comment?: string;
}

export interface ReadTarOptions {
  /** Regular files alone. Otherwise as `git archive` and GitHub make it: folders, links and pax headers as well. */
  readonly strict: boolean;
  /** Default: those of a configuration tree. */
  readonly limits?: ArchiveLimits;
  /** Which names must be ones that every system can have, beside leading nowhere. Default: all. */
  readonly mustBePortable?: (name: string) => boolean;
}

const STRICT_TYPES = { '0': 'file' } as const;
const LENIENT_TYPES = { '0': 'file', '\0': 'file', '2': 'symlink', '5': 'directory' } as const;

/**
 * The entries of a tar archive (POSIX ustar, and of pax what git writes), in memory, with nothing written anywhere.
 * @throws BundleError `hostile-entry`, `too-large` or `malformed`.
 */
export function readTar(
  archive: Uint8Array,
  { strict, limits = TREE_LIMITS, mustBePortable = () => true }: ReadTarOptions,
): Tar {
  const buffer = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
  const types: Readonly<Record<string, TarEntry['type']>> = strict ? STRICT_TYPES : LENIENT_TYPES;
  const entries: TarEntry[] = [];
  const names = new NameSet();
  let comment: string | undefined;
  let pax: PaxRecords | undefined;
  let total = 0;
  let at = 0;
  for (let block = blockAt(buffer, at); block.some((byte) => byte !== 0); block = blockAt(buffer, at)) {
    const header = readHeader(block);
    const bytes = contentAt(buffer, at + BLOCK, header);
    at += BLOCK + bytes.length + paddingOf(bytes.length);
    if (!strict && (header.type === 'g' || header.type === 'x')) {
      const records = paxOf(bytes);
      if (header.type === 'x') pax = soleOf(pax, records);
      else comment = commentOf(records, comment, entries.length);
      continue;
    }
    const type = Object.hasOwn(types, header.type) ? types[header.type] : undefined;
    if (!type) throw new BundleError('hostile-entry', `the entry ${JSON.stringify(header.name)} is no regular file`);
    const name = nameOf(pax?.path ?? header.name, type);
    if (mustBePortable(name)) checkPortable(name);
    pax = undefined;
    names.add(name, type === 'directory');
    total += bytes.length;
    if (type !== 'file' && bytes.length > 0) {
      throw new BundleError('hostile-entry', `the entry ${JSON.stringify(name)} is no file and has contents`);
    }
    if (entries.length >= limits.entries || total > limits.bytes) throw tooLarge(limits);
    entries.push({ name, type, bytes });
  }
  if (pax || buffer.length % BLOCK !== 0 || buffer.length < at + 2 * BLOCK || !isZero(buffer, at)) {
    throw new BundleError('malformed', 'the archive does not end as it should');
  }
  return { entries, ...(comment !== undefined && { comment }) };
}

/**
 * Without the one folder that all of it lies in, as GitHub's tarballs have it.
 * @throws BundleError `malformed` where there is not exactly one.
 */
export function withoutFolder(entries: readonly TarEntry[]): readonly TarEntry[] {
  const folders = new Set(entries.map(({ name }) => name.split('/', 1)[0]));
  const isInside = entries.every(({ name, type }) => name.includes('/') || type === 'directory');
  if (folders.size !== 1 || !isInside) throw new BundleError('malformed', 'the archive is not one folder');
  return entries.flatMap((entry) => {
    const slash = entry.name.indexOf('/');
    return slash === -1 ? [] : [{ ...entry, name: entry.name.slice(slash + 1) }];
  });
}

function blockAt(buffer: Buffer, at: number): Buffer {
  if (at + BLOCK > buffer.length) throw new BundleError('malformed', 'the archive is cut off');
  return buffer.subarray(at, at + BLOCK);
}

function contentAt(buffer: Buffer, start: number, { size }: TarHeader): Buffer {
  if (size > buffer.length - start) throw new BundleError('malformed', 'the archive has an entry larger than itself');
  return buffer.subarray(start, start + size);
}

function nameOf(written: string, type: TarEntry['type']): string {
  const name = type === 'directory' && written.endsWith('/') ? written.slice(0, -1) : written;
  checkInside(name);
  return name;
}

function paxOf(bytes: Uint8Array): PaxRecords {
  if (bytes.length > MAX_PAX_BYTES)
    throw new BundleError('too-large', 'the archive has a pax header that is too large');
  return readPax(bytes);
}

/** One pax header for one entry. */
function soleOf(before: PaxRecords | undefined, records: PaxRecords): PaxRecords {
  if (!before) return records;
  throw new BundleError('hostile-entry', 'the archive has two pax headers for one entry');
}

/** A global header is the first of all and renames nothing. */
function commentOf({ path, comment }: PaxRecords, before: string | undefined, entries: number): string | undefined {
  if (path === undefined && before === undefined && entries === 0) return comment;
  throw new BundleError('hostile-entry', 'the archive has a global header that is not the first, or names entries');
}

function isZero(buffer: Buffer, from: number): boolean {
  return buffer.subarray(from).every((byte) => byte === 0);
}

function tooLarge({ entries, bytes }: ArchiveLimits): BundleError {
  const most = `${entries.toLocaleString('en')} entries and ${bytes.toLocaleString('en')} octets`;
  return new BundleError('too-large', `the archive has more than ${most}`);
}
