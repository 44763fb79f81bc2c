import { describe, expect, it } from 'vitest';
import { administrator } from '../../src/embedded/caller.ts';
import { putMetricAlarm } from '../../src/embedded/cloudwatch/alarms.ts';
import { putRule } from '../../src/embedded/events/rules.ts';
import { createLogGroup } from '../../src/embedded/logs/groups.ts';
import { findService } from '../../src/embedded/services.ts';
import type { CallContext } from '../../src/embedded/service.ts';
import { Database, Transaction } from '../../src/embedded/store/database.ts';

const LOGS = 'arn:aws:logs:eu-west-1:111122223333:log-group';
const RULE = 'arn:aws:events:eu-west-1:111122223333:rule/tick';
const ALARMS = 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm';
const FUNCTION = 'arn:aws:lambda:eu-west-1:111122223333:function:f';
const GROUP = { logGroupName: '/a' };
const STREAM = { ...GROUP, logStreamName: 's' };
const CREATOR = { 'events:creatorAccount': '111122223333' };
const TAG = { Key: 'k', Value: 'v' };
const REQUEST_TAG = { 'aws:RequestTag/k': 'v', 'aws:TagKeys': ['k'] };
const OWN_TAG = { 'aws:ResourceTag/team': 'network' };

/** A rule `tick`, a log group `/a` and an alarm `lag`, each with a tag. */
function createContext(): CallContext {
  const context = {
    caller: administrator('111122223333'),
    region: 'eu-west-1',
    now: Date.parse('2026-11-24T10:00:00Z'),
    data: new Transaction(new Database()),
  };
  const Tags = [{ Key: 'team', Value: 'network' }];
  putRule({ Name: 'tick', ScheduleExpression: 'rate(1 hour)', Tags }, context);
  createLogGroup({ ...GROUP, tags: { team: 'network' } }, context);
  putMetricAlarm(
    {
      AlarmName: 'lag',
      Namespace: 'n',
      MetricName: 'm',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      Tags,
    },
    context,
  );
  return context;
}

/** Service Authorization Reference: EventBridge, CloudWatch Logs, CloudWatch. */
const TABLE: readonly (readonly [string, string, object, string | readonly string[] | undefined, object])[] = [
  ['EventBridge', 'DescribeRule', { Name: 'tick' }, RULE, { ...CREATOR, ...OWN_TAG }],
  ['EventBridge', 'PutRule', { Name: 'new', Tags: [TAG] }, RULE.replace('tick', 'new'), REQUEST_TAG],
  [
    'EventBridge',
    'PutTargets',
    { Rule: 'tick', Targets: [{ Id: 'a', Arn: FUNCTION }] },
    RULE,
    { ...CREATOR, ...OWN_TAG, 'events:TargetArn': [FUNCTION] },
  ],
  ['EventBridge', 'RemoveTargets', { Rule: 'tick', Ids: ['a'] }, RULE, { ...CREATOR, ...OWN_TAG }],
  ['EventBridge', 'ListRules', {}, undefined, {}],
  ['EventBridge', 'TagResource', { ResourceARN: RULE, Tags: [TAG] }, RULE, { ...CREATOR, ...OWN_TAG, ...REQUEST_TAG }],
  [
    'EventBridge',
    'UntagResource',
    { ResourceARN: RULE, TagKeys: ['k'] },
    RULE,
    { ...CREATOR, ...OWN_TAG, 'aws:TagKeys': ['k'] },
  ],
  ['CloudWatchLogs', 'CreateLogGroup', { ...GROUP, tags: { k: 'v' } }, `${LOGS}:/a:log-stream:`, REQUEST_TAG],
  ['CloudWatchLogs', 'DescribeLogGroups', {}, `${LOGS}::log-stream:`, {}],
  ['CloudWatchLogs', 'PutRetentionPolicy', GROUP, `${LOGS}:/a:log-stream:`, OWN_TAG],
  ['CloudWatchLogs', 'FilterLogEvents', { logGroupIdentifier: `${LOGS}:/a` }, `${LOGS}:/a:log-stream:`, OWN_TAG],
  ['CloudWatchLogs', 'CreateLogStream', STREAM, `${LOGS}:/a:log-stream:`, OWN_TAG],
  ['CloudWatchLogs', 'PutLogEvents', STREAM, `${LOGS}:/a:log-stream:s`, {}],
  ['CloudWatchLogs', 'GetLogEvents', STREAM, `${LOGS}:/a:log-stream:s`, {}],
  ['CloudWatchLogs', 'ListTagsForResource', { resourceArn: `${LOGS}:/a` }, `${LOGS}:/a`, OWN_TAG],
  [
    'CloudWatchLogs',
    'TagResource',
    { resourceArn: `${LOGS}:/a`, tags: { k: 'v' } },
    `${LOGS}:/a`,
    { ...OWN_TAG, ...REQUEST_TAG },
  ],
  ['CloudWatch', 'PutMetricData', { Namespace: 'n' }, undefined, { 'cloudwatch:namespace': 'n' }],
  ['CloudWatch', 'GetMetricStatistics', {}, undefined, {}],
  [
    'CloudWatch',
    'PutMetricAlarm',
    { AlarmName: 'lag', AlarmActions: ['arn:a'], Tags: [TAG] },
    `${ALARMS}:lag`,
    { ...OWN_TAG, ...REQUEST_TAG, 'cloudwatch:AlarmActions': ['arn:a'] },
  ],
  ['CloudWatch', 'DescribeAlarms', { AlarmNames: ['a', 'b'] }, [`${ALARMS}:a`, `${ALARMS}:b`], {}],
  ['CloudWatch', 'DescribeAlarms', {}, [`${ALARMS}:*`], {}],
  ['CloudWatch', 'DescribeAlarmHistory', {}, `${ALARMS}:*`, {}],
  ['CloudWatch', 'SetAlarmState', { AlarmName: 'lag' }, `${ALARMS}:lag`, OWN_TAG],
  ['CloudWatch', 'ListTagsForResource', { ResourceARN: `${ALARMS}:lag` }, `${ALARMS}:lag`, OWN_TAG],
];

describe('what IAM is asked', () => {
  it.each(TABLE)('%s %s %j', (service, command, input, resource, conditions) => {
    const { access } = findService(service)!.service.operations[command]!;
    const context = createContext();

    expect(access.resource?.(input, context)).toEqual(resource);
    expect(access.conditions?.(input, context) ?? {}).toEqual(conditions);
    expect(access).not.toHaveProperty('open');
  });
});
