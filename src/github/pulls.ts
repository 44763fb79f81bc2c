import type { Github } from './client.ts';
import { GithubError } from './errors.ts';

/** A pull request, as far as an apply must know it (GitHub Docs, "Pulls"). */
export interface Pull {
  readonly number: number;
  readonly html_url: string;
  readonly merged_at: string | null;
  readonly user: { readonly id: number } | null;
  readonly head: { readonly sha: string };
  readonly base: { readonly ref: string; readonly repo: { readonly id: number } };
}

interface Review {
  readonly user: { readonly id: number } | null;
  readonly state: string;
  readonly commit_id: string | null;
  /** What the reviewer is to the repository. */
  readonly author_association: string;
}

/** Whose word counts: anybody may review what is public. */
const INSIDERS: ReadonlySet<string> = new Set(['OWNER', 'MEMBER', 'COLLABORATOR']);

interface Run {
  readonly head_sha: string;
  readonly event: string;
  /** ISO 8601. */
  readonly created_at: string;
  readonly repository: { readonly id: number };
  readonly head_repository: { readonly id: number } | null;
}

/** What starts `apply.yml`; a run of its name with another event is of somebody's own making. */
const APPLY_EVENTS: ReadonlySet<string> = new Set(['push', 'workflow_dispatch']);

/** The last apply that ended well. */
export interface LastApply {
  readonly commit: string;
  /** ISO 8601: what was merged before that it had before it. */
  readonly at: string;
}

/** The default branch, as GitHub has it. */
export interface DefaultBranch {
  readonly name: string;
  /** Full id of its last commit. */
  readonly tip: string;
  readonly isProtected: boolean;
  /** Anybody can read the repository: unless GitHub says that it is private, it is not. */
  readonly isPublic: boolean;
  readonly repositoryId: number;
}

export async function readDefaultBranch(github: Github): Promise<DefaultBranch> {
  const {
    id,
    default_branch: name,
    private: isPrivate,
  } = await github.get<{
    id: number;
    default_branch: string;
    private?: boolean;
  }>('');
  const branch = await github.get<{ commit: { sha: string }; protected?: boolean }>(
    `/branches/${encodeURIComponent(name)}`,
  );
  return {
    name,
    tip: branch.commit.sha,
    isProtected: branch.protected === true,
    isPublic: isPrivate !== true,
    repositoryId: id,
  };
}

/** The merged pull request that brought a commit to this branch; undefined: it was pushed. */
export async function pullOfCommit(
  github: Github,
  commit: string,
  { name, repositoryId }: DefaultBranch,
): Promise<Pull | undefined> {
  const pulls = await github.list<Pull>(`/commits/${commit}/pulls`);
  return pulls.find(
    ({ merged_at: merged, base }) => merged !== null && base.ref === name && base.repo.id === repositoryId,
  );
}

/**
 * People of the repository, other than the author and whoever made the head, whose last word on exactly this head is that
 * they approve (threats T44).
 */
export async function approvalsOf(github: Github, { number, user, head }: Pull): Promise<number> {
  const { author, committer } = await github.get<{ author: { id: number } | null; committer: { id: number } | null }>(
    `/commits/${head.sha}`,
  );
  const own = new Set([user?.id, author?.id, committer?.id]);
  const last = new Map<number, Review>();
  for (const review of await github.list<Review>(`/pulls/${number}/reviews`)) {
    if (review.user && review.state !== 'COMMENTED') last.set(review.user.id, review);
  }
  return [...last].filter(
    ([id, { state, commit_id: commit, author_association: is }]) =>
      !own.has(id) && INSIDERS.has(is) && state === 'APPROVED' && commit === head.sha,
  ).length;
}

/** Undefined: there was none, or nobody may know. */
export async function lastApplied(
  github: Github,
  { name, repositoryId }: DefaultBranch,
): Promise<LastApply | undefined> {
  try {
    const query = `branch=${encodeURIComponent(name)}&status=success&per_page=50`;
    const { workflow_runs: runs } = await github.get<{ workflow_runs: readonly Run[] }>(
      `/actions/workflows/apply.yml/runs?${query}`,
    );
    const last = runs.find(
      ({ event, repository, head_repository: head }) =>
        APPLY_EVENTS.has(event) && repository.id === repositoryId && head?.id === repositoryId,
    );
    return last && { commit: last.head_sha, at: last.created_at };
  } catch (error) {
    if (error instanceof GithubError && error.status >= 400 && error.status < 500) return undefined;
    throw error;
  }
}
