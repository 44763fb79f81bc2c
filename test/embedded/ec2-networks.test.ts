import {
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateNatGatewayCommand,
  CreateNetworkInterfaceCommand,
  CreateRouteCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  DeleteNetworkInterfaceCommand,
  DescribeAddressesCommand,
  DescribeAvailabilityZonesCommand,
  DescribeInternetGatewaysCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkAclsCommand,
  DescribeNetworkInterfacesCommand,
  DescribePrefixListsCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  EC2Client,
  ModifyVpcAttributeCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { errorOf } from '../support/embedded-zone.ts';
import { createEmbeddedNetwork } from '../support/embedded-network.ts';

const VPC_FILTER = (vpc: string) => ({ Filters: [{ Name: 'vpc-id', Values: [vpc] }] });

describe('a new VPC', () => {
  it('is made pending and then has its blocks, DNS resolution and no DNS hostnames', async () => {
    const { client } = createEmbeddedNetwork();

    const { Vpc: made } = await client.send(new CreateVpcCommand({ CidrBlock: '10.1.2.3/16' }));
    const { Vpcs: found } = await client.send(new DescribeVpcsCommand({ VpcIds: [made!.VpcId!] }));

    expect(made).toMatchObject({ State: 'pending', CidrBlock: '10.1.0.0/16', IsDefault: false });
    expect(found).toMatchObject([{ VpcId: made!.VpcId, State: 'available', OwnerId: '111122223333' }]);
    expect(made!.VpcId).toMatch(/^vpc-[0-9a-f]{17}$/);
    const attribute = async (Attribute: 'enableDnsSupport' | 'enableDnsHostnames') =>
      client.send(new DescribeVpcAttributeCommand({ VpcId: made!.VpcId, Attribute }));
    expect(await attribute('enableDnsSupport')).toMatchObject({ EnableDnsSupport: { Value: true } });
    expect(await attribute('enableDnsHostnames')).toMatchObject({ EnableDnsHostnames: { Value: false } });
  });

  it('has a main route table, a default security group and a default network ACL', async () => {
    const { client, vpc, subnet } = createEmbeddedNetwork();
    const id = await vpc({ AmazonProvidedIpv6CidrBlock: true });
    const inside = await subnet(id, '10.0.1.0/24');

    const tables = await client.send(new DescribeRouteTablesCommand(VPC_FILTER(id)));
    const groups = await client.send(new DescribeSecurityGroupsCommand(VPC_FILTER(id)));
    const acls = await client.send(new DescribeNetworkAclsCommand(VPC_FILTER(id)));

    expect(tables.RouteTables).toMatchObject([
      {
        Associations: [{ Main: true, AssociationState: { State: 'associated' } }],
        Routes: [
          { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', State: 'active' },
          { DestinationIpv6CidrBlock: expect.stringMatching(/^2001:db8:.*\/56$/), GatewayId: 'local' },
        ],
      },
    ]);
    const [group] = groups.SecurityGroups!;
    expect(group).toMatchObject({
      GroupName: 'default',
      IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: group!.GroupId }], IpRanges: [] }],
      IpPermissionsEgress: [
        { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }], Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
      ],
    });
    expect(group!.IpPermissionsEgress![0]!.FromPort).toBeUndefined();
    expect(acls.NetworkAcls).toMatchObject([{ IsDefault: true, Associations: [{ SubnetId: inside }] }]);
    expect(acls.NetworkAcls![0]!.Entries).toHaveLength(8);
  });

  it.each([
    ['10.0.0.0/15', 'InvalidVpc.Range'],
    ['10.0.0.0/29', 'InvalidVpc.Range'],
    ['10.0.0.0', 'InvalidParameterValue'],
    ['10.0.0.256/16', 'InvalidParameterValue'],
    ['fd00::/56', 'InvalidParameterValue'],
  ])('is refused with the block %s', async (CidrBlock, name) => {
    const { vpc } = createEmbeddedNetwork();

    expect((await errorOf(vpc({ CidrBlock }))).name).toBe(name);
  });

  it('is one of five, in each region and account', async () => {
    const { account, vpc } = createEmbeddedNetwork();
    for (let count = 0; count < 5; count += 1) await vpc();
    const elsewhere = account.client(EC2Client, { region: 'us-east-1' });

    expect((await errorOf(vpc())).name).toBe('VpcLimitExceeded');
    await elsewhere.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
    expect((await elsewhere.send(new DescribeVpcsCommand({}))).Vpcs).toHaveLength(1);
    const partner = account.client(EC2Client, { region: 'eu-west-1', account: '444455556666' });
    expect((await partner.send(new DescribeVpcsCommand({}))).Vpcs).toEqual([]);
  });

  it('takes one DNS attribute at a time, hostnames only with resolution', async () => {
    const { client, vpc } = createEmbeddedNetwork();
    const VpcId = await vpc();
    const modify = (change: object) => client.send(new ModifyVpcAttributeCommand({ VpcId, ...change }));
    const both = { EnableDnsSupport: { Value: true }, EnableDnsHostnames: { Value: true } };

    expect((await errorOf(modify(both))).name).toBe('InvalidParameterCombination');
    expect((await errorOf(modify({}))).name).toBe('MissingParameter');
    await modify({ EnableDnsSupport: { Value: false } });
    expect((await errorOf(modify({ EnableDnsHostnames: { Value: true } }))).name).toBe('InvalidParameterValue');
  });
});

