import type {
  CreateSubnetRequest,
  CreateSubnetResult,
  DescribeSubnetsRequest,
  DescribeSubnetsResult,
  Subnet,
} from '@aws-sdk/client-ec2';
import { serviceError } from '../errors.ts';
import type { CallContext } from '../service.ts';
import { contains, formatCidr, overlap, parseCidr, sizeOf } from './cidr.ts';
import type { Cidr } from './cidr.ts';
import { describe } from './describe.ts';
import { invalidParameter, missingParameter, refuseUnknown } from './errors.ts';
import { arn, derivedId, need, newId, put, rowsOf } from './kind.ts';
import type { Kind } from './kind.ts';
import { SUBNET, VPC } from './model.ts';
import type { StoredSubnet } from './model.ts';
import { addSpecifiedTags, tagsOf } from './tags.ts';
import { zoneId, zonesOf } from './zones.ts';

/** Amazon VPC User Guide, "Subnet CIDR blocks": a netmask of /16 to /28; IPv6 /44 to /64 in steps of 4. */
const SHORTEST_PREFIX = 16;
const LONGEST_PREFIX = 28;
const SHORTEST_IPV6_PREFIX = 44;
const LONGEST_IPV6_PREFIX = 64;
const IPV6_STEP = 4;
/** "The first four IP addresses and the last IP address in each subnet CIDR block are not available for your use". */
const RESERVED = 5;

const associations = ({ Ipv6CidrBlockAssociationSet = [] }: Subnet) => Ipv6CidrBlockAssociationSet;
const zone = ({ AvailabilityZone }: Subnet) => AvailabilityZone;
const zoneIdOf = ({ AvailabilityZoneId }: Subnet) => AvailabilityZoneId;
const cidrOf = ({ CidrBlock }: Subnet) => CidrBlock;
const isDefault = ({ DefaultForAz }: Subnet) => DefaultForAz;

export const subnets: Kind<StoredSubnet, Subnet> = {
  ...SUBNET,
  show: showSubnet,
  filters: {
    'availability-zone': zone,
    availabilityZone: zone,
    'availability-zone-id': zoneIdOf,
    availabilityZoneId: zoneIdOf,
    'available-ip-address-count': ({ AvailableIpAddressCount }) => AvailableIpAddressCount,
    cidr: cidrOf,
    'cidr-block': cidrOf,
    cidrBlock: cidrOf,
    'default-for-az': isDefault,
    defaultForAz: isDefault,
    'ipv6-cidr-block-association.ipv6-cidr-block': (shown) =>
      associations(shown).map(({ Ipv6CidrBlock }) => Ipv6CidrBlock),
    'ipv6-native': ({ Ipv6Native }) => Ipv6Native,
    'map-public-ip-on-launch': ({ MapPublicIpOnLaunch }) => MapPublicIpOnLaunch,
    'owner-id': ({ OwnerId }) => OwnerId,
    state: ({ State }) => State,
    'subnet-arn': ({ SubnetArn }) => SubnetArn,
    'subnet-id': ({ SubnetId }) => SubnetId,
    'vpc-id': ({ VpcId }) => VpcId,
  },
};

function showSubnet(subnet: StoredSubnet, context: CallContext): Subnet {
  const { id, cidr, ipv6Cidr } = subnet;
  const block = parseCidr(cidr);
  return {
    SubnetId: id,
    SubnetArn: arn('subnet', id, context),
    VpcId: subnet.vpc,
    OwnerId: context.caller.account,
    State: 'available',
    CidrBlock: cidr,
    AvailableIpAddressCount: (block === undefined ? 0 : sizeOf(block)) - RESERVED - subnet.used,
    AvailabilityZone: subnet.zone,
    AvailabilityZoneId: zoneId(subnet.zone, context.region),
    DefaultForAz: false,
    MapPublicIpOnLaunch: false,
    AssignIpv6AddressOnCreation: false,
    Ipv6CidrBlockAssociationSet:
      ipv6Cidr === undefined
        ? []
        : [
            {
              AssociationId: derivedId('subnet-cidr-assoc', id),
              Ipv6CidrBlock: ipv6Cidr,
              Ipv6CidrBlockState: { State: 'associated' },
            },
          ],
    EnableDns64: false,
    Ipv6Native: false,
    MapCustomerOwnedIpOnLaunch: false,
    PrivateDnsNameOptionsOnLaunch: {
      HostnameType: 'ip-name',
      EnableResourceNameDnsARecord: false,
      EnableResourceNameDnsAAAARecord: false,
    },
    BlockPublicAccessStates: { InternetGatewayBlockMode: 'off' },
    Tags: tagsOf(id, context),
  };
}

