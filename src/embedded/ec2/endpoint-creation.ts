import type { CreateVpcEndpointRequest, CreateVpcEndpointResult, State } from '@aws-sdk/client-ec2';
import { serviceError } from '../errors.ts';
import type { CallContext } from '../service.ts';
import { hasService } from './endpoint-services.ts';
import { showEndpoint } from './endpoints.ts';
import { invalidParameter, missingParameter, refuseUnknown } from './errors.ts';
import { makeInterface } from './interface-addresses.ts';
import { derivedId, need, newId, put, rowsOf } from './kind.ts';
import { ENDPOINT, ROUTE_TABLE, SUBNET, VPC } from './model.ts';
import type { StoredEndpoint, StoredVpc } from './model.ts';
import { groupsFor } from './network-interfaces.ts';
import { once } from './once.ts';
import { prefixListOf } from './prefix-lists.ts';
import { addSpecifiedTags } from './tags.ts';

export function createVpcEndpoint(input: CreateVpcEndpointRequest, context: CallContext): CreateVpcEndpointResult {
  refuseUnknown(input, [
    'IpAddressType',
    'DnsOptions',
    'SubnetConfigurations',
    'ServiceNetworkArn',
    'ResourceConfigurationArn',
    'ServiceRegion',
  ]);
  const vpc = need(VPC, input.VpcId, context);
  const type = input.VpcEndpointType ?? 'Gateway';
  if (type !== 'Gateway' && type !== 'Interface') {
    throw serviceError('NotEmbedded', `The embedded account makes gateway and interface endpoints, no ${type} ones.`);
  }
  const service = input.ServiceName;
  if (service === undefined) throw missingParameter('serviceName');
  if (!hasService(service, type, context.region)) {
    throw serviceError('InvalidServiceName', `The Vpc Endpoint Service '${service}' does not exist`);
  }
  const id = once('CreateVpcEndpoint', input, context, () => {
    const made = newId('vpce', context);
    addSpecifiedTags(made, 'vpc-endpoint', input.TagSpecifications, context);
    const parts = type === 'Gateway' ? joinTables(made, input, vpc, context) : joinSubnets(made, input, vpc, context);
    const row: StoredEndpoint = {
      id: made,
      type,
      vpc: vpc.id,
      service,
      ...(input.PolicyDocument !== undefined && { policy: input.PolicyDocument }),
      created: context.now,
      ...NO_PARTS,
      ...parts,
    };
    put(ENDPOINT, made, row, context);
    return made;
  });
  const shown = showEndpoint(need(ENDPOINT, id, context), context);
  // Gateway endpoints are there at once, interfaces take a while.
  return {
    VpcEndpoint: { ...shown, State: (type === 'Gateway' ? 'available' : 'pending') as State },
    ClientToken: input.ClientToken,
  };
}

type Parts = Pick<StoredEndpoint, 'routeTables' | 'subnets' | 'groups' | 'interfaces' | 'privateDns'>;

const NO_PARTS: Parts = { routeTables: [], subnets: [], groups: [], interfaces: [], privateDns: false };

/** A gateway endpoint is a route for the service's prefix list in each of its route tables. */
function joinTables(
  id: string,
  { RouteTableIds: routeTables = [], ServiceName: service = '' }: CreateVpcEndpointRequest,
  vpc: StoredVpc,
  context: CallContext,
): Partial<Parts> {
  const list = prefixListOf(service);
  for (const tableId of routeTables) {
    const row = need(ROUTE_TABLE, tableId, context);
    if (row.vpc !== vpc.id) {
      throw invalidParameter(`The route table '${row.id}' does not belong to the network '${vpc.id}'`);
    }
    if (row.routes.some(({ DestinationPrefixListId }) => DestinationPrefixListId === list)) {
      throw serviceError(
        'RouteAlreadyExists',
        `route table ${row.id} already has a route with destination-prefix-list-id ${list}`,
      );
    }
    const route = { DestinationPrefixListId: list, GatewayId: id, Origin: 'CreateRoute', State: 'active' } as const;
    put(ROUTE_TABLE, row.id, { ...row, routes: [...row.routes, route] }, context);
  }
  return { routeTables };
}

/** An interface endpoint has a network interface in each of its subnets, one in each Availability Zone at most. */
function joinSubnets(
  id: string,
  input: CreateVpcEndpointRequest,
  vpc: StoredVpc,
  context: CallContext,
): Partial<Parts> {
  const privateDns = input.PrivateDnsEnabled ?? true;
  if (privateDns) checkPrivateDns(input.ServiceName ?? '', vpc, context);
  const subnets = input.SubnetIds ?? [];
  const groups = groupsFor(input.SecurityGroupIds, vpc.id, context);
  const zones = new Set<string>();
  const interfaces = subnets.map((subnetId) => {
    const { vpc: home, zone } = need(SUBNET, subnetId, context);
    if (home !== vpc.id) {
      throw invalidParameter(`The subnet '${subnetId}' does not belong to the network '${vpc.id}'`);
    }
    if (zones.has(zone)) {
      throw serviceError('DuplicateSubnetsInSameZone', 'Found another VPC endpoint subnet in the availability zone');
    }
    zones.add(zone);
    const about = { groups, description: `VPC Endpoint Interface ${id}`, type: 'vpc_endpoint' as const };
    return makeInterface(derivedId('eni', `${id} ${subnetId}`), subnetId, about, context).id;
  });
  return { privateDns, subnets, groups, interfaces };
}

/** @throws InvalidParameter where private names cannot be resolved, or are taken by another endpoint */
function checkPrivateDns(service: string, vpc: StoredVpc, context: CallContext): void {
  if (!vpc.dnsSupport || !vpc.dnsHostnames) {
    throw serviceError(
      'InvalidParameter',
      `Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for ${vpc.id}`,
    );
  }
  const rival = rowsOf(ENDPOINT, context).find((other) => other.vpc === vpc.id && other.service === service);
  if (rival?.privateDns === true) {
    throw serviceError(
      'InvalidParameter',
      `private-dns-enabled cannot be set because there is already a conflicting DNS domain for ${service} in the VPC ${vpc.id}`,
    );
  }
}
