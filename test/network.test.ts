import {
  AuthorizeSecurityGroupEgressCommand,
  CreateVpcEndpointCommand,
  EC2Client,
  ModifyVpcAttributeCommand,
  RevokeSecurityGroupEgressCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { createAws } from '../src/aws/clients.ts';
import type { Aws } from '../src/aws/clients.ts';
import { openEmbedded } from '../src/embedded/index.ts';
import type {
  EmbeddedAccount,
  EmbeddedOptions,
  Network as SeededNetwork,
  NetworkGroup,
} from '../src/embedded/index.ts';
import type { Unknown } from '../src/engine/types.ts';
import { networkFindings } from '../src/reconcilers/network-findings.ts';
import type { NetworkNeeds } from '../src/reconcilers/network-findings.ts';
import { readNetwork } from '../src/resources/network.ts';
import type { Network } from '../src/resources/network-view.ts';
import { createEmbeddedNetwork, REGION } from './support/embedded-network.ts';

const PLACE = { account: '111122223333', region: REGION };
const VPC = 'vpc-0a11bb22cc33dd44e';
const OTHER_VPC = 'vpc-0b22cc33dd44ee55f';

function connect(account: EmbeddedAccount): Aws {
  return createAws({
    backend: { options: ({ region }) => ({ ...account.clientOptions({ region }) }), plugin: account.plugin },
    accounts: new Map([[PLACE.account, { alias: 'prod', id: PLACE.account }]]),
    defaultAccount: PLACE.account,
    defaultRegion: REGION,
    role: 'plan',
    run: 'run-1',
    clock: { now: () => 0, sleep: async () => undefined },
  });
}

/** An account with the usual network: two private subnets behind a NAT gateway, one public, one to an office. */
function openSeeded(change: Partial<SeededNetwork> = {}, options: EmbeddedOptions = {}): EmbeddedAccount {
  const account = openEmbedded('memory', options);
  account.putNetwork(
    {
      vpc: { id: VPC },
      internetGateway: 'igw-1',
      natGateways: [{ id: 'nat-1', subnet: 'subnet-c' }],
      subnets: [
        { id: 'subnet-a', cidr: '10.0.1.0/24', zone: 'eu-west-1a', defaultRoute: 'nat-1' },
        { id: 'subnet-b', cidr: '10.0.2.0/24', zone: 'eu-west-1b', defaultRoute: 'nat-1' },
        { id: 'subnet-c', cidr: '10.0.3.0/24', zone: 'eu-west-1a', defaultRoute: 'igw-1' },
        { id: 'subnet-d', cidr: '10.0.4.0/24', zone: 'eu-west-1b' },
        { id: 'subnet-e', cidr: '10.0.5.0/24', zone: 'eu-west-1b', defaultRoute: 'tgw-1' },
      ],
      securityGroups: [{ id: 'sg-1' }],
      ...change,
    },
    { region: REGION },
  );
  account.putNetwork(
    {
      vpc: { id: OTHER_VPC, cidr: '10.9.0.0/16', dnsSupport: false, dnsHostnames: false },
      subnets: [{ id: 'subnet-z', cidr: '10.9.1.0/24', zone: 'eu-west-1b', defaultRoute: 'tgw-1' }],
      securityGroups: [{ id: 'sg-9' }],
    },
    { region: REGION },
  );
  return account;
}

function known(network: Network | Unknown): Network {
  if (network.state === 'unknown') throw new Error(network.detail);
  return network;
}

describe('a network that is read', () => {
  it('is plain data: subnets with their way out, rules one by one, endpoints, DNS attributes', async () => {
    const made = createEmbeddedNetwork();
    const { client } = made;
    const vpc = await made.vpc();
    const [inner, outer] = [await made.subnet(vpc, '10.0.1.0/24', 'a'), await made.subnet(vpc, '10.0.2.0/24', 'b')];
    const igw = await made.internetGateway(vpc);
    await made.route(vpc, outer, { GatewayId: igw });
    await made.route(vpc, inner, { NatGatewayId: await made.natGateway(outer) });
    const bare = await made.subnet(vpc, '10.0.3.0/24', 'c');
    await client.send(new ModifyVpcAttributeCommand({ VpcId: vpc, EnableDnsHostnames: { Value: true } }));
    await client.send(
      new CreateVpcEndpointCommand({
        VpcId: vpc,
        VpcEndpointType: 'Interface',
        ServiceName: 'com.amazonaws.eu-west-1.ssm',
        SubnetIds: [inner],
      }),
    );
    const group = await made.group(vpc, 'functions');
    const all = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
    await client.send(new RevokeSecurityGroupEgressCommand({ GroupId: group, IpPermissions: [all] }));
    const IpPermissions = [
      {
        IpProtocol: 'tcp',
        FromPort: 53,
        ToPort: 54,
        IpRanges: [{ CidrIp: '10.0.0.0/8' }],
        Ipv6Ranges: [{ CidrIpv6: '::/0' }],
      },
      { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: group }] },
    ];
    await client.send(new AuthorizeSecurityGroupEgressCommand({ GroupId: group, IpPermissions }));

    const network = known(
      await readNetwork(connect(made.account), PLACE, {
        subnets: [inner, outer, bare],
        securityGroups: [group],
        vpcs: [vpc],
      }),
    );

    const subnets = [
      { id: inner, vpc, zone: 'eu-west-1a', cidr: '10.0.1.0/24', way: 'nat' },
      { id: outer, vpc, zone: 'eu-west-1b', cidr: '10.0.2.0/24', way: 'internet-gateway' },
      { id: bare, vpc, zone: 'eu-west-1c', cidr: '10.0.3.0/24', way: 'none' },
    ];
    expect(network).toEqual({
      state: 'known',
      subnets: subnets.toSorted((left, right) => (left.id < right.id ? -1 : 1)),
      securityGroups: [
        {
          id: group,
          vpc,
          egress: [
            { protocol: 'tcp', from: 53, to: 54, cidr: '10.0.0.0/8' },
            { protocol: 'tcp', from: 53, to: 54, cidr: '::/0' },
            { protocol: '-1', list: group },
          ],
        },
      ],
      vpcs: [{ id: vpc, dnsSupport: true, dnsHostnames: true }],
      endpoints: [
        {
          id: expect.stringMatching(/^vpce-/),
          vpc,
          type: 'Interface',
          service: 'com.amazonaws.eu-west-1.ssm',
          subnets: [inner],
          privateDns: true,
        },
      ],
      missing: { subnets: [], securityGroups: [], vpcs: [] },
    });
    expect(structuredClone(network)).toEqual(network);
  });

  it('costs six calls, whatever the number of subnets and groups', async () => {
    const account = openSeeded();
    await readNetwork(connect(account), PLACE, {
      subnets: ['subnet-a', 'subnet-b', 'subnet-c'],
      securityGroups: ['sg-1'],
      vpcs: [VPC],
    });

    expect(account.calls()['ec2']).toEqual({ reads: 6, writes: 0 });
  });

  it.each([
    ['nat-1', 'nat'],
    ['igw-1', 'internet-gateway'],
    ['tgw-1', 'transit-gateway'],
    ['vgw-1', 'vpn-gateway'],
    ['pcx-1', 'peering'],
    ['eni-1', 'interface'],
    ['i-1', 'interface'],
  ])('has %s as the way %s', async (defaultRoute, way) => {
    const account = openSeeded({ subnets: [{ id: 'subnet-a', cidr: '10.0.1.0/24', defaultRoute }], natGateways: [] });

    const network = known(
      await readNetwork(connect(account), PLACE, { subnets: ['subnet-a'], securityGroups: [], vpcs: [] }),
    );

    expect(network.subnets[0]!.way).toBe(way);
  });

  it('names what is not there', async () => {
    const network = await readNetwork(connect(openSeeded()), PLACE, {
      subnets: ['subnet-a', 'subnet-x'],
      securityGroups: ['sg-x'],
      vpcs: ['vpc-x'],
    });

    expect(known(network).missing).toEqual({ subnets: ['subnet-x'], securityGroups: ['sg-x'], vpcs: ['vpc-x'] });
  });

  it('asks nothing when nothing is asked', async () => {
    const account = openSeeded();
    await readNetwork(connect(account), PLACE, { subnets: [], securityGroups: [], vpcs: [] });

    expect(account.calls()['ec2']).toBeUndefined();
  });

  it.each([
    ['access-denied', 'DescribeSubnets', 'denied'],
    ['access-denied', 'DescribeVpcAttribute', 'denied'],
    ['throttle', 'DescribeRouteTables', 'throttled'],
    ['server-error', 'DescribeVpcEndpoints', 'failed'],
  ] as const)('is unknown after %s of %s', async (fault, command, reason) => {
    const account = openSeeded({}, { faults: [{ service: 'ec2', command, times: 9, fault }] });

    const network = await readNetwork(connect(account), PLACE, {
      subnets: ['subnet-a'],
      securityGroups: ['sg-1'],
      vpcs: [],
    });

    expect(network).toMatchObject({ state: 'unknown', reason });
    const findings = networkFindings('ZoneMirror/corp', network, NEEDS);
    expect(findings).toMatchObject([{ code: 'network-not-checked', severity: 'warning', document: 'ZoneMirror/corp' }]);
  });
});