export function describeSubnets(input: DescribeSubnetsRequest, context: CallContext): DescribeSubnetsResult {
  const { items, next } = describe(
    subnets,
    { ids: input.SubnetIds, filters: input.Filters, maxResults: input.MaxResults, nextToken: input.NextToken },
    context,
  );
  return { Subnets: items, ...next };
}

export function createSubnet(input: CreateSubnetRequest, context: CallContext): CreateSubnetResult {
  refuseUnknown(input, [
    'OutpostArn',
    'Ipv6Native',
    'Ipv4IpamPoolId',
    'Ipv4NetmaskLength',
    'Ipv6IpamPoolId',
    'Ipv6NetmaskLength',
  ]);
  const vpc = need(VPC, input.VpcId, context);
  if (input.CidrBlock === undefined) throw missingParameter('cidrBlock');
  const id = newId('subnet', context);
  const subnet: StoredSubnet = {
    id,
    vpc: vpc.id,
    cidr: freeBlock(input.CidrBlock, { vpc: vpc.id, within: vpc.cidr, version: 4 }, context),
    ...(input.Ipv6CidrBlock !== undefined && {
      ipv6Cidr: freeBlock(input.Ipv6CidrBlock, { vpc: vpc.id, within: vpc.ipv6Cidr, version: 6 }, context),
    }),
    zone: zoneFor(input, context),
    used: 0,
  };
  addSpecifiedTags(id, 'subnet', input.TagSpecifications, context);
  put(SUBNET, id, subnet, context);
  return { Subnet: showSubnet(subnet, context) };
}

function zoneFor(
  { AvailabilityZone: name, AvailabilityZoneId: id }: CreateSubnetRequest,
  { region }: CallContext,
): string {
  const zones = zonesOf(region);
  const [first] = zones;
  const found =
    name === undefined && id === undefined
      ? first
      : zones.find(({ ZoneName, ZoneId }) => (name === undefined ? ZoneId === id : ZoneName === name));
  if (found?.ZoneName !== undefined) return found.ZoneName;
  const names = zones.map(({ ZoneName }) => ZoneName).join(', ');
  throw invalidParameter(
    `Value (${name ?? id}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: ${names}.`,
  );
}

interface Room {
  readonly vpc: string;
  /** The VPC's block. */
  readonly within: string | undefined;
  readonly version: 4 | 6;
}

/** @throws InvalidSubnet.Range, InvalidSubnet.Conflict */
function freeBlock(text: string, { vpc, within, version }: Room, context: CallContext): string {
  const cidr = parseCidr(text);
  const outer = parseCidr(within ?? '');
  if (cidr === undefined || cidr.version !== version) {
    throw invalidParameter(`Value (${text}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`);
  }
  if (outer === undefined || !isAllowedLength(cidr) || !contains(outer, cidr)) {
    throw serviceError('InvalidSubnet.Range', `The CIDR '${text}' is invalid.`);
  }
  const others = rowsOf(SUBNET, context).filter((other) => other.vpc === vpc);
  const taken = others.flatMap((other) => parseCidr((version === 4 ? other.cidr : other.ipv6Cidr) ?? '') ?? []);
  if (taken.some((other) => overlap(other, cidr))) {
    throw serviceError('InvalidSubnet.Conflict', `The CIDR '${text}' conflicts with another subnet`);
  }
  return formatCidr(cidr);
}

function isAllowedLength({ version, length }: Cidr): boolean {
  if (version === 4) return length >= SHORTEST_PREFIX && length <= LONGEST_PREFIX;
  return length >= SHORTEST_IPV6_PREFIX && length <= LONGEST_IPV6_PREFIX && length % IPV6_STEP === 0;
}
