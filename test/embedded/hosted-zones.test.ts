import {
  CreateHostedZoneCommand,
  DeleteHostedZoneCommand,
  GetAccountLimitCommand,
  GetHostedZoneCommand,
  GetHostedZoneCountCommand,
  GetHostedZoneLimitCommand,
  ListHostedZonesByNameCommand,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
  UpdateHostedZoneCommentCommand,
} from '@aws-sdk/client-route-53';
import type { CreateHostedZoneRequest } from '@aws-sdk/client-route-53';
import { describe, expect, it } from 'vitest';
import { openEmbedded } from '../../src/embedded/index.ts';
import { createEmbeddedZone, errorOf } from '../support/embedded-zone.ts';

const REGION = { region: 'us-east-1' };
const VPC = { VPCId: 'vpc-0123456789abcdef0', VPCRegion: 'eu-west-1' } as const;

function open() {
  const account = openEmbedded('memory');
  const client = account.client(Route53Client, REGION);
  let reference = 0;
  async function create(Name: string, rest: Partial<CreateHostedZoneRequest> = {}) {
    reference += 1;
    return client.send(new CreateHostedZoneCommand({ Name, CallerReference: `reference-${reference}`, ...rest }));
  }
  return { account, client, create };
}

describe('CreateHostedZone', () => {
  it('makes a public zone with its NS and SOA', async () => {
    const { client, create } = open();

    const made = await create('Corp.Example.COM', { HostedZoneConfig: { Comment: 'ours' } });
    const id = made.HostedZone!.Id!;
    const got = await client.send(new GetHostedZoneCommand({ Id: id }));
    const { ResourceRecordSets: sets } = await client.send(new ListResourceRecordSetsCommand({ HostedZoneId: id }));
    const servers = got.DelegationSet!.NameServers!;

    expect(got.HostedZone).toEqual({
      Id: id,
      Name: 'corp.example.com.',
      CallerReference: 'reference-1',
      Config: { Comment: 'ours', PrivateZone: false },
      ResourceRecordSetCount: 2,
    });
    expect(made.HostedZone).toEqual(got.HostedZone);
    expect(made.Location).toBe(`https://route53.amazonaws.com/2013-04-01${id}`);
    expect(got.VPCs).toBeUndefined();
    expect(servers.map((server) => server.replace(/^ns-\d+\.awsdns-\d\d/, ''))).toEqual([
      '.com',
      '.net',
      '.org',
      '.co.uk',
    ]);
    expect(sets).toEqual([
      {
        Name: 'corp.example.com.',
        Type: 'NS',
        TTL: 172_800,
        ResourceRecords: servers.map((server) => ({ Value: `${server}.` })),
      },
      {
        Name: 'corp.example.com.',
        Type: 'SOA',
        TTL: 900,
        ResourceRecords: [{ Value: `${servers[0]}. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400` }],
      },
    ]);
  });

  it('makes a private zone with its VPC and no delegation', async () => {
    const { client, create } = open();

    const made = await create('corp.internal', { VPC, HostedZoneConfig: { PrivateZone: true } });
    const got = await client.send(new GetHostedZoneCommand({ Id: made.HostedZone!.Id }));

    expect(made.VPC).toEqual(VPC);
    expect(got.HostedZone!.Config).toEqual({ PrivateZone: true });
    expect(got.VPCs).toEqual([VPC]);
    expect(got.DelegationSet).toBeUndefined();
  });

  it('gives ids that depend on the order of calls only', async () => {
    const ids = await Promise.all(
      [open(), open()].map(async ({ create }) => {
        const zones = [await create('a.example.com'), await create('a.example.com')];
        return zones.map(({ HostedZone: zone }) => zone!.Id);
      }),
    );

    expect(ids[0]).toEqual(ids[1]);
    expect(ids[0]![0]).not.toBe(ids[0]![1]);
  });

  it.each([
    ['a name with an empty label', 'InvalidDomainName', 'a..example.com', {}],
    ['a label of 64 octets', 'InvalidDomainName', `${'a'.repeat(64)}.example.com`, {}],
    ['a top-level domain', 'InvalidDomainName', 'com', {}],
    ['the root', 'InvalidDomainName', '.', {}],
    ['no name', 'InvalidDomainName', '', {}],
    ['no caller reference', 'InvalidInput', 'a.example.com', { CallerReference: '' }],
    ['a caller reference of 129 characters', 'InvalidInput', 'a.example.com', { CallerReference: 'x'.repeat(129) }],
    [
      'a comment of 257 characters',
      'InvalidInput',
      'a.example.com',
      { HostedZoneConfig: { Comment: 'x'.repeat(257) } },
    ],
    ['a private zone without a VPC', 'InvalidInput', 'a.example.com', { HostedZoneConfig: { PrivateZone: true } }],
    ['a VPC without its region', 'InvalidInput', 'a.example.com', { VPC: { VPCId: VPC.VPCId } }],
    ['a malformed VPC id', 'InvalidVPCId', 'a.example.com', { VPC: { ...VPC, VPCId: 'vpc-xyz' } }],
    ['a delegation set', 'NoSuchDelegationSet', 'a.example.com', { DelegationSetId: 'N1' }],
  ] as const)('refuses %s: %s', async (_what, name, zone, rest) => {
    const { account, create } = open();

    expect((await errorOf(create(zone, rest))).name).toBe(name);
    expect(account.events()).toHaveLength(1);
  });

  it('refuses a caller reference that was used before, even of a deleted zone', async () => {
    const { client, create } = open();
    const { HostedZone: zone } = await create('a.example.com', { CallerReference: 'once' });
    await client.send(new DeleteHostedZoneCommand({ Id: zone!.Id }));

    expect((await errorOf(create('b.example.com', { CallerReference: 'once' }))).name).toBe('HostedZoneAlreadyExists');
  });

  it('refuses two private zones of one name in one VPC', async () => {
    const { create } = open();
    await create('corp.internal', { VPC });

    const error = await errorOf(create('CORP.internal.', { VPC }));

    expect(error.name).toBe('ConflictingDomainExists');
    await create('corp.internal', { VPC: { ...VPC, VPCRegion: 'us-east-1' } });
    await create('corp.internal');
  });

  it('refuses more zones than the quota', async () => {
    const { account, client, create } = open();
    account.setQuotas({ hostedZones: 1 });
    await create('a.example.com');

    expect((await errorOf(create('b.example.com'))).name).toBe('TooManyHostedZones');
    expect(await client.send(new GetAccountLimitCommand({ Type: 'MAX_HOSTED_ZONES_BY_OWNER' }))).toMatchObject({
      Limit: { Type: 'MAX_HOSTED_ZONES_BY_OWNER', Value: 1 },
      Count: 1,
    });
  });
});

