import { describe, expect, it, vi } from 'vitest';
import { evaluate } from '../../src/embedded/iam/policy/evaluate.ts';
import { policyFiles } from '../../src/iam/files.ts';
import type { Policy } from '../../src/iam/policy.ts';
import type { IamResult } from '../../src/iam/result.ts';
import { iam } from '../../src/operations/iam.ts';
import {
  EXTERNAL_ID,
  GITHUB,
  HOME,
  loopOf,
  makeRoles,
  PARTNER,
  policiesOf,
  roleArn,
  troubles,
} from '../support/generated-roles.ts';
import { createLoopEstate, GITHUB_SOURCE, KEY, loopYaml, S3_SOURCE, SIGNED } from '../support/reconcile-loop.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

const EVERYTHING = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };
const HEALS = [S3_SOURCE, SIGNED, 'mode: apply', 'selfUpdate: true'];

/** What is printed of an estate with one loop that may write its own document, and one that reports. */
async function printed(): Promise<IamResult> {
  const estate = await createLoopEstate(HEALS);
  estate.write('second.yaml', loopYaml([S3_SOURCE, SIGNED], 'second'));
  return policiesOf(estate);
}

function roleOf({ runtime }: IamResult, name: string): string {
  const found = Object.keys(runtime).find((arn) => arn.includes(`/${name}-loop-role-`));
  if (found === undefined) throw new Error(`no loop is named ${name}`);
  return found;
}

const inHome = (policies: IamResult['plan'] | undefined): Policy =>
  (policies as Readonly<Record<string, Policy>>)['prod']!;

describe('T62 the role of a loop', () => {
  it('T62 becomes the apply roles of Settings where it writes, whatever else it is given, and nobody else', async () => {
    const result = await printed();
    const role = roleOf(result, 'main');
    const boundary = inHome(result.boundary);
    const decided = (resource: string, identity: object): string =>
      evaluate({ action: 'sts:AssumeRole', resource }, { identity: [identity], boundary }).effect;
    const own = result.runtime[role]!;
    expect([HOME, PARTNER].map((id) => decided(roleArn(id, 'apply'), own))).toEqual(['allowed', 'allowed']);
    expect([HOME, PARTNER].map((id) => decided(roleArn(id, 'plan'), own))).toEqual(['implicit-deny', 'implicit-deny']);
    const others = [`arn:aws:iam::${HOME}:role/admin`, `arn:aws:iam::${HOME}:role/trueup-bootstrap`, role];
    expect(others.map((arn) => decided(arn, EVERYTHING))).toEqual(others.map(() => 'explicit-deny'));
  });

  it.each([
    ['iam:CreateRole', `arn:aws:iam::${HOME}:role/trueup/acme-network/x`],
    ['iam:PassRole', roleArn(HOME, 'apply')],
    ['iam:PutRolePolicy', roleArn(HOME, 'apply')],
    ['iam:UpdateAssumeRolePolicy', roleArn(HOME, 'plan')],
    ['iam:CreatePolicyVersion', `arn:aws:iam::${HOME}:policy/trueup-boundary`],
    ['kms:Sign', KEY],
    ['kms:Decrypt', KEY],
    ['s3:PutObject', 'arn:aws:s3:::acme-trueup/estate.tar.gz'],
    ['s3:PutObject', 'arn:aws:s3:::acme-trueup/estate.tar.gz.approval.json'],
    ['s3:GetObject', 'arn:aws:s3:::acme-trueup/other'],
    ['lambda:UpdateFunctionCode', `arn:aws:lambda:eu-west-1:${HOME}:function:main-loop-0123456789`],
    ['route53:ChangeResourceRecordSets', 'arn:aws:route53:::hostedzone/Z0123456789'],
    ['secretsmanager:GetSecretValue', `arn:aws:secretsmanager:eu-west-1:${HOME}:secret:db-abcdef`],
  ])('T62 may not %s on %s, whatever else it is given: the boundary has it not', async (action, resource) => {
    const { boundary } = await printed();
    const decision = evaluate({ action, resource }, { identity: [EVERYTHING], boundary: inHome(boundary) });
    expect(decision.effect).not.toBe('allowed');
  });

  it('T62 with selfUpdate, what the apply role may do of the loop is its function: never the roles, the boundary, who signs in', async () => {
    const result = await printed();
    const role = roleOf(result, 'main');
    const [boundaryArn, provider] = [
      `arn:aws:iam::${HOME}:policy/trueup-boundary`,
      `arn:aws:iam::${HOME}:oidc-provider/token.actions.githubusercontent.com`,
    ];
    const bounded = { 'iam:PermissionsBoundary': boundaryArn };
    const decide = (action: string, resource: string, conditions: Readonly<Record<string, string>> = {}): string =>
      evaluate({ action, resource, conditions }, { identity: [inHome(result.apply)] }).effect;
    expect(decide('iam:PutRolePolicy', role, bounded)).toBe('allowed');
    const kept = [roleArn(HOME, 'plan'), roleArn(HOME, 'apply'), `arn:aws:iam::${HOME}:role/trueup-bootstrap`];
    const attacks = [
      ...kept.flatMap((arn) => [
        decide('iam:PutRolePolicy', arn, bounded),
        decide('iam:AttachRolePolicy', arn, bounded),
        decide('iam:UpdateAssumeRolePolicy', arn),
        decide('iam:PassRole', arn, { 'iam:PassedToService': 'lambda.amazonaws.com' }),
      ]),
      decide('iam:CreatePolicyVersion', boundaryArn),
      decide('iam:DeleteRolePermissionsBoundary', role, bounded),
      decide('iam:UpdateOpenIDConnectProviderThumbprint', provider),
      decide('kms:Sign', KEY),
    ];
    expect(attacks.filter((effect) => effect === 'allowed')).toEqual([]);
    expect(attacks.filter((effect) => effect === 'explicit-deny').length).toBeGreaterThanOrEqual(kept.length * 4 + 2);
  });
});

