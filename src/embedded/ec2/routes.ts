import type { CreateRouteRequest, CreateRouteResult, Route } from '@aws-sdk/client-ec2';
import { serviceError } from '../errors.ts';
import type { CallContext } from '../service.ts';
import { contains, formatCidr, parseCidr } from './cidr.ts';
import { invalidCombination, invalidParameter, missingParameter, refuseUnknown } from './errors.ts';
import { missing, need, put } from './kind.ts';
import { INTERNET_GATEWAY, NAT_GATEWAY, NETWORK_INTERFACE, ROUTE_TABLE } from './model.ts';
import type { StoredRouteTable } from './model.ts';

/** Amazon VPC User Guide, "Quotas": routes per route table, without propagated ones. */
const MAX_ROUTES = 500;

/** Gateways of kinds that nobody can make here: they are in nobody's account. */
const ABSENT = {
  TransitGatewayId: { notFound: 'InvalidTransitGatewayID.NotFound', noun: 'transitGateway ID' },
  VpcPeeringConnectionId: { notFound: 'InvalidVpcPeeringConnectionID.NotFound', noun: 'vpcPeeringConnection ID' },
  EgressOnlyInternetGatewayId: { notFound: 'InvalidGatewayID.NotFound', noun: 'gateway ID' },
  InstanceId: { notFound: 'InvalidInstanceID.NotFound', noun: 'instance ID' },
} as const;

const TARGETS = [
  'GatewayId',
  'NatGatewayId',
  'NetworkInterfaceId',
  ...(Object.keys(ABSENT) as (keyof typeof ABSENT)[]),
] as const;
const DESTINATIONS = ['DestinationCidrBlock', 'DestinationIpv6CidrBlock'] as const;

export function createRoute(input: CreateRouteRequest, context: CallContext): CreateRouteResult {
  refuseUnknown(input, [
    'DestinationPrefixListId',
    'VpcEndpointId',
    'LocalGatewayId',
    'CarrierGatewayId',
    'CoreNetworkArn',
    'OdbNetworkArn',
  ]);
  const routeTable = need(ROUTE_TABLE, input.RouteTableId, context);
  const destination = destinationOf(input);
  checkDestination(destination, routeTable);
  const route: Route = {
    ...destination,
    ...targetOf(input, routeTable, context),
    Origin: 'CreateRoute',
    State: 'active',
  };
  if (routeTable.routes.length >= MAX_ROUTES) {
    throw serviceError('RouteLimitExceeded', 'The maximum number of routes has been reached.');
  }
  put(ROUTE_TABLE, routeTable.id, { ...routeTable, routes: [...routeTable.routes, route] }, context);
  return { Return: true };
}

function destinationOf(input: CreateRouteRequest): Route {
  const given = DESTINATIONS.filter((name) => input[name] !== undefined);
  const [name, second] = given;
  if (name === undefined) throw missingParameter('destinationCidrBlock');
  if (second !== undefined) throw invalidCombination('Only one destination may be specified.');
  const cidr = parseCidr(input[name] ?? '');
  if (cidr?.version !== (name === 'DestinationCidrBlock' ? 4 : 6)) {
    throw invalidParameter(`Value (${input[name]}) for parameter ${name} is invalid. This is not a valid CIDR block.`);
  }
  return { [name]: formatCidr(cidr) };
}

/** @throws RouteAlreadyExists, InvalidParameterValue for addresses of the VPC itself */
function checkDestination(destination: Route, { routes }: StoredRouteTable): void {
  const text = blockOf(destination);
  const cidr = parseCidr(text);
  const isWithin = routes
    .filter(({ GatewayId }) => GatewayId === 'local')
    .flatMap((route) => parseCidr(blockOf(route)) ?? [])
    .some((local) => cidr !== undefined && contains(local, cidr));
  if (isWithin) {
    throw invalidParameter(
      `The destination CIDR block ${text} is equal to or more specific than one of this VPC's CIDR blocks. This route can target only an interface or an instance.`,
    );
  }
  if (routes.some((route) => blockOf(route) === text)) {
    throw serviceError('RouteAlreadyExists', `The route identified by ${text} already exists.`);
  }
}

function blockOf({ DestinationCidrBlock, DestinationIpv6CidrBlock }: Route): string {
  return DestinationCidrBlock ?? DestinationIpv6CidrBlock ?? '';
}

/** @throws the error of the target that does not exist, InvalidParameterValue for one of another VPC */
function targetOf(input: CreateRouteRequest, { id: table, vpc }: StoredRouteTable, context: CallContext): Route {
  const [name, second] = TARGETS.filter((target) => input[target] !== undefined);
  if (name === undefined) throw missingParameter('gatewayId');
  if (second !== undefined) throw invalidCombination('Only one target may be specified.');
  const id = input[name] ?? '';
  if (name in ABSENT) throw missing(ABSENT[name as keyof typeof ABSENT], id);
  const target = lookUp(name, id, context);
  if (target.vpc !== vpc) {
    throw invalidParameter(`route table ${table} and network gateway ${id} belong to different networks`);
  }
  return { [name]: id };
}

function lookUp(name: (typeof TARGETS)[number], id: string, context: CallContext): { readonly vpc?: string } {
  if (name === 'NatGatewayId') return need(NAT_GATEWAY, id, context);
  if (name === 'NetworkInterfaceId') return need(NETWORK_INTERFACE, id, context);
  return need(INTERNET_GATEWAY, id, context);
}