describe('subnets', () => {
  it('are in a zone, with the addresses that AWS leaves free', async () => {
    const { client, vpc, subnet } = createEmbeddedNetwork();
    const id = await subnet(await vpc(), '10.0.1.0/24', 'b');

    const { Subnets: found } = await client.send(new DescribeSubnetsCommand({ SubnetIds: [id] }));

    expect(found).toMatchObject([
      {
        AvailabilityZone: 'eu-west-1b',
        AvailabilityZoneId: 'euw1-az2',
        AvailableIpAddressCount: 251,
        MapPublicIpOnLaunch: false,
        SubnetArn: `arn:aws:ec2:eu-west-1:111122223333:subnet/${id}`,
      },
    ]);
  });

  it.each([
    ['outside of the VPC', '10.1.0.0/24', 'InvalidSubnet.Range'],
    ['that is too small', '10.0.9.0/29', 'InvalidSubnet.Range'],
    ['over another', '10.0.0.0/20', 'InvalidSubnet.Conflict'],
    ['inside another', '10.0.1.128/25', 'InvalidSubnet.Conflict'],
    ['that is none', '10.0.1', 'InvalidParameterValue'],
  ])('are refused with a block %s', async (_what, CidrBlock, name) => {
    const { vpc, subnet } = createEmbeddedNetwork();
    const id = await vpc();
    await subnet(id, '10.0.1.0/24');

    expect((await errorOf(subnet(id, CidrBlock))).name).toBe(name);
  });

  it('need a VPC and a zone that exist', async () => {
    const { client, vpc, subnet } = createEmbeddedNetwork();
    const create = (input: object) =>
      client.send(new CreateSubnetCommand({ CidrBlock: '10.0.1.0/24', VpcId: 'vpc-1', ...input }));

    expect(await errorOf(create({}))).toMatchObject({
      name: 'InvalidVpcID.NotFound',
      message: "The vpc ID 'vpc-1' does not exist",
      $fault: 'client',
    });
    expect((await errorOf(subnet(await vpc(), '10.0.1.0/24', 'z'))).message).toMatch(/eu-west-1a, eu-west-1b/);
  });

  it('have IPv6 blocks of their VPC', async () => {
    const { client, vpc } = createEmbeddedNetwork();
    const VpcId = await vpc({ AmazonProvidedIpv6CidrBlock: true });
    const { Vpcs: vpcs } = await client.send(new DescribeVpcsCommand({}));
    const block = vpcs![0]!.Ipv6CidrBlockAssociationSet![0]!.Ipv6CidrBlock!.replace('/56', '/64');
    const create = (Ipv6CidrBlock: string) =>
      client.send(new CreateSubnetCommand({ VpcId, CidrBlock: '10.0.1.0/24', Ipv6CidrBlock }));

    expect((await errorOf(create('2001:db8:ffff::/64'))).name).toBe('InvalidSubnet.Range');
    expect((await create(block)).Subnet!.Ipv6CidrBlockAssociationSet).toMatchObject([{ Ipv6CidrBlock: block }]);
  });
});

