import * as cloudWatch from '@aws-sdk/client-cloudwatch';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as ec2 from '@aws-sdk/client-ec2';
import * as events from '@aws-sdk/client-eventbridge';
import * as iam from '@aws-sdk/client-iam';
import * as lambda from '@aws-sdk/client-lambda';
import * as route53 from '@aws-sdk/client-route-53';
import * as secretsManager from '@aws-sdk/client-secrets-manager';
import * as ssm from '@aws-sdk/client-ssm';
import * as sts from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/embedded/iam/policy/evaluate.ts';
import { parsePolicy } from '../../src/embedded/iam/policy/parse.ts';
import { nameOf } from '../../src/reconcilers/function/names.ts';
import { NETWORK, REGION, TSIG, sharedMirrorBench } from '../support/mirror-bench.ts';
import type { MirrorBench } from '../support/mirror-bench.ts';

const ACCOUNT = '111122223333';
const SERVICES = {
  cloudwatch: cloudWatch,
  ec2,
  events,
  iam,
  lambda,
  logs,
  route53,
  secretsmanager: secretsManager,
  ssm,
  sts,
};
/** Every action that has a command, and those that are named otherwise. */
const ACTIONS = [
  ...Object.entries(SERVICES).flatMap(([prefix, client]) =>
    Object.keys(client)
      .filter((name) => name.endsWith('Command') && name !== '$Command')
      .map((name) => `${prefix}:${name.replace(/Command$/, '')}`),
  ),
  'lambda:InvokeFunction',
  'iam:PassRole',
  'kms:Decrypt',
  's3:GetObject',
  's3:PutObject',
  'dynamodb:PutItem',
];

interface Role {
  readonly policies: readonly string[];
  readonly trust: string;
  readonly boundary: string | undefined;
  /** ARN of its function. */
  readonly functionArn: string;
}

async function roleOf({ estate }: MirrorBench, id: 'Mirror' | 'Plan'): Promise<Role> {
  const { documents, estate: look } = await estate.load();
  const client = estate.account.client(iam.IAMClient, REGION);
  const RoleName = nameOf(documents[0]!, look, `${id}Role`);
  const { Role: found } = await client.send(new iam.GetRoleCommand({ RoleName }));
  const { PolicyNames = [] } = await client.send(new iam.ListRolePoliciesCommand({ RoleName }));
  const attached = await client.send(new iam.ListAttachedRolePoliciesCommand({ RoleName }));
  expect(attached.AttachedPolicies).toEqual([]);
  const policies = PolicyNames.map(async (PolicyName) => {
    const { PolicyDocument = '' } = await client.send(new iam.GetRolePolicyCommand({ RoleName, PolicyName }));
    return decodeURIComponent(PolicyDocument);
  });
  return {
    policies: await Promise.all(policies),
    trust: decodeURIComponent(found?.AssumeRolePolicyDocument ?? ''),
    boundary: found?.PermissionsBoundary?.PermissionsBoundaryArn,
    functionArn: `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:${await estate.functionName(id)}`,
  };
}

/** What each action might be asked of: its own things, others' of the same kind, and everything. */
async function resourcesOf({ estate, zoneId }: MirrorBench): Promise<Readonly<Record<string, string>>> {
  const [mirror, plan] = [await estate.functionName('Mirror'), await estate.functionName('Plan')];
  const here = (service: string, rest: string): string => `arn:aws:${service}:eu-west-1:${ACCOUNT}:${rest}`;
  return {
    everything: '*',
    'the zone': `arn:aws:route53:::hostedzone/${await zoneId()}`,
    'another zone': 'arn:aws:route53:::hostedzone/Z0123456789ABC',
    'a change': 'arn:aws:route53:::change/C0123456789ABC',
    'the key': here('ssm', 'parameter/xfr'),
    'another key': here('ssm', 'parameter/xfr2'),
    'a secret': here('secretsmanager', 'secret:xfr-abcdef'),
    'the log of Mirror': here('logs', `log-group:/aws/lambda/${mirror}:log-stream:x`),
    'the log of Plan': here('logs', `log-group:/aws/lambda/${plan}:log-stream:x`),
    'another log': here('logs', 'log-group:/aws/lambda/other:log-stream:x'),
    'the function Mirror': here('lambda', `function:${mirror}`),
    'the function Plan': here('lambda', `function:${plan}`),
    'a role': `arn:aws:iam::${ACCOUNT}:role/trueup/acme-network/x`,
  };
}

