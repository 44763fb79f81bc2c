import { checkName, NameSet } from './entry-name.ts';
import { BundleError } from './errors.ts';
import { BLOCK, writeHeader } from './tar-header.ts';

/** A file of a tree. */
export interface TreeFile {
  /** Relative to its root, POSIX separators. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Octets of an archive's end. */
const END = 2 * BLOCK;

/**
 * The files as ustar, sorted by the octets of their names: the same files give the same octets.
 * @throws BundleError `hostile-entry` or `too-large` for a name that no archive of ours can hold.
 */
export function packTar(files: readonly TreeFile[]): Uint8Array {
  const names = new NameSet();
  const keyed = files.map(({ name, bytes }) => {
    checkName(name);
    names.add(name, false);
    const key = Buffer.from(name);
    if (key.toString() === name) return { key, name, bytes };
    throw new BundleError('hostile-entry', `the name ${JSON.stringify(name)} is not Unicode`);
  });
  const blocks = keyed
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .flatMap(({ name, bytes }) => [writeHeader(name, bytes.length), bytes, new Uint8Array(paddingOf(bytes.length))]);
  return Buffer.concat([...blocks, new Uint8Array(END)]);
}

/** Octets from the end of a content to that of its last block. */
export function paddingOf(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

/** Octets that an archive of so many entries and octets has at most. */
export function mostTarBytes({ entries, bytes }: { readonly entries: number; readonly bytes: number }): number {
  return bytes + entries * (2 * BLOCK) + END;
}