describe('gateways and routes', () => {
  it('lead a subnet through a NAT gateway to the internet', async () => {
    const { client, vpc, subnet, internetGateway, natGateway, route } = createEmbeddedNetwork();
    const network = await vpc();
    const [inner, outer] = [await subnet(network, '10.0.1.0/24'), await subnet(network, '10.0.2.0/24')];
    const igw = await internetGateway(network);
    const nat = await natGateway(outer);
    await route(network, outer, { GatewayId: igw });
    const table = await route(network, inner, { NatGatewayId: nat });

    const { NatGateways: nats } = await client.send(new DescribeNatGatewaysCommand({ NatGatewayIds: [nat] }));
    const { Addresses: addresses } = await client.send(new DescribeAddressesCommand({}));
    const { RouteTables: tables } = await client.send(
      new DescribeRouteTablesCommand({ Filters: [{ Name: 'association.subnet-id', Values: [inner] }] }),
    );
    const { InternetGateways: gateways } = await client.send(new DescribeInternetGatewaysCommand({}));

    expect(nats).toMatchObject([{ State: 'available', SubnetId: outer, ConnectivityType: 'public' }]);
    expect(nats![0]!.NatGatewayAddresses).toMatchObject([
      { AllocationId: addresses![0]!.AllocationId, PublicIp: addresses![0]!.PublicIp, PrivateIp: '10.0.2.4' },
    ]);
    expect(tables).toMatchObject([{ RouteTableId: table, Associations: [{ SubnetId: inner, Main: false }] }]);
    expect(tables![0]!.Routes).toContainEqual({
      DestinationCidrBlock: '0.0.0.0/0',
      NatGatewayId: nat,
      Origin: 'CreateRoute',
      State: 'active',
    });
    expect(gateways).toMatchObject([{ InternetGatewayId: igw, Attachments: [{ VpcId: network, State: 'available' }] }]);
  });

  it('fail where a NAT gateway’s network has no internet gateway', async () => {
    const { client, vpc, subnet, natGateway } = createEmbeddedNetwork();
    const nat = await natGateway(await subnet(await vpc(), '10.0.1.0/24'));

    const { NatGateways: found } = await client.send(
      new DescribeNatGatewaysCommand({ Filter: [{ Name: 'nat-gateway-id', Values: [nat] }] }),
    );
    expect(found).toMatchObject([{ State: 'failed', FailureCode: 'Gateway.NotAttached' }]);
  });

  it('are made once for one client token', async () => {
    const { client, vpc, subnet } = createEmbeddedNetwork();
    const SubnetId = await subnet(await vpc(), '10.0.1.0/24');
    const create = (PrivateIpAddress?: string) =>
      client.send(
        new CreateNatGatewayCommand({ SubnetId, ConnectivityType: 'private', ClientToken: 'one', PrivateIpAddress }),
      );

    const [first, second] = [await create(), await create()];

    expect(second.NatGateway!.NatGatewayId).toBe(first.NatGateway!.NatGatewayId);
    expect((await errorOf(create('10.0.1.9'))).name).toBe('IdempotentParameterMismatch');
  });

  it('are refused where they do not fit', async () => {
    const { client, vpc, subnet, internetGateway, route } = createEmbeddedNetwork();
    const [here, there] = [await vpc(), await vpc({ CidrBlock: '10.9.0.0/16' })];
    const inside = await subnet(here, '10.0.1.0/24');
    const [igw, foreign] = [await internetGateway(here), await internetGateway(there)];
    const RouteTableId = await route(here, inside, { GatewayId: igw });
    const create = (input: object) =>
      client.send(new CreateRouteCommand({ RouteTableId, DestinationCidrBlock: '10.8.0.0/16', ...input }));
    const attach = (InternetGatewayId: string) =>
      client.send(new AttachInternetGatewayCommand({ InternetGatewayId, VpcId: here }));
    const spare = await client.send(new CreateInternetGatewayCommand({}));
    const subnetElsewhere = await subnet(there, '10.9.1.0/24');
    const associate = (SubnetId: string) => client.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId }));

    const names = await Promise.all(
      [
        create({ DestinationCidrBlock: '0.0.0.0/0', GatewayId: igw }),
        create({ DestinationCidrBlock: '10.0.1.0/24', GatewayId: igw }),
        create({ GatewayId: foreign }),
        create({ TransitGatewayId: 'tgw-1' }),
        create({ NatGatewayId: 'nat-1' }),
        create({}),
        attach(igw),
        attach(spare.InternetGateway!.InternetGatewayId!),
        associate(inside),
        associate(subnetElsewhere),
        create({ GatewayId: igw, VpcEndpointId: 'vpce-1' }),
      ].map(async (call) => (await errorOf(call)).name),
    );

    expect(names).toEqual([
      'RouteAlreadyExists',
      'InvalidParameterValue',
      'InvalidParameterValue',
      'InvalidTransitGatewayID.NotFound',
      'NatGatewayNotFound',
      'MissingParameter',
      'Resource.AlreadyAssociated',
      'InvalidParameterValue',
      'Resource.AlreadyAssociated',
      'InvalidParameterValue',
      'NotEmbedded',
    ]);
  });
});

