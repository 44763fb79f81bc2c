import {
  CreateTagsCommand,
  CreateVpcCommand,
  DeleteTagsCommand,
  DescribeInternetGatewaysCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkAclsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeTagsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { openEmbedded } from '../../src/embedded/index.ts';
import { createEmbeddedNetwork } from '../support/embedded-network.ts';
import { errorOf } from '../support/embedded-zone.ts';

describe('an id that nobody has', () => {
  const { client } = createEmbeddedNetwork();
  it.each([
    ['InvalidVpcID.NotFound', () => client.send(new DescribeVpcsCommand({ VpcIds: ['vpc-1'] }))],
    [
      'InvalidVpcID.NotFound',
      () => client.send(new DescribeVpcAttributeCommand({ VpcId: 'vpc-1', Attribute: 'enableDnsSupport' })),
    ],
    ['InvalidSubnetID.NotFound', () => client.send(new DescribeSubnetsCommand({ SubnetIds: ['subnet-1'] }))],
    ['InvalidGroup.NotFound', () => client.send(new DescribeSecurityGroupsCommand({ GroupIds: ['sg-1'] }))],
    ['InvalidGroup.NotFound', () => client.send(new DescribeSecurityGroupsCommand({ GroupNames: ['default'] }))],
    ['InvalidGroupId.Malformed', () => client.send(new DescribeSecurityGroupsCommand({ GroupIds: ['sg-mine'] }))],
    ['InvalidRouteTableId.Malformed', () => client.send(new DescribeRouteTablesCommand({ RouteTableIds: ['1'] }))],
    [
      'InvalidSecurityGroupRuleId.NotFound',
      () => client.send(new DescribeSecurityGroupRulesCommand({ SecurityGroupRuleIds: ['sgr-1'] })),
    ],
    ['InvalidRouteTableID.NotFound', () => client.send(new DescribeRouteTablesCommand({ RouteTableIds: ['rtb-1'] }))],
    ['NatGatewayNotFound', () => client.send(new DescribeNatGatewaysCommand({ NatGatewayIds: ['nat-1'] }))],
    [
      'InvalidInternetGatewayID.NotFound',
      () => client.send(new DescribeInternetGatewaysCommand({ InternetGatewayIds: ['igw-1'] })),
    ],
    [
      'InvalidVpcEndpointId.NotFound',
      () => client.send(new DescribeVpcEndpointsCommand({ VpcEndpointIds: ['vpce-1'] })),
    ],
    ['InvalidNetworkAclID.NotFound', () => client.send(new DescribeNetworkAclsCommand({ NetworkAclIds: ['acl-1'] }))],
    [
      'InvalidNetworkInterfaceID.NotFound',
      () => client.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: ['eni-1'] })),
    ],
  ])('is answered with %s', async (name, call) => {
    expect(await errorOf(call())).toMatchObject({ name, $fault: 'client' });
  });
});

describe('filters', () => {
  it.each([
    ['a tag', [{ Name: 'tag:Name', Values: ['inner'] }], ['inner']],
    ['a tag with wildcards', [{ Name: 'tag:Name', Values: ['*ner', 'o?ter'] }], ['inner', 'outer']],
    ['a plain star', [{ Name: 'tag:Name', Values: [String.raw`st\*r`] }], ['st*r']],
    ['letter case', [{ Name: 'tag:Name', Values: ['INNER'] }], []],
    ['a tag’s key', [{ Name: 'tag-key', Values: ['team'] }], ['outer']],
    [
      'two filters at once',
      [
        { Name: 'tag:Name', Values: ['*'] },
        { Name: 'availability-zone', Values: ['eu-west-1b'] },
      ],
      ['outer'],
    ],
    ['a number', [{ Name: 'available-ip-address-count', Values: ['11'] }], ['st*r']],
    ['no value', [{ Name: 'tag:Name', Values: [] }], []],
    ['another VPC', [{ Name: 'vpc-id', Values: ['vpc-1'] }], []],
  ])('find by %s', async (_what, Filters, names) => {
    const { client, vpc, subnet } = createEmbeddedNetwork();
    const network = await vpc();
    const name = (id: string, Value: string) =>
      client.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'Name', Value }] }));
    await name(await subnet(network, '10.0.1.0/24', 'a'), 'inner');
    const outer = await subnet(network, '10.0.2.0/24', 'b');
    await name(outer, 'outer');
    await client.send(new CreateTagsCommand({ Resources: [outer], Tags: [{ Key: 'team', Value: '' }] }));
    await name(await subnet(network, '10.0.3.0/28', 'c'), 'st*r');

    const { Subnets: found } = await client.send(new DescribeSubnetsCommand({ Filters }));

    const shown = found!.map(({ Tags }) => Tags!.find(({ Key }) => Key === 'Name')!.Value!);
    expect(shown.toSorted()).toEqual(names);
  });

  it('are refused when the command does not have them', async () => {
    const { client } = createEmbeddedNetwork();
    const call = client.send(new DescribeVpcsCommand({ Filters: [{ Name: 'subnet-id', Values: ['x'] }] }));

    expect(await errorOf(call)).toMatchObject({
      name: 'InvalidParameterValue',
      message: "The filter 'subnet-id' is invalid",
    });
  });
});

