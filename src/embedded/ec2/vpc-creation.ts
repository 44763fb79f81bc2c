import type { CreateVpcRequest, CreateVpcResult } from '@aws-sdk/client-ec2';
import { serviceError } from '../errors.ts';
import type { CallContext } from '../service.ts';
import { formatCidr, parseCidr } from './cidr.ts';
import { invalidParameter, missingParameter, refuseUnknown } from './errors.ts';
import { newId, put, rowsOf } from './kind.ts';
import { VPC } from './model.ts';
import type { StoredVpc } from './model.ts';
import { putDefaultAcl } from './network-acls.ts';
import { putMainRouteTable } from './route-tables.ts';
import { putDefaultGroup } from './security-groups.ts';
import { addSpecifiedTags } from './tags.ts';
import { showVpc } from './vpcs.ts';

/** Amazon VPC User Guide, "VPC CIDR blocks": a netmask of /16 to /28. */
const SHORTEST_PREFIX = 16;
const LONGEST_PREFIX = 28;
/** Amazon VPC User Guide, "Quotas": VPCs per Region. */
const MAX_VPCS = 5;

/** A VPC with what AWS makes with it: main route table, default security group, default network ACL. */
export function createVpc(input: CreateVpcRequest, context: CallContext): CreateVpcResult {
  refuseUnknown(input, [
    'Ipv6Pool',
    'Ipv6CidrBlock',
    'Ipv4IpamPoolId',
    'Ipv4NetmaskLength',
    'Ipv6IpamPoolId',
    'Ipv6NetmaskLength',
    'VpcEncryptionControl',
  ]);
  if (input.CidrBlock === undefined) throw missingParameter('cidrBlock');
  if (rowsOf(VPC, context).length >= MAX_VPCS) {
    throw serviceError('VpcLimitExceeded', 'The maximum number of VPCs has been reached.');
  }
  const id = newId('vpc', context);
  const vpc: StoredVpc = {
    id,
    cidr: vpcCidr(input.CidrBlock),
    ...(input.AmazonProvidedIpv6CidrBlock === true && { ipv6Cidr: providedIpv6(context) }),
    tenancy: input.InstanceTenancy ?? 'default',
    dnsSupport: true,
    dnsHostnames: false,
    usageMetrics: false,
  };
  addSpecifiedTags(id, 'vpc', input.TagSpecifications, context);
  putVpc(vpc, context);
  return { Vpc: { ...showVpc(vpc, context), State: 'pending' } };
}

export function putVpc(vpc: StoredVpc, context: CallContext): void {
  put(VPC, vpc.id, vpc, context);
  putMainRouteTable(vpc, context);
  putDefaultGroup(vpc, context);
  putDefaultAcl(vpc.id, context);
}

function vpcCidr(text: string): string {
  const cidr = parseCidr(text);
  if (cidr?.version !== 4) {
    throw invalidParameter(`Value (${text}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`);
  }
  if (cidr.length < SHORTEST_PREFIX || cidr.length > LONGEST_PREFIX) {
    throw serviceError('InvalidVpc.Range', `The CIDR '${text}' is invalid.`);
  }
  return formatCidr(cidr);
}

/** A /56 of the documentation's addresses (RFC 3849), a different one for each VPC. */
function providedIpv6({ data }: CallContext): string {
  const block = data.next('ec2/ipv6') % 0x10000;
  const cidr = parseCidr(`2001:db8:${block.toString(16)}:1200::/56`);
  return cidr === undefined ? '' : formatCidr(cidr);
}
