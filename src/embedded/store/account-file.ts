import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { EmbeddedError } from '../errors.ts';
import { CLOSING, foreignVersion } from './journal.ts';

/** V8's longest string is about 512 MiB; above half of it the account is no small system any more. */
const MAX_FILE_BYTES = 256n * 1024n * 1024n;
/** The file holds secrets. */
const OWNER_ONLY = 0o600;
const OTHERS = 0o077n;

/** The default folder, ours even when somebody else made it. */
export const OWN_DIRECTORY = '.trueup';
/** Where an account is kept that no file was named for. */
export const DEFAULT_FILE: string = `${OWN_DIRECTORY}/embedded.json`;

/** Makes the folder of a new account file, closed to others and kept out of git. */
export function prepareDirectory(file: string): void {
  const directory = dirname(file);
  const isNew = !existsSync(directory);
  if (isNew) mkdirSync(directory, { recursive: true, mode: 0o700 });
  const ignore = join(directory, '.gitignore');
  if ((isNew || basename(directory) === OWN_DIRECTORY) && !existsSync(ignore)) writeFileSync(ignore, '*\n');
}

/** Takes away what others may do with the file, should somebody have allowed it. */
export function closeToOthers(file: string): void {
  if ((checkFile(file).mode & OTHERS) !== 0n) chmodSync(file, OWNER_ONLY);
}

/** @throws EmbeddedError TU4013 for what is no file of this user or too large. */
export function checkFile(file: string): BigIntStats {
  const stats = lstatSync(file, { bigint: true });
  if (!stats.isFile()) throw unusable(file, 'it is not a regular file');
  if (process.getuid !== undefined && stats.uid !== BigInt(process.getuid())) {
    throw unusable(file, `it belongs to user ${stats.uid}`);
  }
  if (stats.size > MAX_FILE_BYTES) {
    throw unusable(file, `it has ${stats.size} bytes, at most ${MAX_FILE_BYTES} are read`);
  }
  return stats;
}

/** Replaces the file in one step: the old one or the new one, never a part. */
export function replaceFile(file: string, text: string): void {
  const next = `${file}.next`;
  const descriptor = openSync(next, 'w', OWNER_ONLY);
  try {
    writeWhole(descriptor, Buffer.from(text), 0);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(next, file);
}

/** Writes over the closing of a file of `size` bytes; when that fails half way, the file is as it was. */
export function overwriteClosing(file: string, size: number, text: string): void {
  const descriptor = openSync(file, 'r+');
  const start = size - CLOSING.length;
  try {
    writeWhole(descriptor, Buffer.from(text), start);
  } catch (error) {
    ftruncateSync(descriptor, start);
    writeWhole(descriptor, Buffer.from(CLOSING), start);
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

function writeWhole(descriptor: number, octets: Buffer, position: number): void {
  for (let done = 0; done < octets.length;) {
    done += writeSync(descriptor, octets, done, octets.length - done, position + done);
  }
}

/** The text from an offset to the end. */
export function readTail(file: string, from: number, size: number): string {
  const descriptor = openSync(file, 'r');
  try {
    const octets = Buffer.alloc(size - from);
    const count = readSync(descriptor, octets, 0, octets.length, from);
    return octets.toString('utf8', 0, count);
  } finally {
    closeSync(descriptor);
  }
}

export function damaged(file: string, what: string): EmbeddedError {
  return new EmbeddedError(
    'TU4010',
    `The embedded account ${file} is damaged: ${what}.`,
    `Restore the file from a copy, or begin with an empty account: rm ${file}`,
    { file },
  );
}

/** Says why the beginning of a file cannot be read. */
export function unreadable(file: string, text: string): EmbeddedError {
  const version = foreignVersion(text);
  if (version === undefined) return damaged(file, 'it does not begin as an account file does');
  return new EmbeddedError(
    'TU4011',
    `The embedded account ${file} has format ${version}, which this version of trueup does not read.`,
    'Use the trueup that wrote it (npm install trueup@latest), or another file: --endpoint embedded:FILE',
    { file },
  );
}

export function lostLock(file: string): EmbeddedError {
  return new EmbeddedError(
    'TU4012',
    `This process was stopped for so long that another one took over the lock of ${file}; nothing was written.`,
    'Run the command again.',
    { file },
  );
}

export function unusable(file: string, why: string, cause?: unknown): EmbeddedError {
  return new EmbeddedError(
    'TU4013',
    `${file} cannot be used as an embedded account: ${why}.`,
    'Choose another file: --endpoint embedded:FILE',
    { file, cause },
  );
}
