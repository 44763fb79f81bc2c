import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateTagsCommand,
  DescribePrefixListsCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import type { IpPermission } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { createEmbeddedNetwork } from '../support/embedded-network.ts';
import { errorOf } from '../support/embedded-zone.ts';

async function createGroup() {
  const network = createEmbeddedNetwork();
  const { client } = network;
  const vpc = await network.vpc();
  const GroupId = await network.group(vpc, 'functions');
  return {
    ...network,
    vpcId: vpc,
    GroupId,
    allow: (...IpPermissions: IpPermission[]) =>
      client.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions })),
    revoke: (...IpPermissions: IpPermission[]) =>
      client.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions })),
    async egress() {
      const { SecurityGroups: groups } = await client.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }));
      return groups![0]!.IpPermissionsEgress;
    },
  };
}

const ALL: IpPermission = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
const DNS = { IpProtocol: 'tcp', FromPort: 53, ToPort: 53 };

describe('a new security group', () => {
  it('lets everything out and nothing in', async () => {
    const { client, GroupId, vpcId } = await createGroup();

    const { SecurityGroups: groups } = await client.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }));

    expect(groups).toMatchObject([
      { GroupName: 'functions', VpcId: vpcId, IpPermissions: [], IpPermissionsEgress: [ALL] },
    ]);
  });

  it.each([
    ['a name that is taken', 'functions', 'InvalidGroup.Duplicate'],
    ['a name like an id', 'sg-mine', 'InvalidParameterValue'],
    ['the name default', 'default', 'InvalidParameterValue'],
    ['no name', '', 'InvalidParameterValue'],
  ])('is refused with %s', async (_what, name, code) => {
    const { group, vpcId } = await createGroup();

    expect((await errorOf(group(vpcId, name))).name).toBe(code);
  });
});

