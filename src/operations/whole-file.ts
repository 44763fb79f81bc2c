import { randomBytes } from 'node:crypto';
import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file beside its place, which takes its name at the end. */
export interface WholeFile {
  /** Writes it and puts it into its place, for as long as the machine stands. */
  finish(octets: Buffer, mode?: number): void;
  /** Nothing is left of it. Harmless after `finish`. */
  readonly discard: () => void;
}

/**
 * A file that is whole or not there: renamed over its place, so that a link or an older file is replaced, never followed
 * (threats T124). Its name until then begins with a dot: it is no configuration.
 */
export function openWholeFile(path: string): WholeFile {
  const temporary = join(dirname(path), `.trueup-${randomBytes(6).toString('hex')}.tmp`);
  const descriptor = openSync(temporary, 'wx', 0o600);
  let isOpen = true;
  return {
    finish(octets, mode) {
      writeWhole(descriptor, octets);
      if (mode !== undefined) fchmodSync(descriptor, mode);
      fsyncSync(descriptor);
      renameSync(temporary, path);
      close();
    },
    discard() {
      if (!isOpen) return;
      rmSync(temporary, { force: true });
      close();
    },
  };

  function close(): void {
    isOpen = false;
    closeSync(descriptor);
  }
}

/** A disk that is nearly full takes a part, and says so only at the next attempt. */
export function writeWhole(descriptor: number, octets: Buffer): void {
  for (let done = 0; done < octets.length;) done += writeSync(descriptor, octets, done);
}