describe('who lets a loop in', () => {
  const asked = (role: string, externalId?: string) => ({
    action: 'sts:AssumeRole',
    resource: 'any',
    conditions: externalId === undefined ? {} : { 'sts:ExternalId': externalId },
    requester: { account: HOME, arn: `arn:aws:sts::${HOME}:assumed-role/x/run`, roleArn: role },
  });
  const decide = (trust: Policy | undefined, role: string, account: string, externalId?: string): string =>
    evaluate(asked(role, externalId), { identity: [EVERYTHING], trust: trust!, resourceAccount: account }).effect;

  it.each([
    ['plan', 'main', 'implicit-deny'],
    ['apply', 'main', 'allowed'],
    ['plan', 'second', 'allowed'],
    ['apply', 'second', 'implicit-deny'],
  ] as const)(
    'T62 the %s role and the loop %s: %s, in another account only with the external id',
    async (verb, name, expected) => {
      const result = await printed();
      const role = roleOf(result, name);
      expect(decide(result.trust[roleArn(HOME, verb)], role, HOME)).toBe(expected);
      expect(decide(result.trust[roleArn(PARTNER, verb)], role, PARTNER, EXTERNAL_ID)).toBe(expected);
      expect(decide(result.trust[roleArn(PARTNER, verb)], role, PARTNER)).toBe('implicit-deny');
      expect(decide(result.trust[roleArn(PARTNER, verb)], role, PARTNER, 'other')).toBe('implicit-deny');
      expect(decide(result.trust[roleArn(HOME, verb)], `${role}x`, HOME)).toBe('implicit-deny');
    },
  );

  it('is said with what an apply must make first', async () => {
    const result = await printed();
    const found = result.findings.find(({ code }) => code === 'trust-after-apply');
    expect(found?.message).toContain(roleOf(result, 'main'));
    expect(found?.message).toContain(roleArn(PARTNER, 'apply'));
  });

  it('is printed without a repository too: whoever has a loop need not have workflows', async () => {
    const estate = await createLoopEstate();
    const { trust, findings } = iam(await estate.load());
    expect(trust[roleArn(HOME, 'plan')]?.Statement.map(({ Principal }) => Object.keys(Principal ?? {}))).toEqual([
      ['AWS'],
    ]);
    expect(trust[roleArn(HOME, 'apply')]).toBeUndefined();
    expect(findings.map(({ code }) => code)).toContain('trust-without-repository');
    expect(iam(await estate.load(), { github: GITHUB }).trust[roleArn(HOME, 'plan')]?.Statement).toHaveLength(2);
  });
});

describe('T72 the workflow that publishes', () => {
  it('T72 may put what loops read, and sign; nobody else that is printed may', async () => {
    const result = await printed();
    expect(result.publish?.Statement).toEqual([
      {
        Sid: 'Publish',
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:PutObject'],
        Resource: ['arn:aws:s3:::acme-trueup/estate.tar.gz', 'arn:aws:s3:::acme-trueup/estate.tar.gz.approval.json'],
      },
      { Sid: 'Absence', Effect: 'Allow', Action: ['s3:ListBucket'], Resource: ['arn:aws:s3:::acme-trueup'] },
      { Sid: 'Sign', Effect: 'Allow', Action: ['kms:Sign', 'kms:Verify'], Resource: [KEY] },
    ]);
    const others = JSON.stringify([result.plan, result.apply, result.boundary, result.runtime]);
    expect(others).not.toContain('kms:Sign');
    expect(policyFiles(result).map(({ name }) => name)).toContain('publish.json');
  });

  it('T72 has nothing to do where no loop goes by anything signed', async () => {
    const result = await policiesOf(await createLoopEstate([GITHUB_SOURCE]));
    expect(result.publish).toBeUndefined();
    expect(policyFiles(result).map(({ name }) => name)).not.toContain('publish.json');
  });
});

it('the policies that are printed suffice for plan, apply, drift, orphans and verify of an estate with a loop', async () => {
  const estate = await createLoopEstate(HEALS);
  await makeRoles(estate, await policiesOf(estate));
  const loop = await loopOf(estate);
  const plan = await loop.plan();
  expect([troubles(plan), await loop.applied(plan), await loop.looked()]).toEqual([[], [], []]);
});
