import {
  DescribeVpcAttributeCommand,
  EC2Client,
  paginateDescribeRouteTables,
  paginateDescribeSecurityGroups,
  paginateDescribeSubnets,
  paginateDescribeVpcEndpoints,
} from '@aws-sdk/client-ec2';
import type { Filter, RouteTable, SecurityGroup, Subnet, VpcAttributeName, VpcEndpoint } from '@aws-sdk/client-ec2';
import type { Aws } from '../aws/clients.ts';
import { isAwsError, unknownFrom } from '../aws/errors.ts';
import type { Permission, Place, Unknown } from '../engine/types.ts';
import { egressOf } from './network-rules.ts';
import { wayOf } from './network-routes.ts';
import type { Network, NetworkQuestion, VpcView } from './network-view.ts';
import { permit } from './permissions.ts';

/** EC2 API Reference, "Filter": at most 200 values. */
const MAX_FILTER_VALUES = 200;

/**
 * Looks at a network with one call for each kind of object and two for each VPC, whose DNS attributes come one by one.
 * What is asked for and not there is named in `missing`; what may not be looked at makes the whole unknown.
 *
 * @throws AwsError for what concerns the whole command, such as credentials of another account.
 */
export async function readNetwork(aws: Aws, place: Place, asked: NetworkQuestion): Promise<Network | Unknown> {
  try {
    const client = await aws.client(EC2Client, place);
    return await look(client, asked);
  } catch (error) {
    return unknownFrom(error);
  }
}

/** What that takes. EC2 describes everything or nothing (Service Authorization Reference). */
export function networkPermissions({ subnets, securityGroups, vpcs }: NetworkQuestion): readonly Permission[] {
  const hasHome = subnets.length > 0;
  return permit('ec2', '*', [
    ...(hasHome ? ['DescribeSubnets', 'DescribeRouteTables', 'DescribeVpcEndpoints'] : []),
    ...(securityGroups.length > 0 ? ['DescribeSecurityGroups'] : []),
    ...(hasHome || vpcs.length > 0 ? ['DescribeVpcAttribute'] : []),
  ]);
}

async function look(client: EC2Client, asked: NetworkQuestion): Promise<Network> {
  const [subnets, groups] = await Promise.all([
    subnetsOf(client, asked.subnets),
    groupsOf(client, asked.securityGroups),
  ]);
  const homes = unique(subnets.map(({ VpcId = '' }) => VpcId));
  const vpcIds = unique([...asked.vpcs, ...homes]);
  const [tables, endpoints, vpcs] = await Promise.all([
    routeTablesOf(client, homes),
    endpointsOf(client, homes),
    vpcsOf(client, vpcIds),
  ]);
  return {
    state: 'known',
    subnets: subnets.map((subnet) => ({
      id: subnet.SubnetId ?? '',
      vpc: subnet.VpcId ?? '',
      zone: subnet.AvailabilityZone ?? '',
      cidr: subnet.CidrBlock ?? '',
      way: wayOf(subnet, tables),
    })),
    securityGroups: groups.map((group) => ({
      id: group.GroupId ?? '',
      vpc: group.VpcId ?? '',
      egress: egressOf(group.IpPermissionsEgress ?? []),
    })),
    vpcs,
    endpoints: endpoints.filter(isAvailable).map((endpoint) => ({
      id: endpoint.VpcEndpointId ?? '',
      vpc: endpoint.VpcId ?? '',
      type: endpoint.VpcEndpointType ?? '',
      service: endpoint.ServiceName ?? '',
      subnets: endpoint.SubnetIds ?? [],
      privateDns: endpoint.PrivateDnsEnabled ?? false,
    })),
    missing: {
      subnets: without(
        asked.subnets,
        subnets.map(({ SubnetId }) => SubnetId),
      ),
      securityGroups: without(
        asked.securityGroups,
        groups.map(({ GroupId }) => GroupId),
      ),
      vpcs: without(
        asked.vpcs,
        vpcs.map(({ id }) => id),
      ),
    },
  };
}

/** By filter, not by id: one id that is not there would fail the whole call. */
function subnetsOf(client: EC2Client, ids: readonly string[]): Promise<Subnet[]> {
  return collect(
    ids,
    'subnet-id',
    (Filters) => paginateDescribeSubnets({ client }, { Filters }),
    (page) => page.Subnets,
  );
}

function groupsOf(client: EC2Client, ids: readonly string[]): Promise<SecurityGroup[]> {
  const open = (Filters: Filter[]) => paginateDescribeSecurityGroups({ client }, { Filters });
  return collect(ids, 'group-id', open, (page) => page.SecurityGroups);
}

function routeTablesOf(client: EC2Client, vpcs: readonly string[]): Promise<RouteTable[]> {
  const open = (Filters: Filter[]) => paginateDescribeRouteTables({ client }, { Filters });
  return collect(vpcs, 'vpc-id', open, (page) => page.RouteTables);
}

function endpointsOf(client: EC2Client, vpcs: readonly string[]): Promise<VpcEndpoint[]> {
  const open = (Filters: Filter[]) => paginateDescribeVpcEndpoints({ client }, { Filters });
  return collect(vpcs, 'vpc-id', open, (page) => page.VpcEndpoints);
}

/** Every page for the ids, in as few calls as filters allow; none for no ids. */
async function collect<Page, Item>(
  ids: readonly string[],
  filter: string,
  open: (filters: Filter[]) => AsyncIterable<Page>,
  itemsOf: (page: Page) => readonly Item[] | undefined,
): Promise<Item[]> {
  const wanted = unique(ids);
  const found: Item[] = [];
  for (let from = 0; from < wanted.length; from += MAX_FILTER_VALUES) {
    const Values = wanted.slice(from, from + MAX_FILTER_VALUES);
    for await (const page of open([{ Name: filter, Values }])) found.push(...(itemsOf(page) ?? []));
  }
  return found;
}

/** One after the other: a zone may be associated with 300 VPCs, and EC2 throttles. */
async function vpcsOf(client: EC2Client, ids: readonly string[]): Promise<VpcView[]> {
  const found: VpcView[] = [];
  for (const id of ids) {
    const vpc = await vpcOf(client, id);
    if (vpc !== undefined) found.push(vpc);
  }
  return found;
}

/** Undefined: there is no such VPC here. */
async function vpcOf(client: EC2Client, id: string): Promise<VpcView | undefined> {
  const ask = (Attribute: VpcAttributeName) => client.send(new DescribeVpcAttributeCommand({ VpcId: id, Attribute }));
  try {
    const support = await ask('enableDnsSupport');
    const hostnames = await ask('enableDnsHostnames');
    return {
      id,
      dnsSupport: support.EnableDnsSupport?.Value ?? false,
      dnsHostnames: hostnames.EnableDnsHostnames?.Value ?? false,
    };
  } catch (error) {
    if (isAwsError(error, 'InvalidVpcID.NotFound')) return undefined;
    throw error;
  }
}

/** The API answers in lower case, its model has capitals. */
function isAvailable({ State: state = '' }: { readonly State?: string | undefined }): boolean {
  return state.toLowerCase() === 'available';
}

function unique(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)].sort();
}

function without(asked: readonly string[], found: readonly (string | undefined)[]): readonly string[] {
  return unique(asked).filter((id) => !found.includes(id));
}
