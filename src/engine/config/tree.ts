import { constants, type Dirent, type Stats } from 'node:fs';
import { open, opendir, realpath, stat, type FileHandle } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { ConfigCode } from './codes.ts';

/** Bytes of one file (threat T04). */
const MAX_FILE_BYTES = 1024 * 1024;
/** Files of one tree (threat T04). */
const MAX_FILES = 10_000;
/** Bytes of one tree (threat T04). */
const MAX_TREE_BYTES = 64 * 1024 * 1024;

/** A file of configuration, as it lies on disk. */
export interface ConfigFile {
  /** Relative to the configuration directory, POSIX separators. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Why something is not read. */
export interface Refusal {
  readonly code: ConfigCode;
  /** Relative to the configuration directory; undefined: the tree as a whole. */
  readonly name?: string;
  readonly message: string;
  readonly hint?: string;
}

export interface ConfigTree {
  /** The commit that it was read from, as messages name it; undefined: from disk. */
  readonly revision?: string;
  /** Sorted by name. */
  readonly files: readonly ConfigFile[];
  readonly refusals: readonly Refusal[];
}

class Refused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

function isConfigName(name: string): boolean {
  return name.endsWith('.yaml') || name.endsWith('.yml');
}

function isSkipped(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules';
}

/** Is a file of this name, relative to the configuration directory, one of its configuration? */
export function isConfigFile(name: string): boolean {
  return isConfigName(name) && !name.split('/').some(isSkipped);
}

const tooManyFiles: Refusal = {
  code: 'TU1011',
  message: `there are more than ${MAX_FILES.toLocaleString('en')} files`,
  hint: 'name a smaller directory with --config',
};

const tooManyBytes: Refusal = {
  code: 'TU1011',
  message: 'the files have more than 64 MiB in all',
  hint: 'name a smaller directory with --config',
};

function tooLarge(name: string, size: number): Refusal {
  const message = `${name} has ${size.toLocaleString('en')} bytes, the limit is 1 MiB`;
  return { code: 'TU1011', name, message, hint: 'split it' };
}

/** What stands against reading files of these sizes, before they are read. */
export function sizeRefusals(files: readonly { readonly name: string; readonly size: number }[]): readonly Refusal[] {
  if (files.length > MAX_FILES) return [tooManyFiles];
  if (files.reduce((sum, { size }) => sum + size, 0) > MAX_TREE_BYTES) return [tooManyBytes];
  return files.filter(({ size }) => size > MAX_FILE_BYTES).map(({ name, size }) => tooLarge(name, size));
}

function kindOf(entry: Dirent | Stats): string {
  if (entry.isSymbolicLink()) return 'a symbolic link';
  if (entry.isFIFO()) return 'a pipe';
  if (entry.isSocket()) return 'a socket';
  if (entry.isBlockDevice() || entry.isCharacterDevice()) return 'a device';
  return entry.isDirectory() ? 'a directory' : 'of an unknown type';
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}

function unreadable(name: string | undefined, what: string, error: unknown): Refusal {
  return { code: 'TU1024', ...(name !== undefined && { name }), message: `${what} cannot be read (${codeOf(error)})` };
}

function irregular(name: string, entry: Dirent | Stats): Refusal {
  const hint = 'put the file itself in its place';
  return { code: 'TU1010', name, message: `${name} is ${kindOf(entry)}, not a regular file`, hint };
}

async function isLinkedFolder(path: string): Promise<boolean> {
  const target = await stat(path).catch(() => undefined);
  return target?.isDirectory() ?? false;
}

interface Listing {
  readonly names: string[];
  readonly refusals: Refusal[];
}

async function place(root: string, folder: string, entry: Dirent, folders: string[], listing: Listing): Promise<void> {
  const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
  if (isSkipped(entry.name)) return;
  if (entry.isDirectory()) {
    folders.push(name);
  } else if (entry.isSymbolicLink() && (await isLinkedFolder(join(root, name)))) {
    const message = `${name} is a linked folder`;
    listing.refusals.push({ code: 'TU1010', name, message, hint: 'put the folder itself in its place' });
  } else if (!isConfigName(entry.name)) {
    return;
  } else if (entry.isFile()) {
    listing.names.push(name);
  } else {
    listing.refusals.push(irregular(name, entry));
  }
}

/** Names of all files of configuration. Stops at the first file over the limit. */
async function list(root: string): Promise<Listing> {
  const listing: Listing = { names: [], refusals: [] };
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    try {
      for await (const entry of await opendir(join(root, folder))) {
        await place(root, folder, entry, folders, listing);
        if (listing.names.length <= MAX_FILES) continue;
        return { names: [], refusals: [tooManyFiles] };
      }
    } catch (error) {
      const name = folder === '' ? undefined : folder;
      listing.refusals.push(unreadable(name, name ?? 'the configuration directory', error));
    }
  }
  listing.names.sort();
  return listing;
}

