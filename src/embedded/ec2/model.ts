import type { ConnectivityType, Route, SecurityGroupRule, Tenancy, VpcEndpointType } from '@aws-sdk/client-ec2';
import { table } from '../store/database.ts';
import type { Known } from './kind.ts';

export interface StoredVpc {
  readonly id: string;
  readonly cidr: string;
  readonly ipv6Cidr?: string;
  readonly tenancy: Tenancy;
  readonly dnsSupport: boolean;
  readonly dnsHostnames: boolean;
  readonly usageMetrics: boolean;
}

export const VPC: Known<StoredVpc> = {
  rows: table('ec2/vpcs'),
  resourceType: 'vpc',
  notFound: 'InvalidVpcID.NotFound',
  noun: 'vpc ID',
};

export interface StoredSubnet {
  readonly id: string;
  readonly vpc: string;
  readonly cidr: string;
  readonly ipv6Cidr?: string;
  readonly zone: string;
  /** How many IPv4 addresses network interfaces have. */
  readonly used: number;
}

export const SUBNET: Known<StoredSubnet> = {
  rows: table('ec2/subnets'),
  resourceType: 'subnet',
  notFound: 'InvalidSubnetID.NotFound',
  noun: 'subnet ID',
};

export interface StoredGroup {
  readonly id: string;
  readonly vpc: string;
  readonly name: string;
  readonly description: string;
  readonly rules: readonly StoredRule[];
}

/** A rule without what follows from its group. `-1`: every protocol, every port. */
export interface StoredRule extends Pick<SecurityGroupRule, 'CidrIpv4' | 'CidrIpv6' | 'PrefixListId' | 'Description'> {
  readonly SecurityGroupRuleId: string;
  readonly IsEgress: boolean;
  readonly IpProtocol: string;
  readonly FromPort: number;
  readonly ToPort: number;
  /** Id of the group that it refers to. */
  readonly group?: string;
}

export const SECURITY_GROUP: Known<StoredGroup> = {
  rows: table('ec2/security-groups'),
  resourceType: 'security-group',
  notFound: 'InvalidGroup.NotFound',
  noun: 'security group',
  malformed: ['sg', 'InvalidGroupId.Malformed'],
};

export interface StoredRouteTable {
  readonly id: string;
  readonly vpc: string;
  readonly main: boolean;
  readonly associations: readonly { readonly id: string; readonly subnet: string }[];
  readonly routes: readonly Route[];
}

export const ROUTE_TABLE: Known<StoredRouteTable> = {
  rows: table('ec2/route-tables'),
  resourceType: 'route-table',
  notFound: 'InvalidRouteTableID.NotFound',
  noun: 'routeTable ID',
  malformed: ['rtb', 'InvalidRouteTableId.Malformed'],
};

export interface StoredInternetGateway {
  readonly id: string;
  readonly vpc?: string;
}

export const INTERNET_GATEWAY: Known<StoredInternetGateway> = {
  rows: table('ec2/internet-gateways'),
  resourceType: 'internet-gateway',
  notFound: 'InvalidInternetGatewayID.NotFound',
  noun: 'internetGateway ID',
};

export interface StoredNatGateway {
  readonly id: string;
  readonly vpc: string;
  readonly subnet: string;
  readonly connectivity: ConnectivityType;
  /** Milliseconds since the epoch. */
  readonly created: number;
  readonly interface: string;
  readonly allocation?: string;
  /** No internet gateway when it was made. */
  readonly failed: boolean;
}

export const NAT_GATEWAY: Known<StoredNatGateway> = {
  rows: table('ec2/nat-gateways'),
  resourceType: 'natgateway',
  notFound: 'NatGatewayNotFound',
  noun: 'Nat Gateway',
};

export interface StoredAddress {
  readonly id: string;
  readonly ip: string;
  /** The network interface that has it. */
  readonly interface?: string;
}

export const ADDRESS: Known<StoredAddress> = {
  rows: table('ec2/addresses'),
  resourceType: 'elastic-ip',
  notFound: 'InvalidAllocationID.NotFound',
  noun: 'allocation ID',
};

export interface StoredEndpoint {
  readonly id: string;
  readonly type: VpcEndpointType;
  readonly vpc: string;
  readonly service: string;
  readonly policy?: string;
  readonly routeTables: readonly string[];
  readonly subnets: readonly string[];
  readonly groups: readonly string[];
  readonly interfaces: readonly string[];
  readonly privateDns: boolean;
  /** Milliseconds since the epoch. */
  readonly created: number;
}

export const ENDPOINT: Known<StoredEndpoint> = {
  rows: table('ec2/vpc-endpoints'),
  resourceType: 'vpc-endpoint',
  notFound: 'InvalidVpcEndpointId.NotFound',
  noun: 'Vpc Endpoint Id',
  malformed: ['vpce', 'InvalidVpcEndpointId.Malformed'],
};

export interface StoredInterface {
  readonly id: string;
  readonly subnet: string;
  readonly vpc: string;
  readonly zone: string;
  readonly ip: string;
  readonly groups: readonly string[];
  readonly description: string;
  readonly type: 'interface' | 'lambda' | 'nat_gateway' | 'vpc_endpoint';
  /** The instance that it is attached to. */
  readonly instance?: string;
}

export const NETWORK_INTERFACE: Known<StoredInterface> = {
  rows: table('ec2/network-interfaces'),
  resourceType: 'network-interface',
  notFound: 'InvalidNetworkInterfaceID.NotFound',
  noun: 'networkInterface ID',
  malformed: ['eni', 'InvalidNetworkInterfaceId.Malformed'],
};

/** The default ACL of a VPC: there are no others here, so every subnet of the VPC has it. */
export interface StoredAcl {
  readonly id: string;
  readonly vpc: string;
}

export const NETWORK_ACL: Known<StoredAcl> = {
  rows: table('ec2/network-acls'),
  resourceType: 'network-acl',
  notFound: 'InvalidNetworkAclID.NotFound',
  noun: 'networkAcl ID',
};
