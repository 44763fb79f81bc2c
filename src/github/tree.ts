import type { Github } from './client.ts';
import { GithubError } from './errors.ts';

/** One entry of a git tree (GitHub Docs, "Git trees"). */
interface TreeEntry {
  readonly path: string;
  /** `100644`, `100755`, `120000` (a link), `040000`, `160000` (a submodule). */
  readonly mode: string;
  readonly type: 'blob' | 'tree' | 'commit';
  readonly sha: string;
  readonly size?: number;
}

/** A file as a commit holds it. */
export interface RemoteFile {
  /** Relative to the directory. */
  readonly name: string;
  /** Object id of its content. */
  readonly id: string;
  readonly size: number;
}

export interface RemoteDirectory {
  /** Object id of the tree, which stands for all that is in it. */
  readonly tree: string;
  readonly files: readonly RemoteFile[];
  /** Names that are no regular files: links and submodules. */
  readonly irregular: readonly string[];
}

/** Requests for blobs at once. */
const AT_ONCE = 8;

/**
 * What a commit holds of a directory, looked up by the commit's id; undefined: it has no such directory. Nothing is
 * checked out.
 *
 * @param directory relative to the root of the repository, without slashes at its ends; empty: the root.
 * @throws GithubError
 */
export async function listRemote(
  github: Github,
  commit: string,
  directory: string,
): Promise<RemoteDirectory | undefined> {
  const id = await treeOf(github, commit, directory);
  if (id === undefined) return undefined;
  const { tree, truncated } = await github.get<{ tree: readonly TreeEntry[]; truncated: boolean }>(
    `/git/trees/${id}?recursive=1`,
  );
  if (truncated) throw new GithubError(`${directory || 'the repository'} holds too many files for one list`);
  const entries = tree.filter(({ type }) => type !== 'tree');
  const isFile = ({ mode }: TreeEntry): boolean => mode.startsWith('100');
  return {
    tree: id,
    files: entries.filter(isFile).map(({ path: name, sha, size }) => ({ name, id: sha, size: size ?? 0 })),
    irregular: entries.filter((entry) => !isFile(entry)).map(({ path }) => path),
  };
}

/** The object id of a directory at a commit; a name on the way that is no directory ends it. */
export async function treeOf(github: Github, commit: string, directory: string): Promise<string | undefined> {
  let id = commit;
  for (const name of directory.split('/').filter((part) => part !== '')) {
    const { tree } = await github.get<{ tree: readonly TreeEntry[] }>(`/git/trees/${id}`);
    const found = tree.find((entry) => entry.path === name && entry.type === 'tree');
    if (!found) return undefined;
    id = found.sha;
  }
  // A commit stands for its root tree.
  return id === commit ? (await github.get<{ sha: string }>(`/git/trees/${commit}`)).sha : id;
}

/**
 * Contents by their ids. What comes is held against its id by whoever asks.
 * @throws GithubError
 */
export async function fetchBlobs(github: Github, ids: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
  const blobs = new Map<string, Buffer>();
  const left = [...ids];
  const work = async (): Promise<void> => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      const { content, encoding } = await github.get<{ content: string; encoding: string }>(`/git/blobs/${id}`);
      if (encoding !== 'base64') throw new GithubError(`the blob ${id} came as ${encoding}`);
      blobs.set(id, Buffer.from(content, 'base64'));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return blobs;
}
