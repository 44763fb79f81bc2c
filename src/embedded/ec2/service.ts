import type { ModifyVpcAttributeRequest, ResourceType, TagSpecification } from '@aws-sdk/client-ec2';
import { read, write } from '../service.ts';
import type { Access, CallContext, ConditionKeys, Operation, Service } from '../service.ts';
import { removedTags, resourceKeys, writtenTags } from './access.ts';
import { allocateAddress, describeAddresses } from './addresses.ts';
import { createVpcEndpoint } from './endpoint-creation.ts';
import { describeVpcEndpoints } from './endpoints.ts';
import { dry } from './dry-run.ts';
import { requestLimitExceeded } from './errors.ts';
import { instanceOperations } from './instance-operations.ts';
import { attachInternetGateway, createInternetGateway, describeInternetGateways } from './internet-gateways.ts';
import { arn } from './kind.ts';
import { createNatGateway, describeNatGateways } from './nat-gateways.ts';
import { describeNetworkAcls } from './network-acls.ts';
import { createNetworkInterface, deleteNetworkInterface, describeNetworkInterfaces } from './network-interfaces.ts';
import { describePrefixLists } from './prefix-lists.ts';
import { associateRouteTable, createRouteTable, describeRouteTables } from './route-tables.ts';
import { createRoute } from './routes.ts';
import {
  authorizeEgress,
  authorizeIngress,
  describeSecurityGroupRules,
  revokeEgress,
  revokeIngress,
} from './security-group-rules.ts';
import { createSecurityGroup, describeSecurityGroups } from './security-groups.ts';
import { createSubnet, describeSubnets } from './subnets.ts';
import { createTags, deleteTags, describeTags, taggedArns, taggedObjects } from './tag-operations.ts';
import { requestTags } from './tags.ts';
import { describeVpcAttribute, modifyVpcAttribute } from './vpc-attributes.ts';
import { createVpc } from './vpc-creation.ts';
import { describeVpcs } from './vpcs.ts';
import { describeZones } from './zones.ts';

/** Instances, and networks: VPCs and what is in them (EC2 API Reference, EC2 and Amazon VPC User Guides). */
export const ec2: Service = {
  eventSource: 'ec2.amazonaws.com',
  actionPrefix: 'ec2',
  deniedName: 'UnauthorizedOperation',
  secretFields: [],
  throttled: requestLimitExceeded,
  operations: {
    ...instanceOperations,
    AllocateAddress: making(allocateAddress, () => [['elastic-ip']]),
    AssociateRouteTable: making(associateRouteTable, (input) => [
      ['route-table', input.RouteTableId],
      ['subnet', input.SubnetId],
    ]),
    AttachInternetGateway: making(attachInternetGateway, (input) => [
      ['internet-gateway', input.InternetGatewayId],
      ['vpc', input.VpcId],
    ]),
    AuthorizeSecurityGroupEgress: making(authorizeEgress, (input) => [['security-group', input.GroupId]]),
    AuthorizeSecurityGroupIngress: making(authorizeIngress, (input) => [['security-group', input.GroupId]]),
    CreateInternetGateway: making(createInternetGateway, () => [['internet-gateway']]),
    CreateNatGateway: making(createNatGateway, (input) => [
      ['natgateway'],
      ['subnet', input.SubnetId],
      ...many('elastic-ip', [input.AllocationId]),
    ]),
    CreateNetworkInterface: making(createNetworkInterface, (input) => [
      ['network-interface'],
      ['subnet', input.SubnetId],
      ...many('security-group', input.Groups),
    ]),
    CreateRoute: making(createRoute, (input) => [['route-table', input.RouteTableId]]),
    CreateRouteTable: making(createRouteTable, (input) => [['route-table'], ['vpc', input.VpcId]]),
    CreateSecurityGroup: making(createSecurityGroup, (input) => [['security-group'], ...many('vpc', [input.VpcId])]),
    CreateSubnet: making(createSubnet, (input) => [['subnet'], ['vpc', input.VpcId]]),
    CreateTags: write(dry(createTags), { resource: taggedArns, conditions: writtenTags, conditionsOf }),
    CreateVpc: making(createVpc, () => [['vpc']]),
    CreateVpcEndpoint: making(createVpcEndpoint, (input) => [
      ['vpc-endpoint'],
      ['vpc', input.VpcId],
      ...many('route-table', input.RouteTableIds),
      ...many('subnet', input.SubnetIds),
      ...many('security-group', input.SecurityGroupIds),
    ]),
    DeleteNetworkInterface: making(deleteNetworkInterface, (input) => [
      ['network-interface', input.NetworkInterfaceId],
    ]),
    DeleteTags: write(dry(deleteTags), { resource: taggedArns, conditions: removedTags, conditionsOf }),
    DescribeAddresses: looking(describeAddresses),
    DescribeAvailabilityZones: looking(describeZones),
    DescribeInternetGateways: looking(describeInternetGateways),
    DescribeNatGateways: looking(describeNatGateways),
    DescribeNetworkAcls: looking(describeNetworkAcls),
    DescribeNetworkInterfaces: looking(describeNetworkInterfaces),
    DescribePrefixLists: looking(describePrefixLists),
    DescribeRouteTables: looking(describeRouteTables),
    DescribeSecurityGroupRules: looking(describeSecurityGroupRules),
    DescribeSecurityGroups: looking(describeSecurityGroups),
    DescribeSubnets: looking(describeSubnets),
    DescribeTags: looking(describeTags),
    DescribeVpcAttribute: read(dry(describeVpcAttribute), {
      resource: (input, context) => arn('vpc', input.VpcId, context),
    }),
    DescribeVpcEndpoints: looking(describeVpcEndpoints),
    DescribeVpcs: looking(describeVpcs),
    ModifyVpcAttribute: making<ModifyVpcAttributeRequest & AnyInput, object>(modifyVpcAttribute, (input) => [
      ['vpc', input.VpcId],
    ]),
    RevokeSecurityGroupEgress: making(revokeEgress, (input) => [['security-group', input.GroupId]]),
    RevokeSecurityGroupIngress: making(revokeIngress, (input) => [['security-group', input.GroupId]]),
  },
  tagged: taggedObjects,
};

interface AnyInput {
  /** ModifyVpcAttribute alone has none. */
  readonly DryRun?: boolean | undefined;
  readonly TagSpecifications?: readonly TagSpecification[] | undefined;
}

/** A type of object and its id; without one: an object that is yet to be made. */
type About = readonly [type: ResourceType, id?: string | undefined];
type Run<Input, Output> = (input: Input, context: CallContext) => Output;

/** Describe actions know no resources (Service Authorization Reference, "Amazon EC2"). */
function looking<Input extends AnyInput, Output extends object>(run: Run<Input, Output>): Operation<Input, Output> {
  return read(dry(run));
}

/** Every object of a request must be allowed; tags given with it are condition keys. */
function making<Input extends AnyInput, Output extends object>(
  run: Run<Input, Output>,
  about: (input: Input) => readonly About[],
): Operation<Input, Output> {
  const access: Access<Input> = {
    resource: (input, context) => about(input).map(([type, id]) => arn(type, id, context)),
    conditions: requestTags,
    conditionsOf,
  };
  return write(dry(run), access);
}

/** What the object of an ARN carries. */
function conditionsOf(resource: string, _input: object, context: CallContext): ConditionKeys {
  return resourceKeys(resource, context);
}

function many(type: ResourceType, ids: readonly (string | undefined)[] | undefined): About[] {
  return (ids ?? []).flatMap((id): About[] => (id === undefined ? [] : [[type, id]]));
}
