import type {
  AuthorizeSecurityGroupEgressRequest,
  AuthorizeSecurityGroupIngressRequest,
  AuthorizeSecurityGroupIngressResult,
  DescribeSecurityGroupRulesRequest,
  DescribeSecurityGroupRulesResult,
  IpPermission,
  RevokeSecurityGroupEgressRequest,
  RevokeSecurityGroupIngressRequest,
  RevokeSecurityGroupIngressResult,
  SecurityGroupRule,
} from '@aws-sdk/client-ec2';
import { serviceError } from '../errors.ts';
import type { CallContext } from '../service.ts';
import { paged } from './describe.ts';
import { missingParameter, refuseUnknown } from './errors.ts';
import { openFilters } from './filters.ts';
import type { FilterFields } from './filters.ts';
import { arn, missing, need, newId, put, rowsOf } from './kind.ts';
import { SECURITY_GROUP } from './model.ts';
import type { StoredGroup, StoredRule } from './model.ts';
import { isManagedPrefixList } from './prefix-lists.ts';
import { isSameRule, ruleText, rulesOf } from './rules.ts';
import type { RuleText } from './rules.ts';
import { addSpecifiedTags, tagsOf } from './tags.ts';

/** Amazon VPC User Guide, "Quotas": inbound or outbound rules per security group, counted for each on its own. */
const MAX_RULES = 60;
const UNKNOWN_RULE = { notFound: 'InvalidSecurityGroupRuleId.NotFound', noun: 'security group rule ID' };

const FILTERS: FilterFields<SecurityGroupRule> = {
  'group-id': ({ GroupId }) => GroupId,
  'security-group-rule-id': ({ SecurityGroupRuleId }) => SecurityGroupRuleId,
};

function showRule(rule: StoredRule, { id, vpc }: StoredGroup, context: CallContext): SecurityGroupRule {
  const { group, SecurityGroupRuleId: ruleId, ...fields } = rule;
  const { account } = context.caller;
  return {
    SecurityGroupRuleId: ruleId,
    GroupId: id,
    GroupOwnerId: account,
    ...fields,
    ...(group !== undefined && { ReferencedGroupInfo: { GroupId: group, UserId: account, VpcId: vpc } }),
    SecurityGroupRuleArn: arn('security-group-rule', ruleId, context),
    Tags: tagsOf(ruleId, context),
  };
}

export function describeSecurityGroupRules(
  input: DescribeSecurityGroupRulesRequest,
  context: CallContext,
): DescribeSecurityGroupRulesResult {
  const all = rowsOf(SECURITY_GROUP, context).flatMap((group) =>
    group.rules.map((rule) => showRule(rule, group, context)),
  );
  const ids = input.SecurityGroupRuleIds ?? [];
  const unknown = ids.find((id) => !all.some(({ SecurityGroupRuleId }) => SecurityGroupRuleId === id));
  if (unknown !== undefined) throw missing(UNKNOWN_RULE, unknown);
  const wanted = all
    .filter(({ SecurityGroupRuleId: id = '' }) => ids.length === 0 || ids.includes(id))
    .filter(openFilters(input.Filters, FILTERS));
  const { items, next } = paged(wanted, { maxResults: input.MaxResults, nextToken: input.NextToken });
  return { SecurityGroupRules: items, ...next };
}

export function authorizeEgress(
  input: AuthorizeSecurityGroupEgressRequest,
  context: CallContext,
): AuthorizeSecurityGroupIngressResult {
  // "Not supported. Use IP permissions instead."
  refuseUnknown(input, ['CidrIp', 'FromPort', 'ToPort', 'IpProtocol', 'SourceSecurityGroupName']);
  return authorize(input, true, context);
}

export function authorizeIngress(
  input: AuthorizeSecurityGroupIngressRequest,
  context: CallContext,
): AuthorizeSecurityGroupIngressResult {
  refuseUnknown(input, ['GroupName', 'SourceSecurityGroupName', 'SourceSecurityGroupOwnerId']);
  return authorize({ ...input, IpPermissions: permissionsIn(input) }, false, context);
}

type Shorthand = Pick<
  AuthorizeSecurityGroupIngressRequest,
  'CidrIp' | 'FromPort' | 'ToPort' | 'IpProtocol' | 'IpPermissions'
>;

/** Of an inbound rule, protocol, ports and CIDR may stand in the request itself. */
function permissionsIn({ CidrIp, FromPort, ToPort, IpProtocol, IpPermissions }: Shorthand): IpPermission[] | undefined {
  if (CidrIp === undefined) return IpPermissions;
  return [...(IpPermissions ?? []), { FromPort, ToPort, IpProtocol, IpRanges: [{ CidrIp }] }];
}

