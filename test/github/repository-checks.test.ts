import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { countedClock } from '../../src/aws/clocks.ts';
import type { VerifyResult } from '../../src/engine/results.ts';
import { createGithub } from '../../src/github/client.ts';
import { readContext } from '../../src/github/context.ts';
import { checkRepository } from '../../src/github/repository-checks.ts';
import type { RepositoryCheck } from '../../src/github/repository-verdict.ts';
import type { Github } from '../support/github/index.ts';
import { CLASSIC, openGuarded } from './guarded-repository.ts';
import type { Guarded } from './guarded-repository.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

const NAMES = [
  'default-branch',
  'protection',
  'force-pushes',
  'deletion',
  'reviews',
  'stale-approvals',
  'environment-plan',
  'environment-apply',
  'token',
  'approvals-by-actions',
  'workflow-plan',
  'workflow-apply',
  'workflow-drift',
];

/** @param token default: of somebody who administers the repository */
function environmentFor(github: Github, token = github.personalToken('ann')): NodeJS.ProcessEnv {
  return { GITHUB_REPOSITORY: github.repository, GITHUB_TOKEN: token, GITHUB_API_URL: github.url };
}

function checksFor(github: Github, token?: string): Promise<readonly RepositoryCheck[]> {
  return checkRepository(createGithub(readContext(environmentFor(github, token)), countedClock()));
}

async function checksOf(change?: (settings: Guarded) => void): Promise<readonly RepositoryCheck[]> {
  return checksFor(await openGuarded(change));
}

