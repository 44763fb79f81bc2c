import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/embedded/iam/policy/evaluate.ts';
import { githubTrust } from '../../src/iam/github.ts';
import type { Policy } from '../../src/iam/policy.ts';
import { iam } from '../../src/operations/iam.ts';
import type { GithubFlags } from '../../src/operations/iam.ts';
import { createExample, GITHUB, HOME, PARTNER, roleArn } from '../support/generated-roles.ts';

const ISSUER = 'token.actions.githubusercontent.com';
const PROVIDER = `arn:aws:iam::${HOME}:oidc-provider/${ISSUER}`;

type Claims = Readonly<Record<string, string>>;

/** The claims of a run of a workflow (GitHub, "OpenID Connect reference"). */
function claims(workflow: string, environment: string, others: Claims = {}): Claims {
  return {
    aud: 'sts.amazonaws.com',
    sub: `repo:acme@9876/infra@712345678:environment:${environment}`,
    repository: 'acme/infra',
    repository_id: '712345678',
    repository_owner_id: '9876',
    ref: 'refs/heads/main',
    environment,
    job_workflow_ref: `acme/infra/.github/workflows/${workflow}@refs/heads/main`,
    ...others,
  };
}

function isAdmitted(trust: Policy, token: Claims, federated = PROVIDER): boolean {
  const conditions = Object.fromEntries(Object.entries(token).map(([key, value]) => [`${ISSUER}:${key}`, value]));
  const action = 'sts:AssumeRoleWithWebIdentity';
  const request = { action, resource: roleArn(HOME, 'apply'), conditions, requester: { federated } };
  return evaluate(request, { trust }).effect === 'allowed';
}

const printed = iam(await (await createExampleProject())(), { github: GITHUB });

async function createExampleProject() {
  let finish = async (): Promise<void> => undefined;
  const estate = await createExample({ twoAccounts: true, onFinished: (end) => (finish = end) });
  return async () => {
    const project = await estate.load();
    await finish();
    return project;
  };
}

const applyTrust = printed.trust[roleArn(HOME, 'apply')]!;
const planTrust = printed.trust[roleArn(HOME, 'plan')]!;
const other = (sub: string): string => `repo:acme@9876/infra@712345678:${sub}`;

describe('T60 the apply role admits the workflow of the default branch in its environment', () => {
  it.each<[string, boolean, Claims, string?]>([
    ['the workflow itself', true, claims('apply.yml', 'trueup-apply')],
    ['another branch', false, claims('apply.yml', 'trueup-apply', { ref: 'refs/heads/evil' })],
    ['a tag named like the branch', false, claims('apply.yml', 'trueup-apply', { ref: 'refs/tags/main' })],
    ['another workflow that names the environment', false, claims('evil.yml', 'trueup-apply')],
    ['the workflow that plans', false, claims('plan.yml', 'trueup-apply')],
    [
      'the workflow as another branch has it',
      false,
      claims('apply.yml', 'trueup-apply', {
        job_workflow_ref: 'acme/infra/.github/workflows/apply.yml@refs/heads/evil',
      }),
    ],
    [
      'a reusable workflow of another repository',
      false,
      claims('apply.yml', 'trueup-apply', {
        job_workflow_ref: 'evil/infra/.github/workflows/apply.yml@refs/heads/main',
      }),
    ],
    ['another environment', false, claims('apply.yml', 'trueup-plan')],
    [
      'a job without an environment',
      false,
      { ...claims('apply.yml', 'trueup-apply', { sub: other('ref:refs/heads/main') }), environment: '' },
    ],
    ['a pull request', false, claims('apply.yml', 'trueup-apply', { sub: other('pull_request') })],
    [
      'a fork',
      false,
      claims('apply.yml', 'trueup-apply', {
        sub: 'repo:evil@1/infra@2:environment:trueup-apply',
        repository: 'evil/infra',
        repository_id: '2',
      }),
    ],
    [
      'a new repository of the same name',
      false,
      claims('apply.yml', 'trueup-apply', {
        sub: 'repo:acme@9876/infra@999:environment:trueup-apply',
        repository_id: '999',
      }),
    ],
    [
      'a subject with names only',
      false,
      claims('apply.yml', 'trueup-apply', { sub: 'repo:acme/infra:environment:trueup-apply' }),
    ],
    [
      'a token of another provider',
      false,
      claims('apply.yml', 'trueup-apply'),
      `arn:aws:iam::${HOME}:oidc-provider/evil.example`,
    ],
    ['a token for another audience', false, claims('apply.yml', 'trueup-apply', { aud: 'https://github.com/acme' })],
  ])('T60 %s: %s', (_what, expected, token, provider) => {
    expect(isAdmitted(applyTrust, token, provider)).toBe(expected);
  });

  it.each<[string, boolean]>([
    ['plan.yml', true],
    ['drift.yml', true],
    ['apply.yml', false],
    ['ci.yml', false],
  ])('T60 the plan role: %s is %s', (workflow, expected) => {
    expect(isAdmitted(planTrust, claims(workflow, 'trueup-plan'))).toBe(expected);
    expect(isAdmitted(planTrust, claims(workflow, 'trueup-apply'))).toBe(false);
  });

  it.each(['aud', 'sub', 'repository_id', 'ref', 'environment', 'job_workflow_ref'])(
    'T60 a token without %s is not admitted',
    (claim) => {
      const { [claim]: _gone, ...rest } = claims('apply.yml', 'trueup-apply');
      expect(isAdmitted(applyTrust, rest)).toBe(false);
    },
  );

  it('T60 names only, for repositories whose subjects have no ids', () => {
    const environments = { plan: 'trueup-plan', apply: 'trueup-apply' };
    const repository = { name: 'acme/infra', id: '712345678', defaultBranch: 'main', environments };
    const named = githubTrust(PROVIDER, repository, 'apply');
    const sub = 'repo:acme/infra:environment:trueup-apply';
    expect(isAdmitted(named, claims('apply.yml', 'trueup-apply', { sub }))).toBe(true);
    expect(isAdmitted(named, claims('apply.yml', 'trueup-apply'))).toBe(false);
  });
});

