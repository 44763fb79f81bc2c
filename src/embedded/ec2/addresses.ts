import type {
  Address,
  AllocateAddressRequest,
  AllocateAddressResult,
  DescribeAddressesRequest,
  DescribeAddressesResult,
} from '@aws-sdk/client-ec2';
import { serviceError } from '../errors.ts';
import type { CallContext } from '../service.ts';
import { describe } from './describe.ts';
import { refuseUnknown } from './errors.ts';
import { derivedId, find, missing, newId, put, rowsOf } from './kind.ts';
import type { Kind } from './kind.ts';
import { ADDRESS, NETWORK_INTERFACE } from './model.ts';
import type { StoredAddress } from './model.ts';
import { addSpecifiedTags, tagsOf } from './tags.ts';

/** Amazon EC2 User Guide, "Elastic IP address quota": per Region. */
const MAX_ADDRESSES = 5;

export const addresses: Kind<StoredAddress, Address> = {
  ...ADDRESS,
  show: showAddress,
  filters: {
    'allocation-id': ({ AllocationId }) => AllocationId,
    'association-id': ({ AssociationId }) => AssociationId,
    'network-border-group': ({ NetworkBorderGroup }) => NetworkBorderGroup,
    'network-interface-id': ({ NetworkInterfaceId }) => NetworkInterfaceId,
    'network-interface-owner-id': ({ NetworkInterfaceOwnerId }) => NetworkInterfaceOwnerId,
    'private-ip-address': ({ PrivateIpAddress }) => PrivateIpAddress,
    'public-ip': ({ PublicIp }) => PublicIp,
  },
};

function showAddress(row: StoredAddress, context: CallContext): Address {
  return {
    AllocationId: row.id,
    PublicIp: row.ip,
    Domain: 'vpc',
    PublicIpv4Pool: 'amazon',
    NetworkBorderGroup: context.region,
    ...(row.interface !== undefined && {
      AssociationId: associationId(row.id),
      NetworkInterfaceId: row.interface,
      NetworkInterfaceOwnerId: context.caller.account,
      PrivateIpAddress: find(NETWORK_INTERFACE, row.interface, context)?.ip,
    }),
    Tags: tagsOf(row.id, context),
  };
}

export function associationId(allocation: string): string {
  return derivedId('eipassoc', allocation);
}

export function describeAddresses(input: DescribeAddressesRequest, context: CallContext): DescribeAddressesResult {
  const { items } = describe(addresses, { ids: input.AllocationIds, filters: input.Filters }, context);
  const ips = input.PublicIps ?? [];
  const unknown = ips.find((ip) => !items.some(({ PublicIp }) => PublicIp === ip));
  if (unknown !== undefined) throw missing({ notFound: 'InvalidAddress.NotFound', noun: 'address' }, unknown);
  return { Addresses: ips.length === 0 ? items : items.filter(({ PublicIp = '' }) => ips.includes(PublicIp)) };
}

export function allocateAddress(input: AllocateAddressRequest, context: CallContext): AllocateAddressResult {
  refuseUnknown(input, ['Address', 'PublicIpv4Pool', 'CustomerOwnedIpv4Pool', 'IpamPoolId']);
  if (rowsOf(ADDRESS, context).length >= MAX_ADDRESSES) {
    throw serviceError('AddressLimitExceeded', 'The maximum number of addresses has been reached.');
  }
  const { id, ip } = putAddress(newId('eipalloc', context), {}, context);
  addSpecifiedTags(id, 'elastic-ip', input.TagSpecifications, context);
  return {
    AllocationId: id,
    PublicIp: ip,
    Domain: 'vpc',
    PublicIpv4Pool: 'amazon',
    NetworkBorderGroup: context.region,
  };
}

/** An address of the documentation's (RFC 5737): nobody is reached by it. */
export function putAddress(id: string, held: Pick<StoredAddress, 'interface'>, context: CallContext): StoredAddress {
  const row = { id, ip: `203.0.113.${context.data.next('ec2/addresses') % 256}`, ...held };
  put(ADDRESS, id, row, context);
  return row;
}
