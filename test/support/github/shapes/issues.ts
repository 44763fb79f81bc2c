import type { Comment, Issue, Review, User } from '../types.ts';
import type { World } from '../world.ts';
import { isoOf } from './git.ts';
import { appShape, repositoryId, repositoryShape, userShape } from './repository.ts';

function associationOf(world: World, user: User): string {
  if (user.login === world.state.owner.login) return 'OWNER';
  if (user.type === 'Bot') return 'NONE';
  return world.state.settings.outsiders.includes(user.login) ? 'CONTRIBUTOR' : 'COLLABORATOR';
}

export function labelShape(world: World, name: string): object {
  const path = `${world.state.owner.login}/${world.state.name}/labels/${encodeURIComponent(name)}`;
  return { id: 1, node_id: 'L_1', url: `${world.url}/repos/${path}`, name, description: null, color: 'ededed' };
}

function common(world: World, issue: Issue): object {
  const { state, url } = world;
  const repository = `${url}/repos/${state.owner.login}/${state.name}`;
  return {
    id: issue.id,
    node_id: `I_${issue.id}`,
    number: issue.number,
    title: issue.title,
    body: issue.body,
    state: issue.state,
    locked: issue.locked,
    active_lock_reason: null,
    user: userShape(issue.user),
    labels: issue.labels.map((name) => labelShape(world, name)),
    assignee: null,
    assignees: [],
    milestone: null,
    created_at: isoOf(issue.createdAt),
    updated_at: isoOf(issue.updatedAt),
    closed_at: issue.closedAt === undefined ? null : isoOf(issue.closedAt),
    author_association: associationOf(world, issue.user),
    comments_url: `${repository}/issues/${issue.number}/comments`,
    html_url: htmlUrl(world, issue),
  };
}

export function htmlUrl({ state }: World, issue: Issue): string {
  return `https://github.com/${state.owner.login}/${state.name}/${issue.pull ? 'pull' : 'issues'}/${issue.number}`;
}

/** As lists have it; `full`: with who closed it, as a single issue has it. */
export function issueShape(world: World, issue: Issue, full = false): object {
  const { state, url } = world;
  const repository = `${url}/repos/${state.owner.login}/${state.name}`;
  const html = htmlUrl(world, issue);
  const mergedAt = issue.pull?.mergedAt;
  return {
    ...common(world, issue),
    url: `${repository}/issues/${issue.number}`,
    repository_url: repository,
    state_reason: issue.stateReason,
    comments: issue.comments.length,
    performed_via_github_app: appShape(issue.user),
    ...(full && { closed_by: issue.closedBy ? userShape(issue.closedBy) : null }),
    ...(issue.pull && {
      pull_request: {
        url: `${repository}/pulls/${issue.number}`,
        html_url: html,
        diff_url: `${html}.diff`,
        patch_url: `${html}.patch`,
        merged_at: mergedAt === undefined ? null : isoOf(mergedAt),
      },
    }),
  };
}

export function commentShape(world: World, issue: Issue, comment: Comment): object {
  const { state, url } = world;
  const repository = `${url}/repos/${state.owner.login}/${state.name}`;
  return {
    id: comment.id,
    node_id: `IC_${comment.id}`,
    url: `${repository}/issues/comments/${comment.id}`,
    html_url: `${htmlUrl(world, issue)}#issuecomment-${comment.id}`,
    issue_url: `${repository}/issues/${issue.number}`,
    user: userShape(comment.user),
    body: comment.body,
    created_at: isoOf(comment.createdAt),
    updated_at: isoOf(comment.updatedAt),
    author_association: associationOf(world, comment.user),
    performed_via_github_app: appShape(comment.user),
  };
}

/** As lists have it; `full`: with the fields that only a single pull request has. */
export function pullShape(world: World, issue: Issue, full = false): object {
  const pull = issue.pull!;
  const { state, url } = world;
  const repository = `${url}/repos/${state.owner.login}/${state.name}`;
  const side = (owner: string, ref: string, sha: string, exists = true): object => ({
    label: `${owner}:${ref}`,
    ref,
    sha,
    user: exists ? userShape(owner === state.owner.login ? state.owner : state.users.get(owner)!) : null,
    repo: exists ? repositoryShape(world, owner) : null,
  });
  const isMerged = pull.mergedAt !== undefined;
  return {
    ...common(world, issue),
    url: `${repository}/pulls/${issue.number}`,
    issue_url: `${repository}/issues/${issue.number}`,
    draft: false,
    auto_merge: null,
    head: side(pull.headOwner, pull.headBranch, pull.headSha, pull.headExists),
    base: side(state.owner.login, pull.baseBranch, pull.baseSha),
    merge_commit_sha: pull.mergeSha,
    merged_at: isMerged ? isoOf(pull.mergedAt!) : null,
    ...(full && {
      merged: isMerged,
      mergeable: isMerged ? null : pull.mergeSha !== null,
      merged_by: pull.mergedBy ? userShape(pull.mergedBy) : null,
      comments: issue.comments.length,
    }),
  };
}

export function reviewShape(world: World, issue: Issue, review: Review): object {
  return {
    id: review.id,
    node_id: `PRR_${review.id}`,
    user: userShape(review.user),
    body: '',
    state: review.state,
    html_url: `${htmlUrl(world, issue)}#pullrequestreview-${review.id}`,
    submitted_at: isoOf(review.submittedAt),
    commit_id: review.sha,
    author_association: associationOf(world, review.user),
  };
}

/** As a run lists the pull requests of its head: those of forks are missing, as on GitHub. */
export function minimalPull(world: World, issue: Issue): object {
  const pull = issue.pull!;
  const repo = { id: repositoryId(world, world.state.owner.login), name: world.state.name };
  return {
    id: issue.id,
    number: issue.number,
    head: { ref: pull.headBranch, sha: pull.headSha, repo },
    base: { ref: pull.baseBranch, sha: pull.baseSha, repo },
  };
}
