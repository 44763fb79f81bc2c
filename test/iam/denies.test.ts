import { describe, expect, it, vi } from 'vitest';
import { evaluate } from '../../src/embedded/iam/policy/evaluate.ts';
import { policyOf } from '../../src/iam/policy.ts';
import type { Policy } from '../../src/iam/policy.ts';
import type { IamResult } from '../../src/iam/result.ts';
import { createExample, HOME, loopOf, makeRoles, policiesOf, roleArn } from '../support/generated-roles.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

const printed = await printedOf();

async function printedOf(): Promise<IamResult> {
  let finish = async (): Promise<void> => undefined;
  const estate = await createExample({ onFinished: (end) => (finish = end) });
  const result = await policiesOf(estate);
  await finish();
  return result;
}

const policies = {
  plan: printed.plan as Policy,
  apply: printed.apply as Policy,
  boundary: printed.boundary as Policy,
};

/** A call that an attacker makes, and what it is decided by. */
interface Probe {
  readonly action: string;
  readonly resource: string;
  readonly conditions?: Readonly<Record<string, string | readonly string[]>>;
}

const EVERYTHING = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };

function decide(probe: Probe, policy: Policy, ...others: readonly object[]): string {
  return evaluate(probe, { identity: [policy, ...others] }).effect;
}

const probe = (action: string, resource = '*', conditions?: Probe['conditions']): Probe => ({
  action,
  resource,
  ...(conditions && { conditions }),
});

const iamArn = (resource: string): string => `arn:aws:iam::${HOME}:${resource}`;
const functionArn = (name: string): string => `arn:aws:lambda:eu-west-1:${HOME}:function:${name}`;
const roles = Object.keys(printed.runtime);
const [firstRole = ''] = roles;
const named = (part: string): string => {
  const found = roles.find((role) => role.includes(`/${part}-`));
  if (found === undefined) throw new Error(`no role is named ${part}`);
  return found;
};
const BOUNDARY = iamArn('policy/trueup-boundary');
const BOUNDED = { 'iam:PermissionsBoundary': BOUNDARY };

/** Reads of secrets, contents and code. */
const READS: readonly Probe[] = [
  probe('ssm:GetParameter', `arn:aws:ssm:eu-west-1:${HOME}:parameter/trueup/example/xfr-key`),
  probe('ssm:GetParameters', `arn:aws:ssm:eu-west-1:${HOME}:parameter/db`),
  probe('ssm:GetParametersByPath', `arn:aws:ssm:eu-west-1:${HOME}:parameter/`),
  probe('ssm:GetParameterHistory', `arn:aws:ssm:eu-west-1:${HOME}:parameter/db`),
  probe('secretsmanager:GetSecretValue', `arn:aws:secretsmanager:eu-west-1:${HOME}:secret:db-abcdef`),
  probe('secretsmanager:BatchGetSecretValue'),
  probe('kms:Decrypt', `arn:aws:kms:eu-west-1:${HOME}:key/1`),
  probe(
    's3:GetObject',
    'arn:aws:s3:::trueup-lease-74ec44fb6d-111122223333-eu-west-1-an/trueup/acme-network/lease.json',
  ),
  probe('s3:GetObjectVersion', 'arn:aws:s3:::data/secret'),
  probe('dynamodb:GetItem', `arn:aws:dynamodb:eu-west-1:${HOME}:table/data`),
  probe('dynamodb:BatchGetItem', `arn:aws:dynamodb:eu-west-1:${HOME}:table/data`),
  probe('dynamodb:Query', `arn:aws:dynamodb:eu-west-1:${HOME}:table/data`),
  probe('dynamodb:Scan', `arn:aws:dynamodb:eu-west-1:${HOME}:table/data`),
  probe('dynamodb:GetRecords', `arn:aws:dynamodb:eu-west-1:${HOME}:table/data/stream/1`),
  probe('kinesis:GetRecords', `arn:aws:kinesis:eu-west-1:${HOME}:stream/data`),
  probe('kinesis:SubscribeToShard', `arn:aws:kinesis:eu-west-1:${HOME}:stream/data`),
  probe('logs:GetLogEvents', `arn:aws:logs:eu-west-1:${HOME}:log-group:/aws/lambda/x:log-stream:y`),
  probe('logs:FilterLogEvents', `arn:aws:logs:eu-west-1:${HOME}:log-group:/aws/lambda/x:*`),
  probe('logs:StartQuery', `arn:aws:logs:eu-west-1:${HOME}:log-group:/aws/lambda/x:*`),
  probe('lambda:GetFunction', functionArn('corp-mirror-cf76a3c613')),
  probe('sqs:ReceiveMessage', `arn:aws:sqs:eu-west-1:${HOME}:queue`),
];

