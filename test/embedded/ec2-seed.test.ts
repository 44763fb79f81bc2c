import {
  DescribeNatGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { EmbeddedError, openEmbedded } from '../../src/embedded/index.ts';
import type { EmbeddedAccount, Network } from '../../src/embedded/index.ts';

const WHERE = { region: 'eu-west-1' };

const NETWORK: Network = {
  vpc: { id: 'vpc-0a11bb22cc33dd44e', tags: { Name: 'main' } },
  internetGateway: 'igw-0a11bb22cc33dd44e',
  natGateways: [{ id: 'nat-0a11bb22cc33dd44e', subnet: 'subnet-0c33dd44ee55ff66a' }],
  subnets: [
    { id: 'subnet-0a11bb22cc33dd44e', cidr: '10.0.1.0/24', defaultRoute: 'nat-0a11bb22cc33dd44e' },
    { id: 'subnet-0b22cc33dd44ee55f', cidr: '10.0.2.0/24', defaultRoute: 'tgw-0a11bb22cc33dd44e' },
    { id: 'subnet-0c33dd44ee55ff66a', cidr: '10.0.3.0/24', defaultRoute: 'igw-0a11bb22cc33dd44e' },
  ],
  securityGroups: [
    { id: 'sg-0a11bb22cc33dd44e' },
    {
      id: 'sg-0b22cc33dd44ee55f',
      name: 'narrow',
      egress: [
        { protocol: 'tcp', port: 53, peer: '10.0.0.0/8' },
        { protocol: 'udp', from: 53, to: 54, peer: '2001:db8::/32' },
        { protocol: '-1', peer: 'sg-0a11bb22cc33dd44e' },
      ],
      ingress: [{ protocol: 'tcp', port: 443, peer: 'pl-12345678' }],
    },
  ],
};

describe('a network written beside the API', () => {
  it('is found through it, under the ids that were given', async () => {
    const account = openEmbedded('memory');
    account.putNetwork(NETWORK, WHERE);
    account.putNetwork(NETWORK, WHERE);
    const client = account.client(EC2Client, WHERE);

    const { Vpcs: vpcs } = await client.send(new DescribeVpcsCommand({}));
    const { Subnets: subnets } = await client.send(new DescribeSubnetsCommand({}));
    const { NatGateways: nats } = await client.send(new DescribeNatGatewaysCommand({}));
    const { RouteTables: tables } = await client.send(new DescribeRouteTablesCommand({}));
    const { SecurityGroups: groups } = await client.send(
      new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'group-name', Values: ['narrow', 'default'] }] }),
    );
    const hostnames = new DescribeVpcAttributeCommand({ VpcId: NETWORK.vpc.id, Attribute: 'enableDnsHostnames' });

    expect(vpcs).toMatchObject([{ VpcId: NETWORK.vpc.id, CidrBlock: '10.0.0.0/16', Tags: [{ Value: 'main' }] }]);
    expect(subnets!.map(({ AvailabilityZone }) => AvailabilityZone)).toEqual([
      'eu-west-1a',
      'eu-west-1b',
      'eu-west-1c',
    ]);
    expect(nats).toMatchObject([{ NatGatewayId: 'nat-0a11bb22cc33dd44e', State: 'available' }]);
    expect(tables).toHaveLength(4);
    expect(groups).toHaveLength(2);
    expect(groups!.find(({ GroupName }) => GroupName === 'narrow')).toMatchObject({
      IpPermissionsEgress: [
        { IpProtocol: 'tcp', FromPort: 53, ToPort: 53, IpRanges: [{ CidrIp: '10.0.0.0/8' }] },
        { IpProtocol: 'udp', FromPort: 53, ToPort: 54, Ipv6Ranges: [{ CidrIpv6: '2001:db8::/32' }] },
        { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-0a11bb22cc33dd44e' }] },
      ],
      IpPermissions: [{ FromPort: 443, PrefixListIds: [{ PrefixListId: 'pl-12345678' }] }],
    });
    expect(await client.send(hostnames)).toMatchObject({ EnableDnsHostnames: { Value: true } });
  });

  it.each<[string, Network]>([
    ['a subnet outside of its VPC', { vpc: { id: 'vpc-1' }, subnets: [{ id: 'subnet-1', cidr: '10.1.1.0/24' }] }],
    ['a block that is none', { vpc: { id: 'vpc-1', cidr: '10.0.0.0' } }],
    [
      'a route to nothing',
      { vpc: { id: 'vpc-1' }, subnets: [{ id: 'subnet-1', cidr: '10.0.1.0/24', defaultRoute: 'x-1' }] },
    ],
  ])('is refused with %s, whole', async (_what, network) => {
    const account = openEmbedded('memory');

    expect(() => account.putNetwork(network, WHERE)).toThrow(EmbeddedError);
    expect((await account.client(EC2Client, WHERE).send(new DescribeVpcsCommand({}))).Vpcs).toEqual([]);
  });
});

