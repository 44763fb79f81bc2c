import type {
  CreateNetworkInterfaceRequest,
  CreateNetworkInterfaceResult,
  DeleteNetworkInterfaceRequest,
  DescribeNetworkInterfacesRequest,
  DescribeNetworkInterfacesResult,
  NetworkInterface,
} from '@aws-sdk/client-ec2';
import { createHash } from 'node:crypto';
import { rowKey } from '../row-key.ts';
import type { CallContext } from '../service.ts';
import { describe } from './describe.ts';
import { invalidParameter, refuseUnknown } from './errors.ts';
import { derivedId, find, need, newId } from './kind.ts';
import type { Kind } from './kind.ts';
import { makeInterface, removeInterface } from './interface-addresses.ts';
import { NETWORK_INTERFACE, SECURITY_GROUP, SUBNET } from './model.ts';
import type { StoredInterface } from './model.ts';
import { once } from './once.ts';
import { defaultGroupId } from './security-groups.ts';
import { addSpecifiedTags, tagRows, tagsOf } from './tags.ts';
import { zoneId } from './zones.ts';

/** Amazon VPC User Guide, "Quotas": security groups per network interface. */
const MAX_GROUPS = 5;

const groupsOf = ({ Groups = [] }: NetworkInterface) => Groups;
const addressesOf = ({ PrivateIpAddresses = [] }: NetworkInterface) => PrivateIpAddresses;

export const networkInterfaces: Kind<StoredInterface, NetworkInterface> = {
  ...NETWORK_INTERFACE,
  show: showInterface,
  filters: {
    'addresses.private-ip-address': (shown) => addressesOf(shown).map(({ PrivateIpAddress }) => PrivateIpAddress),
    'attachment.instance-id': ({ Attachment }) => Attachment?.InstanceId,
    'attachment.status': ({ Attachment }) => Attachment?.Status,
    'availability-zone': ({ AvailabilityZone }) => AvailabilityZone,
    description: ({ Description }) => Description,
    'group-id': (shown) => groupsOf(shown).map(({ GroupId }) => GroupId),
    'group-name': (shown) => groupsOf(shown).map(({ GroupName }) => GroupName),
    'interface-type': ({ InterfaceType }) => InterfaceType,
    'mac-address': ({ MacAddress }) => MacAddress,
    'network-interface-id': ({ NetworkInterfaceId }) => NetworkInterfaceId,
    'owner-id': ({ OwnerId }) => OwnerId,
    'private-dns-name': ({ PrivateDnsName }) => PrivateDnsName,
    'private-ip-address': ({ PrivateIpAddress }) => PrivateIpAddress,
    'requester-managed': ({ RequesterManaged }) => RequesterManaged,
    'source-dest-check': ({ SourceDestCheck }) => SourceDestCheck,
    status: ({ Status }) => Status,
    'subnet-id': ({ SubnetId }) => SubnetId,
    'vpc-id': ({ VpcId }) => VpcId,
  },
};

function showInterface(row: StoredInterface, context: CallContext): NetworkInterface {
  const dnsName = privateDnsName(row.ip, context.region);
  const isOwn = row.type === 'interface';
  return {
    NetworkInterfaceId: row.id,
    SubnetId: row.subnet,
    VpcId: row.vpc,
    AvailabilityZone: row.zone,
    AvailabilityZoneId: zoneId(row.zone, context.region),
    OwnerId: context.caller.account,
    Description: row.description,
    Groups: row.groups.map((id) => ({ GroupId: id, GroupName: find(SECURITY_GROUP, id, context)?.name })),
    // AWS answers `nat_gateway`, the model has it otherwise.
    InterfaceType: row.type as NetworkInterface['InterfaceType'],
    MacAddress: macAddress(row.id),
    PrivateDnsName: dnsName,
    PrivateIpAddress: row.ip,
    PrivateIpAddresses: [{ Primary: true, PrivateDnsName: dnsName, PrivateIpAddress: row.ip }],
    Ipv6Addresses: [],
    RequesterManaged: !isOwn,
    SourceDestCheck: row.type !== 'nat_gateway',
    Status: isOwn && row.instance === undefined ? 'available' : 'in-use',
    ...(row.instance !== undefined && {
      Attachment: {
        AttachmentId: derivedId('eni-attach', row.id),
        DeleteOnTermination: true,
        DeviceIndex: 0,
        InstanceId: row.instance,
        InstanceOwnerId: context.caller.account,
        Status: 'attached',
      },
    }),
    TagSet: tagsOf(row.id, context),
  };
}

