import { describe, expect, it } from 'vitest';
import { administrator } from '../../src/embedded/caller.ts';
import { ec2 } from '../../src/embedded/ec2/service.ts';
import type { CallContext } from '../../src/embedded/service.ts';
import { Database, Transaction } from '../../src/embedded/store/database.ts';

const CONTEXT: CallContext = {
  caller: administrator('111122223333'),
  region: 'eu-west-1',
  now: 0,
  data: new Transaction(new Database()),
};

const ARN = 'arn:aws:ec2:eu-west-1:111122223333';

describe('what IAM is asked', () => {
  it.each([
    ['DescribeSubnets', {}, undefined],
    ['DescribeVpcAttribute', { VpcId: 'vpc-1' }, `${ARN}:vpc/vpc-1`],
    [
      'CreateNetworkInterface',
      { SubnetId: 'subnet-1', Groups: ['sg-1', 'sg-2'] },
      [
        `${ARN}:network-interface/*`,
        `${ARN}:subnet/subnet-1`,
        `${ARN}:security-group/sg-1`,
        `${ARN}:security-group/sg-2`,
      ],
    ],
    ['DeleteNetworkInterface', { NetworkInterfaceId: 'eni-1' }, [`${ARN}:network-interface/eni-1`]],
    ['CreateNatGateway', { SubnetId: 'subnet-1' }, [`${ARN}:natgateway/*`, `${ARN}:subnet/subnet-1`]],
    [
      'CreateTags',
      { Resources: ['vpc-1', 'nat-1', 'sgr-1'] },
      [`${ARN}:vpc/vpc-1`, `${ARN}:natgateway/nat-1`, `${ARN}:security-group-rule/sgr-1`],
    ],
    ['AuthorizeSecurityGroupEgress', { GroupId: 'sg-1' }, [`${ARN}:security-group/sg-1`]],
  ])('of %s', (command, input, resources) => {
    expect(ec2.operations[command]!.access.resource?.(input, CONTEXT)).toEqual(resources);
  });

  it('holds the tags of a request', () => {
    const TagSpecifications = [{ ResourceType: 'vpc', Tags: [{ Key: 'team', Value: 'network' }] }];

    expect(ec2.operations['CreateVpc']!.access.conditions?.({ TagSpecifications }, CONTEXT)).toEqual({
      'aws:RequestTag/team': 'network',
      'aws:TagKeys': ['team'],
    });
  });
});