describe('zones of accounts', () => {
  it('are apart: a stranger’s zone is denied and not counted', async () => {
    const { account, client, create } = open();
    const { HostedZone: zone } = await create('a.example.com');
    const stranger = account.client(Route53Client, { ...REGION, account: '444455556666' });

    expect((await errorOf(stranger.send(new GetHostedZoneCommand({ Id: zone!.Id })))).name).toBe('AccessDenied');
    expect(await stranger.send(new GetHostedZoneCountCommand({}))).toMatchObject({ HostedZoneCount: 0 });
    expect(await client.send(new GetHostedZoneCountCommand({}))).toMatchObject({ HostedZoneCount: 1 });
  });
});

describe('UpdateHostedZoneComment', () => {
  it('writes a comment, and takes it away', async () => {
    const { client, id } = await createEmbeddedZone();

    const written = await client.send(new UpdateHostedZoneCommentCommand({ Id: id, Comment: 'new' }));
    const removed = await client.send(new UpdateHostedZoneCommentCommand({ Id: id }));

    expect(written.HostedZone!.Config).toEqual({ Comment: 'new', PrivateZone: false });
    expect(removed.HostedZone!.Config).toEqual({ PrivateZone: false });
  });
});

describe('DeleteHostedZone', () => {
  it('deletes an empty zone with its NS and SOA', async () => {
    const { client, id } = await createEmbeddedZone();

    const { ChangeInfo: info } = await client.send(new DeleteHostedZoneCommand({ Id: id }));

    expect(info!.Status).toBe('PENDING');
    expect((await errorOf(client.send(new GetHostedZoneCommand({ Id: id })))).name).toBe('NoSuchHostedZone');
  });

  it('refuses a zone with records', async () => {
    const { client, id, change } = await createEmbeddedZone();
    await change(['CREATE', 'a', 'A', ['192.0.2.1']]);

    const error = await errorOf(client.send(new DeleteHostedZoneCommand({ Id: id })));

    expect(error.name).toBe('HostedZoneNotEmpty');
    expect(error.message).toContain('contains non-required resource record sets');
  });
});

