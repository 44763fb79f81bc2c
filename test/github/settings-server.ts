import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A repository's settings as an administrator sees them; `repositoryOf()` has all as trueup wants them. */
export interface Settings {
  defaultBranch: string;
  rules: { type: string; parameters?: object }[];
  protection: object | undefined;
  environments: Record<string, { policy: { protected_branches: boolean } | null; branches: object[] }>;
  token: { default_workflow_permissions: string; can_approve_pull_request_reviews: boolean };
  /** By name of the file. */
  workflows: Record<string, string>;
  states: Record<string, string>;
  /** What begins so is answered with this status. */
  refused: Record<string, number>;
  /** Paths that were asked for. */
  asked: string[];
}

const NAMES = ['plan.yml', 'apply.yml', 'drift.yml'];

/** This repository's own workflows, which name `main`, and rulesets. */
export function repositoryOf(change: (settings: Settings) => void = () => undefined): Settings {
  const text = (name: string) => readFileSync(new URL(`../../.github/workflows/${name}`, import.meta.url), 'utf8');
  const only = { policy: { protected_branches: false }, branches: [{ name: 'main', type: 'branch' }] };
  const settings: Settings = {
    defaultBranch: 'main',
    rules: [
      { type: 'deletion' },
      { type: 'non_fast_forward' },
      {
        type: 'pull_request',
        parameters: { required_approving_review_count: 1, dismiss_stale_reviews_on_push: true },
      },
    ],
    protection: undefined,
    environments: { 'trueup-plan': structuredClone(only), 'trueup-apply': structuredClone(only) },
    token: { default_workflow_permissions: 'read', can_approve_pull_request_reviews: false },
    workflows: Object.fromEntries(NAMES.map((name) => [name, text(name)])),
    states: Object.fromEntries(NAMES.map((name) => [name, 'active'])),
    refused: {},
    asked: [],
  };
  change(settings);
  return settings;
}

/** Classic protection that has all that is wanted (GitHub Docs, "Get branch protection"). */
export const CLASSIC = {
  required_pull_request_reviews: { dismiss_stale_reviews: true, required_approving_review_count: 1 },
  allow_force_pushes: { enabled: false },
  allow_deletions: { enabled: false },
};

const ROOT = '/repos/acme/network';

/** The part of GitHub's REST API that tells settings, on loopback; its URL. It ends with the test. */
export async function serveSettings(settings: Settings): Promise<string> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '').slice(ROOT.length);
    settings.asked.push(path);
    const refusal = Object.entries(settings.refused).find(([prefix]) => path.startsWith(prefix));
    const answer = refusal ? undefined : answerTo(settings, path.replace(/[?&]per_page=\d+/, ''));
    const status = refusal?.[1] ?? (answer === undefined ? 404 : 200);
    const why = status === 403 ? 'Resource not accessible by integration' : 'Not Found';
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? { message: why }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function answerTo(settings: Settings, path: string): object | undefined {
  const branch = encodeURIComponent(settings.defaultBranch);
  const isClassic = settings.protection !== undefined;
  const environment = /^\/environments\/(.+)\/deployment-branch-policies$/.exec(path)?.[1];
  const file = new RegExp(`^/contents/\\.github/workflows/(.+)\\?ref=${branch}$`).exec(path)?.[1];
  if (environment) return { branch_policies: settings.environments[environment]?.branches };
  if (file) {
    const text = settings.workflows[file];
    return text === undefined ? undefined : { content: Buffer.from(text).toString('base64') };
  }
  const answers: Record<string, object | undefined> = {
    '': { default_branch: settings.defaultBranch },
    [`/branches/${branch}`]: {
      protected: isClassic || settings.rules.length > 0,
      protection: { enabled: isClassic },
    },
    [`/branches/${branch}/protection`]: settings.protection,
    [`/rules/branches/${branch}`]: settings.rules,
    '/environments': {
      environments: Object.entries(settings.environments).map(([name, { policy }]) => ({
        name,
        deployment_branch_policy: policy,
      })),
    },
    '/actions/permissions/workflow': settings.token,
    '/actions/workflows': {
      workflows: Object.entries(settings.states).map(([name, state]) => ({ path: `.github/workflows/${name}`, state })),
    },
  };
  return answers[path];
}
