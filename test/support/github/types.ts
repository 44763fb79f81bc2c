/** What a user is on GitHub; `app` is set where a GitHub App acts. */
export interface User {
  readonly login: string;
  readonly id: number;
  readonly type: 'User' | 'Bot' | 'Organization';
  readonly app?: { readonly id: number; readonly slug: string };
}

/** Names as in a workflow's `permissions`; `administration` cannot be given to a job's token. */
export type PermissionName =
  | 'actions'
  | 'administration'
  | 'checks'
  | 'contents'
  | 'deployments'
  | 'id-token'
  | 'issues'
  | 'packages'
  | 'pull-requests'
  | 'statuses';

export type Permissions = Readonly<Partial<Record<PermissionName, 'read' | 'write'>>>;

export interface Token {
  readonly user: User;
  /** `all`: a person who administers the repository. */
  readonly permissions: Permissions | 'all';
}

/** A pull request is an issue with `pull`. Times are milliseconds. */
export interface Issue {
  readonly id: number;
  readonly number: number;
  readonly user: User;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  stateReason: 'completed' | 'reopened' | 'not_planned' | 'duplicate' | null;
  locked: boolean;
  labels: string[];
  deleted: boolean;
  readonly createdAt: number;
  updatedAt: number;
  closedAt: number | undefined;
  closedBy: User | undefined;
  readonly comments: Comment[];
  readonly pull?: Pull;
}

/** An issue that is a pull request. */
export type PullRequest = Issue & { readonly pull: Pull };

export interface Comment {
  readonly id: number;
  readonly user: User;
  body: string;
  readonly createdAt: number;
  updatedAt: number;
}

export interface Pull {
  /** Owner of the repository that the head stands in. */
  readonly headOwner: string;
  readonly headBranch: string;
  headSha: string;
  /** False: the fork is gone, and `head.repo` is null. */
  headExists: boolean;
  readonly baseBranch: string;
  /** Tip of the base branch when the pull request was opened or last pushed to; not the merge base. */
  baseSha: string;
  /** Until it is merged: of the test merge. Null: it conflicts. */
  mergeSha: string | null;
  mergedAt: number | undefined;
  mergedBy: User | undefined;
  /** Commits that the merge brought to the base branch. */
  introduced: readonly string[];
  readonly reviews: Review[];
}

export type ReviewState = 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED';

export interface Review {
  readonly id: number;
  readonly user: User;
  state: ReviewState;
  readonly sha: string;
  readonly submittedAt: number;
}

export interface WorkflowRun {
  readonly id: number;
  readonly number: number;
  attempt: number;
  /** `pull_request_target`. */
  readonly event: string;
  /** `.github/workflows/plan.yml`. */
  readonly path: string;
  readonly headSha: string;
  readonly headBranch: string | null;
  /** Owner of the repository that the head stands in. */
  readonly headOwner: string;
  /** Runs of a repository that is not the fake's own have another id here. */
  readonly repositoryId: number;
  readonly actor: User;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: 'success' | 'failure' | 'cancelled' | 'skipped' | null;
  readonly createdAt: number;
  updatedAt: number;
}

export interface Artifact {
  readonly id: number;
  readonly name: string;
  readonly zip: Uint8Array;
  /** `sha256:` and 64 hex digits, as the API says it. */
  readonly digest: string | null;
  readonly run: WorkflowRun;
  expired: boolean;
  readonly createdAt: number;
}

export interface Environment {
  readonly protectionRules: readonly object[];
  /** Null: any branch may deploy. */
  readonly branchPolicy: { readonly protected_branches: boolean; readonly custom_branch_policies: boolean } | null;
  /** Patterns of custom policies. */
  readonly branches: readonly { readonly name: string; readonly type: 'branch' | 'tag' }[];
}

/** Settings that an administrator changes; read on each request. */
export interface Settings {
  defaultBranch: string;
  private: boolean;
  hasIssues: boolean;
  /** Classic protection by branch, in the shape of the REST API. */
  protection: Record<string, object>;
  /** Active rules by branch, in the shape of the REST API. */
  rules: Record<string, readonly object[]>;
  environments: Record<string, Environment>;
  actions: { enabled: boolean; allowed_actions: 'all' | 'local_only' | 'selected'; sha_pinning_required: boolean };
  workflow: { default_workflow_permissions: 'read' | 'write'; can_approve_pull_request_reviews: boolean };
  /** How the subject of a job's identity names the repository. */
  oidcSubject: 'names' | 'ids';
  /** Path of a workflow → its state; others are `active`. */
  workflowStates: Record<string, string>;
  /** Logins of people who may not write here; everybody else may. */
  outsiders: readonly string[];
  /** Entries after which a tree is `truncated`; GitHub's own limit is 100,000. */
  treeLimit: number;
}

/** All that the fake knows beside git. */
export interface State {
  readonly owner: User;
  readonly name: string;
  readonly id: number;
  readonly settings: Settings;
  readonly users: Map<string, User>;
  readonly tokens: Map<string, Token>;
  readonly issues: Map<number, Issue>;
  readonly runs: Map<number, WorkflowRun>;
  readonly artifacts: Map<number, Artifact>;
  /** What is served as the tarball of a commit; others are made by git. */
  readonly tarballs: Map<string, Uint8Array>;
}
