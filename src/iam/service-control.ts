import { distinct, policyOf } from './policy.ts';
import type { Policy } from './policy.ts';
import type { RuntimeRole } from './runtime.ts';
import { accountsOf } from './tree.ts';
import type { IamTree } from './tree.ts';

/** Actions that write tags, of the services in which objects carry our marker, and of the API that writes all of them. */
const TAGGING = [
  // API Gateway's actions are the methods of HTTP; the condition below leaves all of them that write no tags.
  'apigateway:DELETE',
  'apigateway:PATCH',
  'apigateway:POST',
  'apigateway:PUT',
  'apigateway:TagResource',
  'apigateway:UntagResource',
  'cloudwatch:TagResource',
  'cloudwatch:UntagResource',
  'dynamodb:TagResource',
  'dynamodb:UntagResource',
  'ec2:CreateTags',
  'ec2:DeleteTags',
  'events:TagResource',
  'events:UntagResource',
  'iam:CreateRole',
  'iam:TagRole',
  'iam:UntagRole',
  'lambda:TagResource',
  'lambda:UntagResource',
  'logs:TagLogGroup',
  'logs:TagResource',
  'logs:UntagLogGroup',
  'logs:UntagResource',
  'route53:ChangeTagsForResource',
  's3:DeleteBucketTagging',
  's3:PutBucketTagging',
  's3:TagResource',
  's3:UntagResource',
  'sns:TagResource',
  'sns:UntagResource',
  'sqs:TagQueue',
  'sqs:UntagQueue',
  'tag:TagResources',
  'tag:UntagResources',
];

/**
 * For the organization: only who applies writes tags of trueup's, and the functions whose documents have them write what
 * is wrong with a schedule (threats T69). It allows nothing.
 */
export function serviceControlPolicy(tree: IamTree, runtime: readonly RuntimeRole[]): Policy {
  const appliers = accountsOf(tree).flatMap(({ applyRole }) => applyRole ?? []);
  const taggers = runtime.filter(({ policy }) =>
    policy.Statement.some(({ Effect, Action }) => Effect === 'Allow' && Action.some((one) => TAGGING.includes(one))),
  );
  return policyOf([
    {
      Sid: 'OnlyTrueupTags',
      Effect: 'Deny',
      Action: TAGGING,
      Resource: ['*'],
      Condition: {
        'ForAnyValue:StringLike': { 'aws:TagKeys': ['trueup:*'] },
        ArnNotEquals: { 'aws:PrincipalArn': distinct([...appliers, ...taggers.map(({ arn }) => arn)]) },
      },
    },
  ]);
}
