import { CloudWatchClient, DescribeAlarmHistoryCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AddPermissionCommand } from '@aws-sdk/client-lambda';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { expect, it } from 'vitest';
import { REGION, START, openTestFunctions } from '../support/lambda.ts';

const MINUTE = 60_000;
const FUNCTION = 'arn:aws:lambda:eu-west-1:111122223333:function:f';
/** Logs a metric by the account's clock. */
const SOURCE = `export const handler = async ({ zone, failed }) => {
  const directive = { Namespace: 'test', Dimensions: [['zone']], Metrics: [{ Name: 'failed' }] };
  const Timestamp = globalThis[Symbol.for('trueup.embedded')].now();
  console.log(JSON.stringify({ _aws: { Timestamp, CloudWatchMetrics: [directive] }, zone, failed }));
};`;

it('a rule starts a function, whose line becomes a metric, which an alarm sees', async () => {
  const { account, client, create } = openTestFunctions();
  await account.client(CloudWatchLogsClient, REGION).send(new CreateLogGroupCommand({ logGroupName: '/aws/lambda/f' }));
  await create('f', SOURCE);
  const Resource = 'arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/f:*';
  const Statement = [{ Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource }];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await account
    .client(IAMClient, REGION)
    .send(new PutRolePolicyCommand({ RoleName: 'mirror', PolicyName: 'all', PolicyDocument }));
  const events = account.client(EventBridgeClient, REGION);
  const cloudwatch = account.client(CloudWatchClient, REGION);
  const { RuleArn } = await events.send(new PutRuleCommand({ Name: 'tick', ScheduleExpression: 'rate(15 minutes)' }));
  await client.send(
    new AddPermissionCommand({
      FunctionName: 'f',
      StatementId: 'tick',
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
      SourceArn: RuleArn,
    }),
  );
  const Targets = [{ Id: 'f', Arn: FUNCTION, Input: '{"zone":"corp","failed":1}' }];
  await events.send(new PutTargetsCommand({ Rule: 'tick', Targets }));
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName: 'failed',
      Namespace: 'test',
      MetricName: 'failed',
      Dimensions: [{ Name: 'zone', Value: 'corp' }],
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    }),
  );

  await account.advance(40 * MINUTE);

  const { AlarmHistoryItems } = await cloudwatch.send(
    new DescribeAlarmHistoryCommand({ HistoryItemType: 'StateUpdate', ScanBy: 'TimestampAscending' }),
  );
  const changes = AlarmHistoryItems!.map((item) => [(item.Timestamp!.getTime() - START) / MINUTE, item.HistorySummary]);
  // Made at 1; the rule fires at 16 and 31.
  expect(changes).toEqual([
    [2, 'Alarm updated from INSUFFICIENT_DATA to OK'],
    [17, 'Alarm updated from OK to ALARM'],
    [20, 'Alarm updated from ALARM to OK'],
    [32, 'Alarm updated from OK to ALARM'],
    [35, 'Alarm updated from ALARM to OK'],
  ]);
});