const DNS = { what: 'the primary', port: 53, protocols: ['tcp', 'udp'] } as const;

const NEEDS: NetworkNeeds = {
  subnets: ['subnet-a', 'subnet-b'],
  securityGroups: ['sg-1'],
  privateZoneVpcs: [VPC],
  peers: [{ ...DNS, host: '10.200.0.1' }],
  services: ['route53', 'ssm'],
  proxied: false,
};

async function findingsOf(account: EmbeddedAccount, change: Partial<NetworkNeeds>) {
  const needs = { ...NEEDS, ...change };
  const question = { subnets: needs.subnets, securityGroups: needs.securityGroups, vpcs: needs.privateZoneVpcs };
  return networkFindings('ZoneMirror/corp', await readNetwork(connect(account), PLACE, question), needs);
}

describe('findings on a network', () => {
  it('are none for two private subnets behind a NAT gateway', async () => {
    expect(await findingsOf(openSeeded(), {})).toEqual([]);
  });

  it.each<[string, Partial<NetworkNeeds>, readonly string[], string]>([
    ['one subnet', { subnets: ['subnet-a'] }, ['one-subnet warning'], 'subnet-a in eu-west-1a'],
    ['one zone', { subnets: ['subnet-b', 'subnet-e'] }, ['one-zone warning'], 'all 2 subnets .* eu-west-1b'],
    ['two VPCs', { subnets: ['subnet-a', 'subnet-z'] }, ['several-vpcs blocks', 'vpc-dns-off warning'], 'in 2 VPCs'],
    [
      'a foreign group',
      { securityGroups: ['sg-1', 'sg-9'] },
      ['foreign-security-group blocks'],
      `sg-9 belongs to ${OTHER_VPC}`,
    ],
    [
      'no such subnet',
      { subnets: ['subnet-a', 'subnet-b', 'subnet-x'] },
      ['no-such-subnet blocks'],
      'subnet-x does not exist',
    ],
    ['no such group', { securityGroups: ['sg-1', 'sg-x'] }, ['no-such-security-group blocks'], 'sg-x does not exist'],
    ['no such VPC', { privateZoneVpcs: ['vpc-x'] }, ['no-such-vpc blocks'], 'VPC vpc-x does not exist'],
    [
      'a VPC without DNS',
      { privateZoneVpcs: [VPC, OTHER_VPC] },
      ['vpc-dns-off warning'],
      'enableDnsSupport and enableDnsHostnames of .* are off',
    ],
    [
      'a public subnet',
      { subnets: ['subnet-b', 'subnet-c'] },
      ['no-way-to-aws warning'],
      'route53 and ssm: .* internet gateway only',
    ],
    [
      'no default route',
      { subnets: ['subnet-a', 'subnet-d'] },
      ['no-way-to-aws warning'],
      'subnet-d .* no default route',
    ],
    ['a public subnet with a proxy', { subnets: ['subnet-b', 'subnet-c'], proxied: true }, [], ''],
    ['a transit gateway', { subnets: ['subnet-a', 'subnet-e'] }, [], ''],
    ['no VPC at all', { subnets: [], securityGroups: [], privateZoneVpcs: [] }, [], ''],
  ])('say of %s', async (_what, change, expected, message) => {
    const findings = await findingsOf(openSeeded(), change);

    expect(findings.map(({ code, severity }) => `${code} ${severity}`)).toEqual(expected);
    expect(findings.map((finding) => finding.message).join('\n')).toMatch(new RegExp(message));
    expect(findings.filter(({ hint }) => hint === undefined)).toEqual([]);
  });

  it('say what switches a VPC’s DNS on', async () => {
    const [finding] = await findingsOf(openSeeded(), { privateZoneVpcs: [OTHER_VPC] });

    expect(finding!.hint).toBe(
      `aws ec2 modify-vpc-attribute --vpc-id ${OTHER_VPC} --enable-dns-support && aws ec2 modify-vpc-attribute --vpc-id ${OTHER_VPC} --enable-dns-hostnames`,
    );
  });

  it('say nothing of a way when every service has an interface endpoint with private names', async () => {
    const account = openSeeded();
    const client = account.client(EC2Client, { region: REGION });
    const create = (ServiceName: string, PrivateDnsEnabled = true) =>
      client.send(
        new CreateVpcEndpointCommand({ VpcId: VPC, VpcEndpointType: 'Interface', ServiceName, PrivateDnsEnabled }),
      );
    const subnets = ['subnet-a', 'subnet-d'];

    await create('com.amazonaws.eu-west-1.ssm');
    await create('com.amazonaws.route53', false);
    const before = await findingsOf(account, { subnets });
    await create('com.amazonaws.route53');

    expect(before.map(({ message }) => message)).toEqual([expect.stringMatching(/to the API of route53: the subnet/)]);
    expect(await findingsOf(account, { subnets })).toEqual([]);
  });

  it('say that a way cannot be told where the route tables are not seen', async () => {
    const account = openSeeded();
    const network = known(
      await readNetwork(connect(account), PLACE, { subnets: NEEDS.subnets, securityGroups: ['sg-1'], vpcs: [] }),
    );
    const shared = { ...network, subnets: network.subnets.map((subnet) => ({ ...subnet, way: 'unknown' as const })) };

    const findings = networkFindings('ZoneMirror/corp', shared, NEEDS);
    expect(findings.map(({ code, severity }) => `${code} ${severity}`)).toEqual([
      'way-not-judged info',
      'way-not-judged info',
    ]);
  });
});

