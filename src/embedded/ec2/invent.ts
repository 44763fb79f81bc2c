import { administrator } from '../caller.ts';
import type { CallContext } from '../service.ts';
import type { Transaction } from '../store/database.ts';
import { addressAt, overlap, parseCidr, sizeOf } from './cidr.ts';
import { serviceError } from '../errors.ts';
import { derivedId, find, rowsOf } from './kind.ts';
import type { Known } from './kind.ts';
import { SECURITY_GROUP, SUBNET, VPC } from './model.ts';
import type { StoredVpc } from './model.ts';
import type { NetworkIds } from './network.ts';
import { putGroup, putSubnet } from './seed.ts';
import { putVpc } from './vpc-creation.ts';

const VPC_BLOCK = '10.0.0.0/16';
/** The smallest subnet that EC2 makes. */
const SUBNET_LENGTH = 28;
const SUBNET_SIZE = 16;

/**
 * Makes up what does not exist of a network: the VPCs; the subnets, whose way out is a transit gateway; the security
 * groups, which let everything out. Subnets and groups come into the VPC of those that are there, otherwise into the
 * first VPC that is named, otherwise into one of the region's own. What is there stays as it is.
 *
 * @returns the ids of what was made, none when all of it was there.
 * @throws the service's error when the VPC has no room for a subnet.
 */
export function inventNetwork(
  { vpcs = [], subnets = [], securityGroups = [] }: NetworkIds,
  place: { readonly account: string; readonly region: string },
  data: Transaction,
  now: number,
): readonly string[] {
  const context: CallContext = { caller: administrator(place.account), region: place.region, now, data };
  const newSubnets = absent(SUBNET, subnets, context);
  const newGroups = absent(SECURITY_GROUP, securityGroups, context);
  const [inhabited] = [
    ...subnets.map((id) => find(SUBNET, id, context)),
    ...securityGroups.map((id) => find(SECURITY_GROUP, id, context)),
  ].flatMap((row) => row?.vpc ?? []);
  const home = inhabited ?? vpcs[0] ?? derivedId('vpc', `${place.account} ${place.region}`);
  const isHomeNeeded = newSubnets.length + newGroups.length > 0;
  const newVpcs = absent(VPC, [...vpcs, ...(isHomeNeeded ? [home] : [])], context);
  for (const id of newVpcs) putVpc(invented(id), context);
  const vpc = find(VPC, home, context) ?? invented(home);
  const blocks = freeBlocks(vpc, newSubnets.length, context);
  for (const [index, id] of newSubnets.entries()) {
    const cidr = blocks[index] ?? vpc.cidr;
    putSubnet({ id, cidr, defaultRoute: derivedId('tgw', vpc.id) }, index, vpc, context);
  }
  for (const id of newGroups) putGroup({ id }, vpc, context);
  return [...newVpcs, ...newSubnets, ...newGroups];
}

function absent<Row>(kind: Known<Row>, ids: readonly string[], context: CallContext): string[] {
  return [...new Set(ids)].filter((id) => find(kind, id, context) === undefined);
}

function invented(id: string): StoredVpc {
  return { id, cidr: VPC_BLOCK, tenancy: 'default', dnsSupport: true, dnsHostnames: true, usageMetrics: false };
}

function freeBlocks(vpc: StoredVpc, count: number, context: CallContext): readonly string[] {
  const outer = parseCidr(vpc.cidr);
  if (outer === undefined) return [];
  const neighbours = rowsOf(SUBNET, context).filter((subnet) => subnet.vpc === vpc.id);
  const taken = neighbours.flatMap(({ cidr }) => parseCidr(cidr) ?? []);
  const free: string[] = [];
  for (let offset = 0; free.length < count && offset < sizeOf(outer); offset += SUBNET_SIZE) {
    const text = `${addressAt(outer, offset)}/${SUBNET_LENGTH}`;
    const block = parseCidr(text);
    if (block !== undefined && !taken.some((other) => overlap(other, block))) free.push(text);
  }
  if (free.length === count) return free;
  throw serviceError('InsufficientCidrBlocks', `There is no room for ${count} subnets in ${vpc.id} (${vpc.cidr}).`);
}
