import type {
  DescribeNetworkAclsRequest,
  DescribeNetworkAclsResult,
  NetworkAcl,
  NetworkAclEntry,
} from '@aws-sdk/client-ec2';
import type { CallContext } from '../service.ts';
import { describe } from './describe.ts';
import { derivedId, need, put, rowsOf } from './kind.ts';
import type { Kind } from './kind.ts';
import { NETWORK_ACL, SUBNET, VPC } from './model.ts';
import type { StoredAcl } from './model.ts';
import { tagsOf } from './tags.ts';

/** Amazon VPC User Guide, "Default network ACL": number 100 allows, the star (32767) denies. */
const ALLOW_NUMBER = 100;
const ALLOW_IPV6_NUMBER = 101;
const DENY_NUMBER = 32_767;
const DENY_IPV6_NUMBER = 32_768;

const associationsOf = ({ Associations = [] }: NetworkAcl) => Associations;
const entriesOf = ({ Entries = [] }: NetworkAcl) => Entries;

export const networkAcls: Kind<StoredAcl, NetworkAcl> = {
  ...NETWORK_ACL,
  show: showAcl,
  filters: {
    'association.association-id': (shown) => associationsOf(shown).map((each) => each.NetworkAclAssociationId),
    'association.network-acl-id': (shown) => associationsOf(shown).map((each) => each.NetworkAclId),
    'association.subnet-id': (shown) => associationsOf(shown).map((each) => each.SubnetId),
    default: ({ IsDefault }) => IsDefault,
    'entry.cidr': (shown) => entriesOf(shown).map(({ CidrBlock }) => CidrBlock),
    'entry.ipv6-cidr': (shown) => entriesOf(shown).map(({ Ipv6CidrBlock }) => Ipv6CidrBlock),
    'entry.protocol': (shown) => entriesOf(shown).map(({ Protocol }) => Protocol),
    'entry.rule-action': (shown) => entriesOf(shown).map(({ RuleAction }) => RuleAction),
    'entry.egress': (shown) => entriesOf(shown).map(({ Egress }) => Egress),
    'entry.rule-number': (shown) => entriesOf(shown).map(({ RuleNumber }) => RuleNumber),
    'network-acl-id': ({ NetworkAclId }) => NetworkAclId,
    'owner-id': ({ OwnerId }) => OwnerId,
    'vpc-id': ({ VpcId }) => VpcId,
  },
};

export function putDefaultAcl(vpc: string, context: CallContext): void {
  const id = derivedId('acl', vpc);
  put(NETWORK_ACL, id, { id, vpc }, context);
}

function showAcl({ id, vpc }: StoredAcl, context: CallContext): NetworkAcl {
  const hasIpv6 = need(VPC, vpc, context).ipv6Cidr !== undefined;
  return {
    NetworkAclId: id,
    VpcId: vpc,
    IsDefault: true,
    OwnerId: context.caller.account,
    Entries: [true, false].flatMap((egress) => entries(egress, hasIpv6)),
    Associations: rowsOf(SUBNET, context)
      .filter((subnet) => subnet.vpc === vpc)
      .map((subnet) => ({
        NetworkAclAssociationId: derivedId('aclassoc', subnet.id),
        NetworkAclId: id,
        SubnetId: subnet.id,
      })),
    Tags: tagsOf(id, context),
  };
}

function entries(Egress: boolean, hasIpv6: boolean): NetworkAclEntry[] {
  const all = { Egress, Protocol: '-1' };
  const ipv4 = { ...all, CidrBlock: '0.0.0.0/0' };
  const ipv6 = { ...all, Ipv6CidrBlock: '::/0' };
  return [
    { ...ipv4, RuleAction: 'allow', RuleNumber: ALLOW_NUMBER },
    ...(hasIpv6 ? [{ ...ipv6, RuleAction: 'allow' as const, RuleNumber: ALLOW_IPV6_NUMBER }] : []),
    { ...ipv4, RuleAction: 'deny', RuleNumber: DENY_NUMBER },
    ...(hasIpv6 ? [{ ...ipv6, RuleAction: 'deny' as const, RuleNumber: DENY_IPV6_NUMBER }] : []),
  ];
}

export function describeNetworkAcls(
  input: DescribeNetworkAclsRequest,
  context: CallContext,
): DescribeNetworkAclsResult {
  const { items, next } = describe(
    networkAcls,
    { ids: input.NetworkAclIds, filters: input.Filters, maxResults: input.MaxResults, nextToken: input.NextToken },
    context,
  );
  return { NetworkAcls: items, ...next };
}
