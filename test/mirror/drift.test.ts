import { CloudWatchClient, DeleteAlarmsCommand, DescribeAlarmsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
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
  CreateRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  GetRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  DeleteFunctionCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
  RemovePermissionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { zipSync } from 'fflate';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { nameOf } from '../../src/reconcilers/function/names.ts';
import { NETWORK, RECORDS, REGION, sharedMirrorBench } from '../support/mirror-bench.ts';

const ACCOUNT = '111122223333';
const CANARY = 'canary-4711';
const shared = sharedMirrorBench({ spec: [NETWORK] });

/** Physical names by logical id. */
const names = new Map<string, string>();
const name = (id: string): string => names.get(id) ?? '';

beforeAll(async () => {
  const { documents, estate } = await shared().estate.load();
  const ids = ['Mirror', 'Plan', 'MirrorRole', 'PlanRole', 'Rule', 'Alarm'];
  for (const id of ids) names.set(id, nameOf(documents[0]!, estate, id));
});

const lambda = (): LambdaClient => shared().estate.account.client(LambdaClient, REGION);
const events = (): EventBridgeClient => shared().estate.account.client(EventBridgeClient, REGION);
const iam = (): IAMClient => shared().estate.account.client(IAMClient, REGION);
const logs = (): CloudWatchLogsClient => shared().estate.account.client(CloudWatchLogsClient, REGION);
const watch = (): CloudWatchClient => shared().estate.account.client(CloudWatchClient, REGION);

async function configure(fields: object): Promise<unknown> {
  return lambda().send(new UpdateFunctionConfigurationCommand({ FunctionName: name('Mirror'), ...fields }));
}

async function configuration() {
  return lambda().send(new GetFunctionConfigurationCommand({ FunctionName: name('Mirror') }));
}

async function changeVariable(key: string, value: string): Promise<unknown> {
  const { Environment } = await configuration();
  return configure({ Environment: { Variables: { ...Environment?.Variables, [key]: value } } });
}

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

async function dropPermission(): Promise<unknown> {
  const FunctionName = name('Mirror');
  const { Policy = '{}' } = await lambda().send(new GetPolicyCommand({ FunctionName }));
  const { Statement } = JSON.parse(Policy) as { Statement: readonly { Sid: string }[] };
  return lambda().send(new RemovePermissionCommand({ FunctionName, StatementId: Statement[0]?.Sid }));
}

const OPEN = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };

/** One that may do more, as Lambda allows it. */
async function takeOtherRole(): Promise<unknown> {
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [OPEN] });
  await iam().send(new CreateRoleCommand({ RoleName: 'admin', AssumeRolePolicyDocument }));
  return configure({ Role: `arn:aws:iam::${ACCOUNT}:role/admin` });
}

