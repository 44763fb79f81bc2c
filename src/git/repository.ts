import { knownBlobs, listFiles, readBlobs, sizesOf } from './blobs.ts';
import type { CommittedFile } from './blobs.ts';
import { GitError, openGit } from './git.ts';
import type { Git } from './git.ts';

/** A file of a directory as it lies there. */
export interface WorkingFile {
  /** Relative to the directory, POSIX separators. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What a commit holds of a directory. What lies in the working directory too is not asked of git again. */
export interface CommittedDirectory {
  /** The files that count, sorted by name. */
  readonly files: readonly CommittedFile[];
  /** The working directory holds the same files with the same contents. */
  readonly isAsWorking: boolean;
  /** Octets of each file. @throws GitError where an object is not in this clone. */
  sizes(): Promise<readonly { readonly name: string; readonly size: number }[]>;
  /** @throws GitError where an object is not in this clone. */
  contents(): Promise<readonly WorkingFile[]>;
}

/** A directory and the repository that it lies in. */
export interface Repository {
  /** Full id of HEAD; null before its first commit. */
  readonly commit: string | null;
  /** Do the files of the directory differ from those that HEAD holds of it? */
  readonly dirty: boolean;
  /** Full id of the commit that has this name; undefined: there is none. */
  resolve(revision: string): Promise<string | undefined>;
  /** Does the commit hold Settings, wherever they lie? */
  hasSettings(commit: string): Promise<boolean>;
  /** Undefined: the commit has no such directory. */
  directoryAt(commit: string): Promise<CommittedDirectory | undefined>;
}

interface Looked {
  readonly git: Git;
  readonly working: readonly WorkingFile[];
  readonly isWanted: (name: string) => boolean;
}

/**
 * @param working the files of the directory that count, as they were read.
 * @param isWanted which names of committed files count.
 * @returns undefined outside a repository, and where there is no git.
 * @throws GitError where git refuses: a repository of somebody else, a damaged one.
 */
export async function openRepository(
  directory: string,
  working: readonly WorkingFile[],
  isWanted: (name: string) => boolean,
): Promise<Repository | undefined> {
  const looked: Looked = { git: openGit(directory), working, isWanted };
  try {
    const head = await resolveCommit(looked.git, 'HEAD');
    const committed = head === undefined ? undefined : await directoryAt(looked, head);
    return {
      commit: head ?? null,
      dirty: committed ? !committed.isAsWorking : working.length > 0,
      resolve: (revision) => resolveCommit(looked.git, revision),
      async hasSettings(commit) {
        const files = (await listFiles(looked.git, commit, ['--full-tree'])).filter(({ name }) => isWanted(name));
        const contents = await readBlobs(looked.git, [...new Set(files.map(({ id }) => id))]);
        return [...contents.values()].some((bytes) => SETTINGS.test(bytes.toString('latin1')));
      },
      directoryAt: async (commit) => (commit === head ? committed : directoryAt(looked, commit)),
    };
  } catch (error) {
    if (error instanceof GitError && error.isOutside) return undefined;
    throw error;
  }
}

/** The line by which a document says what it is. */
const SETTINGS = /^kind: ?["']?Settings/m;

async function resolveCommit(git: Git, revision: string): Promise<string | undefined> {
  const printed = await git.run('rev-parse', ['--verify', '--quiet'], `${revision}^{commit}`);
  return printed.trim() || undefined;
}

async function directoryAt(
  { git, working, isWanted }: Looked,
  commit: string,
): Promise<CommittedDirectory | undefined> {
  const all = await listFiles(git, commit);
  if (all.length === 0) return undefined;
  const files = all.filter(({ name }) => isWanted(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
  const known = knownBlobs(working, commit.length);
  const unknown = [...new Set(files.map(({ id }) => id))].filter((id) => !known.contents.has(id));
  const isHeld = ({ name, id }: CommittedFile): boolean => known.idsOf.get(name)?.includes(id) ?? false;
  return {
    files,
    isAsWorking: files.length === working.length && files.every(isHeld),
    async sizes() {
      const sizes = await sizesOf(git, unknown);
      return files.map(({ name, id }) => ({ name, size: sizes.get(id) ?? known.contents.get(id)?.length ?? 0 }));
    },
    async contents() {
      const read = await readBlobs(git, unknown);
      return files.map(({ name, id }) => ({ name, bytes: known.contents.get(id) ?? read.get(id) ?? Buffer.alloc(0) }));
    },
  };
}

/** Does git track this file, or for `.` anything, in a directory? Not outside a repository, nor without git. */
export async function isTracked(directory: string, name: string): Promise<boolean> {
  try {
    return (await openGit(directory).run('ls-files', [], `:(literal)${name}`)).trim() !== '';
  } catch (error) {
    if (error instanceof GitError) return false;
    throw error;
  }
}
