import type { Estate, Value } from '../../engine/types.ts';
import { arn } from '../../resources/arns.ts';
import { placesOf } from './places.ts';
import type { InstanceSchedule } from './places.ts';

/**
 * An IAM policy for the owners of instances: they may set and take away this one tag, and no other, on instances of the
 * places in which it is looked for.
 */
export function ownerPolicy(document: InstanceSchedule, estate: Estate): { readonly [name: string]: Value } {
  const { tagKey } = document.spec;
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'SetOwnSchedule',
        Effect: 'Allow',
        Action: ['ec2:CreateTags', 'ec2:DeleteTags'],
        Resource: placesOf(document, estate).map((place) => arn('ec2', place, 'instance/*')),
        Condition: {
          'ForAllValues:StringEquals': { 'aws:TagKeys': [tagKey] },
          Null: { 'aws:TagKeys': 'false' },
        },
      },
      {
        Sid: 'SeeInstances',
        Effect: 'Allow',
        Action: ['ec2:DescribeInstances', 'ec2:DescribeTags'],
        Resource: '*',
      },
    ],
  };
}
