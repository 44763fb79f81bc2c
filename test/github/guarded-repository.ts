import { readFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { openGithub } from '../support/github/index.ts';
import type { Github } from '../support/github/index.ts';
import type { Settings } from '../support/github/types.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A repository whose settings are all as trueup wants them, to be changed before it is opened. */
export interface Guarded {
  defaultBranch: string;
  private: boolean;
  /** Of the default branch. */
  rules: { type: string; parameters?: object }[];
  /** Of the default branch. */
  protection: object | undefined;
  environments: Record<string, Mutable<Settings['environments'][string]>>;
  token: Settings['workflow'];
  /** By name of the file. */
  workflows: Record<string, string>;
  states: Record<string, string>;
}

const FOLDER = '.github/workflows';
const NAMES = ['plan.yml', 'apply.yml', 'drift.yml'];

/** Classic protection that has all that is wanted (GitHub Docs, "Get branch protection"). */
export const CLASSIC = {
  required_pull_request_reviews: { dismiss_stale_reviews: true, required_approving_review_count: 1 },
  allow_force_pushes: { enabled: false },
  allow_deletions: { enabled: false },
};

/** Rulesets, and our own workflows, which name `main`. */
export async function openGuarded(change: (repository: Guarded) => void = () => undefined): Promise<Github> {
  const text = (name: string) => readFileSync(new URL(`../../${FOLDER}/${name}`, import.meta.url), 'utf8');
  const admitsMain = () => ({
    protectionRules: [],
    branchPolicy: { protected_branches: false, custom_branch_policies: true },
    branches: [{ name: 'main', type: 'branch' as const }],
  });
  const reviews = { required_approving_review_count: 1, dismiss_stale_reviews_on_push: true };
  const repository: Guarded = {
    defaultBranch: 'main',
    private: false,
    rules: [{ type: 'deletion' }, { type: 'non_fast_forward' }, { type: 'pull_request', parameters: reviews }],
    protection: undefined,
    environments: { 'trueup-plan': admitsMain(), 'trueup-apply': admitsMain() },
    token: { default_workflow_permissions: 'read', can_approve_pull_request_reviews: false },
    workflows: Object.fromEntries(NAMES.map((name) => [name, text(name)])),
    states: {},
  };
  change(repository);
  return open(repository);
}

async function open({ defaultBranch, protection, rules, workflows, ...repository }: Guarded): Promise<Github> {
  const github = await openGithub({
    repository: 'acme/network',
    defaultBranch,
    private: repository.private,
    files: { 'README.md': 'network\n', ...inFolder(workflows) },
    settings: {
      rules: { [defaultBranch]: rules },
      protection: protection === undefined ? {} : { [defaultBranch]: protection },
      environments: repository.environments,
      workflow: repository.token,
      workflowStates: inFolder(repository.states),
    },
  });
  onTestFinished(() => github.close());
  return github;
}

function inFolder(byName: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(byName).map(([name, value]) => [`${FOLDER}/${name}`, value]));
}