type Rules = NonNullable<NetworkGroup['egress']>;

describe('egress', () => {
  const tcp = (peer: string, port = 53) => ({ protocol: 'tcp', port, peer });
  const udp = (peer: string, port = 53) => ({ protocol: 'udp', port, peer });
  it.each<[string, Rules, string, number, readonly string[]]>([
    ['everything', [{ protocol: '-1', peer: '0.0.0.0/0' }], '10.0.0.1', 53, []],
    ['both protocols to the block', [tcp('10.0.0.0/8'), udp('10.0.0.0/8')], '10.255.255.255', 53, []],
    ['exactly the address', [tcp('10.0.0.1/32'), udp('10.0.0.1/32')], '10.0.0.1', 53, []],
    [
      'a range of ports',
      [{ protocol: 'tcp', from: 50, to: 60, peer: '10.0.0.0/8' }, udp('0.0.0.0/0')],
      '10.0.0.1',
      53,
      [],
    ],
    ['TCP only', [tcp('10.0.0.0/8')], '10.0.0.1', 53, ['no-egress UDP']],
    ['UDP only', [udp('10.0.0.0/8')], '10.0.0.1', 53, ['no-egress TCP']],
    ['another block', [tcp('10.1.0.0/16'), udp('10.1.0.0/16')], '10.0.0.1', 53, ['no-egress TCP and UDP']],
    ['the block’s neighbour', [tcp('10.0.0.0/31'), udp('10.0.0.0/31')], '10.0.0.2', 53, ['no-egress TCP and UDP']],
    ['another port', [tcp('10.0.0.0/8'), udp('10.0.0.0/8')], '10.0.0.1', 5353, ['no-egress TCP and UDP']],
    ['nothing', [], '10.0.0.1', 53, ['no-egress TCP and UDP']],
    ['IPv6 everywhere, for IPv4', [{ protocol: '-1', peer: '::/0' }], '10.0.0.1', 53, ['no-egress TCP and UDP']],
    [
      'IPv4 everywhere, for IPv6',
      [{ protocol: '-1', peer: '0.0.0.0/0' }],
      '2001:db8::1',
      53,
      ['no-egress TCP and UDP'],
    ],
    ['an IPv6 block', [tcp('2001:db8::/32'), udp('2001:db8::/32')], '2001:DB8:0::1', 53, []],
    ['another IPv6 block', [tcp('2001:db9::/32'), udp('::/0')], '2001:db8::1', 53, ['no-egress TCP']],
    ['a security group', [{ protocol: '-1', peer: 'sg-1' }], '10.0.0.1', 53, ['egress-not-judged TCP and UDP']],
    ['a prefix list for TCP', [tcp('pl-12345678')], '10.0.0.1', 53, ['no-egress UDP', 'egress-not-judged TCP']],
    ['a block, for a name', [tcp('10.0.0.0/8'), udp('10.0.0.0/8')], 'ns.corp', 53, ['egress-not-judged TCP and UDP']],
    ['everything, for a name', [{ protocol: '-1', peer: '0.0.0.0/0' }], 'ns.corp', 53, []],
    ['no such port, for a name', [tcp('0.0.0.0/0', 443)], 'ns.corp', 53, ['no-egress TCP and UDP']],
  ])('of %s', async (_what, rules, host, port, expected) => {
    const account = openSeeded({ securityGroups: [{ id: 'sg-1', egress: rules }] });

    const findings = await findingsOf(account, { peers: [{ ...DNS, host, port }] });

    expect(findings.map(({ code, message }) => `${code} ${/lets (.*) out to/.exec(message)![1]}`)).toEqual(expected);
  });

  it('is the sum of all groups', async () => {
    const groups = [
      { id: 'sg-1', egress: [tcp('10.0.0.0/8')] },
      { id: 'sg-2', egress: [udp('10.0.0.0/8')] },
    ];
    const account = openSeeded({ securityGroups: groups });
    const peers = [{ ...DNS, host: '10.0.0.1' }];

    expect(await findingsOf(account, { securityGroups: ['sg-1', 'sg-2'], peers })).toEqual([]);
    expect(await findingsOf(account, { securityGroups: ['sg-2'], peers })).toHaveLength(1);
  });

  it('that is missing is named with the command that adds it', async () => {
    const account = openSeeded({ securityGroups: [{ id: 'sg-1', egress: [] }] });
    const proxy = { what: 'the proxy', host: '2001:db8::9', port: 3128, protocols: ['tcp'] } as const;

    const findings = await findingsOf(account, { peers: [{ ...DNS, host: '10.0.0.1' }, proxy] });

    expect(findings.map(({ message, hint }) => [message, hint])).toEqual([
      [
        'no rule of sg-1 lets TCP and UDP out to the primary 10.0.0.1:53',
        "aws ec2 authorize-security-group-egress --group-id sg-1 --ip-permissions 'IpProtocol=tcp,FromPort=53,ToPort=53,IpRanges=[{CidrIp=10.0.0.1/32}]' 'IpProtocol=udp,FromPort=53,ToPort=53,IpRanges=[{CidrIp=10.0.0.1/32}]'",
      ],
      [
        'no rule of sg-1 lets TCP out to the proxy [2001:db8::9]:3128',
        "aws ec2 authorize-security-group-egress --group-id sg-1 --ip-permissions 'IpProtocol=tcp,FromPort=3128,ToPort=3128,Ipv6Ranges=[{CidrIpv6=2001:db8::9/128}]'",
      ],
    ]);
  });
});
