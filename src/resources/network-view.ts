/** What a network looks like from where a function would stand in it: plain data. */

export interface NetworkQuestion {
  /** Where the function stands. */
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  /** VPCs whose resolvers are to answer, beside those of the subnets. */
  readonly vpcs: readonly string[];
}

/**
 * Where a subnet's default route (`0.0.0.0/0`) leads. `none`: there is none, or its target is gone. `unknown`: the route
 * table cannot be seen, as in a VPC that another account shares.
 */
export type Way =
  | 'nat'
  | 'internet-gateway'
  | 'transit-gateway'
  | 'vpn-gateway'
  | 'peering'
  | 'interface'
  | 'endpoint'
  | 'other'
  | 'none'
  | 'unknown';

export interface SubnetView {
  readonly id: string;
  readonly vpc: string;
  /** Name of the Availability Zone. */
  readonly zone: string;
  readonly cidr: string;
  readonly way: Way;
}

/** One rule for traffic that goes out: a protocol, ports and one peer. */
export interface EgressRule {
  /** `tcp`, `udp`, a number; `-1`: all. */
  readonly protocol: string;
  /** Ports; absent: all. */
  readonly from?: number;
  readonly to?: number;
  /** An IPv4 or IPv6 block; absent: the peer is a security group or a prefix list. */
  readonly cidr?: string;
  /** Id of the security group or the prefix list. */
  readonly list?: string;
}

export interface SecurityGroupView {
  readonly id: string;
  readonly vpc: string;
  readonly egress: readonly EgressRule[];
}

export interface VpcView {
  readonly id: string;
  readonly dnsSupport: boolean;
  readonly dnsHostnames: boolean;
}

export interface EndpointView {
  readonly id: string;
  readonly vpc: string;
  readonly type: string;
  /** `com.amazonaws.eu-west-1.ssm`. */
  readonly service: string;
  readonly subnets: readonly string[];
  /** The service's usual name leads to it. */
  readonly privateDns: boolean;
}

export interface Network {
  readonly state: 'known';
  readonly subnets: readonly SubnetView[];
  readonly securityGroups: readonly SecurityGroupView[];
  /** Those asked for and those of the subnets. */
  readonly vpcs: readonly VpcView[];
  /** Of the subnets' VPCs; those that are available. */
  readonly endpoints: readonly EndpointView[];
  /** Ids that were asked for and do not exist at this place. */
  readonly missing: NetworkQuestion;
}
