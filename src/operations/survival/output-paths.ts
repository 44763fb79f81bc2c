import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { SurvivalRunError } from './errors.ts';
import type { SurvivalRunOptions } from './options.ts';

type Paths = Pick<SurvivalRunOptions, 'matrix' | 'clinical' | 'samples' | 'out' | 'plot'>;

/** Where what is done lies until the results are whole. */
export function partialPathOf({ out }: Pick<Paths, 'out'>): string {
  return `${out}.partial`;
}

/**
 * What is to be written has places of its own, into which files can be put: a table of patients must not be lost to a slip of
 * the keyboard, and nobody waits for an hour to be told of a folder that is not there.
 *
 * @throws SurvivalRunError TU0003
 */
export function refuseOutputs(options: Paths): void {
  const taken = new Map<string, string>();
  for (const [flag, path] of [
    ['--matrix', options.matrix],
    ['--clinical', options.clinical],
    ['--samples', options.samples],
  ] as const) {
    if (path !== undefined) taken.set(placeOf(path), flag);
  }
  for (const [flag, path] of [
    ['--out', options.out],
    ['the file of what is done', partialPathOf(options)],
    ['--plot', options.plot],
  ] as const) {
    if (path === undefined) continue;
    refusePlace(path);
    const place = placeOf(path);
    const other = taken.get(place);
    if (other !== undefined) throw taking(path, flag, other);
    taken.set(place, flag);
  }
}

/** The same for all names of a file. */
function placeOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats) return `${stats.dev}:${stats.ino}`;
  const directory = resolve(dirname(path));
  try {
    return join(realpathSync(directory), basename(path));
  } catch {
    return join(directory, basename(path));
  }
}

/** A rename over a device, a pipe or a folder would destroy it, or fail after the work is done. */
function refusePlace(path: string): void {
  if (path === '') throw cannotWrite(path, new Error('it has no name'));
  written(path, () => {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats && !stats.isFile()) throw cannotWrite(path, new Error('it is not a regular file'));
    accessSync(dirname(path), constants.W_OK);
  });
}

function taking(path: string, flag: string, other: string): SurvivalRunError {
  return new SurvivalRunError('TU0003', `${path} is both ${other} and ${flag}: it would be overwritten`, {
    hint: `name another file with ${flag === '--plot' ? flag : '--out'}`,
  });
}

/** @throws SurvivalRunError TU0003 where the file system refuses */
export function written<Result>(path: string, write: () => Result): Result {
  try {
    return write();
  } catch (error) {
    if (error instanceof SurvivalRunError || (error as NodeJS.ErrnoException).code === undefined) throw error;
    throw cannotWrite(path, error);
  }
}

function cannotWrite(path: string, cause: unknown): SurvivalRunError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new SurvivalRunError('TU0003', `${path === '' ? 'the file' : path} cannot be written: ${why}`, {
    hint: 'give it a place that can be written; what is done is kept, and the same command goes on',
    cause,
  });
}