describe('endpoints', () => {
  it('of gateway type are routes to a prefix list', async () => {
    const { client, vpc } = createEmbeddedNetwork();
    const VpcId = await vpc();
    const { RouteTables: tables } = await client.send(new DescribeRouteTablesCommand({}));
    const RouteTableIds = [tables![0]!.RouteTableId!];
    const create = () =>
      client.send(new CreateVpcEndpointCommand({ VpcId, ServiceName: 'com.amazonaws.eu-west-1.s3', RouteTableIds }));

    const { VpcEndpoint: made } = await create();

    const { PrefixLists: lists } = await client.send(
      new DescribePrefixListsCommand({ Filters: [{ Name: 'prefix-list-name', Values: ['*.s3'] }] }),
    );
    const { RouteTables: after } = await client.send(new DescribeRouteTablesCommand({ RouteTableIds }));
    expect(made).toMatchObject({ VpcEndpointType: 'Gateway', State: 'available', RouteTableIds });
    expect(after![0]!.Routes).toContainEqual(
      expect.objectContaining({ DestinationPrefixListId: lists![0]!.PrefixListId, GatewayId: made!.VpcEndpointId }),
    );
    expect((await errorOf(create())).name).toBe('RouteAlreadyExists');
  });

  it('of interface type are network interfaces, and need DNS hostnames for private names', async () => {
    const { client, vpc, subnet } = createEmbeddedNetwork();
    const VpcId = await vpc();
    const SubnetIds = [await subnet(VpcId, '10.0.1.0/24', 'a'), await subnet(VpcId, '10.0.2.0/24', 'b')];
    const type = { VpcId, VpcEndpointType: 'Interface' } as const;
    const create = (input: object = {}) =>
      client.send(new CreateVpcEndpointCommand({ ...type, ServiceName: 'com.amazonaws.route53', SubnetIds, ...input }));
    const refused = await errorOf(create());
    await client.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsHostnames: { Value: true } }));

    const { VpcEndpoint: made } = await create();

    const { VpcEndpoints: found } = await client.send(new DescribeVpcEndpointsCommand(VPC_FILTER(VpcId)));
    const { NetworkInterfaces: interfaces } = await client.send(
      new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: made!.NetworkInterfaceIds }),
    );
    expect(refused.message).toMatch(/requires both enableDnsSupport and enableDnsHostnames/);
    expect(made).toMatchObject({ State: 'pending', PrivateDnsEnabled: true });
    expect(found).toMatchObject([{ State: 'available', SubnetIds, Groups: [{ GroupName: 'default' }] }]);
    expect(interfaces).toMatchObject([{ RequesterManaged: true }, { Status: 'in-use' }]);
    expect((await errorOf(create())).message).toMatch(/conflicting DNS domain/);
    expect((await errorOf(create({ ServiceName: 'com.amazonaws.eu-west-1.route53' }))).name).toBe('InvalidServiceName');
    const zone = { SubnetIds: [SubnetIds[0]!, await subnet(VpcId, '10.0.3.0/24', 'a')], PrivateDnsEnabled: false };
    expect((await errorOf(create(zone))).name).toBe('DuplicateSubnetsInSameZone');
  });
});

