import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it, vi } from 'vitest';
import { policyIn } from '../../src/iam/files.ts';
import { policyOf } from '../../src/iam/policy.ts';
import { charactersOf, managedPolicies, MOST_CHARACTERS } from '../../src/iam/size.ts';
import { iam } from '../../src/operations/iam.ts';
import { createEstate, mirror, SECRET } from '../support/estate.ts';
import type { TestEstate } from '../support/estate.ts';
import {
  allowsOf,
  HOME,
  loopOf,
  makeRoles,
  PARTNER,
  policiesOf,
  roleArn,
  troubles,
} from '../support/generated-roles.ts';
import { tableInput, TableName } from '../support/embedded-table.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

const REGION = { region: 'eu-west-1' };
const TOPIC = `arn:aws:sns:eu-west-1:${HOME}:ops`;
const KEY = 'tsig: { name: xfr-key, algorithm: hmac-sha256, secret: "ssm:/xfr" }';
const NETWORK = 'network: { subnets: [subnet-0a11bb22cc33dd44e], securityGroups: [sg-0a11bb22cc33dd44e] }';

function settings(more: readonly string[] = [], boundary = true): string {
  return `apiVersion: trueup/v1
kind: Settings
metadata: { name: estate }
spec:
  owner: acme-network
  accounts:
    prod: { id: "${HOME}", planRole: "${roleArn(HOME, 'plan')}", applyRole: "${roleArn(HOME, 'apply')}" }
    partner: { id: "${PARTNER}", planRole: "${roleArn(PARTNER, 'plan')}", applyRole: "${roleArn(PARTNER, 'apply')}", externalId: acme-42 }
  defaultAccount: prod
  defaultRegion: eu-west-1
${boundary ? '  permissionsBoundary: trueup-boundary\n' : ''}${more.map((line) => `  ${line}\n`).join('')}`;
}

/** A mirror in a network, whose functions read the key; a table for the lease, a topic for alarms. */
async function createNetworked(): Promise<TestEstate> {
  const estate = await createEstate();
  const { account } = estate;
  account.putSecret('ssm:/xfr', SECRET.toString('base64'), REGION);
  account.putNetwork(
    {
      vpc: { id: 'vpc-0a11bb22cc33dd44e' },
      subnets: [{ id: 'subnet-0a11bb22cc33dd44e', cidr: '10.0.1.0/24', defaultRoute: 'nat-0a11bb22cc33dd44e' }],
      securityGroups: [{ id: 'sg-0a11bb22cc33dd44e' }],
    },
    REGION,
  );
  await account.client(SNSClient, REGION).send(new CreateTopicCommand({ Name: 'ops' }));
  await account.client(DynamoDBClient, REGION).send(new CreateTableCommand(tableInput()));
  estate.write('settings.yaml', settings([`notify: { sns: "${TOPIC}" }`, `lease: { table: ${TableName} }`]));
  estate.serve('corp.test', 5, 'ns1 A 10.0.0.1\nwww A 10.0.0.2');
  const spec = [KEY, NETWORK, 'via: lambda', 'function: { memory: 256, reservedConcurrency: 1 }'];
  estate.write('corp.yaml', mirror(estate, spec));
  return estate;
}