/** Amazon VPC User Guide, "Amazon-provided hostnames": us-east-1 has a domain of its own. */
export function privateDnsName(ip: string, region: string): string {
  const domain = region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`;
  return `ip-${ip.replaceAll('.', '-')}.${domain}`;
}

export function macAddress(id: string): string {
  const octets = createHash('sha256').update(id).digest('hex').slice(0, 10);
  return ['02', ...(octets.match(/../g) ?? [])].join(':');
}

export function describeNetworkInterfaces(
  input: DescribeNetworkInterfacesRequest,
  context: CallContext,
): DescribeNetworkInterfacesResult {
  const { items, next } = describe(
    networkInterfaces,
    {
      ids: input.NetworkInterfaceIds,
      filters: input.Filters,
      maxResults: input.MaxResults,
      nextToken: input.NextToken,
    },
    context,
  );
  return { NetworkInterfaces: items, ...next };
}

export function createNetworkInterface(
  input: CreateNetworkInterfaceRequest,
  context: CallContext,
): CreateNetworkInterfaceResult {
  refuseUnknown(input, [
    'Ipv4Prefixes',
    'Ipv4PrefixCount',
    'Ipv6Prefixes',
    'Ipv6PrefixCount',
    'InterfaceType',
    'EnablePrimaryIpv6',
    'ConnectionTrackingSpecification',
    'Operator',
    'PrivateIpAddresses',
    'SecondaryPrivateIpAddressCount',
    'Ipv6Addresses',
    'Ipv6AddressCount',
  ]);
  const subnet = need(SUBNET, input.SubnetId, context);
  const groups = groupsFor(input.Groups, subnet.vpc, context);
  const id = once('CreateNetworkInterface', input, context, () => {
    const made = newId('eni', context);
    addSpecifiedTags(made, 'network-interface', input.TagSpecifications, context);
    const about = { groups, description: input.Description ?? '', type: 'interface' as const };
    makeInterface(made, subnet.id, { ...about, ip: input.PrivateIpAddress }, context);
    return made;
  });
  const row = need(NETWORK_INTERFACE, id, context);
  return {
    NetworkInterface: { ...showInterface(row, context), Status: 'pending' as 'available' },
    ClientToken: input.ClientToken,
  };
}

/** The groups of an interface, by default the VPC's default one. @throws InvalidGroup.NotFound and others */
export function groupsFor(ids: readonly string[] | undefined, vpc: string, context: CallContext): readonly string[] {
  if (ids === undefined || ids.length === 0) return [defaultGroupId(vpc)];
  if (ids.length > MAX_GROUPS) {
    throw invalidParameter(`A network interface has at most ${MAX_GROUPS} security groups, not ${ids.length}.`);
  }
  for (const id of ids) {
    if (need(SECURITY_GROUP, id, context).vpc === vpc) continue;
    throw invalidParameter('You have specified two resources that belong to different networks.');
  }
  return ids;
}

export function deleteNetworkInterface(input: DeleteNetworkInterfaceRequest, context: CallContext): object {
  const row = need(NETWORK_INTERFACE, input.NetworkInterfaceId, context);
  if (row.type !== 'interface' || row.instance !== undefined)
    throw invalidParameter(`Network interface '${row.id}' is currently in use.`);
  removeInterface(row, context);
  context.data.delete(tagRows, rowKey(row.id, context));
  return {};
}
