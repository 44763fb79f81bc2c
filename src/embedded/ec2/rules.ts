import type { IpPermission, SecurityGroupRule } from '@aws-sdk/client-ec2';
import { formatCidr, parseCidr } from './cidr.ts';
import { invalidParameter, missingParameter } from './errors.ts';
import type { StoredRule } from './model.ts';

/** A rule before it has an id. */
export type RuleText = Omit<StoredRule, 'SecurityGroupRuleId'>;

/** AuthorizeSecurityGroupEgress, IpProtocol: names for four numbers of IANA's, `-1` for all. */
const NAMED_PROTOCOLS: Readonly<Record<string, string>> = { '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'icmpv6' };
const PORT_PROTOCOLS = ['tcp', 'udp'];
const RANGED_PROTOCOLS = ['tcp', 'udp', 'icmp', 'icmpv6'];
const MAX_PORT = 65_535;
const MAX_PROTOCOL = 255;
const PREFIX_LIST_ID = /^pl-[0-9a-f]{8,17}$/;

/** One rule for each peer of each permission, in canonical form. @throws InvalidParameterValue, MissingParameter */
export function rulesOf(permissions: readonly IpPermission[], IsEgress: boolean): RuleText[] {
  return permissions.flatMap((permission) => {
    const traffic = { IsEgress, ...trafficOf(permission) };
    const rules: RuleText[] = [
      ...(permission.IpRanges ?? []).map((range) => ({
        ...traffic,
        CidrIpv4: canonicalCidr(range.CidrIp, 4),
        ...described(range),
      })),
      ...(permission.Ipv6Ranges ?? []).map((range) => ({
        ...traffic,
        CidrIpv6: canonicalCidr(range.CidrIpv6, 6),
        ...described(range),
      })),
      ...(permission.PrefixListIds ?? []).map((list) => ({
        ...traffic,
        PrefixListId: prefixListId(list.PrefixListId),
        ...described(list),
      })),
      ...(permission.UserIdGroupPairs ?? []).map((pair) => ({ ...traffic, group: groupId(pair), ...described(pair) })),
    ];
    if (rules.length === 0) throw missingParameter('ipRanges, ipv6Ranges, prefixListIds or groups');
    return rules;
  });
}

/** The same traffic and peer: the description does not count. */
export function isSameRule(left: RuleText, right: RuleText): boolean {
  return identity(left) === identity(right);
}

function identity(rule: RuleText): string {
  const { IsEgress, IpProtocol, FromPort, ToPort, CidrIpv4, CidrIpv6, PrefixListId, group } = rule;
  return JSON.stringify([IsEgress, IpProtocol, FromPort, ToPort, CidrIpv4, CidrIpv6, PrefixListId, group]);
}

/** As errors of EC2 name a rule: `peer: 0.0.0.0/0, TCP, from port: 53, to port: 53, ALLOW`. */
export function ruleText(rule: RuleText): string {
  const peer = rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.PrefixListId ?? rule.group;
  if (rule.IpProtocol === '-1') return `peer: ${peer}, ALL, ALLOW`;
  return `peer: ${peer}, ${rule.IpProtocol.toUpperCase()}, from port: ${rule.FromPort}, to port: ${rule.ToPort}, ALLOW`;
}

type Peers = {
  [Field in 'UserIdGroupPairs' | 'IpRanges' | 'Ipv6Ranges' | 'PrefixListIds']-?: NonNullable<IpPermission[Field]>;
};

/** Rules put together by their traffic, as DescribeSecurityGroups shows them. */
export function permissionsOf(rules: readonly StoredRule[], account: string): IpPermission[] {
  const byTraffic = new Map<string, Peers & IpPermission>();
  for (const rule of rules) {
    const { IpProtocol, FromPort, ToPort, Description } = rule;
    const key = `${IpProtocol} ${FromPort} ${ToPort}`;
    const permission = byTraffic.get(key) ?? {
      IpProtocol,
      ...(IpProtocol !== '-1' && { FromPort, ToPort }),
      UserIdGroupPairs: [],
      IpRanges: [],
      Ipv6Ranges: [],
      PrefixListIds: [],
    };
    byTraffic.set(key, permission);
    const about = described({ Description });
    if (rule.CidrIpv4 !== undefined) permission.IpRanges.push({ CidrIp: rule.CidrIpv4, ...about });
    if (rule.CidrIpv6 !== undefined) permission.Ipv6Ranges.push({ CidrIpv6: rule.CidrIpv6, ...about });
    if (rule.PrefixListId !== undefined) permission.PrefixListIds.push({ PrefixListId: rule.PrefixListId, ...about });
    if (rule.group !== undefined) permission.UserIdGroupPairs.push({ GroupId: rule.group, UserId: account, ...about });
  }
  return [...byTraffic.values()];
}

type Traffic = Pick<RuleText, 'IpProtocol' | 'FromPort' | 'ToPort'>;

/** For other protocols than the four with a name every port is meant, "regardless of any port range you specify". */
function trafficOf({ IpProtocol: given, FromPort, ToPort }: IpPermission): Traffic {
  if (given === undefined) throw missingParameter('ipProtocol');
  const IpProtocol = NAMED_PROTOCOLS[given] ?? given.toLowerCase();
  if (!RANGED_PROTOCOLS.includes(IpProtocol)) {
    if (IpProtocol !== '-1' && !(/^\d{1,3}$/.test(IpProtocol) && Number(IpProtocol) <= MAX_PROTOCOL)) {
      throw invalidParameter(`Invalid value '${given}' for IP protocol. Unknown protocol.`);
    }
    return { IpProtocol, FromPort: -1, ToPort: -1 };
  }
  if (!PORT_PROTOCOLS.includes(IpProtocol)) return { IpProtocol, FromPort: FromPort ?? -1, ToPort: ToPort ?? -1 };
  if (FromPort === undefined || ToPort === undefined) {
    throw invalidParameter('Invalid value for portRange. Must specify both from and to ports with TCP/UDP.');
  }
  if (FromPort < 0 || ToPort > MAX_PORT || FromPort > ToPort) {
    throw invalidParameter(`Invalid TCP/UDP port range (${FromPort}:${ToPort})`);
  }
  return { IpProtocol, FromPort, ToPort };
}

function described({ Description }: Pick<SecurityGroupRule, 'Description'>): Pick<SecurityGroupRule, 'Description'> {
  return Description === undefined ? {} : { Description };
}

function canonicalCidr(text: string | undefined, version: 4 | 6): string {
  const cidr = parseCidr(text ?? '');
  if (cidr?.version === version) return formatCidr(cidr);
  throw invalidParameter(`CIDR block ${text} is malformed`);
}

function prefixListId(id: string | undefined): string {
  if (id !== undefined && PREFIX_LIST_ID.test(id)) return id;
  throw invalidParameter(`Value (${id}) for parameter prefixListId is invalid. The ID is malformed`);
}

/** "UserIdGroupPairs, GroupName: [Default VPC]"; there is no default VPC here. */
function groupId({
  GroupId,
  GroupName,
}: {
  readonly GroupId?: string | undefined;
  readonly GroupName?: string | undefined;
}): string {
  if (GroupId !== undefined) return GroupId;
  throw invalidParameter(`The security group '${GroupName}' has to be named by its ID outside of a default VPC.`);
}
