import { listAll, readBlobs, sizesOf } from './blobs.ts';
import { fetchInto, openGit } from './git.ts';
import type { Git } from './git.ts';
import { lastChangeOf, lineageOf } from './lineage.ts';
import type { Lineage } from './lineage.ts';
import { unheededSettings } from './own-settings.ts';
import { RemoteError, admitUrl, shownUrl } from './remote-url.ts';
import type { WorkingFile } from './repository.ts';
import { createStore } from './store.ts';

/** A branch of a clone's remote. */
export interface BranchName {
  /** `origin`. */
  readonly remote: string;
  readonly branch: string;
}

/** A directory as a commit holds it, nothing of which was read yet. */
export interface FollowedDirectory {
  /** Those that count, sorted by name. */
  readonly files: readonly { readonly name: string; readonly size: number }[];
  /** Names that count and are no regular files: links and submodules. */
  readonly irregular: readonly string[];
  contents(): Promise<readonly WorkingFile[]>;
}

/** A remote branch that is looked at again and again, in a store of our own: the clone and its files stay as they are. */
export interface Followed {
  /** Where it is fetched from, without user and token. */
  readonly url: string;
  /** Settings of the clone that a fetch does not heed (`unheededSettings`). */
  readonly unheeded: readonly string[];
  /** The commit that the clone last saw of the branch; undefined: it never did. */
  readonly seen: string | undefined;
  /** Fetches, and says what the branch points at. @throws GitError with git's words, also when it is stopped. */
  fetch(stop?: AbortSignal): Promise<string>;
  /** Is the earlier commit one of the other's past, or the same? Also not where it is not there any more. */
  isPast(earlier: string, commit: string): Promise<boolean>;
  /** Undefined: the remote's own history is cut off. */
  lineage(commit: string): Promise<Lineage | undefined>;
  /** The last commit of its branch that changed anything in a directory; itself where none is known. */
  lastChange(commit: string, path: string): Promise<string>;
  /** @param path from the root of the repository, POSIX separators; undefined: the commit has no such directory. */
  directoryAt(commit: string, path: string): Promise<FollowedDirectory | undefined>;
  /** Takes the store away. */
  close(): void;
}

/** Where the store keeps what the branch points at. */
const HELD = 'refs/trueup/branch';

/**
 * Of the clone only the remote's URL is believed. Its configuration, hooks and objects have no part in the fetch, so
 * that whoever made the clone can have nothing run by it (threats T125).
 *
 * @param isWanted which names of files count, relative to the directory that is asked for
 * @throws RemoteError, GitError
 */
export async function followBranch(
  clone: string,
  { remote, branch }: BranchName,
  isWanted: (name: string) => boolean,
): Promise<Followed> {
  checkName('remote', remote);
  checkName('branch', branch);
  const here = openGit(clone);
  const url = await urlOf(here, remote);
  const unheeded = await unheededSettings(here);
  const seen = await commitOf(here, `refs/remotes/${remote}/${branch}`);
  const format = (await here.run('rev-parse', ['--show-object-format'])).trim();
  const store = createStore(format === 'sha256' ? 'sha256' : 'sha1');
  const git = openGit(store.directory);
  return {
    url: shownUrl(url),
    unheeded,
    seen,
    async fetch(stop) {
      await fetchInto(store.directory, { url, from: `refs/heads/${branch}`, to: HELD }, stop);
      const commit = await commitOf(git, HELD);
      if (commit === undefined) throw new RemoteError(`${branch} of ${remote} is no commit`);
      return commit;
    },
    async isPast(earlier, commit) {
      if ((await commitOf(git, earlier)) === undefined) return false;
      return (await git.run('merge-base', [], earlier, commit)).trim() === earlier;
    },
    lineage: (commit) => lineageOf(store.directory, commit),
    lastChange: (commit, path) => lastChangeOf(git, commit, path),
    directoryAt: (commit, path) => directoryAt(git, { commit, path, isWanted }),
    close: () => store.close(),
  };
}

/** What stands in a key of the configuration or in a refspec is only a name there (git-check-ref-format). */
function checkName(what: string, name: string): void {
  if (name === '' || /[\p{Cc}\s~^:?*[\\]|\.\.|@\{|\/\/|^\/|\/$|\.$/u.test(name)) {
    throw new RemoteError(`${JSON.stringify(name)} is no name of a ${what}`);
  }
}

async function urlOf(git: Git, remote: string): Promise<string> {
  const urls = await git.run('config', ['-z', '--get-all', `remote.${remote}.url`]);
  const [url = ''] = urls.split('\0');
  if (url === '') throw new RemoteError(`this clone has no remote ${remote}`);
  const root = await git.run('rev-parse', ['--show-toplevel']);
  try {
    return admitUrl(url, root.replace(/\n$/, ''));
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    throw new RemoteError(`${remote} cannot be followed: ${error.message}`);
  }
}

async function commitOf(git: Git, name: string): Promise<string | undefined> {
  const printed = await git.run('rev-parse', ['--verify', '--quiet'], `${name}^{commit}`);
  return printed.trim() || undefined;
}

interface Asked {
  readonly commit: string;
  readonly path: string;
  readonly isWanted: (name: string) => boolean;
}

/** The id of a directory's tree; undefined: there is none of this name, or a file. */
async function treeOf(git: Git, commit: string, path: string): Promise<string | undefined> {
  if (path === '') return commit;
  const printed = await git.run('ls-tree', ['-d', '-z', '--full-tree'], commit, path);
  const [, id] = /^040000 tree ([0-9a-f]+)\t/.exec(printed) ?? [];
  return id;
}

async function directoryAt(git: Git, { commit, path, isWanted }: Asked): Promise<FollowedDirectory | undefined> {
  const tree = await treeOf(git, commit, path);
  if (tree === undefined) return undefined;
  const all = await listAll(git, tree);
  const files = all.files.filter(({ name }) => isWanted(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
  const ids = [...new Set(files.map(({ id }) => id))];
  const sizes = await sizesOf(git, ids);
  return {
    files: files.map(({ name, id }) => ({ name, size: sizes.get(id) ?? 0 })),
    irregular: all.irregular.filter(isWanted),
    async contents() {
      const read = await readBlobs(git, ids);
      return files.map(({ name, id }) => ({ name, bytes: read.get(id) ?? Buffer.alloc(0) }));
    },
  };
}
