import { openGit } from './git.ts';

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