describe('network interfaces', () => {
  it('take an address of their subnet until they are deleted', async () => {
    const { client, vpc, subnet, group } = createEmbeddedNetwork();
    const VpcId = await vpc();
    const SubnetId = await subnet(VpcId, '10.0.1.0/28');
    const Groups = [await group(VpcId, 'functions')];
    const create = (PrivateIpAddress?: string) =>
      client.send(new CreateNetworkInterfaceCommand({ SubnetId, Groups, PrivateIpAddress }));
    const free = async () =>
      (await client.send(new DescribeSubnetsCommand({ SubnetIds: [SubnetId] }))).Subnets![0]!.AvailableIpAddressCount;

    const { NetworkInterface: first } = await create();
    await create('10.0.1.5');
    const third = await create();
    const before = await free();
    await client.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: first!.NetworkInterfaceId }));

    expect(first).toMatchObject({ PrivateIpAddress: '10.0.1.4', Groups: [{ GroupName: 'functions' }], VpcId });
    expect(third.NetworkInterface!.PrivateIpAddress).toBe('10.0.1.6');
    expect([before, await free()]).toEqual([8, 9]);
    expect((await errorOf(create('10.0.1.5'))).name).toBe('InvalidIPAddress.InUse');
    expect((await errorOf(create('10.0.1.15'))).message).toMatch(/reserved/);
    expect((await errorOf(create('10.0.2.5'))).message).toMatch(/range/);
    for (let left = await free(); left! > 0; left! -= 1) await create();
    expect((await errorOf(create())).name).toBe('InsufficientFreeAddressesInSubnet');
  });

  it('are not deleted under a NAT gateway, and have groups of their own VPC', async () => {
    const { client, vpc, subnet, group, internetGateway, natGateway } = createEmbeddedNetwork();
    const [here, there] = [await vpc(), await vpc()];
    const SubnetId = await subnet(here, '10.0.1.0/24');
    await internetGateway(here);
    await natGateway(SubnetId);
    const { NetworkInterfaces: held } = await client.send(new DescribeNetworkInterfacesCommand({}));
    const Groups = [await group(there, 'other')];

    const remove = (NetworkInterfaceId?: string) =>
      client.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));
    expect((await errorOf(remove(held![0]!.NetworkInterfaceId))).message).toMatch(/in use/);
    expect((await errorOf(remove('eni-1'))).name).toBe('InvalidNetworkInterfaceID.NotFound');
    const create = new CreateNetworkInterfaceCommand({ SubnetId, Groups });
    expect((await errorOf(client.send(create))).message).toMatch(/different networks/);
  });
});

describe('Availability Zones', () => {
  it.each([
    ['eu-west-1', 3, 'euw1-az1'],
    ['us-east-1', 6, 'use1-az1'],
    ['ap-southeast-2', 3, 'apse2-az1'],
    ['us-gov-west-1', 3, 'usgw1-az1'],
  ])('of %s are %i, the first %s', async (region, count, id) => {
    const client = createEmbeddedNetwork().account.client(EC2Client, { region });

    const { AvailabilityZones: zones } = await client.send(new DescribeAvailabilityZonesCommand({}));

    expect(zones).toHaveLength(count);
    expect(zones![0]).toMatchObject({ ZoneName: `${region}a`, ZoneId: id, State: 'available' });
  });

  it('are named, filtered and refused when unknown', async () => {
    const { client } = createEmbeddedNetwork();
    const names = async (input: object) =>
      (await client.send(new DescribeAvailabilityZonesCommand(input))).AvailabilityZones!.map((zone) => zone.ZoneName);

    expect(await names({ ZoneNames: ['eu-west-1b'] })).toEqual(['eu-west-1b']);
    expect(await names({ Filters: [{ Name: 'zone-id', Values: ['*-az3'] }] })).toEqual(['eu-west-1c']);
    expect((await errorOf(names({ ZoneNames: ['us-east-1a'] }))).message).toBe(
      'Invalid availability zone: [us-east-1a]',
    );
  });
});
