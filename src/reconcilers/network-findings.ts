import { isIP } from 'node:net';
import type { Address, Finding, Severity, Unknown } from '../engine/types.ts';
import type { Network, SubnetView, Way } from '../resources/network-view.ts';
import { judgeEgress } from './network-egress.ts';
import type { Peer } from './network-egress.ts';

/** What a function in a VPC needs of its network. */
export interface NetworkNeeds {
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  /** VPCs at the same place with which a private hosted zone is associated. */
  readonly privateZoneVpcs: readonly string[];
  /** What it speaks to beside AWS: primaries, a proxy. */
  readonly peers: readonly Peer[];
  /** AWS services that it calls, as endpoints name them: `route53`, `ssm`. */
  readonly services: readonly string[];
  /** Its calls to AWS go through a proxy. */
  readonly proxied: boolean;
}

type Judgement = Omit<Finding, 'document'>;

/**
 * What of a network stands in the way of a function in it. Only what AWS itself refuses blocks; the rest is a warning,
 * since a route or a filter elsewhere may know better. Pure.
 */
export function networkFindings(
  document: Address,
  network: Network | Unknown,
  needs: NetworkNeeds,
): readonly Finding[] {
  const judgements =
    network.state === 'unknown'
      ? [notChecked(network)]
      : [
          ...missing(network),
          ...spread(network, needs),
          ...strangers(network),
          ...resolvers(network, needs),
          ...waysToAws(network, needs),
          ...needs.peers.flatMap((peer) => egress(network, needs, peer)),
        ];
  return judgements.map((judgement) => ({ document, ...judgement }));
}

function finding(code: string, severity: Severity, message: string, hint: string): Judgement {
  return { code, severity, message, hint };
}

function notChecked({ reason, detail }: Unknown): Judgement {
  const why = reason === 'denied' ? 'it may not be looked at from here' : 'it could not be looked at';
  return finding(
    'network-not-checked',
    'warning',
    `the network of the function was not checked: ${why} (${detail})`,
    'allow ec2:DescribeSubnets, DescribeSecurityGroups, DescribeRouteTables, DescribeVpcEndpoints and DescribeVpcAttribute to the plan role, or check subnets, routes and security groups yourself',
  );
}

function missing({ missing: { subnets, securityGroups, vpcs } }: Network): Judgement[] {
  const absent = (what: string): string => `${what} does not exist in this account and region`;
  const hint = 'correct the id, or the account and region of the document';
  return [
    ...subnets.map((id) => finding('no-such-subnet', 'blocks', absent(`subnet ${id}`), hint)),
    ...securityGroups.map((id) => finding('no-such-security-group', 'blocks', absent(`security group ${id}`), hint)),
    ...vpcs.map((id) => finding('no-such-vpc', 'blocks', absent(`VPC ${id}`), hint)),
  ];
}

/** Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC": several zones, for when one fails. */
function spread({ subnets }: Network, needs: NetworkNeeds): Judgement[] {
  const zones = new Set(subnets.map(({ zone }) => zone));
  const [subnet] = subnets;
  if (new Set(needs.subnets).size === 1 && subnet !== undefined) {
    return [
      finding(
        'one-subnet',
        'warning',
        `the function stands in one subnet only, ${subnet.id} in ${subnet.zone}: when that zone fails, it does not run`,
        'name a second subnet in another Availability Zone',
      ),
    ];
  }
  if (zones.size !== 1 || subnets.length < 2) return [];
  return [
    finding(
      'one-zone',
      'warning',
      `all ${subnets.length} subnets are in one Availability Zone, ${subnet?.zone}: when it fails, the function does not run`,
      'replace one of them by a subnet in another zone',
    ),
  ];
}

/** Lambda refuses both (CreateFunction, VpcConfig: one VPC). */
function strangers({ subnets, securityGroups }: Network): Judgement[] {
  const [first, ...others] = subnets;
  const elsewhere = others.filter(({ vpc }) => vpc !== first?.vpc);
  const vpcs = [...new Set(subnets.map(({ vpc }) => vpc))].sort();
  const several = finding(
    'several-vpcs',
    'blocks',
    `the subnets are in ${vpcs.length} VPCs (${subnets.map(({ id, vpc }) => `${id} in ${vpc}`).join(', ')}), and a function stands in one`,
    'name subnets of one VPC',
  );
  const foreign = securityGroups.filter(({ vpc }) => vpcs.length > 0 && !vpcs.includes(vpc));
  return [
    ...(elsewhere.length > 0 ? [several] : []),
    ...foreign.map(({ id, vpc }) =>
      finding(
        'foreign-security-group',
        'blocks',
        `security group ${id} belongs to ${vpc}, the subnets to ${vpcs.join(', ')}`,
        `name a security group of ${vpcs[0]}`,
      ),
    ),
  ];
}

