import { closeSync, existsSync, fsyncSync, lstatSync, mkdirSync, openSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from './whole-file.ts';

/** A file that is not there yet. */
export interface FreshFile {
  /** Relative to a directory, POSIX separators. */
  readonly path: string;
  readonly text: string;
}

const READABLE = 0o644;

/**
 * Writes all of them, or, where one cannot be written, none. None is written over: whoever is faster keeps the file. No
 * folder on the way may be a link: it would lead out of the directory.
 *
 * @param failure what is thrown for a file that cannot be written
 */
export function writeFresh(
  directory: string,
  files: readonly FreshFile[],
  failure: (path: string, cause: unknown) => Error,
): void {
  /** Takes back what was made, the last first. */
  const undo: (() => void)[] = [];
  for (const { path, text } of files) {
    try {
      makeFolders(directory, path, undo);
      writeOne(join(directory, path), text, undo);
    } catch (cause) {
      for (const step of undo.reverse()) step();
      throw failure(path, cause);
    }
  }
}

function makeFolders(directory: string, path: string, undo: (() => void)[]): void {
  let folder = directory;
  for (const name of path.split('/').slice(0, -1)) {
    folder = join(folder, name);
    const made = folder;
    if (!existsSync(made)) {
      mkdirSync(made);
      undo.push(() => rmdirSync(made));
    } else if (lstatSync(made).isSymbolicLink()) {
      throw new Error(`${name} is a link, which may lead out of the directory`);
    }
  }
}

function writeOne(path: string, text: string, undo: (() => void)[]): void {
  const descriptor = openSync(path, 'wx', READABLE);
  undo.push(() => rmSync(path, { force: true }));
  try {
    writeWhole(descriptor, Buffer.from(text));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
