import { GitError, openGit } from './git.ts';

/** A clone's past, as far as it holds it. */
export interface History {
  /**
   * Commits along the first parents of HEAD, or of another commit, that changed the directory, newest first; none where
   * the clone does not hold the commit.
   */
  changes(most: number, from?: string): Promise<readonly string[]>;
  /**
   * Commits after one, up to another, that changed the directory: along the first parents of the later one, newest first.
   * Undefined: the earlier one is not on that line, or the clone does not hold both.
   */
  changesBetween(earlier: string, later: string, most: number): Promise<readonly string[] | undefined>;
  /** Id of the directory's tree at a commit; undefined: it has none, or the clone lacks it. */
  treeAt(commit: string): Promise<string | undefined>;
  /** Where the histories of two commits part; undefined: the clone does not hold it. */
  mergeBase(one: string, other: string): Promise<string | undefined>;
}

export function openHistory(directory: string): History {
  const git = openGit(directory);
  return {
    async changes(most, from = 'HEAD') {
      const flags = ['--first-parent', `--max-count=${most}`];
      const printed = await orNothing(git.run('rev-list', flags, from, '--', '.'));
      return printed?.split('\n') ?? [];
    },
    async changesBetween(earlier, later, most) {
      const range = `${earlier}..${later}`;
      const steps = await orNothing(git.run('rev-list', ['--first-parent', '--count'], range));
      if (steps === undefined) return undefined;
      // So many steps back is the earlier one only where it lies on the line.
      const back = await orNothing(git.run('rev-parse', ['--verify', '--quiet'], `${later}~${steps}`));
      if (back !== earlier) return undefined;
      const printed = await git.run('rev-list', ['--first-parent', `--max-count=${most}`], range, '--', '.');
      return printed.split('\n').filter((line) => line !== '');
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
