import { BlockList, isIP } from 'node:net';
import type { EgressRule, SecurityGroupView } from '../resources/network-view.ts';

/** Something that a function speaks to. */
export interface Peer {
  /** As people call it: `the primary`, `the proxy`. */
  readonly what: string;
  /** A name or an address; an IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
  readonly protocols: readonly ('tcp' | 'udp')[];
}

/**
 * What the security groups say of one protocol to a peer: any rule of any group that admits it is enough. `unclear`: the
 * peer has a name, or the only rules for its port are for a security group or a prefix list.
 */
export type Verdict = 'open' | 'closed' | 'unclear';

export function judgeEgress(
  groups: readonly SecurityGroupView[],
  { host, port }: Pick<Peer, 'host' | 'port'>,
  protocol: 'tcp' | 'udp',
): Verdict {
  const rules = groups.flatMap(({ egress }) => egress).filter((rule) => covers(rule, protocol, port));
  if (rules.length === 0) return 'closed';
  const version = isIP(host);
  if (version === 0) return rules.some(({ cidr }) => cidr === '0.0.0.0/0') ? 'open' : 'unclear';
  if (rules.some(({ cidr }) => cidr !== undefined && holds(cidr, host, version))) return 'open';
  return rules.some(({ list }) => list !== undefined) ? 'unclear' : 'closed';
}

/** Protocol numbers of IANA's: EC2 shows the names of these two. */
function covers({ protocol, from, to }: EgressRule, wanted: 'tcp' | 'udp', port: number): boolean {
  if (protocol === '-1') return true;
  return protocol === wanted && (from ?? 0) <= port && port <= (to ?? Number.POSITIVE_INFINITY);
}

function holds(cidr: string, address: string, version: number): boolean {
  const [network = '', length = ''] = cidr.split('/');
  if (isIP(network) !== version) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const block = new BlockList();
  block.addSubnet(network, Number(length), family);
  return block.check(address, family);
}
