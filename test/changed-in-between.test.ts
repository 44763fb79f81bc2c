import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  TagResourceCommand as TagAlarmCommand,
} from '@aws-sdk/client-cloudwatch';
import type { PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import {
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand as ListLogTagsCommand,
  TagResourceCommand as TagLogGroupCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { ListTargetsByRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  GetRoleCommand,
  GetRolePolicyCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  RemovePermissionCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import {
  ChangeResourceRecordSetsCommand,
  ChangeTagsForResourceCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-route-53';
import { describe, expect, it } from 'vitest';
import { listRecordSets } from '../src/resources/record-sets/listing.ts';
import { reviewedWorlds } from './support/moved-world.ts';
import type { ReviewedWorld } from './support/moved-world.ts';

const REGION = { region: 'eu-west-1' };
const OPEN_TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});
const OTHER_RIGHTS = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: 's3:*', Resource: '*' }],
});

interface Row {
  readonly type: string;
  /** The call right before which somebody else writes. */
  readonly service: string;
  readonly command: string;
  /** Where the document asks for no change of it: drift that the plan heals. */
  before?(world: ReviewedWorld): Promise<unknown>;
  /** What somebody else writes, between the engine's look and that call. */
  meanwhile(world: ReviewedWorld): Promise<unknown>;
  /** What he wrote, as it is after the apply. */
  read(world: ReviewedWorld): Promise<unknown>;
  readonly theirs: unknown;
  /** Refused by the service, so that ours is not written; reported after ours was written. */
  readonly how: 'refused' | 'reported';
  /** What the report says of the resource, or that the apply did not converge. */
  readonly says: { readonly id: string; readonly error: string } | 'not-converged';
}

function moved(id: string): Row['says'] {
  return { id: `ZoneMirror/corp/${id}`, error: 'it moved while it was written: plan again' };
}

async function permission(world: ReviewedWorld, SourceArn: string): Promise<void> {
  const FunctionName = world.name('Mirror');
  const { Policy = '{}' } = await world.lambda.send(new GetPolicyCommand({ FunctionName }));
  const [statement] = (JSON.parse(Policy) as { Statement: { Sid: string }[] }).Statement;
  const StatementId = statement?.Sid ?? '';
  await world.lambda.send(new RemovePermissionCommand({ FunctionName, StatementId }));
  const added = { FunctionName, StatementId, Action: 'lambda:InvokeFunction', Principal: 'events.amazonaws.com' };
  await world.lambda.send(new AddPermissionCommand({ ...added, SourceArn }));
}

async function logGroupArn({ logs, name }: ReviewedWorld): Promise<string> {
  const { logGroups = [] } = await logs.send(
    new DescribeLogGroupsCommand({ logGroupNamePrefix: `/aws/lambda/${name('Mirror')}` }),
  );
  return logGroups[0]?.logGroupArn ?? '';
}

async function alarm({
  estate,
  name,
}: ReviewedWorld): Promise<{ client: CloudWatchClient; input: PutMetricAlarmCommandInput; arn: string }> {
  const client = estate.account.client(CloudWatchClient, REGION);
  const { MetricAlarms = [] } = await client.send(new DescribeAlarmsCommand({ AlarmNames: [name('Alarm')] }));
  const { AlarmArn: arn = '', ...input } = MetricAlarms[0] ?? {};
  return { client, input: input as PutMetricAlarmCommandInput, arn };
}

async function upsert(world: ReviewedWorld, name: string, value: string): Promise<void> {
  const set = { Name: `${name}.corp.test`, Type: 'A' as const, TTL: 300, ResourceRecords: [{ Value: value }] };
  const ChangeBatch = { Changes: [{ Action: 'UPSERT' as const, ResourceRecordSet: set }] };
  const HostedZoneId = await world.zoneId();
  await world.estate.client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch }));
}

async function record(world: ReviewedWorld, name: string): Promise<unknown> {
  const sets = await listRecordSets(world.estate.client, await world.zoneId());
  return sets.find(({ Name }) => Name === `${name}.corp.test.`)?.ResourceRecords?.[0]?.Value;
}