/** One byte more than the limit is enough to see that a file grew past it after it was measured. */
async function readBounded(handle: FileHandle, name: string): Promise<Buffer> {
  const buffer = Buffer.alloc(Math.min((await handle.stat()).size, MAX_FILE_BYTES) + 1);
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, null);
    if (bytesRead === 0) return buffer.subarray(0, length);
    length += bytesRead;
  }
  throw new Refused({ code: 'TU1011', name, message: `${name} changed while it was read, or is larger than 1 MiB` });
}

/** A folder on the way may have become a link between listing and opening. */
async function checkInside(root: string, name: string, opened: Stats): Promise<void> {
  const real = await realpath(join(root, name));
  const found = await stat(real);
  const isInside = real.startsWith(root.endsWith(sep) ? root : root + sep);
  if (isInside && found.ino === opened.ino && found.dev === opened.dev) return;
  throw new Refused({ code: 'TU1010', name, message: `${name} leads out of the configuration directory` });
}

async function readOne(root: string, name: string): Promise<Buffer> {
  // Without O_NONBLOCK the open of a pipe that took the file's place would wait for its writer.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(join(root, name), flags);
  try {
    const opened = await handle.stat();
    if (!opened.isFile()) throw new Refused(irregular(name, opened));
    if (opened.size > MAX_FILE_BYTES) throw new Refused(tooLarge(name, opened.size));
    await checkInside(root, name, opened);
    return await readBounded(handle, name);
  } finally {
    await handle.close();
  }
}

function refusalOf(name: string, error: unknown): Refusal {
  if (error instanceof Refused) return error.refusal;
  if (codeOf(error) !== 'ELOOP') return unreadable(name, name, error);
  return { code: 'TU1010', name, message: `${name} is a symbolic link, not a regular file` };
}

/**
 * Reads `*.yaml` and `*.yml` below a directory; dot names and `node_modules` are left out, other files ignored. Links,
 * pipes, sockets and devices of such a name and linked folders are refused, never followed or opened for reading.
 */
export async function readTree(directory: string): Promise<ConfigTree> {
  let root: string;
  try {
    root = await realpath(directory);
  } catch (error) {
    const hint = 'create it with a Settings document, or name another with --config';
    return { files: [], refusals: [{ ...unreadable(undefined, 'the configuration directory', error), hint }] };
  }
  const { names, refusals } = await list(root);
  const files: ConfigFile[] = [];
  let total = 0;
  for (const name of names) {
    try {
      const bytes = await readOne(root, name);
      total += bytes.length;
      files.push({ name, bytes });
    } catch (error) {
      refusals.push(refusalOf(name, error));
    }
    if (total > MAX_TREE_BYTES) return { files: [], refusals: [tooManyBytes] };
  }
  return { files, refusals };
}

/** `path` relative to the working directory as messages name it. */
export function shownPath(cwd: string, path: string): string {
  const shown = relative(cwd, path).split(sep).join('/');
  return shown === '' ? '.' : shown;
}
