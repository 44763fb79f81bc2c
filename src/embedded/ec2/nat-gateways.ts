import type {
  CreateNatGatewayRequest,
  CreateNatGatewayResult,
  DescribeNatGatewaysRequest,
  DescribeNatGatewaysResult,
  NatGateway,
} from '@aws-sdk/client-ec2';
import { serviceError } from '../errors.ts';
import type { CallContext } from '../service.ts';
import { associationId } from './addresses.ts';
import { describe } from './describe.ts';
import { invalidCombination, missingParameter, refuseUnknown } from './errors.ts';
import { makeInterface } from './interface-addresses.ts';
import { gatewayOf } from './internet-gateways.ts';
import { derivedId, find, need, newId, put } from './kind.ts';
import type { Kind } from './kind.ts';
import { ADDRESS, NAT_GATEWAY, NETWORK_INTERFACE, SUBNET } from './model.ts';
import type { StoredAddress, StoredNatGateway, StoredSubnet } from './model.ts';
import { once } from './once.ts';
import { addSpecifiedTags, tagsOf } from './tags.ts';

export const natGateways: Kind<StoredNatGateway, NatGateway> = {
  ...NAT_GATEWAY,
  show: showNatGateway,
  filters: {
    'nat-gateway-id': ({ NatGatewayId }) => NatGatewayId,
    state: ({ State }) => State,
    'subnet-id': ({ SubnetId }) => SubnetId,
    'vpc-id': ({ VpcId }) => VpcId,
  },
};

function showNatGateway(row: StoredNatGateway, context: CallContext): NatGateway {
  const allocation = row.allocation === undefined ? undefined : find(ADDRESS, row.allocation, context);
  return {
    NatGatewayId: row.id,
    VpcId: row.vpc,
    SubnetId: row.subnet,
    ConnectivityType: row.connectivity,
    AvailabilityMode: 'zonal',
    CreateTime: new Date(row.created),
    State: row.failed ? 'failed' : 'available',
    ...(row.failed && {
      FailureCode: 'Gateway.NotAttached',
      FailureMessage: `Network ${row.vpc} has no Internet gateway attached`,
    }),
    NatGatewayAddresses: [
      {
        NetworkInterfaceId: row.interface,
        PrivateIp: find(NETWORK_INTERFACE, row.interface, context)?.ip,
        ...(allocation !== undefined && {
          AllocationId: allocation.id,
          AssociationId: associationId(allocation.id),
          PublicIp: allocation.ip,
        }),
        IsPrimary: true,
        Status: row.failed ? 'failed' : 'succeeded',
      },
    ],
    Tags: tagsOf(row.id, context),
  };
}

export function describeNatGateways(
  input: DescribeNatGatewaysRequest,
  context: CallContext,
): DescribeNatGatewaysResult {
  const { items, next } = describe(
    natGateways,
    { ids: input.NatGatewayIds, filters: input.Filter, maxResults: input.MaxResults, nextToken: input.NextToken },
    context,
  );
  return { NatGateways: items, ...next };
}

export function createNatGateway(input: CreateNatGatewayRequest, context: CallContext): CreateNatGatewayResult {
  refuseUnknown(input, [
    'AvailabilityMode',
    'VpcId',
    'AvailabilityZoneAddresses',
    'SecondaryAllocationIds',
    'SecondaryPrivateIpAddresses',
    'SecondaryPrivateIpAddressCount',
  ]);
  const subnet = need(SUBNET, input.SubnetId, context);
  const id = once('CreateNatGateway', input, context, () => {
    const made = newId('nat', context);
    const address = addressFor(input, context);
    addSpecifiedTags(made, 'natgateway', input.TagSpecifications, context);
    const attached = gatewayOf(subnet.vpc, context) !== undefined;
    putNatGateway(made, subnet, { address, ip: input.PrivateIpAddress, attached }, context);
    return made;
  });
  const shown = showNatGateway(need(NAT_GATEWAY, id, context), context);
  return { NatGateway: { ...shown, State: 'pending' }, ClientToken: input.ClientToken };
}

function addressFor(
  { ConnectivityType, AllocationId }: CreateNatGatewayRequest,
  context: CallContext,
): StoredAddress | undefined {
  if (ConnectivityType === 'private') {
    if (AllocationId === undefined) return undefined;
    throw invalidCombination('A private NAT gateway cannot have an Elastic IP address.');
  }
  if (AllocationId === undefined) throw missingParameter('allocationId');
  const address = need(ADDRESS, AllocationId, context);
  if (address.interface === undefined) return address;
  throw serviceError('Resource.AlreadyAssociated', `Elastic IP address [${address.id}] is already associated`);
}

interface NatDetails {
  readonly address: StoredAddress | undefined;
  readonly ip?: string | undefined;
  /** Has the VPC an internet gateway? */
  readonly attached: boolean;
}

/** A NAT gateway, public when it has an address; that one fails in a network without an internet gateway. */
export function putNatGateway(
  id: string,
  { id: subnet, vpc }: StoredSubnet,
  { address, ip, attached }: NatDetails,
  context: CallContext,
): void {
  const about = { groups: [], description: `Interface for NAT Gateway ${id}`, type: 'nat_gateway' as const, ip };
  const held = makeInterface(derivedId('eni', id), subnet, about, context);
  if (address !== undefined) put(ADDRESS, address.id, { ...address, interface: held.id }, context);
  const row: StoredNatGateway = {
    id,
    vpc,
    subnet,
    connectivity: address === undefined ? 'private' : 'public',
    created: context.now,
    interface: held.id,
    ...(address !== undefined && { allocation: address.id }),
    failed: address !== undefined && !attached,
  };
  put(NAT_GATEWAY, id, row, context);
}