/** The way from an apply to an administrator. */
const ATTACKS: readonly (readonly [what: string, probe: Probe])[] = [
  ['a role elsewhere', probe('iam:CreateRole', iamArn('role/admin'), BOUNDED)],
  ['a role of no document', probe('iam:CreateRole', iamArn('role/trueup/acme-network/admin'), BOUNDED)],
  ['a role without the boundary', probe('iam:CreateRole', firstRole)],
  [
    'a role with another boundary',
    probe('iam:CreateRole', firstRole, { 'iam:PermissionsBoundary': iamArn('policy/all') }),
  ],
  ['a boundary taken off', probe('iam:DeleteRolePermissionsBoundary', firstRole, BOUNDED)],
  [
    'another boundary',
    probe('iam:PutRolePermissionsBoundary', firstRole, { 'iam:PermissionsBoundary': iamArn('policy/all') }),
  ],
  ['rights for a role without a boundary', probe('iam:PutRolePolicy', firstRole)],
  ['a wider boundary', probe('iam:CreatePolicyVersion', BOUNDARY)],
  ['an older boundary', probe('iam:SetDefaultPolicyVersion', BOUNDARY)],
  ['no boundary', probe('iam:DeletePolicy', BOUNDARY)],
  ['rights for itself', probe('iam:PutRolePolicy', roleArn(HOME, 'apply'), BOUNDED)],
  ['more rights for itself', probe('iam:AttachRolePolicy', roleArn(HOME, 'apply'), BOUNDED)],
  ['whom it trusts', probe('iam:UpdateAssumeRolePolicy', roleArn(HOME, 'apply'))],
  ['whom the plan role trusts', probe('iam:UpdateAssumeRolePolicy', roleArn(HOME, 'plan'))],
  ['whom the bootstrap role trusts', probe('iam:UpdateAssumeRolePolicy', iamArn('role/trueup-bootstrap'))],
  [
    'itself as a function',
    probe('iam:PassRole', roleArn(HOME, 'apply'), { 'iam:PassedToService': 'lambda.amazonaws.com' }),
  ],
  [
    'an administrator as a function',
    probe('iam:PassRole', iamArn('role/admin'), { 'iam:PassedToService': 'lambda.amazonaws.com' }),
  ],
  [
    'its functions’ roles as machines',
    probe('iam:PassRole', firstRole, { 'iam:PassedToService': 'ec2.amazonaws.com' }),
  ],
  ['a provider of identities', probe('iam:CreateOpenIDConnectProvider', iamArn('oidc-provider/evil.example'))],
  [
    'clients of the provider',
    probe('iam:AddClientIDToOpenIDConnectProvider', iamArn('oidc-provider/token.actions.githubusercontent.com')),
  ],
  ['a user', probe('iam:CreateUser', iamArn('user/evil'))],
  ['keys of a user', probe('iam:CreateAccessKey', iamArn('user/admin'))],
  ['another role', probe('sts:AssumeRole', iamArn('role/admin'))],
  ['somebody’s function', probe('lambda:UpdateFunctionCode', functionArn('payments'))],
  [
    'other tags of machines',
    probe('ec2:CreateTags', `arn:aws:ec2:eu-west-1:${HOME}:instance/i-1`, { 'aws:TagKeys': ['EntScheduler', 'team'] }),
  ],
];

