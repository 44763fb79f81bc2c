import { serviceError } from '../errors.ts';
import { rowKey } from '../row-key.ts';
import type { CallContext } from '../service.ts';
import { table } from '../store/database.ts';
import { addressAt, contains, parseCidr, sizeOf } from './cidr.ts';
import type { Cidr } from './cidr.ts';
import { invalidParameter } from './errors.ts';
import { need, put } from './kind.ts';
import { NETWORK_INTERFACE, SUBNET } from './model.ts';
import type { StoredInterface, StoredSubnet } from './model.ts';

/** "The first four IP addresses and the last IP address in each subnet CIDR block are not available for your use". */
const RESERVED_FIRST = 4;
const RESERVED_LAST = 1;

/** Which interface has an address of a subnet. */
const holders = table<string>('ec2/interface-addresses');

type About = Pick<StoredInterface, 'groups' | 'description' | 'type' | 'instance'> & {
  readonly ip?: string | undefined;
};

/** A network interface with an address of its subnet: the one asked for, or the first that is free. */
export function makeInterface(id: string, subnetId: string, about: About, context: CallContext): StoredInterface {
  const subnet = need(SUBNET, subnetId, context);
  const ip = about.ip === undefined ? firstFree(subnet, context) : requested(subnet, about.ip, context);
  const { vpc, zone } = subnet;
  const row: StoredInterface = { ...about, id, subnet: subnet.id, vpc, zone, ip };
  put(NETWORK_INTERFACE, id, row, context);
  put(SUBNET, subnet.id, { ...subnet, used: subnet.used + 1 }, context);
  context.data.put(holders, holderKey(subnet.id, ip, context), id);
  return row;
}

export function removeInterface(row: StoredInterface, context: CallContext): void {
  const subnet = need(SUBNET, row.subnet, context);
  put(SUBNET, subnet.id, { ...subnet, used: subnet.used - 1 }, context);
  context.data.delete(holders, holderKey(subnet.id, row.ip, context));
  context.data.delete(NETWORK_INTERFACE.rows, rowKey(row.id, context));
}

function firstFree(subnet: StoredSubnet, context: CallContext): string {
  const block = blockOf(subnet);
  const end = sizeOf(block) - RESERVED_LAST;
  for (let offset = RESERVED_FIRST; offset < end; offset += 1) {
    const ip = addressAt(block, offset);
    if (context.data.get(holders, holderKey(subnet.id, ip, context)) === undefined) return ip;
  }
  throw serviceError(
    'InsufficientFreeAddressesInSubnet',
    `The specified subnet does not have enough free addresses to satisfy the request.`,
  );
}

function requested(subnet: StoredSubnet, ip: string, context: CallContext): string {
  const block = blockOf(subnet);
  const address = parseCidr(`${ip}/32`);
  if (address === undefined || !contains(block, address)) {
    throw invalidParameter(`Address ${ip} does not fall within the subnet's address range`);
  }
  const size = sizeOf(block);
  const reserved = [0, 1, 2, 3, size - RESERVED_LAST].map((offset) => addressAt(block, offset));
  if (reserved.includes(ip)) throw invalidParameter(`Address ${ip} is in subnet's reserved address range`);
  if (context.data.get(holders, holderKey(subnet.id, ip, context)) !== undefined) {
    throw serviceError('InvalidIPAddress.InUse', 'The specified address is already in use.');
  }
  return ip;
}

function blockOf({ id, cidr }: StoredSubnet): Cidr {
  const block = parseCidr(cidr);
  if (block === undefined) throw new Error(`Subnet ${id} has the block ${cidr}.`);
  return block;
}

function holderKey(subnet: string, ip: string, context: CallContext): string {
  return rowKey(`${subnet} ${ip}`, context);
}