function authorize(
  input: AuthorizeSecurityGroupEgressRequest | AuthorizeSecurityGroupIngressRequest,
  egress: boolean,
  context: CallContext,
): AuthorizeSecurityGroupIngressResult {
  const group = need(SECURITY_GROUP, input.GroupId, context);
  if (input.IpPermissions === undefined || input.IpPermissions.length === 0) throw missingParameter('ipPermissions');
  const added: StoredRule[] = [];
  for (const text of rulesOf(input.IpPermissions, egress)) {
    checkPeer(text, group, context);
    if ([...group.rules, ...added].some((known) => isSameRule(known, text))) {
      throw serviceError('InvalidPermission.Duplicate', `the specified rule "${ruleText(text)}" already exists`);
    }
    added.push({ ...text, SecurityGroupRuleId: newId('sgr', context) });
  }
  const rules = [...group.rules, ...added];
  if (rules.filter(({ IsEgress }) => IsEgress === egress).length > MAX_RULES) {
    throw serviceError(
      'RulesPerSecurityGroupLimitExceeded',
      'The maximum number of rules per security group has been reached.',
    );
  }
  for (const { SecurityGroupRuleId: id } of added) {
    addSpecifiedTags(id, 'security-group-rule', input.TagSpecifications, context);
  }
  put(SECURITY_GROUP, group.id, { ...group, rules }, context);
  return { Return: true, SecurityGroupRules: added.map((rule) => showRule(rule, group, context)) };
}

/** A group that is referred to must be of the same VPC (there is no peering here), a prefix list must exist. */
function checkPeer(rule: RuleText, { vpc }: StoredGroup, context: CallContext): void {
  if (rule.group !== undefined && need(SECURITY_GROUP, rule.group, context).vpc !== vpc) {
    const message = 'You have specified two resources that belong to different networks.';
    throw serviceError(SECURITY_GROUP.notFound, message);
  }
  if (rule.PrefixListId !== undefined && !isManagedPrefixList(rule.PrefixListId, context.region)) {
    throw missing({ notFound: 'InvalidPrefixListID.NotFound', noun: 'prefix list ID' }, rule.PrefixListId);
  }
}

export function revokeEgress(
  input: RevokeSecurityGroupEgressRequest,
  context: CallContext,
): RevokeSecurityGroupIngressResult {
  refuseUnknown(input, ['CidrIp', 'FromPort', 'ToPort', 'IpProtocol', 'SourceSecurityGroupName']);
  return revoke(input, true, context);
}

export function revokeIngress(
  input: RevokeSecurityGroupIngressRequest,
  context: CallContext,
): RevokeSecurityGroupIngressResult {
  refuseUnknown(input, ['GroupName', 'SourceSecurityGroupName', 'SourceSecurityGroupOwnerId']);
  return revoke({ ...input, IpPermissions: permissionsIn(input) }, false, context);
}

/** Outside of a default VPC "an InvalidPermission.NotFound client error is returned" for what is not there. */
function revoke(
  input: RevokeSecurityGroupIngressRequest,
  egress: boolean,
  context: CallContext,
): RevokeSecurityGroupIngressResult {
  const group = need(SECURITY_GROUP, input.GroupId, context);
  const { SecurityGroupRuleIds: ids = [], IpPermissions: permissions = [] } = input;
  if (ids.length + permissions.length === 0) throw missingParameter('ipPermissions or securityGroupRuleIds');
  const there = group.rules.filter(({ IsEgress }) => IsEgress === egress);
  const unknown = ids.find((id) => !there.some(({ SecurityGroupRuleId }) => SecurityGroupRuleId === id));
  if (unknown !== undefined) throw missing(UNKNOWN_RULE, unknown);
  const texts = rulesOf(permissions, egress);
  if (!texts.every((text) => there.some((rule) => isSameRule(rule, text)))) {
    throw serviceError('InvalidPermission.NotFound', 'The specified rule does not exist in this security group.');
  }
  const revoked = there.filter(
    (rule) => ids.includes(rule.SecurityGroupRuleId) || texts.some((text) => isSameRule(rule, text)),
  );
  put(SECURITY_GROUP, group.id, { ...group, rules: group.rules.filter((rule) => !revoked.includes(rule)) }, context);
  return {
    Return: true,
    RevokedSecurityGroupRules: revoked.map(({ group: referenced, ...rule }) => ({
      GroupId: group.id,
      ...rule,
      ...(referenced !== undefined && { ReferencedGroupId: referenced }),
    })),
  };
}
