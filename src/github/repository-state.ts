import type { Github } from './client.ts';
import { GithubError } from './errors.ts';

export type RepositoryReader = Pick<Github, 'get' | 'list'>;

/** What was seen, or a sentence that says why nothing was. */
export type Look<T> = { readonly seen: T } | { readonly unseen: string };

/** A rule of any active ruleset, the organization's included (GitHub Docs, "Get rules for a branch"). */
export interface BranchRule {
  readonly type: string;
  readonly parameters?: {
    readonly required_approving_review_count?: number;
    readonly dismiss_stale_reviews_on_push?: boolean;
  };
}

/** Of GitHub Docs, "Get branch protection". */
export interface BranchProtection {
  readonly required_pull_request_reviews?: {
    readonly dismiss_stale_reviews?: boolean;
    readonly required_approving_review_count?: number;
  };
  readonly allow_force_pushes?: { readonly enabled: boolean };
  readonly allow_deletions?: { readonly enabled: boolean };
}

export interface DeploymentEnvironment {
  readonly name: string;
  /** Who may deploy to it: anybody, protected branches, or what these patterns match. */
  readonly admits: 'any' | 'protected' | readonly string[];
}

/** Of GitHub Docs, "Get default workflow permissions for a repository". */
export interface TokenDefaults {
  readonly default_workflow_permissions: string;
  readonly can_approve_pull_request_reviews: boolean;
}

/** Path → `active`, `disabled_manually`, `disabled_inactivity` … */
export type WorkflowStates = Readonly<Record<string, string>>;

export interface RepositoryState {
  readonly defaultBranch: Look<string>;
  /** By either means. */
  readonly isProtected: Look<boolean>;
  readonly rules: Look<readonly BranchRule[]>;
  /** Classic protection; undefined: there is none. */
  readonly protection: Look<BranchProtection | undefined>;
  /** Of the names that were asked for, those that exist. */
  readonly environments: Look<readonly DeploymentEnvironment[]>;
  readonly token: Look<TokenDefaults>;
  readonly workflowStates: Look<WorkflowStates>;
  /** Path → its text on the default branch; undefined: it is not there. */
  readonly workflows: Readonly<Record<string, Look<string | undefined>>>;
}

/** GitHub says 404 too of what a token may not know of. */
const REFUSALS: readonly number[] = [401, 403, 404];

/** What may be looked at with which permission of a token. */
const NEEDS = {
  metadata: 'metadata: read',
  contents: 'contents: read',
  actions: 'actions: read',
  administration: 'administration: read, which no token of a workflow can have',
} as const;

/** Asks about a dozen times. What may not be seen stands in the state as such; what is no answer of GitHub is thrown. */
export async function lookAtRepository(
  github: RepositoryReader,
  wanted: { readonly environments: readonly string[]; readonly workflows: readonly string[] },
): Promise<RepositoryState> {
  const defaultBranch = await look(NEEDS.metadata, async () => {
    const { default_branch } = await github.get<{ readonly default_branch: string }>('');
    return default_branch;
  });
  const [ofBranch, environments, token, workflowStates] = await Promise.all([
    lookAtBranch(github, defaultBranch, wanted.workflows),
    look(NEEDS.actions, () => environmentsOf(github, wanted.environments)),
    look(NEEDS.administration, () => github.get<TokenDefaults>('/actions/permissions/workflow')),
    look(NEEDS.actions, async () => {
      const known = await github.list<{ readonly path: string; readonly state: string }>(
        '/actions/workflows',
        'workflows',
      );
      return Object.fromEntries(known.map(({ path, state }) => [path, state]));
    }),
  ]);
  return { defaultBranch, ...ofBranch, environments, token, workflowStates };
}

type OfBranch = Pick<RepositoryState, 'isProtected' | 'protection' | 'rules' | 'workflows'>;

async function lookAtBranch(
  github: RepositoryReader,
  defaultBranch: Look<string>,
  workflows: readonly string[],
): Promise<OfBranch> {
  if ('unseen' in defaultBranch) {
    const none = Object.fromEntries(workflows.map((path) => [path, defaultBranch]));
    return { isProtected: defaultBranch, protection: defaultBranch, rules: defaultBranch, workflows: none };
  }
  const branch = encodeURIComponent(defaultBranch.seen);
  const [protectedBy, rules, texts] = await Promise.all([
    lookAtProtection(github, branch),
    look(NEEDS.metadata, () => github.list<BranchRule>(`/rules/branches/${branch}`)),
    Promise.all(
      workflows.map(async (path) => [path, await look(NEEDS.contents, () => textOf(github, path, branch))] as const),
    ),
  ]);
  return { ...protectedBy, rules, workflows: Object.fromEntries(texts) };
}

/** The branch itself says whether it has classic protection: only then is it asked for. */
async function lookAtProtection(
  github: RepositoryReader,
  branch: string,
): Promise<Pick<RepositoryState, 'isProtected' | 'protection'>> {
  const summary = await look(NEEDS.contents, () =>
    github.get<{ readonly protected: boolean; readonly protection?: { readonly enabled?: boolean } }>(
      `/branches/${branch}`,
    ),
  );
  if ('unseen' in summary) return { isProtected: summary, protection: summary };
  const isProtected = { seen: summary.seen.protected };
  if (!summary.seen.protected || summary.seen.protection?.enabled === false) {
    return { isProtected, protection: { seen: undefined } };
  }
  const ask = () => github.get<BranchProtection>(`/branches/${branch}/protection`);
  return { isProtected, protection: await look(NEEDS.administration, ask) };
}

interface EnvironmentShape {
  readonly name: string;
  readonly deployment_branch_policy: { readonly protected_branches: boolean } | null;
}

async function environmentsOf(
  github: RepositoryReader,
  wanted: readonly string[],
): Promise<readonly DeploymentEnvironment[]> {
  const all = await github.list<EnvironmentShape>('/environments', 'environments');
  // Names of environments do not go by letter case.
  const found = all.filter(({ name }) => wanted.includes(name.toLowerCase()));
  return Promise.all(
    found.map(async ({ name, deployment_branch_policy: policy }): Promise<DeploymentEnvironment> => {
      if (policy === null) return { name, admits: 'any' };
      if (policy.protected_branches) return { name, admits: 'protected' };
      const path = `/environments/${encodeURIComponent(name)}/deployment-branch-policies`;
      const patterns = await github.list<{ readonly name: string; readonly type?: string }>(path, 'branch_policies');
      return {
        name,
        admits: patterns.map((pattern) => (pattern.type === 'tag' ? `tag ${pattern.name}` : pattern.name)),
      };
    }),
  );
}

/** A file's text; undefined: the branch does not have it. */
async function textOf(github: RepositoryReader, path: string, branch: string): Promise<string | undefined> {
  try {
    const file = await github.get<{ readonly content?: string }>(`/contents/${path}?ref=${branch}`);
    return Buffer.from(file.content ?? '', 'base64').toString('utf8');
  } catch (error) {
    if (error instanceof GithubError && error.status === 404) return undefined;
    throw error;
  }
}

async function look<T>(needs: string, ask: () => Promise<T>): Promise<Look<T>> {
  try {
    return { seen: await ask() };
  } catch (error) {
    if (!(error instanceof GithubError)) throw error;
    const why = `could not be looked at: ${error.message}`;
    return { unseen: REFUSALS.includes(error.status) ? `${why}; needs a token with ${needs}` : why };
  }
}
