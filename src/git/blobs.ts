import { createHash } from 'node:crypto';
import { GitError } from './git.ts';
import type { Git } from './git.ts';

/** Hexadecimal digits of an object id where objects are named by SHA-256; 40 where by SHA-1. */
const SHA256_DIGITS = 64;

/** A regular file at a commit. */
export interface CommittedFile {
  /** Relative to the directory, POSIX separators. */
  readonly name: string;
  /** Object id of its content. */
  readonly id: string;
}

/** The id that git gives to a content (gitformat-loose: `blob`, length, NUL, octets). */
export function blobId(bytes: Uint8Array, digits: number): string {
  const hash = createHash(digits === SHA256_DIGITS ? 'sha256' : 'sha1');
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** Contents that need not be asked of git. */
interface KnownBlobs {
  readonly contents: ReadonlyMap<string, Buffer>;
  /** By the file's name: the ids of what git may hold of it. */
  readonly idsOf: ReadonlyMap<string, readonly string[]>;
}

/** Files as git would hold them: also without the carriage returns that a checkout may have added (`core.autocrlf`). */
export function knownBlobs(files: readonly { name: string; bytes: Uint8Array }[], digits: number): KnownBlobs {
  const contents = new Map<string, Buffer>();
  const idsOf = new Map<string, readonly string[]>();
  for (const { name, bytes: octets } of files) {
    // The same memory.
    const bytes = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
    const forms = bytes.includes('\r\n') ? [bytes, withoutReturns(bytes)] : [bytes];
    const ids = forms.map((form) => blobId(form, digits));
    for (const [index, id] of ids.entries()) contents.set(id, forms[index] ?? bytes);
    idsOf.set(name, ids);
  }
  return { contents, idsOf };
}

function withoutReturns(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
}

/** One line of `ls-tree -z`. */
const ENTRY = /^(\d+) (\w+) ([0-9a-f]+)\t(.+)$/s;

/** What lies below git's directory at a commit. */
interface CommittedListing {
  /** Regular files. */
  readonly files: readonly CommittedFile[];
  /** Names of links and submodules. */
  readonly irregular: readonly string[];
}

export async function listAll(git: Git, commit: string, flags: readonly string[] = []): Promise<CommittedListing> {
  const printed = await git.run('ls-tree', ['-r', '-z', ...flags], commit);
  const files: CommittedFile[] = [];
  const irregular: string[] = [];
  for (const entry of printed.split('\0')) {
    const [, mode = '', type, id = '', name = ''] = ENTRY.exec(entry) ?? [];
    if (type === 'blob' && mode.startsWith('100')) files.push({ name, id });
    else if (name !== '') irregular.push(name);
  }
  return { files, irregular };
}

/** The regular files of a commit below git's directory; links and submodules are left out. */
export async function listFiles(
  git: Git,
  commit: string,
  flags: readonly string[] = [],
): Promise<readonly CommittedFile[]> {
  return (await listAll(git, commit, flags)).files;
}

/**
 * Sizes of contents in octets.
 * @throws GitError for one that is not in this clone.
 */
export async function sizesOf(git: Git, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map();
  const printed = (await git.objects('--batch-check', ids)).toString('latin1');
  const sizes = new Map([...printed.matchAll(/^(\w+) blob (\d+)$/gm)].map(([, id = '', size]) => [id, Number(size)]));
  const missing = ids.find((id) => !sizes.has(id));
  if (missing === undefined) return sizes;
  throw new GitError(`the object ${missing} is not in this clone`);
}

/**
 * Contents by their ids.
 * @throws GitError where git gives anything but what the ids name.
 */
export async function readBlobs(git: Git, ids: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
  const blobs = new Map<string, Buffer>();
  if (ids.length === 0) return blobs;
  const printed = await git.objects('--batch', ids);
  let at = 0;
  for (const id of ids) {
    const end = printed.indexOf('\n', at);
    const [, , size] = printed.toString('latin1', at, end).split(' ');
    const bytes = printed.subarray(end + 1, end + 1 + Number(size));
    if (blobId(bytes, id.length) !== id) throw new GitError(`the object ${id} is damaged`);
    blobs.set(id, bytes);
    at = end + 1 + bytes.length + 1;
  }
  return blobs;
}
