import type { Github } from './index.ts';
import { pullShape } from './shapes/issues.ts';
import { repositoryShape, userShape } from './shapes/repository.ts';
import type { PullRequest, User } from './types.ts';

/** What starts workflows, and what the runner says of it. */
export interface GithubEvent {
  readonly name: 'pull_request' | 'pull_request_target' | 'push' | 'schedule' | 'workflow_dispatch';
  /** Of the webhook: the file at GITHUB_EVENT_PATH. */
  readonly payload: object;
  /** `opened`, `labeled`; undefined of events without. */
  readonly action: string | undefined;
  /** GITHUB_SHA and GITHUB_REF. */
  readonly sha: string;
  readonly ref: string;
  readonly actor: User;
  /** Of pull requests only. */
  readonly pull?: PullRequest;
}

export type PullAction = 'opened' | 'reopened' | 'synchronize' | 'labeled' | 'unlabeled' | 'edited' | 'closed';

interface PullEventOptions {
  /** Of `labeled`. */
  readonly label?: string;
  /** The head before, of `synchronize`. */
  readonly before?: string;
  /** Of `edited`: what was changed, by field, with what it was before; a base is `{ ref: { from } }`. */
  readonly changes?: Readonly<Record<string, object>>;
  /** Login of who did it; default: the author. */
  readonly by?: string;
}

function common(github: Github, actor: User): object {
  const { state } = github;
  return { repository: repositoryShape(github.world, state.owner.login), sender: userShape(actor) };
}

function pullEvent(github: Github, number: number, action: PullAction, options: PullEventOptions) {
  const issue = github.pull(number);
  const actor = options.by === undefined ? issue.user : github.user(options.by);
  const payload = {
    action,
    number,
    pull_request: pullShape(github.world, issue, true),
    ...(options.label !== undefined && { label: { id: 1, name: options.label, color: 'ededed', default: false } }),
    ...(options.changes !== undefined && { changes: options.changes }),
    ...(action === 'synchronize' && { before: options.before ?? '0'.repeat(40), after: issue.pull.headSha }),
    ...common(github, actor),
  };
  return { payload: structuredClone(payload), action, actor, pull: issue };
}

/** On the tip of the default branch, whatever the pull request's base is (GitHub's changelog of 2025-11-07). */
export function pullRequestTarget(
  github: Github,
  number: number,
  action: PullAction,
  options: PullEventOptions = {},
): GithubEvent {
  const { defaultBranch } = github.state.settings;
  const event = pullEvent(github, number, action, options);
  return { name: 'pull_request_target', ...event, sha: github.tip(defaultBranch), ref: `refs/heads/${defaultBranch}` };
}

/** On the test merge. @throws Error where the pull request conflicts: GitHub starts nothing then */
export function pullRequest(
  github: Github,
  number: number,
  action: PullAction,
  options: PullEventOptions = {},
): GithubEvent {
  const sha = github.pull(number).pull.mergeSha;
  if (sha === null) throw new Error('a pull request that conflicts starts no run');
  return { name: 'pull_request', ...pullEvent(github, number, action, options), sha, ref: `refs/pull/${number}/merge` };
}

interface PushOptions {
  readonly branch?: string;
  /** Default: the tip of the branch. */
  readonly after?: string;
  readonly before?: string;
  readonly by?: string;
  readonly forced?: boolean;
}

export function push(github: Github, options: PushOptions = {}): GithubEvent {
  const { branch = github.state.settings.defaultBranch, by = 'ann', forced = false } = options;
  const actor = github.user(by);
  const after = options.after ?? github.tip(branch);
  const before = options.before ?? github.git.resolve(`${after}^`) ?? '0'.repeat(40);
  const ref = `refs/heads/${branch}`;
  const payload = {
    ref,
    before,
    after,
    created: false,
    deleted: false,
    forced,
    base_ref: null,
    head_commit: { id: after, tree_id: github.git.git(['rev-parse', `${after}^{tree}`]) },
    pusher: { name: actor.login },
    ...common(github, actor),
  };
  return { name: 'push', payload, action: undefined, sha: after, ref, actor };
}

export function schedule(github: Github, cron = '17 * * * *'): GithubEvent {
  const { defaultBranch } = github.state.settings;
  const actor = github.user('ann');
  const payload = { schedule: cron, ...common(github, actor) };
  const ref = `refs/heads/${defaultBranch}`;
  return { name: 'schedule', payload, action: undefined, sha: github.tip(defaultBranch), ref, actor };
}

export function workflowDispatch(github: Github, branch?: string, by = 'ann'): GithubEvent {
  const name = branch ?? github.state.settings.defaultBranch;
  const ref = `refs/heads/${name}`;
  const actor = github.user(by);
  const payload = { inputs: null, ref, workflow: '', ...common(github, actor) };
  return { name: 'workflow_dispatch', payload, action: undefined, sha: github.tip(name), ref, actor };
}