describe('a network that is made up', () => {
  const read = async (account: EmbeddedAccount) => {
    const client = account.client(EC2Client, WHERE);
    const { Subnets = [] } = await client.send(new DescribeSubnetsCommand({}));
    const { SecurityGroups = [] } = await client.send(new DescribeSecurityGroupsCommand({}));
    const { Vpcs = [] } = await client.send(new DescribeVpcsCommand({}));
    return {
      vpcs: Vpcs.map(({ VpcId }) => VpcId),
      subnets: Subnets.map(({ SubnetId, VpcId, CidrBlock }) => [SubnetId, VpcId, CidrBlock]),
      groups: SecurityGroups.filter(({ GroupName }) => GroupName !== 'default').map(({ GroupId, VpcId }) => [
        GroupId,
        VpcId,
      ]),
    };
  };

  it('is one VPC with everything that is named, once', async () => {
    const account = openEmbedded('memory');
    const ids = { subnets: ['subnet-0a', 'subnet-0b'], securityGroups: ['sg-0a'] };

    const made = account.inventNetwork(ids, WHERE);
    const again = account.inventNetwork(ids, WHERE);

    expect(again).toEqual([]);
    expect(made.slice(1)).toEqual(['subnet-0a', 'subnet-0b', 'sg-0a']);
    expect(await read(account)).toEqual({
      vpcs: [made[0]],
      subnets: [
        ['subnet-0a', made[0], '10.0.0.0/28'],
        ['subnet-0b', made[0], '10.0.0.16/28'],
      ],
      groups: [['sg-0a', made[0]]],
    });
  });

  it('stands in the VPC that is named first, and every VPC is made', async () => {
    const account = openEmbedded('memory');

    account.inventNetwork({ vpcs: ['vpc-0b', 'vpc-0a'], subnets: ['subnet-0a'] }, WHERE);

    const { vpcs, subnets } = await read(account);
    expect(vpcs).toEqual(['vpc-0a', 'vpc-0b']);
    expect(subnets).toEqual([['subnet-0a', 'vpc-0b', '10.0.0.0/28']]);
  });

  it('completes what is there and changes none of it', async () => {
    const account = openEmbedded('memory');
    account.putNetwork(
      { vpc: { id: 'vpc-0a', cidr: '10.9.0.0/24' }, subnets: [{ id: 'subnet-0a', cidr: '10.9.0.0/27' }] },
      WHERE,
    );

    const made = account.inventNetwork({ vpcs: ['vpc-0a'], subnets: ['subnet-0a', 'subnet-0b'] }, WHERE);

    expect(made).toEqual(['subnet-0b']);
    expect((await read(account)).subnets).toEqual([
      ['subnet-0a', 'vpc-0a', '10.9.0.0/27'],
      ['subnet-0b', 'vpc-0a', '10.9.0.32/28'],
    ]);
  });

  it('is refused where the VPC has no room, whole', async () => {
    const account = openEmbedded('memory');
    account.putNetwork(
      { vpc: { id: 'vpc-0a', cidr: '10.9.0.0/28' }, subnets: [{ id: 'subnet-0a', cidr: '10.9.0.0/28' }] },
      WHERE,
    );

    expect(() => account.inventNetwork({ vpcs: ['vpc-0a'], subnets: ['subnet-0b'] }, WHERE)).toThrow('no room');
    expect((await read(account)).subnets).toHaveLength(1);
  });
});