/** Those that are not ok: name and, in one line, what is said. */
function wrong(checks: readonly RepositoryCheck[]): readonly string[] {
  return checks.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail}`);
}

function edited(name: string, text: string, other: string): (settings: Guarded) => void {
  return (settings) => {
    const before = settings.workflows[name]!;
    expect(before).toContain(text);
    settings.workflows[name] = before.replaceAll(text, other);
  };
}

const MAIN = { name: 'main', type: 'branch' } as const;
const RULESETS = 'in Settings > Rules > Rulesets (or Settings > Branches)';
const PLAN_POLICY = 'in Settings > Environments > trueup-plan select main, and nothing else, as deployment branch';

type Off = readonly [what: string, change: (settings: Guarded) => void, ...says: readonly string[]];

const OFF: readonly Off[] = [
  [
    'the default branch was renamed',
    (settings) => {
      settings.defaultBranch = 'release/trunk';
      for (const environment of Object.values(settings.environments)) {
        environment.branches = [{ ...MAIN, name: 'release/trunk' }];
      }
    },
    'default-branch: release/trunk is the default branch, but .github/workflows/apply.yml names main, .github/workflows/drift.yml names main: name release/trunk there, or see Settings > General',
  ],
  [
    'nothing protects the branch',
    (settings) => (settings.rules = []),
    'protection: main is not protected: add a rule in Settings > Rules > Rulesets (or Settings > Branches)',
    `force-pushes: main: force pushes are allowed: "Block force pushes" ${RULESETS}`,
    `deletion: main: it can be deleted: "Restrict deletions" ${RULESETS}`,
    `reviews: main: no approval is required: "Require a pull request before merging, with at least one required approval" ${RULESETS}`,
    `stale-approvals: main: approvals outlive a push: "Dismiss stale pull request approvals when new commits are pushed" ${RULESETS}`,
  ],
  [
    'force pushes are allowed',
    (settings) => settings.rules.splice(1, 1),
    `force-pushes: main: force pushes are allowed: "Block force pushes" ${RULESETS}`,
  ],
  [
    'the branch can be deleted',
    (settings) => settings.rules.splice(0, 1),
    `deletion: main: it can be deleted: "Restrict deletions" ${RULESETS}`,
  ],
  [
    'no approval is required',
    ({ rules }) => Object.assign(rules[2]!.parameters!, { required_approving_review_count: 0 }),
    `reviews: main: no approval is required: "Require a pull request before merging, with at least one required approval" ${RULESETS}`,
  ],
  [
    'stale approvals are kept',
    ({ rules }) => Object.assign(rules[2]!.parameters!, { dismiss_stale_reviews_on_push: false }),
    `stale-approvals: main: approvals outlive a push: "Dismiss stale pull request approvals when new commits are pushed" ${RULESETS}`,
  ],
  [
    'an environment is missing',
    ({ environments }) => delete environments['trueup-plan'],
    `environment-plan: there is no environment trueup-plan: ${PLAN_POLICY}`,
  ],
  [
    'an environment has no branch rule',
    ({ environments }) => (environments['trueup-plan']!.branchPolicy = null),
    `environment-plan: trueup-plan admits any branch: ${PLAN_POLICY}`,
  ],
  [
    'an environment admits all protected branches',
    ({ environments }) =>
      (environments['trueup-plan']!.branchPolicy = { protected_branches: true, custom_branch_policies: false }),
    `environment-plan: trueup-plan admits every protected branch, and any where none is: ${PLAN_POLICY}`,
  ],
  [
    'an environment admits another branch too',
    ({ environments }) => (environments['trueup-plan']!.branches = [MAIN, { name: 'feature/*', type: 'branch' }]),
    `environment-plan: trueup-plan admits main, feature/*: ${PLAN_POLICY}`,
  ],
  [
    'an environment admits a tag of the name',
    ({ environments }) => (environments['trueup-plan']!.branches = [{ name: 'main', type: 'tag' }]),
    `environment-plan: trueup-plan admits tag main: ${PLAN_POLICY}`,
  ],
  [
    'an environment admits nothing',
    ({ environments }) => (environments['trueup-plan']!.branches = []),
    `environment-plan: trueup-plan admits nothing: ${PLAN_POLICY}`,
  ],
  [
    'the token writes by default',
    ({ token }) => (token.default_workflow_permissions = 'write'),
    'token: the token of a workflow may write unless its file says less: Read in Settings > Actions > General > Workflow permissions',
  ],
  [
    'Actions may approve',
    ({ token }) => (token.can_approve_pull_request_reviews = true),
    'approvals-by-actions: workflows may approve pull requests: untick "Allow GitHub Actions to …" in Settings > Actions > General > Workflow permissions',
  ],
  [
    'a workflow is missing',
    ({ workflows }) => delete workflows['drift.yml'],
    'workflow-drift: .github/workflows/drift.yml is not on main: run trueup init',
  ],
  [
    'a workflow is no YAML',
    ({ workflows }) => (workflows['plan.yml'] = '{'),
    'workflow-plan: .github/workflows/plan.yml is no workflow: compare it with what trueup init writes',
  ],
  [
    'a workflow runs on another event',
    edited('plan.yml', '  pull_request_target:', '  issue_comment:\n  pull_request:'),
    'workflow-plan: .github/workflows/plan.yml is not started by pull_request_target; is also started by issue_comment; is also started by pull_request: compare it with what trueup init writes',
  ],
  [
    'a push is not planned',
    edited('plan.yml', 'synchronize, ', ''),
    'workflow-plan: .github/workflows/plan.yml is not started when synchronize: compare it with what trueup init writes',
  ],
  [
    'a workflow left its environment',
    edited('apply.yml', 'environment: trueup-apply', 'environment: { name: production }'),
    'workflow-apply: .github/workflows/apply.yml has no job in the environment trueup-apply: compare it with what trueup init writes',
  ],
  [
    'a workflow is switched off',
    ({ states }) => (states['drift.yml'] = 'disabled_inactivity'),
    'workflow-drift: .github/workflows/drift.yml does not run: it is disabled_inactivity: Actions > the workflow > Enable workflow',
  ],
];

describe('T49 the settings of a repository', () => {
  it.each([
    ['rulesets', () => undefined],
    ['classic protection', (settings: Guarded) => Object.assign(settings, { rules: [], protection: CLASSIC })],
    [
      'some of either',
      (settings: Guarded) =>
        Object.assign(settings, {
          rules: settings.rules.slice(2),
          protection: { ...CLASSIC, required_pull_request_reviews: undefined },
        }),
    ],
  ])('are well, by %s', async (_, change) => {
    const checks = await checksOf(change);
    expect(checks.map(({ name }) => name)).toEqual(NAMES);
    expect(wrong(checks)).toEqual([]);
  });

  it.each(OFF.map(([what, change, ...says]) => [what, change, says] as const))(
    'are not where %s',
    async (_, change, says) => {
      const checks = await checksOf(change);
      expect(wrong(checks)).toEqual(says);
      expect(checks.filter(({ unknown }) => unknown)).toEqual([]);
    },
  );

  it.each(Object.keys(CLASSIC) as (keyof typeof CLASSIC)[])(
    'are not where classic protection has other %s',
    async (key) => {
      const other = { enabled: true, dismiss_stale_reviews: false, required_approving_review_count: 0 };
      const checks = await checksOf((settings) =>
        Object.assign(settings, { rules: [], protection: { ...CLASSIC, [key]: other } }),
      );
      const names = {
        required_pull_request_reviews: ['reviews', 'stale-approvals'],
        allow_force_pushes: ['force-pushes'],
        allow_deletions: ['deletion'],
      };
      expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(names[key]);
    },
  );

  it('are unknown, and never well, where the token of a workflow may not look', async () => {
    const github = await openGuarded();
    const checks = await checksFor(github, github.token);
    const said =
      'could not be looked at: GET /repos/acme/network/actions/permissions/workflow: 403 Resource not accessible by integration; needs a token with administration: read, which no token of a workflow can have';
    expect(wrong(checks)).toEqual([`token: ${said}`, `approvals-by-actions: ${said}`]);
    expect(checks.filter(({ unknown }) => unknown)).toHaveLength(2);
  });

  it('are unknown where classic protection may not be read, and nothing is assumed of it', async () => {
    const github = await openGuarded((settings) =>
      Object.assign(settings, { rules: [{ type: 'deletion' }], protection: CLASSIC }),
    );
    const unknown = (await checksFor(github, github.token)).filter((check) => check.unknown).map(({ name }) => name);
    expect(unknown).toEqual(['force-pushes', 'reviews', 'stale-approvals', 'token', 'approvals-by-actions']);
  });

  it.each([
    ['without a permission', { contents: 'read' }, 'needs a token with actions: read'],
    ['with another', { actions: 'read' }, 'needs a token with contents: read'],
  ] as const)('of a private repository are unknown to a token %s', async (_, permissions, said) => {
    const github = await openGuarded((settings) => void (settings.private = true));
    const unknown = (await checksFor(github, github.jobToken(permissions))).filter((check) => check.unknown);
    expect(unknown.map(({ name, detail }) => [name, detail.includes(said)])).toContainEqual(['workflow-plan', true]);
  });

  it('are all unknown to a stranger', async () => {
    const github = await openGuarded();
    const token = github.personalToken('eve');
    github.revoke(token);
    const checks = await checksFor(github, token);
    expect(checks.filter(({ ok, unknown }) => !ok && unknown).map(({ name }) => name)).toEqual(NAMES);
    expect(checks.filter(({ detail }) => !detail.includes('401 Bad credentials; needs a token with'))).toEqual([]);
  });

  it('are unknown where GitHub fails, whatever the token', async () => {
    const github = await openGuarded();
    github.faults.push({ path: /environments/, fault: 'status:502', times: 1_000 });
    const said =
      'could not be looked at: GET /repos/acme/network/environments?per_page=100: 502 Server Error (it was sent 5 times)';
    expect(wrong(await checksFor(github))).toEqual([`environment-plan: ${said}`, `environment-apply: ${said}`]);
  });
});

interface Ran {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `trueup verify` of an estate that has no documents: all that there is to check is the repository. */
function verifyIn(environment: NodeJS.ProcessEnv, ...flags: readonly string[]): Promise<Ran> {
  const directory = mkdtempSync(join(tmpdir(), 'trueup-settings-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  mkdirSync(join(directory, 'config'));
  const spec = `{ owner: acme, accounts: { prod: { id: '111122223333' } }, defaultAccount: prod, defaultRegion: eu-west-1 }`;
  const settings = `apiVersion: trueup/v1\nkind: Settings\nmetadata: { name: estate }\nspec: ${spec}\n`;
  writeFileSync(join(directory, 'config/settings.yaml'), settings);
  const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
  const args = [cli, 'verify', '--endpoint', 'embedded:memory', '--format', 'json', ...flags];
  const unset = { GITHUB_REPOSITORY: undefined, GITHUB_TOKEN: undefined, GITHUB_EVENT_PATH: undefined };
  const env = { ...process.env, ...unset, ...environment };
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: directory, env }, (error, stdout, stderr) => {
      resolve({ exit: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

describe('T49 verify', () => {
  it('ends with 4 and names six settings that are off', async () => {
    const github = await openGuarded((settings) => {
      settings.defaultBranch = 'trunk';
      Object.assign(settings.rules[2]!.parameters!, { dismiss_stale_reviews_on_push: false });
      settings.rules.splice(1, 1);
      settings.environments['trueup-apply']!.branchPolicy = null;
      settings.environments['trueup-plan']!.branches = [{ name: 'trunk', type: 'branch' }];
      settings.token = { default_workflow_permissions: 'write', can_approve_pull_request_reviews: true };
    });
    const { exit, stdout } = await verifyIn(environmentFor(github));
    const { ok, checks } = JSON.parse(stdout) as VerifyResult;
    const failed = checks.filter((check) => !check.ok);
    expect([exit, ok, failed.map(({ document, name }) => `${document} ${name}`)]).toEqual([
      4,
      false,
      [
        'github default-branch',
        'github force-pushes',
        'github stale-approvals',
        'github environment-apply',
        'github token',
        'github approvals-by-actions',
      ],
    ]);
    expect(failed.filter(({ detail }) => !/Settings > \w+/.test(detail))).toEqual([]);
  });

  it.each([
    ['0 where all are well', { isAdmin: true, isMissing: false }, 0],
    ['1 where some are unknown', { isAdmin: false, isMissing: false }, 1],
    ['4 where some are off and others unknown', { isAdmin: false, isMissing: true }, 4],
  ])('ends with %s', async (_, { isAdmin, isMissing }, exit) => {
    const github = await openGuarded(({ workflows }) => void (isMissing && delete workflows['drift.yml']));
    const environment = environmentFor(github, isAdmin ? undefined : github.token);
    expect((await verifyIn(environment)).exit).toBe(exit);
  });

  it.each([
    ['where no token is set', { GITHUB_TOKEN: undefined }, []],
    ['where no repository is named', { GITHUB_REPOSITORY: undefined }, []],
    ['where documents are chosen', {}, ['--exclude', 'ZoneMirror/none']],
  ])('asks GitHub nothing %s', async (_, environment, flags) => {
    const github = await openGuarded();
    const { exit, stdout } = await verifyIn({ ...environmentFor(github), ...environment }, ...flags);
    expect([exit, (JSON.parse(stdout) as VerifyResult).checks, github.log]).toEqual([0, [], []]);
  });

  it('asks GitHub where documents are chosen and the flag is given, and writes nothing', async () => {
    const github = await openGuarded();
    const { exit } = await verifyIn(environmentFor(github), '--exclude', 'ZoneMirror/none', '--github');
    expect([exit, github.log.length, github.writes()]).toEqual([0, 11, []]);
  });

  it('--github without a token is a mistake of the command line', async () => {
    const { exit, stdout } = await verifyIn({ GITHUB_REPOSITORY: 'acme/network' }, '--github');
    const { error } = JSON.parse(stdout) as { readonly error: object };
    expect([exit, error]).toMatchObject([64, { code: 'TU5001', message: 'GITHUB_TOKEN is not set' }]);
  });
});