/** What is edited by hand, how, and the field that drift names. */
const EDITS: readonly (readonly [string, () => Promise<unknown>, string, string])[] = [
  ['the memory', () => configure({ MemorySize: 512 }), 'Mirror', 'MemorySize'],
  ['the time-out', () => configure({ Timeout: 3 }), 'Mirror', 'Timeout'],
  ['a variable', () => changeVariable('TRUEUP_ZONE_ID', CANARY), 'Mirror', 'Environment'],
  ['the document in the variables', () => changeVariable('TRUEUP_DOCUMENT', CANARY), 'Mirror', 'Environment'],
  ['a further variable', () => changeVariable('NODE_OPTIONS', CANARY), 'Mirror', 'Environment'],
  ['the role', takeOtherRole, 'Mirror', 'Role'],
  ['the VPC', () => configure({ VpcConfig: { SubnetIds: [], SecurityGroupIds: [] } }), 'Mirror', 'VpcConfig'],
  [
    'the subnets',
    () => configure({ VpcConfig: { SubnetIds: ['subnet-0c11bb22'], SecurityGroupIds: ['sg-0a11bb22'] } }),
    'Mirror',
    'VpcConfig',
  ],
  [
    'the code',
    () =>
      lambda().send(
        new UpdateFunctionCodeCommand({
          FunctionName: name('Mirror'),
          ZipFile: zipSync({ 'index.mjs': Buffer.from(`export const handler = () => '${CANARY}';`) }),
        }),
      ),
    'Mirror',
    'Code',
  ],
  ['the entry', () => configure({ Handler: 'other.handler' }), 'Mirror', 'Handler'],
  [
    'the concurrency',
    () =>
      lambda().send(
        new PutFunctionConcurrencyCommand({ FunctionName: name('Mirror'), ReservedConcurrentExecutions: 0 }),
      ),
    'Mirror',
    'ReservedConcurrentExecutions',
  ],
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
    () => events().send(new RemoveTargetsCommand({ Rule: name('Rule'), Ids: ['Mirror'] })),
    'Rule',
    'Targets',
  ],
  ['the alarm’s threshold', () => changeAlarm({ Threshold: 100 }), 'Alarm', 'Threshold'],
  ['the alarm’s dimension', () => changeAlarm({ Dimensions: [] }), 'Alarm', 'Dimensions'],
  ['the alarm’s silence', () => changeAlarm({ TreatMissingData: 'notBreaching' }), 'Alarm', 'TreatMissingData'],
  [
    'the retention',
    () => logs().send(new PutRetentionPolicyCommand({ logGroupName: `/aws/lambda/${name('Mirror')}`, retentionInDays: 1 })),
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
  ['the permission', dropPermission, 'Permission'],
  ['the alarm', () => watch().send(new DeleteAlarmsCommand({ AlarmNames: [name('Alarm')] })), 'Alarm'],
  [
    'the log group',
    () => logs().send(new DeleteLogGroupCommand({ logGroupName: `/aws/lambda/${name('Plan')}` })),
    'PlanLogs',
  ],
  [
    'the rule',
    async () => {
      await events().send(new RemoveTargetsCommand({ Rule: name('Rule'), Ids: ['Mirror'] }));
      await events().send(new DeleteRuleCommand({ Name: name('Rule') }));
    },
    'Rule',
  ],
];

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await shared().estate.apply();
});

describe('T73 something of the function is changed by hand', () => {
  it.each(EDITS)('%s: drift names the field, apply heals, and the plan is empty', async (_what, edit, id, field) => {
    const { estate } = shared();
    // Lambda takes no change while the one before is under way.
    estate.account.elapse(60_000);
    await edit();

    const { drifted, complete, ...found } = await estate.drift();
    const plan = await estate.plan();

    expect(complete).toBe(true);
    expect(drifted.map((one) => [one.id, one.changes.map(({ path }) => path.split(/[./]/)[0])])).toEqual([
      [`ZoneMirror/corp/${id}`, [field]],
    ]);
    expect(plan.actions.map((one) => one.id)).toEqual([`ZoneMirror/corp/${id}`]);
    expect(JSON.stringify([found, drifted, plan])).not.toContain(CANARY);
    expect(await estate.apply(plan)).toMatchObject({ outcome: 'applied', failed: [] });
    expect((await estate.plan({ full: true })).actions).toEqual([]);
  });

  it.each(LOSSES)('%s is missing: said, and made again', async (_what, lose, id) => {
    const { estate } = shared();
    await lose();

    const { missing, drifted } = await estate.drift();
    expect([missing.map((one) => one.id), drifted]).toEqual([[`ZoneMirror/corp/${id}`], []]);
    expect((await estate.apply(await estate.plan())).outcome).toBe('applied');
    expect((await estate.plan({ full: true })).actions).toEqual([]);
  });

  it('both functions are gone: made again, and the mirror runs', async () => {
    const bench = shared();
    for (const id of ['Mirror', 'Plan']) await lambda().send(new DeleteFunctionCommand({ FunctionName: name(id) }));
    const missing = (await bench.estate.drift()).missing.map(({ id }) => id.replace('ZoneMirror/corp/', ''));
    expect(missing.sort()).toEqual(['Mirror', 'Permission', 'Plan']);

    expect((await bench.estate.apply()).outcome).toBe('applied');
    bench.primary.serve(6, [...RECORDS, 'new 300 A 10.0.0.9']);
    expect((await bench.tick()).line).toMatchObject({ outcome: 'mirrored', serialTo: 6 });
  });

  it('T74 everybody is let in: not ours to remove, and said', async () => {
    const { estate } = shared();
    await lambda().send(
      new AddPermissionCommand({
        ...{ FunctionName: name('Mirror'), StatementId: 'theirs', Action: 'lambda:InvokeFunction', Principal: '*' },
      }),
    );

    const plan = await estate.plan();
    expect(plan.actions).toEqual([]);
    expect(plan.documents[0]!.findings.map(({ code }) => code)).toContain('open-permission');
  });
});
