import type { Reservation, RunInstancesRequest } from '@aws-sdk/client-ec2';
import { serviceError } from '../errors.ts';
import { notEmbedded } from '../not-embedded.ts';
import type { CallContext } from '../service.ts';
import { insufficientCapacity, roomFor } from './capacity.ts';
import { invalidCombination, invalidParameter, missingParameter, refuseUnknown } from './errors.ts';
import { INSTANCE } from './instance-model.ts';
import type { StoredInstance } from './instance-model.ts';
import { DURATIONS, transitionTo } from './instance-states.ts';
import { reservationsOf, showInstance } from './instances.ts';
import { makeInterface } from './interface-addresses.ts';
import { derivedId, need, newId, put, rowsOf } from './kind.ts';
import { SUBNET } from './model.ts';
import type { StoredSubnet } from './model.ts';
import { groupsFor } from './network-interfaces.ts';
import { once } from './once.ts';
import { addSpecifiedTags } from './tags.ts';

const IMAGE = /^ami-[0-9a-f]+$/;
export const INSTANCE_TYPE = /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/;

const NOT_EMBEDDED = [
  'AdditionalInfo',
  'BlockDeviceMappings',
  'CapacityReservationSpecification',
  'CpuOptions',
  'CreditSpecification',
  'DisableApiTermination',
  'EbsOptimized',
  'ElasticGpuSpecification',
  'ElasticInferenceAccelerators',
  'EnablePrimaryIpv6',
  'EnclaveOptions',
  'IamInstanceProfile',
  'Ipv6AddressCount',
  'Ipv6Addresses',
  'KernelId',
  'KeyName',
  'LaunchTemplate',
  'LicenseSpecifications',
  'MaintenanceOptions',
  'MetadataOptions',
  'Monitoring',
  'NetworkInterfaces',
  'NetworkPerformanceOptions',
  'Operator',
  'Placement',
  'PrivateDnsNameOptions',
  'PrivateIpAddress',
  'RamdiskId',
  'SecondaryInterfaces',
  'SecurityGroups',
  'UserData',
] as const satisfies readonly (keyof RunInstancesRequest)[];

type About = Omit<StoredInstance, 'id' | 'index' | 'interface'>;

/** Instances in a subnet: there is no default VPC here. Which images there are nobody knows, so each is taken. */
export function runInstances(input: RunInstancesRequest, context: CallContext): Reservation {
  refuseUnknown(input, NOT_EMBEDDED);
  const other = input.TagSpecifications?.find(({ ResourceType: type }) => type !== 'instance')?.ResourceType;
  if (other !== undefined) throw notEmbedded(`tags of a ${other} in RunInstances`);
  const [least, most] = countsOf(input);
  const subnet = subnetOf(input, context);
  const about = aboutOf(input, subnet, context);
  const made: StoredInstance[] = [];
  const reservation = once('RunInstances', input, context, () => {
    const id = newId('r', context);
    const count = Math.min(most, roomFor({ type: about.type, zone: subnet.zone }, context));
    if (count < least) throw insufficientCapacity({ type: about.type, zone: subnet.zone });
    const groups = groupsFor(input.SecurityGroupIds, subnet.vpc, context);
    for (let index = 0; index < count; index += 1) {
      const row = attach({ ...about, reservation: id, index, id: newId('i', context) }, groups, context);
      addSpecifiedTags(row.id, 'instance', input.TagSpecifications, context);
      put(INSTANCE, row.id, row, context);
      made.push(row);
    }
    return id;
  });
  const rows = made.length > 0 ? made : rowsOf(INSTANCE, context).filter((row) => row.reservation === reservation);
  const [shown] = reservationsOf(
    rows.map((row) => showInstance(row, context)),
    context,
  );
  return shown ?? { ReservationId: reservation, OwnerId: context.caller.account, Groups: [], Instances: [] };
}

/** Gives an instance its network interface, in the subnet that it names. */
export function attach(row: StoredInstance, groups: readonly string[], context: CallContext): StoredInstance {
  if (row.subnet === undefined) return row;
  const about = { groups, description: '', type: 'interface' as const, instance: row.id };
  return { ...row, interface: makeInterface(derivedId('eni', row.id), row.subnet, about, context).id };
}

function countsOf({ MinCount: least, MaxCount: most }: RunInstancesRequest): readonly [number, number] {
  if (least === undefined) throw missingParameter('MinCount');
  if (most === undefined) throw missingParameter('MaxCount');
  if (least < 1) throw invalidParameter(`Value (${least}) for parameter minCount is invalid. It must be at least 1.`);
  if (most < least) throw invalidCombination(`maxCount (${most}) must not be less than minCount (${least}).`);
  return [least, most];
}

function subnetOf({ SubnetId }: RunInstancesRequest, context: CallContext): StoredSubnet {
  if (SubnetId !== undefined) return need(SUBNET, SubnetId, context);
  throw serviceError('VPCIdNotSpecified', 'No default VPC for this user. Give the ID of a subnet.');
}

function aboutOf(input: RunInstancesRequest, subnet: StoredSubnet, { now }: CallContext): About {
  const { ImageId: image, InstanceType: type = 'm1.small' } = input;
  if (image === undefined) throw missingParameter('ImageId');
  if (!IMAGE.test(image)) {
    throw serviceError('InvalidAMIID.Malformed', `Invalid id: "${image}" (expecting "ami-...")`);
  }
  if (!INSTANCE_TYPE.test(type)) throw invalidParameter(`Invalid value '${type}' for InstanceType.`);
  const spot = spotOf(input);
  return {
    reservation: '',
    image,
    type,
    zone: subnet.zone,
    subnet: subnet.id,
    vpc: subnet.vpc,
    created: now,
    launched: now,
    transition: transitionTo('running', now, DURATIONS.start),
    hasRun: false,
    ...(spot !== undefined && { spot }),
    rootDevice: 'ebs',
    stopProtection: input.DisableApiStop ?? false,
    hibernation: input.HibernationOptions?.Configured ?? false,
    shutdownBehavior: input.InstanceInitiatedShutdownBehavior ?? 'stop',
    ...(input.ClientToken !== undefined && { clientToken: input.ClientToken }),
  };
}

function spotOf({ InstanceMarketOptions: market }: RunInstancesRequest): StoredInstance['spot'] {
  if (market === undefined) return undefined;
  if (market.MarketType !== 'spot') throw notEmbedded(`market ${String(market.MarketType)} of RunInstances`);
  const { SpotInstanceType: kind = 'one-time', InstanceInterruptionBehavior: behavior = 'terminate' } =
    market.SpotOptions ?? {};
  if (kind === 'one-time' && behavior !== 'terminate') {
    throw invalidCombination(
      `The request with type 'one-time' is not supported when instanceInterruptionBehavior is set to '${behavior}'.`,
    );
  }
  return kind;
}