/** `action on resource` of all that a session of the function itself may do. */
function allowed(role: Role, resources: Readonly<Record<string, string>>, byCode = true): string[] {
  const identity = role.policies.map((text) => parsePolicy(text, 'identity'));
  const conditions = byCode ? { 'lambda:SourceFunctionArn': role.functionArn } : {};
  return ACTIONS.flatMap((action) =>
    Object.entries(resources)
      .filter(([, resource]) => evaluate({ action, resource, conditions }, { identity }).effect === 'allowed')
      .map(([name]) => `${action} on ${name}`),
  ).sort();
}

const READS = [
  'route53:GetHostedZoneLimit on the zone',
  'route53:ListResourceRecordSetProtections on the zone',
  'route53:ListResourceRecordSets on the zone',
  'ssm:GetParameter on the key',
];

function log(id: string): string[] {
  return [`logs:CreateLogStream on the log of ${id}`, `logs:PutLogEvents on the log of ${id}`];
}

describe('T64 what the functions may do', () => {
  const shared = sharedMirrorBench({ spec: [NETWORK, TSIG] });

  it('walks actions that write', () => {
    expect(ACTIONS.length).toBeGreaterThan(1000);
    expect(ACTIONS).toEqual(expect.arrayContaining(['route53:ChangeResourceRecordSets', 'lambda:UpdateFunctionCode']));
  });

  it('the one that only looks: reads of its zone, its key, its log; nothing in the world is changed by it', async () => {
    const role = await roleOf(shared(), 'Plan');
    expect(allowed(role, await resourcesOf(shared()))).toEqual([...READS, ...log('Plan')].sort());
  });

  it('the one that mirrors: the same, and records of exactly its zone', async () => {
    const role = await roleOf(shared(), 'Mirror');
    const writes = ['route53:ChangeResourceRecordSets on the zone', 'route53:GetChange on a change'];
    expect(allowed(role, await resourcesOf(shared()))).toEqual([...READS, ...writes, ...log('Mirror')].sort());
  });

  it.each(['Mirror', 'Plan'] as const)('%s: network interfaces are Lambda’s to make, not the code’s', async (id) => {
    const role = await roleOf(shared(), id);
    const resources = {
      everything: '*',
      'a network interface': 'arn:aws:ec2:eu-west-1:111122223333:network-interface/eni-1',
    };
    const byCode = allowed(role, resources);
    const byLambda = allowed(role, resources, false).filter((text) => !byCode.includes(text));

    expect([...new Set(byLambda.map((text) => text.split(' on ')[0]))]).toEqual([
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:UnassignPrivateIpAddresses',
    ]);
  });

  it.each(['Mirror', 'Plan'] as const)(
    '%s: only Lambda, for this function of this account, becomes the role',
    async (id) => {
      const { trust, functionArn } = await roleOf(shared(), id);
      const own = { 'aws:SourceAccount': ACCOUNT, 'aws:SourceArn': functionArn };
      const lambdaService = { service: 'lambda.amazonaws.com' };
      const asks = (requester: Parameters<typeof evaluate>[0]['requester'], conditions = {}): string =>
        evaluate(
          { action: 'sts:AssumeRole', resource: '*', requester: requester!, conditions: { ...own, ...conditions } },
          { trust },
        ).effect;

      expect(asks(lambdaService)).toBe('allowed');
      const refusals = [
        asks(lambdaService, { 'aws:SourceArn': `${functionArn}x` }),
        asks(lambdaService, { 'aws:SourceArn': functionArn.replace(ACCOUNT, '444455556666') }),
        asks(lambdaService, { 'aws:SourceAccount': '444455556666' }),
        evaluate({ action: 'sts:AssumeRole', resource: '*', requester: lambdaService }, { trust }).effect,
        asks({ service: 'ec2.amazonaws.com' }),
        asks({ service: 'events.amazonaws.com' }),
        asks({ account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/administrator` }),
        asks({ account: '444455556666', arn: 'arn:aws:iam::444455556666:root' }),
      ];
      expect(refusals).toEqual(refusals.map(() => 'implicit-deny'));
    },
  );

  it.each(['Mirror', 'Plan'] as const)('%s: the role carries the boundary', async (id) => {
    expect((await roleOf(shared(), id)).boundary).toBe(`arn:aws:iam::${ACCOUNT}:policy/trueup-boundary`);
  });
});
