import { openGit } from './git.ts';
import type { Git } from './git.ts';

/** How old a commit is, by the clock of its committer and by its place on its branch. */
export interface Lineage {
  /** ISO 8601, UTC, whole seconds. */
  readonly committedAt: string;
  /** Commits along the first parents, itself counted: each merge onto a branch counts one. */
  readonly generation: number;
}

/**
 * @param commit that the clone holds.
 * @returns undefined in a shallow clone, where nobody can count.
 * @throws GitError
 */
export async function lineageOf(directory: string, commit: string): Promise<Lineage | undefined> {
  const git = openGit(directory);
  if ((await git.run('rev-parse', ['--is-shallow-repository'])).trim() !== 'false') return undefined;
  const [seconds] = (await git.run('rev-list', ['--timestamp', '--max-count=1'], commit)).split(' ');
  const generation = Number(await git.run('rev-list', ['--count', '--first-parent'], commit));
  return { committedAt: new Date(1000 * Number(seconds)).toISOString().replace('.000Z', 'Z'), generation };
}

/**
 * The last commit along the first parents that changed anything in a directory: since then it has been as it is. The
 * commit itself where none did.
 * @param path from the root of the repository, POSIX separators; empty: the root.
 * @throws GitError
 */
export async function lastChangeOf(git: Git, commit: string, path: string): Promise<string> {
  const printed = await git.run(
    'rev-list',
    ['--max-count=1', '--first-parent'],
    commit,
    ...(path === '' ? [] : ['--', `:(literal)${path}`]),
  );
  return printed.trim() || commit;
}