describe('T61 the plan role reads neither secrets nor contents', () => {
  it.each(READS)('T61 $action is denied, whatever else allows it', (one) => {
    expect([decide(one, policies.plan), decide(one, policies.plan, EVERYTHING)]).toEqual([
      'explicit-deny',
      'explicit-deny',
    ]);
  });

  it('T61 what the example’s plan calls is allowed by it, but for the key, which functions read', async () => {
    const estate = await createExample();
    await makeRoles(estate, printed);
    const loop = await loopOf(estate);
    const begin = estate.account.events().length;
    const plan = await loop.plan();
    const calls = estate.account
      .events()
      .slice(begin)
      .filter(({ userIdentity }) => userIdentity.arn?.includes('/trueup-plan/'));

    expect(plan.complete).toBe(true);
    expect(calls.length).toBeGreaterThan(30);
    expect(
      calls.filter(({ errorCode }) => errorCode?.startsWith('AccessDenied')).map(({ eventName }) => eventName),
    ).toEqual(['GetParameter']);
    expect(calls.filter(({ readOnly, eventName }) => !readOnly && eventName !== 'AssumeRole')).toEqual([]);
  });

  it('T61 allows nothing that writes', () => {
    const actions = policies.plan.Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action);
    const others = actions.filter((action) => !/:(?:Describe|Get|List|Lookup|Simulate)/.test(action));
    expect(others).toEqual(['lambda:InvokeFunction']);
  });

  it('T64 starts the functions that only look, and no other, whatever else allows it', () => {
    const invoked = (name: string): string =>
      decide(probe('lambda:InvokeFunction', functionArn(name)), policies.plan, EVERYTHING);
    expect(['corp-plan-3479045072', 'reverse-plan-000136c9c0'].map(invoked)).toEqual(['allowed', 'allowed']);
    expect(
      ['corp-mirror-cf76a3c613', 'office-hours-scheduler-2bcd9ff31e', 'corp-plan-3479045072:live', 'payments'].map(
        invoked,
      ),
    ).toEqual(Array.from({ length: 4 }, () => 'explicit-deny'));
  });
});

describe('T62 the apply role is no administrator', () => {
  it.each(ATTACKS)('T62 it is not allowed %s', (_what, one) => {
    expect(decide(one, policies.apply)).not.toBe('allowed');
  });

  it('T62 what it is to do it may do: role, policy, boundary and handing over of each document', () => {
    const passed = { 'iam:PassedToService': 'lambda.amazonaws.com' };
    for (const role of roles) {
      expect(decide(probe('iam:CreateRole', role, BOUNDED), policies.apply)).toBe('allowed');
      expect(decide(probe('iam:PutRolePolicy', role, BOUNDED), policies.apply)).toBe('allowed');
      expect(decide(probe('iam:PassRole', role, passed), policies.apply)).toBe('allowed');
    }
  });

  it.each(['iam:CreateUser', 'iam:PassRole', 'iam:PutRolePolicy', 'sts:AssumeRole'])(
    'T62 no role that it makes may %s, whatever its document says',
    (action) => {
      const request = probe(action, iamArn('role/admin'));
      expect(evaluate(request, { identity: [EVERYTHING], boundary: policies.boundary }).effect).toBe('explicit-deny');
    },
  );

  it('T62 the boundary allows all that the documents’ own policies do', () => {
    for (const { Statement } of Object.values(printed.runtime)) {
      for (const { Effect, Action, Resource = [], Condition } of Statement) {
        if (Effect === 'Deny') continue;
        for (const action of Action) {
          for (const resource of Resource) {
            const kept = policies.boundary.Statement.some(
              (one) =>
                one.Effect === 'Allow' &&
                one.Action.includes(action) &&
                one.Resource?.includes(resource) &&
                JSON.stringify(one.Condition) === JSON.stringify(Condition),
            );
            expect([action, resource, kept]).toEqual([action, resource, true]);
          }
        }
      }
    }
  });
});

