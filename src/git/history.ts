import { GitError, openGit } from './git.ts';

/** A clone's past, as far as it holds it. */
export interface History {
  /** Ids along the first parents of HEAD, newest first, HEAD among them. */
  firstParents(most: number): Promise<readonly string[]>;
  /** Id of the directory's tree at a commit; undefined: it has none, or the clone lacks it. */
  treeAt(commit: string): Promise<string | undefined>;
  /** Where the histories of two commits part; undefined: the clone does not hold it. */
  mergeBase(one: string, other: string): Promise<string | undefined>;
}

export function openHistory(directory: string): History {
  const git = openGit(directory);
  return {
    async firstParents(most) {
      const printed = await git.run('rev-list', ['--first-parent', `--max-count=${most}`], 'HEAD');
      return printed.trim().split('\n').filter(Boolean);
    },
    treeAt: (commit) => orNothing(git.run('rev-parse', ['--verify', '--quiet'], `${commit}:./`)),
    mergeBase: (one, other) => orNothing(git.run('merge-base', [], one, other)),
  };
}

async function orNothing(printed: Promise<string>): Promise<string | undefined> {
  try {
    return (await printed).trim() || undefined;
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}

/** Where the working directory lies in its repository, with a slash at the end; empty: at the root, or in none. */
export async function prefixOf(directory: string): Promise<string> {
  return (await orNothing(openGit(directory).run('rev-parse', ['--show-prefix']))) ?? '';
}
