import { BundleError } from './errors.ts';

/**
 * A name that stays inside wherever it is put: relative, of plain segments, without `..`, NUL, backslash or drive.
 * @throws BundleError `hostile-entry`
 */
export function checkName(name: string): void {
  const why = faultOf(name);
  if (why !== undefined) throw new BundleError('hostile-entry', `the entry ${JSON.stringify(name)} ${why}`);
}

function faultOf(name: string): string | undefined {
  if (name === '') return 'has no name';
  if (name.includes('\0')) return 'has a NUL in its name';
  if (name.includes('\\')) return 'has a backslash in its name';
  if (name.startsWith('/')) return 'has an absolute name';
  if (/^[A-Za-z]:/.test(name)) return 'begins with a drive';
  const segments = name.split('/');
  if (segments.includes('..')) return 'leads out of its folder';
  return segments.includes('') || segments.includes('.') ? 'has an empty segment in its name' : undefined;
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