describe('pages', () => {
  it('hold what was asked for, and the last has no token', async () => {
    const { client, vpc, subnet } = createEmbeddedNetwork();
    const network = await vpc();
    for (let block = 1; block <= 7; block += 1) await subnet(network, `10.0.${block}.0/24`);

    const first = await client.send(new DescribeSubnetsCommand({ MaxResults: 5 }));
    const second = await client.send(new DescribeSubnetsCommand({ MaxResults: 5, NextToken: first.NextToken }));

    const ids = [...first.Subnets!, ...second.Subnets!].map(({ SubnetId }) => SubnetId);
    expect([first.Subnets!.length, new Set(ids).size, second.NextToken]).toEqual([5, 7, undefined]);
  });

  it.each([
    ['a size under five', { MaxResults: 4 }, 'InvalidParameterValue'],
    ['a size over a thousand', { MaxResults: 1001 }, 'InvalidParameterValue'],
    ['a token that was never given', { NextToken: 'x' }, 'InvalidNextToken'],
    ['ids beside a size', { MaxResults: 5, SubnetIds: ['subnet-1'] }, 'InvalidParameterCombination'],
  ])('are refused with %s', async (_what, input, name) => {
    const { client } = createEmbeddedNetwork();

    expect((await errorOf(client.send(new DescribeSubnetsCommand(input)))).name).toBe(name);
  });
});

describe('tags', () => {
  it('are given with the object, added, listed and removed', async () => {
    const { client } = createEmbeddedNetwork();
    const { Vpc: made } = await client.send(
      new CreateVpcCommand({
        CidrBlock: '10.0.0.0/16',
        TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'Name', Value: 'main' }] }],
      }),
    );
    const Resources = [made!.VpcId!];
    const tag = (Key: string, Value: string) =>
      client.send(new CreateTagsCommand({ Resources, Tags: [{ Key, Value }] }));
    const untag = (Tags?: { Key: string; Value?: string }[]) => client.send(new DeleteTagsCommand({ Resources, Tags }));
    const listed = async () =>
      (await client.send(new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: Resources }] }))).Tags!.map(
        ({ Key, Value }) => `${Key}=${Value}`,
      );

    await tag('team', 'network');
    await tag('Name', 'other');
    const before = await listed();
    await untag([{ Key: 'team', Value: 'not this' }]);
    const kept = await listed();
    await untag([{ Key: 'team' }]);
    const removed = await listed();
    await untag();

    expect(made!.Tags).toEqual([{ Key: 'Name', Value: 'main' }]);
    expect(before).toEqual(['Name=other', 'team=network']);
    expect(kept).toEqual(before);
    expect(removed).toEqual(['Name=other']);
    expect(await listed()).toEqual([]);
  });

  it.each([
    ['an object that is not there', 'InvalidVpcID.NotFound', 'vpc-1', 'a'],
    ['what is no id', 'InvalidID', 'something', 'a'],
    ['a reserved key', 'InvalidParameterValue', undefined, 'aws:x'],
    ['a long key', 'InvalidParameterValue', undefined, 'k'.repeat(129)],
  ])('are refused for %s', async (_what, name, id, Key) => {
    const { client, vpc } = createEmbeddedNetwork();
    const Resources = [id ?? (await vpc())];

    expect((await errorOf(client.send(new CreateTagsCommand({ Resources, Tags: [{ Key, Value: '' }] })))).name).toBe(
      name,
    );
  });

  it('of another type are refused where an object is made, and at most fifty are kept', async () => {
    const { client, vpc } = createEmbeddedNetwork();
    const TagSpecifications = [{ ResourceType: 'subnet' as const, Tags: [] }];
    const Tags = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' }));

    expect((await errorOf(vpc({ TagSpecifications }))).name).toBe('InvalidParameterValue');
    const call = client.send(new CreateTagsCommand({ Resources: [await vpc()], Tags }));
    expect((await errorOf(call)).name).toBe('TagLimitExceeded');
  });
});

describe('EC2', () => {
  it('says of a dry run that it would have succeeded, and does nothing', async () => {
    const { client } = createEmbeddedNetwork();
    const create = client.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16', DryRun: true }));

    expect((await errorOf(create)).name).toBe('DryRunOperation');
    expect((await client.send(new DescribeVpcsCommand({}))).Vpcs).toEqual([]);
  });

  it('names a refusal and throttling as EC2 does', async () => {
    const fault = { service: 'ec2', command: 'DescribeVpcs' };
    const faults = [
      { ...fault, fault: 'access-denied' },
      { ...fault, nth: 2, times: 3, fault: 'throttle' },
    ] as const;
    const { client } = createEmbeddedNetwork(openEmbedded('memory', { faults }));
    const call = () => client.send(new DescribeVpcsCommand({}));

    expect((await errorOf(call())).name).toBe('UnauthorizedOperation');
    expect(await errorOf(call())).toMatchObject({ name: 'RequestLimitExceeded', $metadata: { attempts: 3 } });
  });
});
