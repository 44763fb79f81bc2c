import type { Route, RouteTable, Subnet } from '@aws-sdk/client-ec2';
import type { Way } from './network-view.ts';

const EVERYWHERE = '0.0.0.0/0';

/** Where a subnet's default route leads: by the table it is associated with, otherwise by its VPC's main one. */
export function wayOf({ SubnetId, VpcId }: Subnet, tables: readonly RouteTable[]): Way {
  const ofVpc = tables.filter((table) => table.VpcId === VpcId);
  const table =
    ofVpc.find(({ Associations = [] }) => Associations.some((association) => association.SubnetId === SubnetId)) ??
    ofVpc.find(({ Associations = [] }) => Associations.some(({ Main }) => Main === true));
  if (table === undefined) return 'unknown';
  const route = table.Routes?.find(({ DestinationCidrBlock }) => DestinationCidrBlock === EVERYWHERE);
  // A blackhole's target has been deleted or detached.
  return route === undefined || route.State === 'blackhole' ? 'none' : targetOf(route);
}

function targetOf(route: Route): Way {
  if (route.NatGatewayId !== undefined) return 'nat';
  if (route.TransitGatewayId !== undefined) return 'transit-gateway';
  if (route.VpcPeeringConnectionId !== undefined) return 'peering';
  if (route.NetworkInterfaceId !== undefined || route.InstanceId !== undefined) return 'interface';
  if (route.GatewayId?.startsWith('igw-') === true) return 'internet-gateway';
  if (route.GatewayId?.startsWith('vgw-') === true) return 'vpn-gateway';
  if (route.GatewayId?.startsWith('vpce-') === true) return 'endpoint';
  return 'other';
}