describe('T60 what is no exact name', () => {
  it.each<[string, GithubFlags, string]>([
    ['no id', { repository: 'acme/infra' }, 'TU5060'],
    ['no repository', { repositoryId: '7' }, 'TU5060'],
    ['a branch alone', { defaultBranch: 'trunk' }, 'TU5060'],
    ['a pattern for a repository', { repository: 'acme/*', repositoryId: '7' }, 'TU5061'],
    ['a name for an id', { repository: 'acme/infra', repositoryId: 'infra' }, 'TU5061'],
    ['a pattern for a branch', { ...GITHUB, defaultBranch: 'release/*' }, 'TU5061'],
    ['a variable for an environment', { ...GITHUB, environmentApply: '${aws:username}' }, 'TU5061'],
    ['a pattern for an owner', { ...GITHUB, ownerId: '?' }, 'TU5061'],
  ])('T60 %s is refused', async (_what, github, code) => {
    const estate = await createExample();
    const project = await estate.load();
    expect(() => iam(project, { github })).toThrow(expect.objectContaining({ code }));
  });

  it('T60 without a repository nobody from GitHub is let in, and it is said', async () => {
    const estate = await createExample();
    const { trust, findings } = iam(await estate.load());
    const own = Object.entries(trust).filter(([role]) => role.includes('/trueup-'));
    const loop = `arn:aws:iam::${HOME}:role/trueup/acme-network/main-loop-role-c84e03cab6`;
    expect(own.map(([role, { Statement }]) => [role, Statement.map(({ Principal }) => Principal)])).toEqual([
      [roleArn(HOME, 'apply'), [{ AWS: loop }]],
    ]);
    expect(JSON.stringify(trust)).not.toContain(ISSUER);
    expect(findings.map(({ code }) => code)).toContain('trust-without-repository');
  });
});

describe('T65 the roles of another account, as they are printed', () => {
  const asked = (arn: string, externalId?: string) => ({
    action: 'sts:AssumeRole',
    resource: roleArn(PARTNER, 'plan'),
    conditions: externalId === undefined ? {} : { 'sts:ExternalId': externalId },
    requester: { account: arn.split(':')[4]!, arn: `${arn}/run`, roleArn: arn },
  });
  const all = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };
  const decide = (request: ReturnType<typeof asked>, identity: object = all): string =>
    evaluate(request, {
      identity: [identity],
      trust: printed.trust[roleArn(PARTNER, 'plan')],
      resourceAccount: PARTNER,
    }).effect;

  it.each<[string, string, string | undefined, string]>([
    ['the plan role of the home account with the id', roleArn(HOME, 'plan'), 'acme-42', 'allowed'],
    ['without it', roleArn(HOME, 'plan'), undefined, 'implicit-deny'],
    ['with another', roleArn(HOME, 'plan'), 'acme-43', 'implicit-deny'],
    ['the apply role', roleArn(HOME, 'apply'), 'acme-42', 'implicit-deny'],
    ['another role of the home account', `arn:aws:iam::${HOME}:role/colleague`, 'acme-42', 'implicit-deny'],
    ['a role of its name elsewhere', 'arn:aws:iam::777788889999:role/trueup-plan', 'acme-42', 'implicit-deny'],
    ['its own plan role', roleArn(PARTNER, 'plan'), 'acme-42', 'implicit-deny'],
  ])('T65 %s', (_what, role, id, expected) => {
    expect(decide(asked(role, id))).toBe(expected);
  });

  it('T65 the plan role may become these and no others', () => {
    const { prod } = printed.plan as Readonly<Record<string, Policy>>;
    const to = (resource: string): string =>
      evaluate({ action: 'sts:AssumeRole', resource }, { identity: [prod!] }).effect;
    expect(to(roleArn(PARTNER, 'plan'))).toBe('allowed');
    expect([roleArn(PARTNER, 'apply'), roleArn(HOME, 'apply'), `arn:aws:iam::${PARTNER}:root`].map(to)).toEqual(
      Array.from({ length: 3 }, () => 'implicit-deny'),
    );
    const { partner } = printed.plan as Readonly<Record<string, Policy>>;
    expect(JSON.stringify(partner)).not.toContain('sts:AssumeRole');
  });

  it('T65 without an external id in Settings nothing is printed for them, and it is said', async () => {
    const estate = await createExample({ twoAccounts: true });
    estate.rewrite('settings.yaml', (yaml) => yaml.replace(/^ *externalId: .*\n/m, ''));
    const { trust, findings } = iam(await estate.load(), { github: GITHUB });
    expect(Object.keys(trust).filter((role) => role.startsWith(`arn:aws:iam::${PARTNER}:role/trueup-`))).toEqual([]);
    expect(findings.map(({ code }) => code)).toContain('trust-without-external-id');
  });
});
