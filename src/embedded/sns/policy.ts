import type { Sender } from '../delivery/pending.ts';
import { evaluate } from '../iam/policy/evaluate.ts';
import { rowKeyIn } from '../row-key.ts';
import type { Transaction } from '../store/database.ts';
import { topicArn, topics } from './model.ts';
import type { StoredTopic } from './model.ts';

/** "By default, only the topic owner can publish or subscribe to the topic" (CreateTopic, Policy). */
function defaultPolicy(topic: StoredTopic): string {
  return JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: [
          'SNS:GetTopicAttributes',
          'SNS:SetTopicAttributes',
          'SNS:AddPermission',
          'SNS:RemovePermission',
          'SNS:DeleteTopic',
          'SNS:Subscribe',
          'SNS:ListSubscriptionsByTopic',
          'SNS:Publish',
        ],
        Resource: topicArn(topic),
        Condition: { StringEquals: { 'AWS:SourceOwner': topic.account } },
      },
    ],
  });
}

/** JSON, as it was given. */
export function policyOf(topic: StoredTopic): string {
  return topic.policy ?? defaultPolicy(topic);
}

/** The topic of an ARN, of any account and region. */
export function topicAnywhere(arn: string, data: Transaction): StoredTopic | undefined {
  const [, , service, region = '', account = '', name = ''] = arn.split(':');
  return service === 'sns' ? data.get(topics, rowKeyIn(name, { account, region })) : undefined;
}

/** Does the topic exist, and does its policy let a service publish? */
export function topicAdmits(arn: string, { principal, sourceArn, sourceAccount }: Sender, data: Transaction): boolean {
  const topic = topicAnywhere(arn, data);
  if (topic === undefined) return false;
  const conditions = { 'aws:SourceArn': sourceArn, 'aws:SourceAccount': sourceAccount };
  const request = { action: 'sns:Publish', resource: arn, conditions, requester: { service: principal } };
  return evaluate(request, { resource: policyOf(topic) }).effect === 'allowed';
}
