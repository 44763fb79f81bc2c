import type {
  CreateSecurityGroupRequest,
  CreateSecurityGroupResult,
  DescribeSecurityGroupsRequest,
  DescribeSecurityGroupsResult,
  IpPermission,
  SecurityGroup,
} from '@aws-sdk/client-ec2';
import { serviceError } from '../errors.ts';
import type { CallContext } from '../service.ts';
import { describe } from './describe.ts';
import { invalidParameter, missingParameter } from './errors.ts';
import { arn, derivedId, find, missing, need, newId, put, rowsOf } from './kind.ts';
import type { Kind } from './kind.ts';
import { SECURITY_GROUP, VPC } from './model.ts';
import type { StoredGroup, StoredRule, StoredVpc } from './model.ts';
import { permissionsOf } from './rules.ts';
import { addSpecifiedTags, tagsOf } from './tags.ts';

/** CreateSecurityGroup, GroupName and Description: up to 255 characters of this set; a name does not begin with sg-. */
const TEXT = /^[\w .:/()#,@[\]+=&;{}!$*-]{1,255}$/;
const RESERVED_NAME = /^sg-|^default$/i;

type PermissionField = (permission: IpPermission) => string | number | undefined | readonly (string | undefined)[];

const PERMISSION_FIELDS: Readonly<Record<string, PermissionField>> = {
  cidr: ({ IpRanges = [] }) => IpRanges.map(({ CidrIp }) => CidrIp),
  'from-port': ({ FromPort }) => FromPort,
  'group-id': ({ UserIdGroupPairs = [] }) => UserIdGroupPairs.map(({ GroupId }) => GroupId),
  'ipv6-cidr': ({ Ipv6Ranges = [] }) => Ipv6Ranges.map(({ CidrIpv6 }) => CidrIpv6),
  'prefix-list-id': ({ PrefixListIds = [] }) => PrefixListIds.map(({ PrefixListId }) => PrefixListId),
  protocol: ({ IpProtocol }) => IpProtocol,
  'to-port': ({ ToPort }) => ToPort,
};

export const securityGroups: Kind<StoredGroup, SecurityGroup> = {
  ...SECURITY_GROUP,
  show: showGroup,
  filters: {
    description: ({ Description }) => Description,
    'group-id': ({ GroupId }) => GroupId,
    'group-name': ({ GroupName }) => GroupName,
    'owner-id': ({ OwnerId }) => OwnerId,
    'vpc-id': ({ VpcId }) => VpcId,
    ...permissionFilters('ip-permission', ({ IpPermissions = [] }) => IpPermissions),
    ...permissionFilters('egress.ip-permission', ({ IpPermissionsEgress = [] }) => IpPermissionsEgress),
  },
};

function permissionFilters(
  prefix: string,
  permissions: (shown: SecurityGroup) => readonly IpPermission[],
): Kind<StoredGroup, SecurityGroup>['filters'] {
  return Object.fromEntries(
    Object.entries(PERMISSION_FIELDS).map(([name, field]) => [
      `${prefix}.${name}`,
      (shown: SecurityGroup) => permissions(shown).flatMap(field),
    ]),
  );
}

function showGroup({ id, vpc, name, description, rules }: StoredGroup, context: CallContext): SecurityGroup {
  const { account } = context.caller;
  return {
    GroupId: id,
    GroupName: name,
    Description: description,
    VpcId: vpc,
    OwnerId: account,
    SecurityGroupArn: arn('security-group', id, context),
    IpPermissions: permissionsOf(
      rules.filter(({ IsEgress }) => !IsEgress),
      account,
    ),
    IpPermissionsEgress: permissionsOf(
      rules.filter(({ IsEgress }) => IsEgress),
      account,
    ),
    Tags: tagsOf(id, context),
  };
}

export function describeSecurityGroups(
  input: DescribeSecurityGroupsRequest,
  context: CallContext,
): DescribeSecurityGroupsResult {
  const [name] = input.GroupNames ?? [];
  // "[Default VPC] The names of the security groups": there is no default VPC here.
  if (name !== undefined) throw missing({ notFound: SECURITY_GROUP.notFound, noun: SECURITY_GROUP.noun }, name);
  const { items, next } = describe(
    securityGroups,
    { ids: input.GroupIds, filters: input.Filters, maxResults: input.MaxResults, nextToken: input.NextToken },
    context,
  );
  return { SecurityGroups: items, ...next };
}

export function createSecurityGroup(
  input: CreateSecurityGroupRequest,
  context: CallContext,
): CreateSecurityGroupResult {
  const { GroupName: name = '', Description: description = '' } = input;
  if (!TEXT.test(name) || RESERVED_NAME.test(name)) {
    throw invalidParameter(`Value (${name}) for parameter GroupName is invalid.`);
  }
  if (description === '') throw missingParameter('GroupDescription');
  if (!TEXT.test(description)) {
    throw invalidParameter(
      `Value (${description}) for parameter GroupDescription is invalid. Character sets beyond ASCII are not supported.`,
    );
  }
  if (input.VpcId === undefined) throw serviceError('VPCIdNotSpecified', 'No default VPC for this user');
  const vpc = need(VPC, input.VpcId, context);
  if (rowsOf(SECURITY_GROUP, context).some((other) => other.vpc === vpc.id && other.name === name)) {
    throw serviceError('InvalidGroup.Duplicate', `The security group '${name}' already exists for VPC '${vpc.id}'`);
  }
  const id = newId('sg', context);
  addSpecifiedTags(id, 'security-group', input.TagSpecifications, context);
  put(SECURITY_GROUP, id, { id, vpc: vpc.id, name, description, rules: allEgress(id, vpc) }, context);
  return { GroupId: id, SecurityGroupArn: arn('security-group', id, context), Tags: tagsOf(id, context) };
}

/** "default VPC security group": members reach each other, everything may go out. */
export function putDefaultGroup(vpc: StoredVpc, context: CallContext): void {
  const id = defaultGroupId(vpc.id);
  if (find(SECURITY_GROUP, id, context) !== undefined) return;
  const members: StoredRule = {
    ...ALL_TRAFFIC,
    SecurityGroupRuleId: derivedId('sgr', `${id} members`),
    IsEgress: false,
    group: id,
  };
  const rules = [members, ...allEgress(id, vpc)];
  put(
    SECURITY_GROUP,
    id,
    { id, vpc: vpc.id, name: 'default', description: 'default VPC security group', rules },
    context,
  );
}

export function defaultGroupId(vpc: string): string {
  return derivedId('sg', `${vpc} default`);
}

const ALL_TRAFFIC = { IpProtocol: '-1', FromPort: -1, ToPort: -1 };

/** "By default, a security group includes outbound rules that allow all outbound traffic", IPv6 where the VPC has it. */
export function allEgress(group: string, { ipv6Cidr }: Pick<StoredVpc, 'ipv6Cidr'>): StoredRule[] {
  const out = { ...ALL_TRAFFIC, IsEgress: true };
  const ipv6 = { ...out, SecurityGroupRuleId: derivedId('sgr', `${group} out 6`), CidrIpv6: '::/0' };
  return [
    { ...out, SecurityGroupRuleId: derivedId('sgr', `${group} out`), CidrIpv4: '0.0.0.0/0' },
    ...(ipv6Cidr === undefined ? [] : [ipv6]),
  ];
}