describe('rules', () => {
  it('are put together by traffic, with every kind of peer', async () => {
    const { client, allow, revoke, egress, GroupId } = await createGroup();
    const { PrefixLists: lists } = await client.send(new DescribePrefixListsCommand({}));
    const PrefixListId = lists![0]!.PrefixListId!;
    await revoke(ALL);

    await allow({ ...DNS, IpRanges: [{ CidrIp: '10.1.2.3/8', Description: 'office' }] });
    const { SecurityGroupRules: rules } = await allow(
      { ...DNS, Ipv6Ranges: [{ CidrIpv6: '2001:DB8::1/32' }], UserIdGroupPairs: [{ GroupId }] },
      { IpProtocol: '6', FromPort: 443, ToPort: 443, PrefixListIds: [{ PrefixListId }] },
      { IpProtocol: '50', FromPort: 1, ToPort: 2, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
    );

    expect(rules).toMatchObject([
      { IsEgress: true, IpProtocol: 'tcp', FromPort: 53, ToPort: 53, CidrIpv6: '2001:db8::/32' },
      { ReferencedGroupInfo: { GroupId, UserId: '111122223333' } },
      { IpProtocol: 'tcp', FromPort: 443, PrefixListId },
      { IpProtocol: '50', FromPort: -1, ToPort: -1 },
    ]);
    expect(await egress()).toMatchObject([
      {
        ...DNS,
        IpRanges: [{ CidrIp: '10.0.0.0/8', Description: 'office' }],
        Ipv6Ranges: [{ CidrIpv6: '2001:db8::/32' }],
        UserIdGroupPairs: [{ GroupId }],
      },
      { IpProtocol: 'tcp', PrefixListIds: [{ PrefixListId }] },
      { IpProtocol: '50', IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
    ]);
  });

  it('are listed one by one, and revoked by their ids', async () => {
    const { client, allow, egress, GroupId } = await createGroup();
    const { SecurityGroupRules: made } = await allow({ ...DNS, IpRanges: [{ CidrIp: '10.0.0.0/8' }] });
    const SecurityGroupRuleIds = [made![0]!.SecurityGroupRuleId!];
    await client.send(new CreateTagsCommand({ Resources: SecurityGroupRuleIds, Tags: [{ Key: 'why', Value: 'dns' }] }));

    const { SecurityGroupRules: found } = await client.send(
      new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'tag:why', Values: ['dns'] }] }),
    );
    const all = await client.send(
      new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [GroupId] }] }),
    );
    const { RevokedSecurityGroupRules: revoked } = await client.send(
      new RevokeSecurityGroupEgressCommand({ GroupId, SecurityGroupRuleIds }),
    );

    expect(found).toMatchObject([{ CidrIpv4: '10.0.0.0/8', Tags: [{ Key: 'why', Value: 'dns' }] }]);
    expect(all.SecurityGroupRules).toHaveLength(2);
    expect(revoked).toMatchObject([{ CidrIpv4: '10.0.0.0/8', IsEgress: true }]);
    expect(await egress()).toMatchObject([ALL]);
  });

  it('for traffic that comes in may stand in the request itself', async () => {
    const { client, GroupId } = await createGroup();
    const rule = { GroupId, CidrIp: '10.0.0.0/8', IpProtocol: 'udp', FromPort: 53, ToPort: 53 };
    const found = async () =>
      (await client.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }))).SecurityGroups![0]!.IpPermissions;

    await client.send(new AuthorizeSecurityGroupIngressCommand(rule));
    const before = await found();
    await client.send(new RevokeSecurityGroupIngressCommand(rule));

    expect(before).toMatchObject([{ IpProtocol: 'udp', FromPort: 53, IpRanges: [{ CidrIp: '10.0.0.0/8' }] }]);
    expect(await found()).toEqual([]);
  });

  it.each<[string, IpPermission, string]>([
    ['the same rule again', ALL, 'InvalidPermission.Duplicate'],
    ['TCP without ports', { IpProtocol: 'tcp', IpRanges: ALL.IpRanges }, 'InvalidParameterValue'],
    ['ports the wrong way round', { ...DNS, FromPort: 54, IpRanges: ALL.IpRanges }, 'InvalidParameterValue'],
    ['a port over 65535', { ...DNS, ToPort: 65_536, IpRanges: ALL.IpRanges }, 'InvalidParameterValue'],
    ['an unknown protocol', { ...DNS, IpProtocol: 'dns', IpRanges: ALL.IpRanges }, 'InvalidParameterValue'],
    ['no protocol', { IpRanges: ALL.IpRanges }, 'MissingParameter'],
    ['no peer', DNS, 'MissingParameter'],
    ['a block that is none', { ...DNS, IpRanges: [{ CidrIp: '10.0.0.0/33' }] }, 'InvalidParameterValue'],
    ['IPv6 among IPv4', { ...DNS, IpRanges: [{ CidrIp: '::/0' }] }, 'InvalidParameterValue'],
    ['a group that is not there', { ...DNS, UserIdGroupPairs: [{ GroupId: 'sg-1' }] }, 'InvalidGroup.NotFound'],
    [
      'a prefix list that is not there',
      { ...DNS, PrefixListIds: [{ PrefixListId: 'pl-00000000' }] },
      'InvalidPrefixListID.NotFound',
    ],
    [
      'the sixty-first',
      { ...DNS, IpRanges: Array.from({ length: 60 }, (_, index) => ({ CidrIp: `10.0.${index}.0/24` })) },
      'RulesPerSecurityGroupLimitExceeded',
    ],
  ])('are refused: %s', async (_what, permission, name) => {
    const { allow } = await createGroup();

    expect((await errorOf(allow(permission))).name).toBe(name);
  });

  it('of the other direction, or of nobody, are not revoked', async () => {
    const { client, GroupId, revoke } = await createGroup();

    expect((await errorOf(revoke({ ...DNS, IpRanges: ALL.IpRanges! }))).name).toBe('InvalidPermission.NotFound');
    const ingress = client.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: [ALL] }));
    expect((await errorOf(ingress)).name).toBe('InvalidPermission.NotFound');
    const byId = client.send(new RevokeSecurityGroupEgressCommand({ GroupId, SecurityGroupRuleIds: ['sgr-1'] }));
    expect((await errorOf(byId)).name).toBe('InvalidSecurityGroupRuleId.NotFound');
  });

  it('of a group of another VPC cannot be referred to', async () => {
    const { allow, vpc, group } = await createGroup();
    const other = await group(await vpc(), 'other');

    expect((await errorOf(allow({ ...DNS, UserIdGroupPairs: [{ GroupId: other }] }))).name).toBe(
      'InvalidGroup.NotFound',
    );
  });
});
