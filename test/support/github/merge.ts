import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import type { CommitOptions } from './git.ts';
import type { World } from './world.ts';

/** The three buttons of a pull request. */
export type MergeStyle = 'merge' | 'squash' | 'rebase';

export interface Merged {
  /** What the base branch is at. */
  readonly sha: string;
  /** Commits that were not on the base branch before. */
  readonly introduced: readonly string[];
}

/** The tree of a three-way merge; undefined where it conflicts. */
function mergedTree({ git }: World, base: string, head: string): string | undefined {
  try {
    return git.git(['merge-tree', '--write-tree', base, head]).split('\n')[0];
  } catch {
    return undefined;
  }
}

/** The commit that GitHub keeps at `refs/pull/N/merge`; null where it conflicts. */
export function testMerge(world: World, base: string, head: string): string | null {
  const tree = mergedTree(world, base, head);
  return tree === undefined ? null : world.git.commitTree(tree, [base, head], { at: world.now() });
}

/** @throws Error where it conflicts */
export function merged(world: World, style: MergeStyle, base: string, head: string, options: CommitOptions): Merged {
  const { git } = world;
  const listed = (from: string, to: string): readonly string[] =>
    git
      .git(['rev-list', `${from}..${to}`])
      .split('\n')
      .filter(Boolean);
  if (style === 'rebase') {
    const sha = rebased(git.directory, base, head, options);
    return { sha, introduced: listed(base, sha) };
  }
  const tree = mergedTree(world, base, head);
  if (tree === undefined) throw new Error('the pull request conflicts with its base');
  const sha = git.commitTree(tree, style === 'squash' ? [base] : [base, head], options);
  return { sha, introduced: style === 'squash' ? [sha] : listed(base, sha) };
}

/** Commits of the head, one by one, on the base: always new commits, as GitHub's button makes them. */
function rebased(directory: string, base: string, head: string, { author }: CommitOptions): string {
  const clone = mkdtempSync(join(tmpdir(), 'trueup-rebase-'));
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-c', `user.name=${author?.name}`, '-c', `user.email=${author?.email}`, ...args], {
      cwd: clone,
      env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
  try {
    git('clone', '--quiet', '--shared', '--no-checkout', directory, '.');
    git('checkout', '--quiet', '--detach', head);
    git('rebase', '--quiet', '--force-rebase', base);
    const sha = git('rev-parse', 'HEAD');
    git('push', '--quiet', 'origin', 'HEAD:refs/rebased/last');
    return sha;
  } finally {
    rmSync(clone, { recursive: true, force: true });
  }
}
