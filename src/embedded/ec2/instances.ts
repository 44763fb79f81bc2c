import type { DescribeInstancesRequest, DescribeInstancesResult, Instance, Reservation } from '@aws-sdk/client-ec2';
import { serviceError } from '../errors.ts';
import type { CallContext } from '../service.ts';
import { describe } from './describe.ts';
import { invalidCombination, refuseUnknown } from './errors.ts';
import { INSTANCE } from './instance-model.ts';
import type { StoredInstance } from './instance-model.ts';
import { instanceFilters } from './instance-filters.ts';
import type { ShownInstance } from './instance-filters.ts';
import { stateOf, stateReason, transitionReason } from './instance-states.ts';
import { derivedId, find, missing } from './kind.ts';
import type { Kind } from './kind.ts';
import { NETWORK_INTERFACE, SECURITY_GROUP } from './model.ts';
import { macAddress, privateDnsName } from './network-interfaces.ts';
import { spotRequestId } from './spot-requests.ts';
import { tagsOf } from './tags.ts';
import { zoneId } from './zones.ts';

/** Types of Graviton processors: a `g` behind the generation, or the first of them. */
const ARM = /^(?:a1|[a-z]+\d+g[a-z]*)\./;

const instances: Kind<StoredInstance, ShownInstance> = { ...INSTANCE, show: showInstance, filters: instanceFilters };

export function showInstance(row: StoredInstance, context: CallContext): ShownInstance {
  const { id, transition, rootDevice } = row;
  const reason = stateReason(transition, context.now);
  return {
    InstanceId: id,
    ImageId: row.image,
    InstanceType: row.type,
    State: stateOf(transition, context.now),
    StateTransitionReason: transitionReason(transition),
    ...(reason !== undefined && { StateReason: reason }),
    LaunchTime: wholeSeconds(row.launched),
    AmiLaunchIndex: row.index,
    Architecture: ARM.test(row.type) ? 'arm64' : 'x86_64',
    ...(row.clientToken !== undefined && { ClientToken: row.clientToken }),
    HibernationOptions: { Configured: row.hibernation },
    ...(row.spot !== undefined && { InstanceLifecycle: 'spot', SpotInstanceRequestId: spotRequestId(id) }),
    Monitoring: { State: 'disabled' },
    Placement: {
      AvailabilityZone: row.zone,
      AvailabilityZoneId: zoneId(row.zone, context.region),
      GroupName: '',
      Tenancy: 'default',
    },
    PlatformDetails: 'Linux/UNIX',
    RootDeviceType: rootDevice,
    BlockDeviceMappings: transition.to !== 'terminated' && rootDevice === 'ebs' ? [rootVolume(row)] : [],
    ...(rootDevice === 'ebs' && { RootDeviceName: '/dev/xvda' }),
    VirtualizationType: 'hvm',
    ...showNetwork(row, context),
    Tags: tagsOf(id, context),
    reservation: row.reservation,
  };
}

/** EC2 tells times to the second. */
function wholeSeconds(milliseconds: number): Date {
  return new Date(Math.floor(milliseconds / 1000) * 1000);
}

function rootVolume({ id, created }: StoredInstance): NonNullable<Instance['BlockDeviceMappings']>[number] {
  return {
    DeviceName: '/dev/xvda',
    Ebs: {
      AttachTime: wholeSeconds(created),
      DeleteOnTermination: true,
      Status: 'attached',
      VolumeId: derivedId('vol', id),
    },
  };
}

/** What a terminated instance had of a network is not shown any more. */
function showNetwork(row: StoredInstance, context: CallContext): Partial<Instance> {
  const held = find(NETWORK_INTERFACE, row.interface, context);
  if (held === undefined) return { NetworkInterfaces: [], SecurityGroups: [] };
  const groups = held.groups.map((GroupId) => ({
    GroupId,
    GroupName: find(SECURITY_GROUP, GroupId, context)?.name,
  }));
  const dnsName = privateDnsName(held.ip, context.region);
  return {
    SubnetId: row.subnet,
    VpcId: row.vpc,
    PrivateIpAddress: held.ip,
    PrivateDnsName: dnsName,
    SourceDestCheck: true,
    SecurityGroups: groups,
    NetworkInterfaces: [
      {
        NetworkInterfaceId: held.id,
        SubnetId: held.subnet,
        VpcId: held.vpc,
        OwnerId: context.caller.account,
        Description: held.description,
        Groups: groups,
        InterfaceType: 'interface',
        MacAddress: macAddress(held.id),
        PrivateDnsName: dnsName,
        PrivateIpAddress: held.ip,
        PrivateIpAddresses: [{ Primary: true, PrivateDnsName: dnsName, PrivateIpAddress: held.ip }],
        SourceDestCheck: true,
        Status: 'in-use',
        Attachment: {
          AttachmentId: derivedId('eni-attach', held.id),
          AttachTime: wholeSeconds(row.created),
          DeleteOnTermination: true,
          DeviceIndex: 0,
          Status: 'attached',
        },
      },
    ],
  };
}

/** A page counts instances; those of one reservation come together, as far as they are on the page. */
export function describeInstances(input: DescribeInstancesRequest, context: CallContext): DescribeInstancesResult {
  refuseUnknown(input, ['IncludeManagedResources']);
  const { InstanceIds: ids = [] } = input;
  if (ids.length > 0) needInstances(ids, context);
  const { items, next } = describe(
    instances,
    { ids, filters: input.Filters, maxResults: input.MaxResults, nextToken: input.NextToken },
    context,
  );
  return { Reservations: reservationsOf(items, context), ...next };
}

export function reservationsOf(shown: readonly ShownInstance[], { caller }: CallContext): Reservation[] {
  const byId = new Map<string, Instance[]>();
  for (const { reservation, ...instance } of shown) {
    const together = byId.get(reservation);
    if (together === undefined) byId.set(reservation, [instance]);
    else together.push(instance);
  }
  return [...byId].map(([ReservationId, Instances]) => ({
    ReservationId,
    OwnerId: caller.account,
    Groups: [],
    Instances,
  }));
}

/**
 * The instances of a request, each once.
 *
 * @throws InvalidParameterCombination without any, InvalidInstanceID.Malformed, InvalidInstanceID.NotFound
 */
export function needInstances(ids: readonly string[] | undefined, context: CallContext): readonly StoredInstance[] {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) throw invalidCombination('No instances specified');
  const absent = wanted.filter((id) => find(INSTANCE, id, context) === undefined);
  const errors = absent.map((id) => missing(INSTANCE, id));
  const [first] = errors;
  const malformed = errors.find(({ name }) => name !== INSTANCE.notFound);
  if (malformed !== undefined) throw malformed;
  if (absent.length > 1) {
    throw serviceError(INSTANCE.notFound, `The instance IDs '${absent.join(', ')}' do not exist`);
  }
  if (first !== undefined) throw first;
  return wanted.flatMap((id) => find(INSTANCE, id, context) ?? []);
}
