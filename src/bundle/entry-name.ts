import { BundleError } from './errors.ts';

/**
 * A name that may stand in a bundle.
 * @throws BundleError `hostile-entry`
 */
export function checkName(name: string): void {
  checkInside(name);
  checkPortable(name);
}

/**
 * A name that stays inside wherever it is put: relative, of plain segments, without `..` and NUL.
 * @throws BundleError `hostile-entry`
 */
export function checkInside(name: string): void {
  const segments = name.split('/');
  if (name === '') refuse(name, 'has no name');
  if (name.includes('\0')) refuse(name, 'has a NUL in its name');
  if (name.startsWith('/')) refuse(name, 'has an absolute name');
  if (segments.includes('..')) refuse(name, 'leads out of its folder');
  if (segments.includes('') || segments.includes('.')) refuse(name, 'has an empty segment in its name');
}

/**
 * A name that leads nowhere else on Windows either: without backslash and drive.
 * @throws BundleError `hostile-entry`
 */
export function checkPortable(name: string): void {
  if (name.includes('\\')) refuse(name, 'has a backslash in its name');
  if (/^[A-Za-z]:/.test(name)) refuse(name, 'begins with a drive');
}

function refuse(name: string, why: string): never {
  throw new BundleError('hostile-entry', `the entry ${JSON.stringify(name)} ${why}`);
}

/** Refuses a second entry of a name, and one below what is no folder. */
export class NameSet {
  readonly #files = new Set<string>();
  readonly #folders = new Set<string>();

  /** @throws BundleError `hostile-entry` */
  add(name: string, isFolder: boolean): void {
    const ancestors = ancestorsOf(name);
    const isTaken = this.#files.has(name) || (!isFolder && this.#folders.has(name));
    if (isTaken || ancestors.some((folder) => this.#files.has(folder))) {
      throw new BundleError('hostile-entry', `the entry ${JSON.stringify(name)} is there twice, or below a file`);
    }
    for (const folder of ancestors) this.#folders.add(folder);
    (isFolder ? this.#folders : this.#files).add(name);
  }
}

function ancestorsOf(name: string): readonly string[] {
  const segments = name.split('/');
  return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join('/'));
}