describe('limits', () => {
  it('counts record sets and VPCs', async () => {
    const { client, id, change } = await createEmbeddedZone({ vpc: VPC });
    await change(['CREATE', 'a', 'A', ['192.0.2.1']]);
    const ask = (Type: 'MAX_RRSETS_BY_ZONE' | 'MAX_VPCS_ASSOCIATED_BY_ZONE') =>
      client.send(new GetHostedZoneLimitCommand({ HostedZoneId: id, Type }));

    expect(await ask('MAX_RRSETS_BY_ZONE')).toMatchObject({ Limit: { Value: 10_000 }, Count: 3 });
    expect(await ask('MAX_VPCS_ASSOCIATED_BY_ZONE')).toMatchObject({ Limit: { Value: 300 }, Count: 1 });
  });

  it('knows no VPC limit of public zones', async () => {
    const { client, id } = await createEmbeddedZone();
    const command = new GetHostedZoneLimitCommand({ HostedZoneId: id, Type: 'MAX_VPCS_ASSOCIATED_BY_ZONE' });

    expect((await errorOf(client.send(command))).name).toBe('HostedZoneNotPrivate');
  });

  it.each([
    ['MAX_HOSTED_ZONES_BY_OWNER', 500],
    ['MAX_HEALTH_CHECKS_BY_OWNER', 200],
    ['MAX_REUSABLE_DELEGATION_SETS_BY_OWNER', 100],
    ['MAX_TRAFFIC_POLICIES_BY_OWNER', 50],
    ['MAX_TRAFFIC_POLICY_INSTANCES_BY_OWNER', 5],
  ] as const)('says the account’s %s: %d', async (Type, Value) => {
    const { client } = open();

    expect(await client.send(new GetAccountLimitCommand({ Type }))).toMatchObject({ Limit: { Type, Value }, Count: 0 });
  });

  it.each([{ recordSetsPerZone: -1 }, { hostedZones: 1.5 }, { vpcs: 3 } as object])('TU4015: no quota %o', (quotas) => {
    expect(() => open().account.setQuotas(quotas)).toThrow(expect.objectContaining({ code: 'TU4015' }));
  });
});

describe('lists of zones', () => {
  const NAMES = [
    'b.example.com',
    'a.example.com',
    'a.b.example.com',
    'a-b.example.com',
    'b.example.com',
    'example.net',
  ];

  it('by name: labels reversed and closed by a dot (which follows the hyphen), then id, in pages', async () => {
    const { client, create } = open();
    for (const name of NAMES) await create(name);
    const listed: string[] = [];
    let next: { DNSName?: string | undefined; HostedZoneId?: string | undefined } = {};
    let pages = 0;
    for (;;) {
      const page = await client.send(new ListHostedZonesByNameCommand({ ...next, MaxItems: 2 }));
      listed.push(...page.HostedZones!.map((zone) => zone.Name!));
      pages += 1;
      if (page.IsTruncated !== true) break;
      next = { DNSName: page.NextDNSName, HostedZoneId: page.NextHostedZoneId };
    }

    expect(pages).toBe(3);
    expect(listed).toEqual([
      'a-b.example.com.',
      'a.example.com.',
      'b.example.com.',
      'b.example.com.',
      'a.b.example.com.',
      'example.net.',
    ]);
  });

  it('by name from a name that need not exist', async () => {
    const { client, create } = open();
    for (const name of NAMES) await create(name);

    const page = await client.send(new ListHostedZonesByNameCommand({ DNSName: 'az.example.com', MaxItems: 1 }));

    expect(page.HostedZones!.map((zone) => zone.Name)).toEqual(['b.example.com.']);
    expect(page).toMatchObject({ DNSName: 'az.example.com', IsTruncated: true, NextDNSName: 'b.example.com.' });
  });

  it('all: every zone once over pages, private ones when asked', async () => {
    const { client, create } = open();
    for (const name of NAMES) await create(name);
    await create('corp.internal', { VPC });
    const listed = new Set<string>();
    let marker: string | undefined;
    for (;;) {
      const page = await client.send(new ListHostedZonesCommand({ Marker: marker, MaxItems: 3 }));
      for (const zone of page.HostedZones!) listed.add(zone.Id!);
      if (page.IsTruncated !== true) break;
      marker = page.NextMarker;
    }
    const hidden = await client.send(new ListHostedZonesCommand({ HostedZoneType: 'PrivateHostedZone' }));

    expect(listed.size).toBe(NAMES.length + 1);
    expect(hidden.HostedZones!.map((zone) => zone.Name)).toEqual(['corp.internal.']);
  });

  it.each([
    ['an id without a name', new ListHostedZonesByNameCommand({ HostedZoneId: 'Z0' }), 'InvalidInput'],
    ['a malformed name', new ListHostedZonesByNameCommand({ DNSName: 'a..b' }), 'InvalidDomainName'],
    ['pages of nothing', new ListHostedZonesByNameCommand({ MaxItems: 0 }), 'InvalidInput'],
  ])('refuses %s', async (_what, command, name) => {
    expect((await errorOf(open().client.send(command))).name).toBe(name);
  });
});
