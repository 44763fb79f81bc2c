import type { Instance } from '@aws-sdk/client-ec2';
import type { FilterFields } from './filters.ts';

/** An instance with the id of its reservation, which the API shows around it. */
export interface ShownInstance extends Instance {
  readonly reservation: string;
}

const groupsOf = ({ SecurityGroups = [] }: Instance) => SecurityGroups;
const volumesOf = ({ BlockDeviceMappings = [] }: Instance) => BlockDeviceMappings;
const interfacesOf = ({ NetworkInterfaces = [] }: Instance) => NetworkInterfaces;

/** DescribeInstances, Filters: those for which an instance of the embedded account has a value. */
export const instanceFilters: FilterFields<ShownInstance> = {
  architecture: ({ Architecture }) => Architecture,
  'availability-zone': ({ Placement }) => Placement?.AvailabilityZone,
  'availability-zone-id': ({ Placement }) => Placement?.AvailabilityZoneId,
  'block-device-mapping.device-name': (shown) => volumesOf(shown).map(({ DeviceName }) => DeviceName),
  'block-device-mapping.volume-id': (shown) => volumesOf(shown).map(({ Ebs }) => Ebs?.VolumeId),
  'client-token': ({ ClientToken }) => ClientToken,
  'hibernation-options.configured': ({ HibernationOptions }) => HibernationOptions?.Configured,
  'image-id': ({ ImageId }) => ImageId,
  'instance-id': ({ InstanceId }) => InstanceId,
  'instance-lifecycle': ({ InstanceLifecycle }) => InstanceLifecycle,
  'instance-state-code': ({ State }) => State?.Code,
  'instance-state-name': ({ State }) => State?.Name,
  'instance-type': ({ InstanceType }) => InstanceType,
  'instance.group-id': (shown) => groupsOf(shown).map(({ GroupId }) => GroupId),
  'instance.group-name': (shown) => groupsOf(shown).map(({ GroupName }) => GroupName),
  'launch-index': ({ AmiLaunchIndex }) => AmiLaunchIndex,
  'launch-time': ({ LaunchTime }) => LaunchTime?.toISOString(),
  'network-interface.network-interface-id': (shown) =>
    interfacesOf(shown).map(({ NetworkInterfaceId }) => NetworkInterfaceId),
  'owner-id': (shown) => interfacesOf(shown).map(({ OwnerId }) => OwnerId),
  'private-dns-name': ({ PrivateDnsName }) => PrivateDnsName,
  'private-ip-address': ({ PrivateIpAddress }) => PrivateIpAddress,
  reason: ({ StateTransitionReason }) => StateTransitionReason,
  'reservation-id': ({ reservation }) => reservation,
  'root-device-name': ({ RootDeviceName }) => RootDeviceName,
  'root-device-type': ({ RootDeviceType }) => RootDeviceType,
  'spot-instance-request-id': ({ SpotInstanceRequestId }) => SpotInstanceRequestId,
  'state-reason-code': ({ StateReason }) => StateReason?.Code,
  'state-reason-message': ({ StateReason }) => StateReason?.Message,
  'subnet-id': ({ SubnetId }) => SubnetId,
  'tag-value': ({ Tags = [] }) => Tags.map(({ Value }) => Value),
  tenancy: ({ Placement }) => Placement?.Tenancy,
  'virtualization-type': ({ VirtualizationType }) => VirtualizationType,
  'vpc-id': ({ VpcId }) => VpcId,
};
