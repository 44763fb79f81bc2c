import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/engine/types.ts';
import { invoke } from '../../src/operations/invoke.ts';
import { EVENT, NETWORK, RECORDS, REGION, TSIG, sharedMirrorBench } from '../support/mirror-bench.ts';
import type { MirrorBench } from '../support/mirror-bench.ts';

const ACCOUNT = '111122223333';
const PLAN_ROLE = `arn:aws:iam::${ACCOUNT}:role/trueup-plan`;
const APPLY_ROLE = `arn:aws:iam::${ACCOUNT}:role/trueup-apply`;
const NEW = 'new 300 A 10.0.0.9';

/** Descriptions and lists; no secret, no log, no code, and one function. */
const READS = [
  'cloudwatch:DescribeAlarms',
  'cloudwatch:ListTagsForResource',
  'ec2:DescribeNatGateways',
  'ec2:DescribeRouteTables',
  'ec2:DescribeSecurityGroupRules',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcAttribute',
  'ec2:DescribeVpcEndpoints',
  'events:DescribeRule',
  'events:ListTagsForResource',
  'events:ListTargetsByRule',
  'iam:GetRole',
  'iam:GetRolePolicy',
  'iam:ListAttachedRolePolicies',
  'iam:ListRolePolicies',
  'iam:ListRoles',
  'lambda:GetFunctionConcurrency',
  'lambda:GetFunctionConfiguration',
  'lambda:GetPolicy',
  'lambda:ListTags',
  'logs:DescribeLogGroups',
  'logs:ListTagsForResource',
  'route53:GetHostedZone',
  'route53:GetHostedZoneLimit',
  'route53:ListHostedZonesByName',
  'route53:ListResourceRecordSetProtections',
  'route53:ListResourceRecordSets',
  'route53:ListTagsForResources',
  'tag:GetResources',
];

/** From here on plans are made with a role that may look, and run the function that looks. */
async function useRoles({ estate }: MirrorBench): Promise<void> {
  const client = estate.account.client(IAMClient, REGION);
  const trust = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'sts:AssumeRole' };
  await client.send(
    new CreateRoleCommand({
      RoleName: 'trueup-plan',
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
    }),
  );
  const plan = `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:${await estate.functionName('Plan')}`;
  const statements = [
    { Effect: 'Allow', Action: READS, Resource: '*' },
    { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: plan },
  ];
  await client.send(
    new PutRolePolicyCommand({
      RoleName: 'trueup-plan',
      PolicyName: 'plan',
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
    }),
  );
  estate.rewrite('settings.yaml', (text) =>
    text.replace(
      `prod: { id: "${ACCOUNT}" }`,
      `prod: { id: "${ACCOUNT}", planRole: "${PLAN_ROLE}", applyRole: "${APPLY_ROLE}" }`,
    ),
  );
}

/** What a plan says of the records: all but who looked. */
function recordsOf({ digest, actions, documents, summary }: Plan): unknown {
  return { digest, actions, summary, effects: documents[0]!.effects, findings: documents[0]!.findings };
}

describe('T64 the plan role', () => {
  const shared = sharedMirrorBench({ spec: [NETWORK, TSIG] });

  it('may not read the key: with via auto the function looks, and the plan is the one made from here', async () => {
    const bench = shared();
    const { estate, primary } = bench;
    primary.serve(6, [...RECORDS.slice(1), NEW]);
    const [fromHere, fullFromHere] = [await estate.plan(), await estate.plan({ full: true })];
    expect(await bench.lines('Plan')).toEqual([]);
    await useRoles(bench);

    const [through, fullThrough] = [await estate.plan(), await estate.plan({ full: true })];

    expect(await bench.lines('Plan')).toHaveLength(2);
    expect(through.complete).toBe(true);
    expect(recordsOf(through)).toEqual(recordsOf(fromHere));
    expect(recordsOf(fullThrough)).toEqual(recordsOf(fullFromHere));
    const denied = estate.account.events().filter(({ errorCode }) => errorCode === 'AccessDeniedException');
    expect(new Set(denied.map(({ eventName }) => eventName))).toEqual(new Set(['GetParameter']));
  });

  it('may run the function that looks, and not the one that mirrors', async () => {
    const { estate } = shared();
    const endpoint = { kind: 'embedded', account: estate.account } as const;
    const project = await estate.load();
    const writes = estate.writes();
    const looks = { document: EVENT.document, event: { action: 'verify', document: EVENT.document }, endpoint };

    expect((await invoke(project, { ...looks, function: 'plan' })).answer).toHaveProperty('checks');
    const asPlan = {
      ...project,
      accounts: new Map([...project.accounts].map(([id, account]) => [id, { ...account, applyRole: PLAN_ROLE }])),
    };
    await expect(invoke(asPlan, { ...looks, event: EVENT, function: 'mirror' })).rejects.toThrow('InvokeFunction');
    expect(estate.writes()).toBe(writes);
  });
});