describe.each(['plan', 'apply', 'boundary'] as const)('each denial of the %s', (role) => {
  const denials = policies[role].Statement.filter(({ Effect }) => Effect === 'Deny');
  const probes = [
    ...READS,
    ...ATTACKS.map(([, one]) => one),
    probe('lambda:InvokeFunction', functionArn('payments')),
    probe('iam:DeleteUserPermissionsBoundary', iamArn('user/x')),
  ];

  it.each(denials.map(({ Sid = '' }) => Sid))('%s is needed: without it something gets through', (sid) => {
    const rest = policyOf(policies[role].Statement.filter(({ Sid }) => Sid !== sid));
    const through = probes.filter(
      (one) =>
        decide(one, policies[role], EVERYTHING) === 'explicit-deny' && decide(one, rest, EVERYTHING) === 'allowed',
    );
    expect(through.length).toBeGreaterThan(0);
  });
});

describe('T69 tags of trueup are written by whoever applies', () => {
  const tagging = (keys: readonly string[], arn: string): Probe =>
    probe('lambda:TagResource', functionArn('corp-mirror-cf76a3c613'), {
      'aws:TagKeys': keys,
      'aws:PrincipalArn': arn,
    });
  const decided = (one: Probe): string => decide(one, printed.scp, EVERYTHING);
  const somebody = iamArn('role/somebody');

  it.each(['trueup:owner', 'trueup:applied', 'trueup:protect', 'trueup:on-remove', 'trueup:stamped', 'trueup:new'])(
    'T69 %s',
    (key) => {
      expect(decided(tagging([key], somebody))).toBe('explicit-deny');
      expect(decided(tagging(['team', key], somebody))).toBe('explicit-deny');
      expect(decided(tagging([key], roleArn(HOME, 'plan')))).toBe('explicit-deny');
      expect(decided(tagging([key], roleArn(HOME, 'apply')))).toBe('allowed');
    },
  );

  it('T69 other tags are anybody’s, and a function says what is wrong with a schedule', () => {
    expect(decided(tagging(['team'], somebody))).toBe('allowed');
    const scheduler = named('office-hours');
    const error = probe('ec2:CreateTags', `arn:aws:ec2:eu-west-1:${HOME}:instance/i-1`, {
      'aws:TagKeys': ['trueup:schedule-error'],
      'aws:PrincipalArn': scheduler,
    });
    expect(decided(error)).toBe('allowed');
    expect(decided(tagging(['trueup:schedule-error'], named('corp')))).toBe('explicit-deny');
  });

  it('T69 taking tags away is as bad, also by the API for all of them', () => {
    const untagging = (action: string): Probe =>
      probe(action, '*', { 'aws:TagKeys': ['trueup:owner'], 'aws:PrincipalArn': somebody });
    const actions = [
      'lambda:UntagResource',
      'iam:UntagRole',
      'tag:UntagResources',
      'ec2:DeleteTags',
      's3:PutBucketTagging',
      'apigateway:DELETE',
      'apigateway:POST',
    ];
    expect(actions.map((action) => decided(untagging(action)))).toEqual(actions.map(() => 'explicit-deny'));
  });

  it('T69 whoever makes an API without tags of ours is not hindered: there a method of HTTP is the action', () => {
    const making = (keys: readonly string[]): Probe =>
      probe('apigateway:POST', 'arn:aws:apigateway:eu-west-1::/apis', {
        ...(keys.length > 0 && { 'aws:TagKeys': [...keys] }),
        'aws:PrincipalArn': somebody,
      });
    expect([[], ['team'], ['team', 'trueup:applied:Route']].map((keys) => decided(making(keys)))).toEqual([
      'allowed',
      'allowed',
      'explicit-deny',
    ]);
  });

  it('T69 allows nothing by itself', () => {
    expect(decide(tagging(['trueup:owner'], roleArn(HOME, 'apply')), printed.scp)).toBe('implicit-deny');
  });
});

it.each(['plan', 'apply', 'scp'] as const)('the %s policy has no pattern in what it allows', (role) => {
  const policy = printed[role] as Policy;
  for (const { Effect, Action, Condition = {} } of policy.Statement) {
    if (Effect === 'Deny') continue;
    expect(Action.filter((action) => action.includes('*'))).toEqual([]);
    expect(Object.keys(Condition).filter((operator) => operator !== 'StringEquals')).toEqual([]);
  }
});
