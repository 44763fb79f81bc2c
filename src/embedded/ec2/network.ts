export type Tags = Readonly<Record<string, string>>;

/** A network as it is written beside the API, under ids of your choice. */
export interface Network {
  readonly vpc: {
    readonly id: string;
    /** Default `10.0.0.0/16`. */
    readonly cidr?: string;
    readonly ipv6Cidr?: string;
    /** `enableDnsSupport`, default true. */
    readonly dnsSupport?: boolean;
    /** `enableDnsHostnames`, default true: private hosted zones need it. */
    readonly dnsHostnames?: boolean;
    readonly tags?: Tags;
  };
  /** An internet gateway, attached to the VPC. */
  readonly internetGateway?: string;
  /** Public where the VPC has an internet gateway, private otherwise. */
  readonly natGateways?: readonly { readonly id: string; readonly subnet: string }[];
  readonly subnets?: readonly NetworkSubnet[];
  readonly securityGroups?: readonly NetworkGroup[];
}

export interface NetworkSubnet {
  readonly id: string;
  readonly cidr: string;
  readonly ipv6Cidr?: string;
  /** Default: the region's zones in turn. */
  readonly zone?: string;
  /**
   * Where `0.0.0.0/0` goes: `igw-…`, `nat-…`, `tgw-…`, `eni-…`, `vgw-…`, `pcx-…` or `i-…`. The subnet then has a route
   * table of its own, otherwise the VPC's main one. The gateway need not be of this account.
   */
  readonly defaultRoute?: string;
  readonly tags?: Tags;
}

export interface NetworkGroup {
  readonly id: string;
  /** Default: the id. */
  readonly name?: string;
  /** Default: everything may go out, as in a new group. */
  readonly egress?: readonly NetworkRule[];
  /** Default: none. */
  readonly ingress?: readonly NetworkRule[];
  readonly tags?: Tags;
}

export interface NetworkRule {
  /** `tcp`, `udp`, …, `-1`: all. */
  readonly protocol: string;
  /** One port; without it, `from` and `to`. */
  readonly port?: number;
  readonly from?: number;
  readonly to?: number;
  /** A CIDR block, IPv4 or IPv6, a security group `sg-…`, or a prefix list `pl-…`. */
  readonly peer: string;
}

/** A network of which only ids are known. */
export interface NetworkIds {
  readonly vpcs?: readonly string[];
  readonly subnets?: readonly string[];
  readonly securityGroups?: readonly string[];
}
