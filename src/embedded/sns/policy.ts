import type { Sender } from '../delivery/pending.ts';
import { evaluate } from '../iam/policy/evaluate.ts';
import type { PolicyDocument } from '../iam/policy/document.ts';
import { PolicySyntaxError, parsePolicy } from '../iam/policy/parse.ts';
import type { Transaction } from '../store/database.ts';
import { invalidParameter } from './errors.ts';
import { topicAnywhere, topicArn } from './model.ts';
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

/** Developer guide, "Amazon SNS API permissions": what a topic's policy may speak of. */
const ACTIONS = [
  'addpermission',
  'deletetopic',
  'getdataprotectionpolicy',
  'gettopicattributes',
  'listsubscriptionsbytopic',
  'listtagsforresource',
  'publish',
  'putdataprotectionpolicy',
  'removepermission',
  'settopicattributes',
  'subscribe',
].map((action) => `sns:${action}`);
/** Quotas: "Topic policy size". */
const MAX_BYTES = 30_720;

/** @throws InvalidParameterException for a policy that SNS does not take, wildcards in actions among them. */
export function checkPolicy(policy: string): string {
  if (Buffer.byteLength(policy) > MAX_BYTES) throw invalidParameter('Policy', 'Policy document is too long');
  const { statements } = readPolicy(policy);
  if (statements.flatMap(({ actions }) => actions.patterns).some((action) => !ACTIONS.includes(action))) {
    throw invalidParameter('Policy statement action out of service scope!');
  }
  return policy;
}

function readPolicy(policy: string): PolicyDocument {
  try {
    return parsePolicy(policy, 'resource');
  } catch (error) {
    if (error instanceof PolicySyntaxError) throw invalidParameter('Policy', error.message);
    throw error;
  }
}

/** Does the topic exist, and does its policy let a service publish? */
export function topicAdmits(arn: string, { principal, sourceArn, sourceAccount }: Sender, data: Transaction): boolean {
  const topic = topicAnywhere(arn, data);
  if (topic === undefined) return false;
  const conditions = { 'aws:SourceArn': sourceArn, 'aws:SourceAccount': sourceAccount };
  const request = { action: 'sns:Publish', resource: arn, conditions, requester: { service: principal } };
  return evaluate(request, { resource: policyOf(topic) }).effect === 'allowed';
}