describe('the policies of other estates', () => {
  it('suffice for a network, a topic, a table for the lease, and a mirror through its functions', async () => {
    const estate = await createNetworked();
    await makeRoles(estate, await policiesOf(estate));
    const loop = await loopOf(estate);
    const plan = await loop.plan();
    expect([troubles(plan), await loop.applied(plan), await loop.looked()]).toEqual([[], [], []]);

    estate.rewrite('corp.yaml', (yaml) => yaml.replace('reservedConcurrency: 1', 'reservedConcurrency: 2'));
    estate.serve('corp.test', 6, 'ns1 A 10.0.0.1\nwww A 10.0.0.3');
    const next = await loop.plan();
    expect([troubles(next), await loop.applied(next), await loop.looked()]).toEqual([[], [], []]);
    const denied = estate.account.events().filter(({ errorCode }) => errorCode?.startsWith('AccessDenied'));
    expect(denied.map(({ errorMessage }) => errorMessage)).toEqual([]);
  });

  it('name a zone that exists by its id, a topic and a table by theirs, and nothing by a pattern', async () => {
    const estate = await createNetworked();
    estate.write('corp.yaml', mirror(estate, [KEY, 'via: lambda', 'hostedZone: { id: Z0123456789ABCDEFGHIJ }']));
    const { apply } = iam(await estate.load());
    const resources = allowsOf(policyIn(apply, 'prod')).flatMap(({ Resource = [] }) => Resource);
    expect(resources).toContain('arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ');
    expect(resources).toContain(TOPIC);
    expect(resources).toContain(`arn:aws:dynamodb:eu-west-1:${HOME}:table/${TableName}`);
    expect(resources.filter((one) => one.includes('hostedzone/*'))).toEqual([]);
  });

  it('of a mirror that is asked from here: the apply role reads its key, the plan role does not, and it is said', async () => {
    const estate = await createNetworked();
    estate.write('corp.yaml', mirror(estate, [KEY, 'via: local']));
    const { plan, apply, findings } = iam(await estate.load());
    const actions = (policy: typeof plan): readonly string[] =>
      allowsOf(policyIn(policy, 'prod')).flatMap(({ Action }) => Action);
    expect(actions(apply)).toEqual(expect.arrayContaining(['ssm:GetParameter', 'kms:Decrypt']));
    expect(actions(plan).filter((action) => /^(?:ssm|kms):/.test(action))).toEqual([]);
    expect(findings.filter(({ code }) => code === 'key-not-for-plan').map(({ document }) => document)).toEqual([
      'ZoneMirror/corp',
    ]);
  });

  it('let the account of a VPC associate it', async () => {
    const estate = await createNetworked();
    const vpcs = `[{ id: vpc-0a11bb22cc33dd44e }, { id: vpc-0b22cc33dd44ee55f, account: partner }]`;
    estate.write('corp.yaml', mirror(estate, [`hostedZone: { private: true, vpcs: ${vpcs} }`]));
    const { apply, plan } = iam(await estate.load());
    const partner = allowsOf(policyIn(apply, 'partner')).flatMap(({ Action }) => Action);
    expect(partner).toEqual(expect.arrayContaining(['route53:AssociateVPCWithHostedZone', 'ec2:DescribeVpcs']));
    expect(allowsOf(policyIn(plan, 'partner')).flatMap(({ Action }) => Action)).toContain('ec2:DescribeVpcAttribute');
  });

  it('delete a zone only where its document has it so', async () => {
    const estate = await createNetworked();
    const deletes = async (): Promise<boolean> =>
      JSON.stringify(iam(await estate.load()).apply).includes('route53:DeleteHostedZone');
    expect(await deletes()).toBe(false);
    estate.rewrite('corp.yaml', (yaml) => yaml.replace('name: corp', 'name: corp, onRemove: delete'));
    expect(await deletes()).toBe(true);
  });

  it('of an estate without documents: what finds what is left, and no boundary', async () => {
    const estate = await createEstate();
    estate.write('settings.yaml', settings([], false));
    const { plan, boundary, runtime } = iam(await estate.load());
    expect(allowsOf(policyIn(plan, 'prod')).map(({ Sid }) => Sid)).toEqual([
      'FindMarked',
      'FindRoles',
      'OtherAccounts',
      'ReadLease',
      'SimulateApply',
    ]);
    expect([boundary, runtime]).toEqual([undefined, {}]);
  });
});

describe('a policy that is too long for one', () => {
  async function many(count: number): Promise<TestEstate> {
    const estate = await createNetworked();
    for (let index = 0; index < count; index += 1) {
      estate.write(`m${index}.yaml`, mirror(estate, [KEY], `m${index}`, `m${index}.test`));
    }
    return estate;
  }

  it('is divided by its statements, and statements by their resources, with nothing lost', async () => {
    const result = iam(await (await many(60)).load());
    const whole = policyIn(result.apply, 'prod');
    const parts = managedPolicies(whole);
    const grantsOf = (policies: readonly { readonly Statement: typeof whole.Statement }[]): readonly string[] =>
      policies
        .flatMap(({ Statement }) => Statement)
        .flatMap(({ Sid: _name, Resource = [], ...rest }) =>
          Resource.map((resource) => JSON.stringify([rest, resource])),
        )
        .sort();

    expect(parts.length).toBeGreaterThan(2);
    expect(parts.filter((part) => charactersOf(part) > MOST_CHARACTERS)).toEqual([]);
    expect(grantsOf(parts)).toEqual(grantsOf([whole]));
    const sids = parts.flatMap(({ Statement }) => Statement.map(({ Sid }) => Sid));
    expect(new Set(sids).size).toBe(sids.length);
    expect(result.findings.map(({ code }) => code)).toContain('policy-too-large');
  });

  it('is said where a role cannot have as many, and a boundary names logs of any function', async () => {
    const { boundary, findings, policies } = iam(await (await many(60)).load());
    expect(charactersOf(policyIn(boundary, 'prod'))).toBeLessThanOrEqual(MOST_CHARACTERS);
    expect(JSON.stringify(boundary)).toContain('log-group:/aws/lambda/*"');
    expect(policies.find(({ role, alias }) => role === 'apply' && alias === 'prod')!.parts.length).toBeGreaterThan(10);
    expect(findings.some(({ code, severity }) => code === 'policy-too-large' && severity === 'warning')).toBe(true);
  });

  it('that cannot be divided stays as it is', () => {
    const statement = { Sid: 'One', Effect: 'Allow', Action: ['s3:GetObject'], Resource: ['x'.repeat(7000)] } as const;
    expect(managedPolicies(policyOf([statement, statement])).length).toBe(2);
  });
});
