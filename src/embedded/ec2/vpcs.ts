import type { DescribeVpcsRequest, DescribeVpcsResult, Vpc } from '@aws-sdk/client-ec2';
import type { CallContext } from '../service.ts';
import { describe } from './describe.ts';
import { derivedId } from './kind.ts';
import type { Kind } from './kind.ts';
import { VPC } from './model.ts';
import type { StoredVpc } from './model.ts';
import { tagsOf } from './tags.ts';

export const vpcs: Kind<StoredVpc, Vpc> = {
  ...VPC,
  show: showVpc,
  filters: {
    cidr: ({ CidrBlock }) => CidrBlock,
    'cidr-block-association.association-id': ({ CidrBlockAssociationSet = [] }) =>
      CidrBlockAssociationSet.map(({ AssociationId }) => AssociationId),
    'cidr-block-association.cidr-block': ({ CidrBlockAssociationSet = [] }) =>
      CidrBlockAssociationSet.map(({ CidrBlock }) => CidrBlock),
    'cidr-block-association.state': ({ CidrBlockAssociationSet = [] }) =>
      CidrBlockAssociationSet.map(({ CidrBlockState }) => CidrBlockState?.State),
    'dhcp-options-id': ({ DhcpOptionsId }) => DhcpOptionsId,
    'ipv6-cidr-block-association.ipv6-cidr-block': ({ Ipv6CidrBlockAssociationSet = [] }) =>
      Ipv6CidrBlockAssociationSet.map(({ Ipv6CidrBlock }) => Ipv6CidrBlock),
    'is-default': ({ IsDefault }) => IsDefault,
    'owner-id': ({ OwnerId }) => OwnerId,
    state: ({ State }) => State,
    'vpc-id': ({ VpcId }) => VpcId,
  },
};

export function showVpc(vpc: StoredVpc, context: CallContext): Vpc {
  const { id, cidr, ipv6Cidr } = vpc;
  return {
    VpcId: id,
    State: 'available',
    CidrBlock: cidr,
    DhcpOptionsId: derivedId('dopt', `${context.caller.account} ${context.region}`),
    InstanceTenancy: vpc.tenancy,
    IsDefault: false,
    OwnerId: context.caller.account,
    CidrBlockAssociationSet: [
      { AssociationId: derivedId('vpc-cidr-assoc', id), CidrBlock: cidr, CidrBlockState: { State: 'associated' } },
    ],
    ...(ipv6Cidr !== undefined && {
      Ipv6CidrBlockAssociationSet: [
        {
          AssociationId: derivedId('vpc-cidr-assoc', `${id} 6`),
          Ipv6CidrBlock: ipv6Cidr,
          Ipv6CidrBlockState: { State: 'associated' },
          NetworkBorderGroup: context.region,
          Ipv6Pool: 'Amazon',
          Ipv6AddressAttribute: 'public',
          IpSource: 'amazon',
        },
      ],
    }),
    BlockPublicAccessStates: { InternetGatewayBlockMode: 'off' },
    Tags: tagsOf(id, context),
  };
}

export function describeVpcs(input: DescribeVpcsRequest, context: CallContext): DescribeVpcsResult {
  const { items, next } = describe(
    vpcs,
    { ids: input.VpcIds, filters: input.Filters, maxResults: input.MaxResults, nextToken: input.NextToken },
    context,
  );
  return { Vpcs: items, ...next };
}
