import type {
  AssociateRouteTableRequest,
  AssociateRouteTableResult,
  CreateRouteTableRequest,
  CreateRouteTableResult,
  DescribeRouteTablesRequest,
  DescribeRouteTablesResult,
  Route,
  RouteTable,
} from '@aws-sdk/client-ec2';
import { serviceError } from '../errors.ts';
import type { CallContext } from '../service.ts';
import { describe } from './describe.ts';
import { invalidParameter, refuseUnknown } from './errors.ts';
import { derivedId, find, need, newId, put, rowsOf } from './kind.ts';
import type { Kind } from './kind.ts';
import { ROUTE_TABLE, SUBNET, VPC } from './model.ts';
import type { StoredRouteTable, StoredVpc } from './model.ts';
import { once } from './once.ts';
import { addSpecifiedTags, tagsOf } from './tags.ts';

/** DescribeRouteTables, MaxResults: 100 at most. */
const MAX_PAGE = 100;

const associationsOf = ({ Associations = [] }: RouteTable) => Associations;
const routesOf = ({ Routes = [] }: RouteTable) => Routes;

export const routeTables: Kind<StoredRouteTable, RouteTable> = {
  ...ROUTE_TABLE,
  show: showRouteTable,
  filters: {
    'association.main': (shown) => associationsOf(shown).map(({ Main }) => Main),
    'association.route-table-association-id': (shown) =>
      associationsOf(shown).map(({ RouteTableAssociationId }) => RouteTableAssociationId),
    'association.route-table-id': (shown) => associationsOf(shown).map(({ RouteTableId }) => RouteTableId),
    'association.subnet-id': (shown) => associationsOf(shown).map(({ SubnetId }) => SubnetId),
    'owner-id': ({ OwnerId }) => OwnerId,
    'route-table-id': ({ RouteTableId }) => RouteTableId,
    'route.destination-cidr-block': (shown) => routesOf(shown).map((route) => route.DestinationCidrBlock),
    'route.destination-ipv6-cidr-block': (shown) => routesOf(shown).map((route) => route.DestinationIpv6CidrBlock),
    'route.destination-prefix-list-id': (shown) => routesOf(shown).map((route) => route.DestinationPrefixListId),
    'route.gateway-id': (shown) => routesOf(shown).map(({ GatewayId }) => GatewayId),
    'route.nat-gateway-id': (shown) => routesOf(shown).map(({ NatGatewayId }) => NatGatewayId),
    'route.origin': (shown) => routesOf(shown).map(({ Origin }) => Origin),
    'route.state': (shown) => routesOf(shown).map(({ State }) => State),
    'route.transit-gateway-id': (shown) => routesOf(shown).map(({ TransitGatewayId }) => TransitGatewayId),
    'vpc-id': ({ VpcId }) => VpcId,
  },
};

function showRouteTable({ id, vpc, main, associations, routes }: StoredRouteTable, context: CallContext): RouteTable {
  const associated = { RouteTableId: id, AssociationState: { State: 'associated' as const } };
  return {
    RouteTableId: id,
    VpcId: vpc,
    OwnerId: context.caller.account,
    Associations: [
      ...(main ? [{ ...associated, Main: true, RouteTableAssociationId: derivedId('rtbassoc', `${vpc} main`) }] : []),
      ...associations.map((association) => ({
        ...associated,
        Main: false,
        RouteTableAssociationId: association.id,
        SubnetId: association.subnet,
      })),
    ],
    PropagatingVgws: [],
    Routes: [...routes],
    Tags: tagsOf(id, context),
  };
}

export function describeRouteTables(
  input: DescribeRouteTablesRequest,
  context: CallContext,
): DescribeRouteTablesResult {
  const { items, next } = describe(
    routeTables,
    { ids: input.RouteTableIds, filters: input.Filters, maxResults: input.MaxResults, nextToken: input.NextToken },
    context,
    MAX_PAGE,
  );
  return { RouteTables: items, ...next };
}

export function putMainRouteTable(vpc: StoredVpc, context: CallContext): void {
  const id = derivedId('rtb', `${vpc.id} main`);
  if (find(ROUTE_TABLE, id, context) !== undefined) return;
  put(ROUTE_TABLE, id, { id, vpc: vpc.id, main: true, associations: [], routes: localRoutes(vpc) }, context);
}

export function localRoutes({ cidr, ipv6Cidr }: StoredVpc): Route[] {
  const local: Route = { GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' };
  return [
    { DestinationCidrBlock: cidr, ...local },
    ...(ipv6Cidr === undefined ? [] : [{ DestinationIpv6CidrBlock: ipv6Cidr, ...local }]),
  ];
}

export function createRouteTable(input: CreateRouteTableRequest, context: CallContext): CreateRouteTableResult {
  const vpc = need(VPC, input.VpcId, context);
  const id = once('CreateRouteTable', input, context, () => {
    const made = newId('rtb', context);
    addSpecifiedTags(made, 'route-table', input.TagSpecifications, context);
    const row = { id: made, vpc: vpc.id, main: false, associations: [], routes: localRoutes(vpc) };
    put(ROUTE_TABLE, made, row, context);
    return made;
  });
  return { RouteTable: showRouteTable(need(ROUTE_TABLE, id, context), context), ClientToken: input.ClientToken };
}

export function associateRouteTable(
  input: AssociateRouteTableRequest,
  context: CallContext,
): AssociateRouteTableResult {
  refuseUnknown(input, ['GatewayId', 'PublicIpv4Pool']);
  const routeTable = need(ROUTE_TABLE, input.RouteTableId, context);
  const subnet = need(SUBNET, input.SubnetId, context);
  if (subnet.vpc !== routeTable.vpc) {
    throw invalidParameter(`route table ${routeTable.id} and subnet ${subnet.id} belong to different networks`);
  }
  const known = rowsOf(ROUTE_TABLE, context)
    .flatMap(({ associations }) => associations)
    .find((association) => association.subnet === subnet.id);
  if (known !== undefined) {
    throw serviceError(
      'Resource.AlreadyAssociated',
      `the specified association for route table ${routeTable.id} conflicts with an existing association`,
    );
  }
  const association = { id: newId('rtbassoc', context), subnet: subnet.id };
  const associations = [...routeTable.associations, association];
  put(ROUTE_TABLE, routeTable.id, { ...routeTable, associations }, context);
  return { AssociationId: association.id, AssociationState: { State: 'associated' } };
}
