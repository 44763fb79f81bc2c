import type { Files } from './git.ts';
import { addIssue, setState } from './routes/issues.ts';
import type { Issue, Pull, PullRequest, Review, ReviewState, User } from './types.ts';
import { commitOptions, personOf, refOf } from './world.ts';
import type { World } from './world.ts';
import { merged, testMerge } from './merge.ts';
import type { MergeStyle } from './merge.ts';

export interface NewPull {
  /** Login of the author; default: who owns the fork, else `ann`. */
  readonly by?: string;
  /** Of the head; default made from the number. */
  readonly branch?: string;
  /** Login of who owns the fork that the head stands in. */
  readonly fork?: string;
  readonly title?: string;
  readonly body?: string;
  /** Branch that it is to be merged into; default: the default branch. */
  readonly base?: string;
  /** Commit that the branch begins at; default: the tip of the base. */
  readonly from?: string;
  /** Changed by the first commit; without them, the branch must exist. */
  readonly files?: Files;
}

export interface Contributions {
  /** A commit straight to a branch. @param branch default: the default branch @returns its id */
  push(files: Files, options?: { branch?: string; by?: string; message?: string }): string;
  /** Moves a branch anywhere, as a forced push; null deletes it. */
  moveBranch(branch: string, sha: string | null): void;
  tip(branch?: string): string;
  openPull(pull: NewPull): PullRequest;
  pull(number: number): PullRequest;
  /** Another commit on the head of a pull request. @returns its id */
  pushTo(number: number, files: Files, options?: { by?: string; message?: string }): string;
  /** Moves a pull request to another base. */
  retarget(number: number, base: string): void;
  review(number: number, review: { by: string; state: ReviewState; sha?: string }): Review;
  /** Merges for real. @returns the commit that the base branch is at then @throws Error where it conflicts */
  merge(number: number, style?: MergeStyle, by?: string): string;
  /** The head repository of a pull request is deleted. */
  deleteFork(number: number): void;
}

function isPullRequest(issue: Issue): issue is PullRequest {
  return issue.pull !== undefined;
}

export function contributionsOf(world: World): Contributions {
  const { state, git } = world;
  const mainBranch = (): string => state.settings.defaultBranch;
  const tip = (branch = mainBranch()): string => {
    const sha = git.resolve(`refs/heads/${branch}`);
    if (sha === undefined) throw new Error(`there is no branch ${branch}`);
    return sha;
  };
  const pullOf = (number: number): PullRequest => {
    const issue = state.issues.get(number);
    if (!issue || !isPullRequest(issue)) throw new Error(`#${number} is no pull request`);
    return issue;
  };
  const commit = (ref: string, parent: string | undefined, files: Files, user: User, message: string): string => {
    const sha = git.commit(parent, files, commitOptions(world, user, message));
    git.setRef(ref, sha);
    return sha;
  };
  /** A push to the head: the base is what it is now. */
  const synchronise = (number: number, headSha: string): void => {
    const issue = pullOf(number);
    const baseSha = tip(issue.pull.baseBranch);
    git.setRef(`refs/pull/${number}/head`, headSha);
    Object.assign(issue.pull, { headSha, baseSha, mergeSha: testMerge(world, baseSha, headSha) });
    issue.updatedAt = world.now();
  };
  return {
    push(files, { branch = mainBranch(), by = 'ann', message = 'change' } = {}) {
      const ref = `refs/heads/${branch}`;
      return commit(ref, git.resolve(ref), files, personOf(world, by), message);
    },
    moveBranch: (branch, sha) => git.setRef(`refs/heads/${branch}`, sha),
    tip,
    openPull({ fork, by = fork ?? 'ann', title = 'Change', body = '', files, from, ...more }) {
      const baseBranch = more.base ?? mainBranch();
      const headOwner = fork ?? state.owner.login;
      const user = personOf(world, by);
      if (fork !== undefined) personOf(world, fork);
      const headBranch = more.branch ?? `change-${world.nextId()}`;
      const ref = refOf(world, headOwner, headBranch);
      const baseSha = tip(baseBranch);
      const headSha = files ? commit(ref, from ?? baseSha, files, user, title) : git.resolve(ref);
      if (headSha === undefined) throw new Error(`there is no branch ${headBranch}`);
      const pull: Pull = {
        headOwner,
        headBranch,
        headSha,
        headExists: true,
        baseBranch,
        baseSha,
        mergeSha: null,
        mergedAt: undefined,
        mergedBy: undefined,
        introduced: [],
        reviews: [],
      };
      const { number } = addIssue(world, user, { title, body, pull });
      synchronise(number, headSha);
      return pullOf(number);
    },
    pull: pullOf,
    pushTo(number, files, { by = 'ann', message = 'change' } = {}) {
      const { pull } = pullOf(number);
      const ref = refOf(world, pull.headOwner, pull.headBranch);
      const sha = commit(ref, pull.headSha, files, personOf(world, by), message);
      synchronise(number, sha);
      return sha;
    },
    retarget(number, base) {
      const { pull } = pullOf(number);
      Object.assign(pull, { baseBranch: base });
      synchronise(number, pull.headSha);
    },
    review(number, { by, state: verdict, sha }) {
      const { pull } = pullOf(number);
      const user = personOf(world, by);
      const review = { id: world.nextId(), user, state: verdict, sha: sha ?? pull.headSha, submittedAt: world.now() };
      pull.reviews.push(review);
      return review;
    },
    merge(number, style = 'merge', by = 'ann') {
      const issue = pullOf(number);
      const { pull, title } = issue;
      const user = personOf(world, by);
      const base = tip(pull.baseBranch);
      const message = `${title} (#${number})`;
      const { sha, introduced } = merged(world, style, base, pull.headSha, commitOptions(world, user, message));
      git.setRef(`refs/heads/${pull.baseBranch}`, sha);
      Object.assign(pull, { mergeSha: sha, introduced, mergedAt: world.now(), mergedBy: user, baseSha: base });
      setState(world, issue, 'closed', { by: user });
      return sha;
    },
    deleteFork(number) {
      pullOf(number).pull.headExists = false;
    },
  };
}