describe('F14 somebody writes between the last look and the write', () => {
  const open = reviewedWorlds({
    alone: true,
    edit: (estate) =>
      estate.rewrite('corp.yaml', (yaml) =>
        yaml
          .replace('comment: mirror', 'comment: office')
          .replace('rate(15 minutes)', 'rate(30 minutes)')
          .concat('  function: { memory: 512, logRetention: 14d }\n'),
      ),
    moves: 'ns1 A 10.0.0.1\nwww A 10.0.0.22',
  });

  const rows: readonly Row[] = [
    {
      type: 'Lambda::Function',
      service: 'lambda',
      command: 'UpdateFunctionConfiguration',
      meanwhile: ({ lambda, name }) =>
        lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: name('Mirror'), Timeout: 7 })),
      async read({ lambda, name }) {
        const found = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name('Mirror') }));
        return [found.Timeout, found.MemorySize];
      },
      theirs: [7, 256],
      how: 'refused',
      says: moved('Mirror'),
    },
    {
      type: 'Lambda::Permission',
      service: 'lambda',
      command: 'AddPermission',
      before: (world) => permission(world, 'arn:aws:events:eu-west-1:111122223333:rule/drift'),
      meanwhile: (world) => permission(world, 'arn:aws:events:eu-west-1:111122223333:rule/theirs'),
      async read({ lambda, name }) {
        const { Policy = '' } = await lambda.send(new GetPolicyCommand({ FunctionName: name('Mirror') }));
        return Policy.match(/rule\/[\w-]+/g);
      },
      theirs: ['rule/theirs'],
      how: 'refused',
      says: moved('Permission'),
    },
    {
      type: 'IAM::Role',
      service: 'iam',
      command: 'UpdateAssumeRolePolicy',
      before: ({ iam, name }) =>
        iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: name('MirrorRole'), PolicyDocument: OPEN_TRUST })),
      meanwhile: ({ iam, name }) =>
        iam.send(new UpdateRoleCommand({ RoleName: name('MirrorRole'), Description: 'theirs' })),
      read: async ({ iam, name }) =>
        (await iam.send(new GetRoleCommand({ RoleName: name('MirrorRole') }))).Role?.Description,
      theirs: 'theirs',
      how: 'reported',
      says: moved('MirrorRole'),
    },
    {
      type: 'IAM::RolePolicy',
      service: 'iam',
      command: 'PutRolePolicy',
      before: ({ iam, name }) =>
        iam.send(
          new PutRolePolicyCommand({
            RoleName: name('MirrorRole'),
            PolicyName: 'function',
            PolicyDocument: OTHER_RIGHTS,
          }),
        ),
      meanwhile: ({ iam, name }) =>
        iam.send(
          new PutRolePolicyCommand({
            RoleName: name('MirrorRole'),
            PolicyName: 'theirs',
            PolicyDocument: OTHER_RIGHTS,
          }),
        ),
      read: async ({ iam, name }) =>
        (await iam.send(new GetRolePolicyCommand({ RoleName: name('MirrorRole'), PolicyName: 'theirs' }))).PolicyName,
      theirs: 'theirs',
      how: 'reported',
      says: 'not-converged',
    },
    {
      type: 'Logs::LogGroup',
      service: 'cloudwatch-logs',
      command: 'PutRetentionPolicy',
      meanwhile: async (world) =>
        world.logs.send(new TagLogGroupCommand({ resourceArn: await logGroupArn(world), tags: { team: 'theirs' } })),
      read: async (world) =>
        (await world.logs.send(new ListLogTagsCommand({ resourceArn: await logGroupArn(world) }))).tags?.['team'],
      theirs: 'theirs',
      how: 'reported',
      says: moved('MirrorLogs'),
    },
    {
      type: 'Events::Rule',
      service: 'eventbridge',
      command: 'PutRule',
      async meanwhile({ rules, name }) {
        const { Targets = [] } = await rules.send(new ListTargetsByRuleCommand({ Rule: name('Rule') }));
        const theirs = Targets.map((target) => ({ ...target, Input: '{"theirs":true}' }));
        await rules.send(new PutTargetsCommand({ Rule: name('Rule'), Targets: theirs }));
      },
      read: async ({ rules, name }) =>
        (await rules.send(new ListTargetsByRuleCommand({ Rule: name('Rule') }))).Targets?.map(({ Input }) => Input),
      theirs: ['{"theirs":true}'],
      how: 'reported',
      says: moved('Rule'),
    },
    {
      type: 'CloudWatch::Alarm',
      service: 'cloudwatch',
      command: 'PutMetricAlarm',
      async before(world) {
        const { client, input } = await alarm(world);
        await client.send(new PutMetricAlarmCommand({ ...input, Threshold: 9 }));
      },
      async meanwhile(world) {
        const { client, arn } = await alarm(world);
        await client.send(new TagAlarmCommand({ ResourceARN: arn, Tags: [{ Key: 'team', Value: 'theirs' }] }));
      },
      async read({ estate }) {
        const { actions } = await estate.plan();
        return actions.find(({ id }) => id.endsWith('/Alarm'))?.changes.map(({ path, before }) => [path, before]);
      },
      theirs: [['Tags', [{ Key: 'team', Value: 'theirs' }]]],
      how: 'reported',
      says: moved('Alarm'),
    },
    {
      type: 'Route53::HostedZone',
      service: 'route-53',
      command: 'UpdateHostedZoneComment',
      meanwhile: async ({ estate, zoneId }) =>
        estate.client.send(
          new ChangeTagsForResourceCommand({
            ResourceType: 'hostedzone',
            ResourceId: await zoneId(),
            AddTags: [{ Key: 'team', Value: 'theirs' }],
          }),
        ),
      async read({ estate, zoneId }) {
        const { ResourceTagSet } = await estate.client.send(
          new ListTagsForResourceCommand({ ResourceType: 'hostedzone', ResourceId: await zoneId() }),
        );
        return ResourceTagSet?.Tags?.find(({ Key }) => Key === 'team')?.Value;
      },
      theirs: 'theirs',
      how: 'reported',
      says: moved('Zone'),
    },
    {
      type: 'Route53::RecordSet, another one',
      service: 'route-53',
      command: 'ChangeResourceRecordSets',
      meanwhile: (world) => upsert(world, 'ns1', '10.9.9.9'),
      read: (world) => record(world, 'ns1'),
      theirs: '10.9.9.9',
      how: 'reported',
      says: 'not-converged',
    },
    {
      type: 'Route53::RecordSet, one that is to go',
      service: 'route-53',
      command: 'ChangeResourceRecordSets',
      meanwhile: (world) => upsert(world, 'vpn', '10.9.9.9'),
      read: (world) => record(world, 'vpn'),
      theirs: '10.9.9.9',
      how: 'refused',
      says: { id: 'ZoneMirror/corp/Records', error: expect.stringContaining('Route 53 refuses vpn.corp.test.') },
    },
  ];

  it.each(rows)('$type: $how, and what he wrote stands', async (row) => {
    let meanwhile: (() => Promise<unknown>) | undefined;
    const wait: Parameters<typeof open>[0] = [
      { service: row.service, command: row.command, times: 99, fault: 'latency:1' },
    ];
    const world = await open(wait, async () => {
      const act = meanwhile;
      meanwhile = undefined;
      await act?.();
    });
    await row.before?.(world);
    meanwhile = () => row.meanwhile(world);

    const result = await world.estate.apply();

    expect(meanwhile).toBeUndefined();
    const { says } = row;
    expect({ outcome: result.outcome, failed: result.failed, theirs: await row.read(world) }).toEqual({
      outcome: says === 'not-converged' ? says : 'partial',
      failed: says === 'not-converged' ? [] : [says],
      theirs: row.theirs,
    });
  });
});
