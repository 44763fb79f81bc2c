import type { Late, Place } from '../../engine/types.ts';
import { arn } from '../../resources/arns.ts';
import { ERROR_TAG } from '../../resources/scheduled-instances/tags.ts';
import type { Statement } from '../function/policy.ts';
import type { InstanceScheduleSpec } from './spec.gen.ts';

/**
 * What starts and stops instances in one account: nothing but those that carry the tag, and of their tags the one that
 * says what is wrong with it. Describing knows no finer grain (Service Authorization Reference, "Amazon EC2").
 */
export function instanceStatements(
  { tagKey, kmsKeys }: Pick<InstanceScheduleSpec, 'tagKey' | 'kmsKeys'>,
  places: readonly Place[],
): readonly Late<Statement>[] {
  const Resource = places.map((place) => arn('ec2', place, 'instance/*'));
  const carriesTag = { [`ec2:ResourceTag/${tagKey}`]: 'false' };
  const onlyErrorTag = { 'ForAllValues:StringEquals': { 'aws:TagKeys': [ERROR_TAG] } };
  return [
    {
      Sid: 'Look',
      Effect: 'Allow',
      Action: ['ec2:DescribeInstances', 'ec2:DescribeSpotInstanceRequests'],
      Resource: ['*'],
    },
    {
      Sid: 'StartAndStop',
      Effect: 'Allow',
      Action: ['ec2:StartInstances', 'ec2:StopInstances'],
      Resource,
      Condition: { Null: carriesTag },
    },
    {
      Sid: 'SayWhatIsWrong',
      Effect: 'Allow',
      Action: ['ec2:CreateTags'],
      Resource,
      Condition: { ...onlyErrorTag, Null: { ...carriesTag, 'aws:TagKeys': 'false' } },
    },
    {
      // The schedule tag may be gone by then.
      Sid: 'SayItNoLonger',
      Effect: 'Allow',
      Action: ['ec2:DeleteTags'],
      Resource,
      Condition: { ...onlyErrorTag, Null: { 'aws:TagKeys': 'false' } },
    },
    ...(kmsKeys.length > 0 ? [volumeStatement(kmsKeys, places)] : []),
  ];
}

/**
 * An instance with encrypted volumes is started with a grant of its key that whoever starts it gives to EC2 (EBS user
 * guide, "Permissions for IAM users"); without it the instance stops again at once.
 */
function volumeStatement(kmsKeys: readonly string[], places: readonly Place[]): Statement {
  const services = [...new Set(places.map(({ region }) => `ec2.${region}.amazonaws.com`))].sort();
  return {
    Sid: 'EncryptedVolumes',
    Effect: 'Allow',
    Action: ['kms:CreateGrant'],
    Resource: [...kmsKeys].sort(),
    Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' }, StringEquals: { 'kms:ViaService': services } },
  };
}

/** Becoming the roles of the other accounts. */
export function assumeStatement(roles: readonly string[]): Statement {
  return { Sid: 'OtherAccounts', Effect: 'Allow', Action: ['sts:AssumeRole'], Resource: roles };
}
