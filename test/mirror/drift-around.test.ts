import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  DisableAlarmActionsCommand,
  PutMetricAlarmCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EventBridgeClient,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  DeleteRolePermissionsBoundaryCommand,
  GetRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { beforeAll, describe, expect, it } from 'vitest';
import { NETWORK, REGION, sharedMirrorBench } from '../support/mirror-bench.ts';
import { expectHealed, healAfterFailure, physicalNameOf } from '../support/mirror-drift.ts';
import type { Edit } from '../support/mirror-drift.ts';

const ACCOUNT = '111122223333';
const shared = sharedMirrorBench({ spec: [NETWORK] });

/** Physical names by logical id. */
const names = new Map<string, string>();
const name = (id: string): string => names.get(id) ?? '';

beforeAll(async () => {
  for (const id of ['Mirror', 'Plan', 'MirrorRole', 'PlanRole', 'Rule', 'Alarm']) {
    names.set(id, await physicalNameOf(shared(), id));
  }
});

const events = (): EventBridgeClient => shared().estate.account.client(EventBridgeClient, REGION);
const iam = (): IAMClient => shared().estate.account.client(IAMClient, REGION);
const logs = (): CloudWatchLogsClient => shared().estate.account.client(CloudWatchLogsClient, REGION);
const watch = (): CloudWatchClient => shared().estate.account.client(CloudWatchClient, REGION);

async function changeRule(fields: object): Promise<unknown> {
  const { Arn: _arn, CreatedBy: _by, ...rule } = await events().send(new DescribeRuleCommand({ Name: name('Rule') }));
  return events().send(new PutRuleCommand({ ...rule, Name: name('Rule'), ...fields }));
}

async function changeTarget(fields: object): Promise<unknown> {
  const Rule = name('Rule');
  const { Targets = [] } = await events().send(new ListTargetsByRuleCommand({ Rule }));
  return events().send(new PutTargetsCommand({ Rule, Targets: Targets.map((target) => ({ ...target, ...fields })) }));
}

async function changeAlarm(fields: object): Promise<unknown> {
  const { MetricAlarms = [] } = await watch().send(new DescribeAlarmsCommand({ AlarmNames: [name('Alarm')] }));
  const [alarm] = MetricAlarms;
  return watch().send(
    new PutMetricAlarmCommand({
      AlarmName: alarm?.AlarmName,
      AlarmDescription: alarm?.AlarmDescription,
      Namespace: alarm?.Namespace,
      MetricName: alarm?.MetricName,
      Dimensions: alarm?.Dimensions,
      Statistic: alarm?.Statistic,
      Period: alarm?.Period,
      EvaluationPeriods: alarm?.EvaluationPeriods,
      Threshold: alarm?.Threshold,
      ComparisonOperator: alarm?.ComparisonOperator,
      TreatMissingData: alarm?.TreatMissingData,
      ...fields,
    }),
  );
}

async function widen(role: string): Promise<unknown> {
  const found = await iam().send(new GetRolePolicyCommand({ RoleName: role, PolicyName: 'function' }));
  const policy = JSON.parse(decodeURIComponent(found.PolicyDocument ?? '')) as { Statement: object[] };
  policy.Statement.push({ Effect: 'Allow', Action: 'route53:*', Resource: '*' });
  const PolicyDocument = JSON.stringify(policy);
  return iam().send(new PutRolePolicyCommand({ RoleName: role, PolicyName: 'function', PolicyDocument }));
}

const OPEN = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };

const EDITS: readonly Edit[] = [
  ['the rule’s state', () => events().send(new DisableRuleCommand({ Name: name('Rule') })), 'Rule', 'State'],
  ['the schedule', () => changeRule({ ScheduleExpression: 'rate(1 day)' }), 'Rule', 'ScheduleExpression'],
  ['the target’s input', () => changeTarget({ Input: '{}' }), 'Rule', 'Targets'],
  [
    'the target',
    () => changeTarget({ Arn: `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:${name('Plan')}` }),
    'Rule',
    'Targets',
  ],
  [
    'the target, removed',
    () => events().send(new RemoveTargetsCommand({ Rule: name('Rule'), Ids: ['trueup-mirror'] })),
    'Rule',
    'Targets',
  ],
  ['the alarm’s threshold', () => changeAlarm({ Threshold: 100 }), 'Alarm', 'Threshold'],
  [
    'the alarm’s voice',
    () => watch().send(new DisableAlarmActionsCommand({ AlarmNames: [name('Alarm')] })),
    'Alarm',
    'ActionsEnabled',
  ],
  ['the alarm’s dimension', () => changeAlarm({ Dimensions: [] }), 'Alarm', 'Dimensions'],
  ['the alarm’s silence', () => changeAlarm({ TreatMissingData: 'notBreaching' }), 'Alarm', 'TreatMissingData'],
  [
    'the retention',
    () =>
      logs().send(new PutRetentionPolicyCommand({ logGroupName: `/aws/lambda/${name('Mirror')}`, retentionInDays: 1 })),
    'MirrorLogs',
    'RetentionInDays',
  ],
  [
    'the retention, removed',
    () => logs().send(new DeleteRetentionPolicyCommand({ logGroupName: `/aws/lambda/${name('Plan')}` })),
    'PlanLogs',
    'RetentionInDays',
  ],
  ['the policy, widened', () => widen(name('MirrorRole')), 'MirrorPolicy', 'PolicyDocument'],
  ['the policy of the one that looks, widened', () => widen(name('PlanRole')), 'PlanPolicy', 'PolicyDocument'],
  [
    'the trust',
    () =>
      iam().send(
        new UpdateAssumeRolePolicyCommand({
          RoleName: name('MirrorRole'),
          PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [OPEN] }),
        }),
      ),
    'MirrorRole',
    'AssumeRolePolicyDocument',
  ],
  [
    'the boundary',
    () => iam().send(new DeleteRolePermissionsBoundaryCommand({ RoleName: name('MirrorRole') })),
    'MirrorRole',
    'PermissionsBoundary',
  ],
];

/** What is gone, and comes back. */
const LOSSES: readonly (readonly [string, () => Promise<unknown>, string])[] = [
  ['the alarm', () => watch().send(new DeleteAlarmsCommand({ AlarmNames: [name('Alarm')] })), 'Alarm'],
  [
    'the log group',
    () => logs().send(new DeleteLogGroupCommand({ logGroupName: `/aws/lambda/${name('Plan')}` })),
    'PlanLogs',
  ],
  [
    'the rule',
    async () => {
      await events().send(new RemoveTargetsCommand({ Rule: name('Rule'), Ids: ['trueup-mirror'] }));
      await events().send(new DeleteRuleCommand({ Name: name('Rule') }));
    },
    'Rule',
  ],
];

describe('T73 what stands around the function is changed by hand', () => {
  healAfterFailure(shared);

  it.each(EDITS)('%s: drift names the field, apply heals, and the plan is empty', async (...edit) => {
    await expectHealed(shared(), edit);
  });

  it.each(LOSSES)('%s is missing: said, and made again', async (_what, lose, id) => {
    const { estate } = shared();
    await lose();

    const { missing, drifted } = await estate.drift();
    expect([missing.map((one) => one.id), drifted]).toEqual([[`ZoneMirror/corp/${id}`], []]);
    expect(await estate.apply()).toMatchObject({ outcome: 'applied', replan: { summary: { create: 0, update: 0 } } });
  });
});
