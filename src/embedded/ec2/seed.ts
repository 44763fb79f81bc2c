import { administrator } from '../caller.ts';
import { EmbeddedError } from '../errors.ts';
import type { CallContext } from '../service.ts';
import type { Transaction } from '../store/database.ts';
import { putAddress } from './addresses.ts';
import { contains, formatCidr, parseCidr } from './cidr.ts';
import { derivedId, find, need, put } from './kind.ts';
import { INTERNET_GATEWAY, NAT_GATEWAY, ROUTE_TABLE, SECURITY_GROUP, SUBNET } from './model.ts';
import type { StoredRule, StoredSubnet, StoredVpc } from './model.ts';
import { putNatGateway } from './nat-gateways.ts';
import type { Network, NetworkGroup, NetworkRule, NetworkSubnet, Tags } from './network.ts';
import { localRoutes } from './route-tables.ts';
import { rulesOf } from './rules.ts';
import { allEgress } from './security-groups.ts';
import { addTags } from './tags.ts';
import { putVpc } from './vpc-creation.ts';
import { zonesOf } from './zones.ts';

/**
 * Writes a network, or overwrites the parts of it that are there: what is there and not named stays.
 *
 * @throws EmbeddedError TU4015 for what is no CIDR block or no gateway, service errors for rules that EC2 refuses.
 */
export function putNetwork(
  network: Network,
  place: { readonly account: string; readonly region: string },
  data: Transaction,
  now: number,
): void {
  const context: CallContext = { caller: administrator(place.account), region: place.region, now, data };
  const { vpc: wanted, internetGateway, natGateways = [], subnets = [], securityGroups = [] } = network;
  const vpc: StoredVpc = {
    id: wanted.id,
    cidr: block(wanted.cidr ?? '10.0.0.0/16'),
    ...(wanted.ipv6Cidr !== undefined && { ipv6Cidr: block(wanted.ipv6Cidr) }),
    tenancy: 'default',
    dnsSupport: wanted.dnsSupport ?? true,
    dnsHostnames: wanted.dnsHostnames ?? true,
    usageMetrics: false,
  };
  putVpc(vpc, context);
  tag(vpc.id, 'vpc', wanted.tags, context);
  if (internetGateway !== undefined)
    put(INTERNET_GATEWAY, internetGateway, { id: internetGateway, vpc: vpc.id }, context);
  for (const [index, subnet] of subnets.entries()) putSubnet(subnet, index, vpc, context);
  for (const { id, subnet } of natGateways) {
    if (find(NAT_GATEWAY, id, context) !== undefined) continue;
    const address = internetGateway === undefined ? undefined : putAddress(derivedId('eipalloc', id), {}, context);
    putNatGateway(id, need(SUBNET, subnet, context), { address, attached: true }, context);
  }
  for (const group of securityGroups) putGroup(group, vpc, context);
}

export function putSubnet(wanted: NetworkSubnet, index: number, vpc: StoredVpc, context: CallContext): void {
  const zones = zonesOf(context.region);
  const { id, defaultRoute } = wanted;
  const subnet: StoredSubnet = {
    id,
    vpc: vpc.id,
    cidr: block(wanted.cidr),
    ...(wanted.ipv6Cidr !== undefined && { ipv6Cidr: block(wanted.ipv6Cidr) }),
    zone: wanted.zone ?? zones[index % zones.length]?.ZoneName ?? '',
    used: find(SUBNET, id, context)?.used ?? 0,
  };
  checkInside(subnet, vpc);
  put(SUBNET, id, subnet, context);
  tag(id, 'subnet', wanted.tags, context);
  if (defaultRoute === undefined) return;
  const table = derivedId('rtb', id);
  const route = {
    DestinationCidrBlock: '0.0.0.0/0',
    ...routeTarget(defaultRoute),
    Origin: 'CreateRoute',
    State: 'active',
  } as const;
  const associations = [{ id: derivedId('rtbassoc', id), subnet: id }];
  put(
    ROUTE_TABLE,
    table,
    { id: table, vpc: vpc.id, main: false, associations, routes: [...localRoutes(vpc), route] },
    context,
  );
}

const TARGET_FIELDS = {
  eni: 'NetworkInterfaceId',
  i: 'InstanceId',
  igw: 'GatewayId',
  nat: 'NatGatewayId',
  pcx: 'VpcPeeringConnectionId',
  tgw: 'TransitGatewayId',
  vgw: 'GatewayId',
} as const;

function routeTarget(id: string): object {
  const prefix = id.split('-')[0] ?? '';
  if (Object.hasOwn(TARGET_FIELDS, prefix)) return { [TARGET_FIELDS[prefix as keyof typeof TARGET_FIELDS]]: id };
  throw wrong(`${JSON.stringify(id)} is nothing that a route can lead to.`, 'Give the id of a gateway, such as nat-….');
}

export function putGroup(
  { id, name = id, egress, ingress = [], tags }: NetworkGroup,
  vpc: StoredVpc,
  context: CallContext,
): void {
  const rules: StoredRule[] = [
    ...withIds(id, ingress, false),
    ...(egress === undefined ? allEgress(id, vpc) : withIds(id, egress, true)),
  ];
  put(SECURITY_GROUP, id, { id, vpc: vpc.id, name, description: name, rules }, context);
  tag(id, 'security-group', tags, context);
}

function withIds(group: string, rules: readonly NetworkRule[], isEgress: boolean): StoredRule[] {
  return rulesOf(rules.map(permission), isEgress).map((rule, index) => ({
    ...rule,
    SecurityGroupRuleId: derivedId('sgr', `${group} ${isEgress} ${index}`),
  }));
}

function permission({
  protocol,
  port,
  from = port,
  to = port,
  peer,
}: NetworkRule): Parameters<typeof rulesOf>[0][number] {
  const traffic = { IpProtocol: protocol, FromPort: from, ToPort: to };
  if (peer.startsWith('sg-')) return { ...traffic, UserIdGroupPairs: [{ GroupId: peer }] };
  if (peer.startsWith('pl-')) return { ...traffic, PrefixListIds: [{ PrefixListId: peer }] };
  return peer.includes(':')
    ? { ...traffic, Ipv6Ranges: [{ CidrIpv6: peer }] }
    : { ...traffic, IpRanges: [{ CidrIp: peer }] };
}

function tag(
  id: string,
  type: 'vpc' | 'subnet' | 'security-group',
  tags: Tags | undefined,
  context: CallContext,
): void {
  const list = Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
  addTags(id, type, list, context);
}

function checkInside({ id, cidr }: StoredSubnet, vpc: StoredVpc): void {
  const [outer, inner] = [parseCidr(vpc.cidr), parseCidr(cidr)];
  if (outer !== undefined && inner !== undefined && contains(outer, inner)) return;
  throw wrong(
    `Subnet ${id} has the block ${cidr}, outside of ${vpc.id}'s ${vpc.cidr}.`,
    'Give the VPC a block that holds it.',
  );
}

function block(text: string): string {
  const cidr = parseCidr(text);
  if (cidr === undefined) throw wrong(`${JSON.stringify(text)} is no CIDR block.`, 'Write it as 10.0.0.0/24.');
  return formatCidr(cidr);
}

function wrong(message: string, hint: string): EmbeddedError {
  return new EmbeddedError('TU4015', message, hint);
}