function resolvers({ vpcs, subnets }: Network, { privateZoneVpcs }: NetworkNeeds): Judgement[] {
  return vpcs.flatMap(({ id, dnsSupport, dnsHostnames }) => {
    const isPrivate = privateZoneVpcs.includes(id);
    const stands = subnets.some(({ vpc }) => vpc === id);
    const off = [
      ...(dnsSupport || !(isPrivate || stands) ? [] : ['enableDnsSupport']),
      ...(dnsHostnames || !isPrivate ? [] : ['enableDnsHostnames']),
    ];
    if (off.length === 0) return [];
    const why = isPrivate ? 'a private hosted zone is not resolved there' : 'the function finds no resolver there';
    const options = off.map((name) =>
      name === 'enableDnsSupport' ? '--enable-dns-support' : '--enable-dns-hostnames',
    );
    const commands = options.map((option) => `aws ec2 modify-vpc-attribute --vpc-id ${id} ${option}`);
    return finding(
      'vpc-dns-off',
      'warning',
      `${off.join(' and ')} of ${id} ${off.length > 1 ? 'are' : 'is'} off: ${why}`,
      commands.join(' && '),
    );
  });
}

const NO_WAY: Partial<Record<Way, string>> = {
  none: 'has no default route',
  // Amazon VPC: an internet gateway serves interfaces with a public address, and those of a function have none.
  'internet-gateway': 'leads to an internet gateway only, and a function in a VPC has no public address',
};

function waysToAws({ subnets, endpoints }: Network, { services, proxied }: NetworkNeeds): Judgement[] {
  if (proxied) return [];
  return subnets.flatMap((subnet) => {
    const why = NO_WAY[subnet.way];
    const unserved = services.filter((service) => !isServed(service, subnet, endpoints));
    if (unserved.length === 0) return [];
    if (subnet.way === 'unknown') return routesNotSeen(subnet);
    if (why === undefined) return [];
    return finding(
      'no-way-to-aws',
      'warning',
      `from subnet ${subnet.id} there is no way to the API of ${unserved.join(' and ')}: the subnet ${why}`,
      `give it a route to a NAT gateway or a transit gateway, make interface endpoints with private DNS for ${unserved.join(' and ')}, or name a proxy`,
    );
  });
}

function routesNotSeen({ id, vpc }: SubnetView): Judgement {
  return finding(
    'way-not-judged',
    'info',
    `whether subnet ${id} has a way to the AWS API cannot be told: the route tables of ${vpc} cannot be seen from this account`,
    'ask the account that shares the VPC',
  );
}

/** An interface endpoint serves the whole VPC, wherever in it its own interfaces are. */
function isServed(service: string, { vpc }: SubnetView, endpoints: Network['endpoints']): boolean {
  return endpoints.some(
    (endpoint) =>
      endpoint.vpc === vpc &&
      endpoint.type === 'Interface' &&
      endpoint.privateDns &&
      endpoint.service.startsWith('com.amazonaws.') &&
      endpoint.service.endsWith(`.${service}`),
  );
}

function egress({ securityGroups }: Network, { securityGroups: named }: NetworkNeeds, peer: Peer): Judgement[] {
  // What is missing is said already.
  if (securityGroups.length < new Set(named).size || securityGroups.length === 0) return [];
  const verdicts = peer.protocols.map((protocol) => ({
    protocol,
    verdict: judgeEgress(securityGroups, peer, protocol),
  }));
  const closed = verdicts.filter(({ verdict }) => verdict === 'closed').map(({ protocol }) => protocol);
  const unclear = verdicts.filter(({ verdict }) => verdict === 'unclear').map(({ protocol }) => protocol);
  const groups = securityGroups.map(({ id }) => id).join(', ');
  const place = isIP(peer.host) === 6 ? `[${peer.host}]:${peer.port}` : `${peer.host}:${peer.port}`;
  return [
    ...(closed.length === 0
      ? []
      : [
          finding(
            'no-egress',
            'warning',
            `no rule of ${groups} lets ${inWords(closed)} out to ${peer.what} ${place}`,
            remedy(securityGroups[0]?.id ?? '', peer, closed),
          ),
        ]),
    ...(unclear.length === 0
      ? []
      : [
          finding(
            'egress-not-judged',
            'info',
            isIP(peer.host) === 0
              ? `whether ${groups} lets ${inWords(unclear)} out to ${peer.what} ${place} cannot be told: it is a name, and rules are about addresses`
              : `whether ${groups} lets ${inWords(unclear)} out to ${peer.what} ${place} cannot be told: the rules for the port are about a security group or a prefix list`,
            'compare the rules with the address yourself',
          ),
        ]),
  ];
}

function inWords(protocols: readonly string[]): string {
  return protocols.map((protocol) => protocol.toUpperCase()).join(' and ');
}

/** The command that adds what is missing to the first group; of a name the address is left open. */
function remedy(group: string, { host, port }: Peer, protocols: readonly string[]): string {
  const version = isIP(host);
  const range =
    version === 6
      ? `Ipv6Ranges=[{CidrIpv6=${host}/128}]`
      : `IpRanges=[{CidrIp=${version === 4 ? host : 'ADDRESS'}/32}]`;
  const permissions = protocols.map((protocol) => `IpProtocol=${protocol},FromPort=${port},ToPort=${port},${range}`);
  return `aws ec2 authorize-security-group-egress --group-id ${group} --ip-permissions ${permissions.map((text) => `'${text}'`).join(' ')}`;
}
