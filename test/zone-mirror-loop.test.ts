import {
  ChangeResourceRecordSetsCommand,
  ChangeTagsForResourceCommand,
  CreateHostedZoneCommand,
  CreateResourceRecordSetProtectionsCommand,
  GetHostedZoneCommand,
  ListHostedZonesByNameCommand,
  ListHostedZonesCommand,
  ListTagsForResourceCommand,
  UpdateHostedZoneCommentCommand,
} from '@aws-sdk/client-route-53';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RR } from '../src/dns/rr-types.ts';
import { frame } from '../src/dns/wire/frames.ts';
import type { Fault } from '../src/embedded/index.ts';
import type { Plan } from '../src/engine/types.ts';
import { apply } from '../src/operations/apply.ts';
import { listRecordSets } from '../src/resources/record-sets/listing.ts';
import { SECRET, createEstate, mirror } from './support/estate.ts';
import type { TestEstate } from './support/estate.ts';
import { startScriptedPrimary } from './support/scripted-primary.ts';
import { reply, soa as soaRecord } from './support/wire.ts';

const BODY = 'ns1 A 10.0.0.1\nwww A 10.0.0.2\nvpn A 10.0.0.3\n* TXT "wild"';
const TSIG = 'tsig: { name: xfr-key, algorithm: hmac-sha256, secret: ssm:/xfr }';

async function applied(spec: readonly string[] = []): Promise<TestEstate> {
  const estate = await createEstate();
  estate.serve('corp.test', 5, BODY);
  estate.write('corp.yaml', mirror(estate, spec));
  expect((await estate.apply(await estate.plan())).outcome).toBe('applied');
  return estate;
}

async function zoneId(estate: TestEstate): Promise<string> {
  const { HostedZones = [] } = await estate.client.send(new ListHostedZonesCommand({}));
  return HostedZones[0]!.Id!.replace('/hostedzone/', '');
}

/** Without listing: for tests in which listing is denied. */
async function ownZoneId(estate: TestEstate): Promise<string> {
  const { HostedZones } = await estate.client.send(new ListHostedZonesByNameCommand({ DNSName: 'corp.test' }));
  return HostedZones![0]!.Id!.replace('/hostedzone/', '');
}

async function upsert(estate: TestEstate, name: string, value: string, id?: string): Promise<void> {
  const set = { Name: name, Type: 'A' as const, TTL: 300, ResourceRecords: [{ Value: value }] };
  await estate.client.send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: id ?? (await zoneId(estate)),
      ChangeBatch: { Changes: [{ Action: 'UPSERT', ResourceRecordSet: set }] },
    }),
  );
}

async function makeForeignZone(estate: TestEstate, vpc: string): Promise<void> {
  await estate.client.send(
    new CreateHostedZoneCommand({
      Name: 'corp.test',
      CallerReference: `theirs-${vpc}`,
      HostedZoneConfig: { Comment: 'theirs', PrivateZone: true },
      VPC: { VPCId: vpc, VPCRegion: 'eu-west-1' },
    }),
  );
}

function effect(plan: Plan): Record<string, unknown> {
  return plan.documents[0]!.effects.find(({ code }) => code === 'dns.records')!.data;
}

function findings(plan: Plan): string[] {
  return plan.documents[0]!.findings.map(({ code }) => code);
}

describe('a mirror, from nothing', () => {
  it.each([{ spec: [] }, { spec: [TSIG] }, { spec: ['records: reviewed'] }])(
    'is planned, applied and then empty: $spec',
    async ({ spec }) => {
      const estate = await createEstate();
      estate.serve('corp.test', 5, BODY);
      estate.write('corp.yaml', mirror(estate, spec));

      const plan = await estate.plan();
      expect(plan.summary).toMatchObject({ create: 13, update: 0 });
      expect(effect(plan)).toMatchObject({ serial: { from: null, to: 5 }, add: 4, change: 0, remove: 0, batches: 1 });
      const result = await estate.apply(plan);

      expect(result).toMatchObject({
        outcome: 'applied',
        refused: [],
        failed: [],
        replan: { summary: { create: 0, update: 0 } },
      });
      const writes = estate.writes();
      expect((await estate.plan({ full: true })).actions).toEqual([]);
      expect((await estate.apply()).outcome).toBe('nothing');
      expect(estate.writes()).toBe(writes);
    },
  );

  it('holds exactly what the source serves, and its SOA says which version', async () => {
    const estate = await applied();

    const sets = await listRecordSets(estate.client, await zoneId(estate));

    const shown = sets.map(({ Name, Type, TTL, ResourceRecords }) => [
      Name,
      Type,
      TTL,
      ResourceRecords!.map(({ Value }) => Value),
    ]);
    expect(shown.filter(([, type]) => type !== 'NS' && type !== 'SOA')).toEqual([
      ['\\052.corp.test.', 'TXT', 300, ['"wild"']],
      ['ns1.corp.test.', 'A', 300, ['10.0.0.1']],
      ['vpn.corp.test.', 'A', 300, ['10.0.0.3']],
      ['www.corp.test.', 'A', 300, ['10.0.0.2']],
    ]);
    expect(shown.find(([, type]) => type === 'SOA')![3]).toEqual([expect.stringMatching(/ 5 7200 900 1209600 60$/)]);
  });

  it('marks the zone and keeps the comment of the document', async () => {
    const estate = await applied();
    const id = await zoneId(estate);

    const { HostedZone } = await estate.client.send(new GetHostedZoneCommand({ Id: id }));
    const { ResourceTagSet } = await estate.client.send(
      new ListTagsForResourceCommand({ ResourceType: 'hostedzone', ResourceId: id }),
    );

    expect(HostedZone!.Config).toMatchObject({ Comment: 'mirror', PrivateZone: true });
    expect(HostedZone!.CallerReference).toMatch(/^[0-9a-f]{32}\.[0-9a-f]{16}$/);
    expect(Object.fromEntries(ResourceTagSet!.Tags!.map(({ Key, Value }) => [Key, Value]))).toEqual({
      'trueup:owner': 'acme-network/ZoneMirror/corp/Zone',
      'trueup:applied': expect.stringMatching(/^[\w-]{24}$/),
      team: 'network',
    });
  });

  it('T142 a no-change plan costs one look at the SOA and at most 4 reads more, and transfers nothing', async () => {
    const estate = await applied();

    const plan = await estate.plan();

    expect(plan.calls['Route53']).toEqual({ reads: 4, writes: 0 });
    expect(effect(plan)).toMatchObject({ serial: { from: 5, to: 5 }, unchanged: null });
  });
});

describe('the source moves', () => {
  it('is planned from serial to serial, set by set, and applied', async () => {
    const estate = await applied();
    estate.serve('corp.test', 6, 'ns1 A 10.0.0.1\nwww A 10.0.0.22\nnew A 10.0.0.9\n* TXT "wild"');

    const plan = await estate.plan();

    expect(effect(plan)).toMatchObject({
      serial: { from: 5, to: 6 },
      add: 1,
      change: 1,
      remove: 1,
      unchanged: 2,
      maxStaleSeconds: 300,
      records: [
        { action: 'add', name: 'new.corp.test.', type: 'A', before: null, after: { ttl: 300, values: ['10.0.0.9'] } },
        {
          action: 'remove',
          name: 'vpn.corp.test.',
          type: 'A',
          before: { ttl: 300, values: ['10.0.0.3'] },
          after: null,
        },
        {
          action: 'change',
          name: 'www.corp.test.',
          before: { ttl: 300, values: ['10.0.0.2'] },
          after: { ttl: 300, values: ['10.0.0.22'] },
        },
      ],
    });
    expect((await estate.apply()).outcome).toBe('applied');
    expect(effect(await estate.plan())).toMatchObject({ serial: { from: 6, to: 6 } });
  });

  it('between review and merge: a live mirror follows, within its guards', async () => {
    const estate = await applied();
    estate.serve('corp.test', 6, `${BODY}\nnew A 10.0.0.9`);
    const reviewed = await estate.plan();
    estate.serve('corp.test', 7, `${BODY}\nnew A 10.0.0.10`);

    expect((await estate.apply(reviewed)).outcome).toBe('applied');
    expect(effect(await estate.plan())).toMatchObject({ serial: { from: 7, to: 7 } });
  });

  it('between review and merge: a reviewed mirror refuses with no write', async () => {
    const estate = await applied(['records: reviewed']);
    estate.serve('corp.test', 6, `${BODY}\nnew A 10.0.0.9`);
    const reviewed = await estate.plan();
    estate.serve('corp.test', 7, `${BODY}\nnew A 10.0.0.10`);
    const writes = estate.writes();

    const result = await estate.apply(reviewed);

    expect(result.outcome).toBe('stale');
    expect(result.refused[0]!.differences[0]).toMatchObject({
      path: 'ResourceRecordSets',
      reviewed: { serial: 6 },
      now: { serial: 7 },
    });
    expect(estate.writes()).toBe(writes);
  });

  it('without raising the serial: found by a full look, not by a quick one', async () => {
    const estate = await applied();
    estate.serve('corp.test', 5, `${BODY}\nforgotten A 10.0.0.9`);

    expect((await estate.plan()).actions).toEqual([]);
    expect(effect(await estate.plan({ full: true }))).toMatchObject({ add: 1 });
  });

  it('backwards: blocked until the serial is named', async () => {
    const estate = await applied();
    estate.serve('corp.test', 4, BODY);

    const plan = await estate.plan();
    expect(findings(plan)).toEqual(['serial-went-backwards']);
    const { outcome, skipped } = await estate.apply();
    expect(outcome).toBe('refused');
    expect(skipped.map(({ why }) => why).join()).toContain('set spec.acceptSerial: 4');

    estate.write('corp.yaml', mirror(estate, ['acceptSerial: 4']));
    const accepting = await estate.plan();
    expect(findings(accepting)).toEqual(['serial-went-backwards']);
    expect((await estate.apply()).outcome).toBe('applied');
    expect(findings(await estate.plan({ full: true }))).toEqual(['accept-serial-used']);
  });
});

describe('a record is changed by hand', () => {
  it('is drift: found, labelled and healed', async () => {
    const estate = await applied();
    await upsert(estate, 'vpn.corp.test', '10.9.9.9');

    const found = await estate.drift();

    expect(found).toMatchObject({
      complete: true,
      drifted: [
        {
          document: 'ZoneMirror/corp',
          changes: [{ cause: 'drift', extent: { create: 0, update: 1, delete: 0, population: 4 } }],
        },
      ],
      missing: [],
      orphans: [],
    });
    expect((await estate.apply()).outcome).toBe('applied');
    expect((await estate.drift()).drifted).toEqual([]);
  });

  it('is healed by a reviewed plan, though the serial has not moved', async () => {
    const estate = await applied();
    await upsert(estate, 'vpn.corp.test', '10.9.9.9');
    const reviewed = await estate.plan({ full: true });

    expect(reviewed.actions).toHaveLength(1);
    expect((await estate.apply(reviewed)).outcome).toBe('applied');
    expect((await estate.drift()).drifted).toEqual([]);
  });

  it('while the source moved on: drift says that it cannot tell', async () => {
    const estate = await applied();
    await upsert(estate, 'vpn.corp.test', '10.9.9.9');
    estate.serve('corp.test', 6, BODY);

    const found = await estate.drift();

    expect(found.drifted).toEqual([]);
    expect(found.findings.map(({ code }) => code)).toContain('not-judged');
  });

  it('in the SOA, written without trailing dots: the serial is still written', async () => {
    const estate = await applied();
    const soa = 'ns-0.awsdns-00.com awsdns-hostmaster.amazon.com 5 7200 900 1209600 60';
    await estate.client.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: await zoneId(estate),
        ChangeBatch: {
          Changes: [
            {
              Action: 'UPSERT',
              ResourceRecordSet: { Name: 'corp.test', Type: 'SOA', TTL: 901, ResourceRecords: [{ Value: soa }] },
            },
          ],
        },
      }),
    );
    estate.serve('corp.test', 6, BODY);

    expect((await estate.apply()).outcome).toBe('applied');
    expect(effect(await estate.plan())).toMatchObject({ serial: { from: 6, to: 6 } });
  });

  it('in a reviewed mirror after the review: refused with no write', async () => {
    const estate = await applied(['records: reviewed']);
    estate.serve('corp.test', 6, `${BODY}\nnew A 10.0.0.9`);
    const reviewed = await estate.plan();
    await upsert(estate, 'vpn.corp.test', '10.9.9.9');
    const writes = estate.writes();

    const result = await estate.apply(reviewed);

    expect(result.outcome).toBe('stale');
    expect(result.refused[0]!.differences[0]!.message).toBe('1 change in ResourceRecordSets were not reviewed');
    expect(estate.writes()).toBe(writes);
  });

  it('towards what was reviewed: that part is done and the rest runs', async () => {
    const estate = await applied(['records: reviewed']);
    estate.serve('corp.test', 6, 'ns1 A 10.0.0.1\nwww A 10.0.0.22\nvpn A 10.0.0.33\n* TXT "wild"');
    const reviewed = await estate.plan();
    await upsert(estate, 'vpn.corp.test', '10.0.0.33');

    expect((await estate.apply(reviewed)).outcome).toBe('applied');
    expect((await estate.plan({ full: true })).actions).toEqual([]);
  });
});

describe('a source whose serial is 1, as a new hosted zone has', () => {
  it('is mirrored, and a change by hand is drift', async () => {
    const estate = await createEstate();
    estate.serve('corp.test', 1, BODY);
    estate.write('corp.yaml', mirror(estate));

    expect((await estate.apply(await estate.plan())).outcome).toBe('applied');
    expect((await estate.plan()).actions).toEqual([]);

    await upsert(estate, 'vpn.corp.test', '10.9.9.9');
    expect((await estate.drift()).drifted).toMatchObject([{ changes: [{ cause: 'drift' }] }]);
  });
});

describe('what is not ours', () => {
  it('is kept, counted and not in the way', async () => {
    const estate = await applied();
    const target = { HostedZoneId: await zoneId(estate), DNSName: 'www.corp.test', EvaluateTargetHealth: false };
    await estate.client.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: await zoneId(estate),
        ChangeBatch: {
          Changes: [
            { Action: 'CREATE', ResourceRecordSet: { Name: 'alias.corp.test', Type: 'A', AliasTarget: target } },
          ],
        },
      }),
    );

    const plan = await estate.plan({ full: true });

    expect(plan.actions).toEqual([]);
    expect(plan.summary.kept).toBe(1);
    expect(effect(plan)).toMatchObject({ kept: 1, unchanged: 4 });
  });
});

describe('the hosted zone', () => {
  it('drifts in comment, VPCs and tags, is healed, and foreign tags stay', async () => {
    const estate = await applied();
    const id = await zoneId(estate);
    await estate.client.send(new UpdateHostedZoneCommentCommand({ Id: id, Comment: 'hacked' }));
    await estate.client.send(
      new ChangeTagsForResourceCommand({
        ResourceType: 'hostedzone',
        ResourceId: id,
        AddTags: [
          { Key: 'team', Value: 'nobody' },
          { Key: 'cost', Value: '42' },
        ],
      }),
    );

    const plan = await estate.plan();

    expect(plan.actions.map(({ id: address, reason }) => [address, reason])).toEqual([
      ['ZoneMirror/corp/Zone', 'drifted'],
    ]);
    expect(plan.actions[0]!.changes.map(({ path }) => path)).toEqual(['HostedZoneConfig', 'HostedZoneTags']);
    expect((await estate.apply(plan)).outcome).toBe('applied');
    const { ResourceTagSet } = await estate.client.send(
      new ListTagsForResourceCommand({ ResourceType: 'hostedzone', ResourceId: id }),
    );
    expect(ResourceTagSet!.Tags).toContainEqual({ Key: 'cost', Value: '42' });
  });

  it('follows metadata.protect and the list of VPCs, another account’s by authorization', async () => {
    const estate = await applied();
    const vpcs =
      '[{ id: vpc-0a11bb22cc33dd44e }, { id: vpc-0b22bb22cc33dd44e, account: partner, region: eu-central-1 }]';
    const yaml = mirror(estate, [`hostedZone: { private: true, comment: mirror, vpcs: ${vpcs} }`]);
    estate.write('corp.yaml', yaml.replace('name: corp', 'name: corp, protect: true'));

    const result = await estate.apply(await estate.plan());

    expect(result.outcome).toBe('applied');
    const { VPCs } = await estate.client.send(new GetHostedZoneCommand({ Id: await zoneId(estate) }));
    expect(VPCs!.map(({ VPCId }) => VPCId!).sort((a, b) => a.localeCompare(b))).toEqual([
      'vpc-0a11bb22cc33dd44e',
      'vpc-0b22bb22cc33dd44e',
    ]);
    expect((await estate.plan()).actions).toEqual([]);

    estate.write('corp.yaml', mirror(estate));
    expect((await estate.apply()).outcome).toBe('applied');
    expect((await estate.plan()).actions).toEqual([]);
  });

  it('of somebody else is refused, and T29 nothing of what is in it is said', async () => {
    const estate = await createEstate();
    await estate.client.send(
      new CreateHostedZoneCommand({
        Name: 'corp.test',
        CallerReference: 'theirs',
        HostedZoneConfig: { Comment: 'canary-comment', PrivateZone: true },
        VPC: { VPCId: 'vpc-0a11bb22cc33dd44e', VPCRegion: 'eu-west-1' },
      }),
    );
    await upsert(estate, 'canary.corp.test', '10.66.66.66');
    estate.serve('corp.test', 5, BODY);
    estate.write('corp.yaml', mirror(estate));
    const writes = estate.writes();

    const plan = await estate.plan();
    const result = await estate.apply();

    expect(findings(plan)).toEqual(['foreign']);
    expect(plan.actions.filter(({ type }) => type.startsWith('AWS::Route53::'))).toEqual([]);
    expect(JSON.stringify(plan)).not.toMatch(/canary|10\.66/);
    expect(estate.account.events().map(({ eventName }) => eventName)).not.toContain('ListResourceRecordSets');
    expect(result).toMatchObject({ outcome: 'refused', done: [] });
    expect(estate.writes()).toBe(writes);
  });

  it('that somebody makes between the plan and the write is not taken over', async () => {
    const estate = await createEstate();
    estate.serve('corp.test', 5, BODY);
    estate.write('corp.yaml', mirror(estate));
    const project = await estate.load();

    const { result } = await apply(project, {
      endpoint: { kind: 'embedded', account: estate.account },
      async confirm() {
        await makeForeignZone(estate, 'vpc-0ffffff1');
        return true;
      },
    });

    expect(result).toMatchObject({
      outcome: 'partial',
      failed: [{ id: 'ZoneMirror/corp/Zone', error: expect.stringContaining('not ours') }],
    });
    // What does not stand on the zone is made; nothing that does.
    expect(result!.done.toSorted()).toEqual(
      ['Alarm', 'MirrorLogs', 'MirrorRole', 'PlanLogs', 'PlanRole'].map((id) => `ZoneMirror/corp/${id}`),
    );
    const { ResourceTagSet } = await estate.client.send(
      new ListTagsForResourceCommand({ ResourceType: 'hostedzone', ResourceId: await zoneId(estate) }),
    );
    expect(ResourceTagSet!.Tags ?? []).toEqual([]);
  });

  it('is adopted where the document says so, and then mirrored; its other VPCs stay', async () => {
    const estate = await createEstate();
    await makeForeignZone(estate, 'vpc-0ffffff1');
    estate.serve('corp.test', 5, BODY);
    estate.write('corp.yaml', mirror(estate).replace('name: corp', 'name: corp, adopt: true'));

    expect((await estate.apply(await estate.plan())).outcome).toBe('applied');
    expect((await estate.apply(await estate.plan())).outcome).toBe('applied');

    expect((await estate.plan({ full: true })).actions).toEqual([]);
    const { VPCs } = await estate.client.send(new GetHostedZoneCommand({ Id: await zoneId(estate) }));
    expect(VPCs!.map(({ VPCId }) => VPCId!).sort((a, b) => a.localeCompare(b))).toEqual([
      'vpc-0a11bb22cc33dd44e',
      'vpc-0ffffff1',
    ]);
  });

  it('is not adopted where several could be meant', async () => {
    const estate = await createEstate();
    await makeForeignZone(estate, 'vpc-0ffffff1');
    await makeForeignZone(estate, 'vpc-0ffffff2');
    estate.serve('corp.test', 5, BODY);
    estate.write('corp.yaml', mirror(estate).replace('name: corp', 'name: corp, adopt: true'));

    expect(findings(await estate.plan())).toEqual(['ambiguous']);
    expect((await estate.apply()).outcome).toBe('refused');
  });

  it('keeps its records when the document is renamed', async () => {
    const estate = await applied();
    estate.write('corp.yaml', mirror(estate, [], 'office').replace('name: office', 'name: office, formerly: [corp]'));

    const plan = await estate.plan();

    // Its statement keeps its name, like all else, and nothing in it could be marked.
    expect(plan.actions.map(({ id, action, reason }) => [id, action, reason])).toEqual([
      ['ZoneMirror/office/Alarm', 'mark', 'renamed'],
      ['ZoneMirror/office/Mirror', 'mark', 'renamed'],
      ['ZoneMirror/office/MirrorLogs', 'mark', 'renamed'],
      ['ZoneMirror/office/MirrorRole', 'mark', 'renamed'],
      ['ZoneMirror/office/Plan', 'mark', 'renamed'],
      ['ZoneMirror/office/PlanLogs', 'mark', 'renamed'],
      ['ZoneMirror/office/PlanRole', 'mark', 'renamed'],
      ['ZoneMirror/office/Rule', 'mark', 'renamed'],
      ['ZoneMirror/office/Zone', 'mark', 'renamed'],
    ]);
    expect((await estate.apply(plan)).outcome).toBe('applied');
    expect((await estate.apply()).outcome).not.toBe('refused');
    expect((await estate.plan({ full: true })).actions).toEqual([]);
    expect((await estate.client.send(new ListHostedZonesCommand({}))).HostedZones).toHaveLength(1);
  });

  it('that two documents turn out to hold is written by neither', async () => {
    const estate = await applied();
    const id = await zoneId(estate);
    estate.write('second.yaml', mirror(estate, [`hostedZone: { id: ${id} }`], 'second'));

    const plan = await estate.plan({ full: true });

    expect(
      plan.documents.map((document) => document.findings.filter(({ code }) => code === 'claimed-twice').length),
    ).toEqual([1, 1]);
    expect((await estate.apply()).outcome).toBe('refused');
  });

  it('is not made anew when the domain changes', async () => {
    const estate = await applied();
    estate.serve('other.test', 5, BODY);
    estate.write('corp.yaml', mirror(estate, [], 'corp', 'other.test'));

    const plan = await estate.plan();

    expect(findings(plan)).toContain('immutable-change');
    expect((await estate.apply()).outcome).toBe('refused');
    expect((await estate.client.send(new ListHostedZonesCommand({}))).HostedZones).toHaveLength(1);
  });

  it('whose document is gone is an orphan: said by drift, let go by the next apply', async () => {
    const estate = await applied();
    estate.serve('other.test', 5, BODY);
    estate.write('corp.yaml', mirror(estate, [], 'other', 'other.test'));

    const found = await estate.drift();

    expect(found.orphans.map(({ id, action }) => `${action} ${id}`)).toEqual([
      'delete ZoneMirror/corp/Alarm',
      'delete ZoneMirror/corp/Mirror',
      'delete ZoneMirror/corp/MirrorLogs',
      'delete ZoneMirror/corp/MirrorRole',
      'delete ZoneMirror/corp/Plan',
      'delete ZoneMirror/corp/PlanLogs',
      'delete ZoneMirror/corp/PlanRole',
      'delete ZoneMirror/corp/Rule',
      'release ZoneMirror/corp/Zone',
    ]);
    expect(found.orphans.filter(({ type }) => type === 'AWS::Route53::HostedZone')).toEqual([
      {
        id: 'ZoneMirror/corp/Zone',
        type: 'AWS::Route53::HostedZone',
        resource: await zoneId(estate),
        account: '111122223333',
        region: 'eu-west-1',
        action: 'release',
      },
    ]);
    const writes = estate.writes();
    const id = await zoneId(estate);
    await estate.drift();
    expect(estate.writes()).toBe(writes);

    estate.rewrite('settings.yaml', (yaml) => `${yaml}  guards: { deletes: { percent: 100 } }\n`);
    expect((await estate.apply(await estate.plan())).outcome).toBe('applied');

    expect((await estate.drift()).orphans).toEqual([]);
    const { HostedZone } = await estate.client.send(new GetHostedZoneCommand({ Id: id }));
    expect(HostedZone).toMatchObject({ Name: 'corp.test.', ResourceRecordSetCount: 6 });
  });

  it('may be one that exists: its name is compared before anything is written', async () => {
    const estate = await createEstate();
    const { HostedZone } = await estate.client.send(
      new CreateHostedZoneCommand({ Name: 'corp.test', CallerReference: 'theirs' }),
    );
    const id = HostedZone!.Id!.replace('/hostedzone/', '');
    estate.serve('corp.test', 5, BODY);
    estate.serve('wrong.test', 5, BODY);
    estate.write('corp.yaml', mirror(estate, [`hostedZone: { id: ${id} }`]));
    expect((await estate.apply(await estate.plan())).outcome).toBe('applied');

    estate.write('corp.yaml', mirror(estate, [`hostedZone: { id: ${id} }`], 'corp', 'wrong.test'));
    const plan = await estate.plan();

    expect(plan.complete).toBe(false);
    expect(plan.documents[0]!.findings.map(({ message }) => message).join()).toContain(
      `hosted zone ${id} is corp.test., not wrong.test.`,
    );
  });
});

describe('guards', () => {
  const hosts = (count: number): string =>
    Array.from({ length: count }, (_, index) => `h${index} A 10.0.0.${index}`).join('\n');

  it('a shrinking zone is stopped, with the line that allows exactly this plan', async () => {
    const estate = await createEstate();
    estate.serve('corp.test', 5, hosts(40));
    estate.write('corp.yaml', mirror(estate, ['records: reviewed']));
    await estate.apply();
    estate.serve('corp.test', 6, hosts(20));
    const writes = estate.writes();

    const plan = await estate.plan();
    expect(plan.guards).toMatchObject([
      {
        code: 'deletes',
        allowed: false,
        message: 'ZoneMirror/corp would lose 20 of 40 record sets (50.0 %, limit 20 %)',
      },
    ]);
    expect((await estate.apply()).outcome).toBe('refused');
    expect(estate.writes()).toBe(writes);

    const line = plan.guards[0]!.allow.replace('"…"', 'decommission').replace(/^- /, '');
    const settings = `${SETTINGS_HEAD}  overrides: [${line}]\n`;
    estate.write('settings.yaml', settings);
    expect((await estate.apply(plan)).outcome).toBe('applied');
  });

  it('an empty source is blocked whatever the thresholds', async () => {
    const estate = await applied(['guards: { deletes: { percent: 100, count: 500, from: 10 } }']);
    estate.serve('corp.test', 6, '');

    expect(findings(await estate.plan())).toContain('empty-source');
    expect((await estate.apply()).outcome).toBe('refused');
  });
});

const SETTINGS_HEAD = `
apiVersion: trueup/v1
kind: Settings
metadata: { name: estate }
spec:
  owner: acme-network
  accounts: { prod: { id: "111122223333" } }
  defaultAccount: prod
  defaultRegion: eu-west-1
  permissionsBoundary: trueup-boundary
  tags: { team: network }
`;

describe('what goes wrong', () => {
  it('TSIG is signed by the real clock, whatever the account’s clock says', async () => {
    const estate = await applied([TSIG]);
    estate.account.elapse(86_400_000);

    expect((await estate.plan({ full: true })).complete).toBe(true);
  });

  it('a primary that nobody listens at: the zone is planned, the records are said to be unseen', async () => {
    const estate = await createEstate();
    estate.account.inventNetwork({ vpcs: ['vpc-0a11bb22cc33dd44e'] }, { account: '111122223333', region: 'eu-west-1' });
    estate.write('corp.yaml', mirror(estate).replace(estate.primary, '127.0.0.1:9'));

    const plan = await estate.plan();

    expect(plan.complete).toBe(true);
    expect(findings(plan)).toEqual(['source-not-reachable-yet']);
    expect(plan.actions.find(({ id }) => id === 'ZoneMirror/corp/Records')?.changes).toMatchObject([{ live: true }]);
    expect((await estate.drift()).complete).toBe(false);
    const result = await estate.apply();
    expect(result.outcome).toBe('partial');
    expect(result.failed).toMatchObject([
      { id: 'ZoneMirror/corp/Records', error: expect.stringContaining('no connection') },
    ]);
  });

  it('F28 a primary that cannot transfer: the next one is asked', async () => {
    const estate = await createEstate();
    estate.serve('z.test', 5, BODY);
    const sick = await startScriptedPrimary((query) =>
      query.question?.type === RR.SOA ? [frame(reply(query, [soaRecord(5)]))] : ['end'],
    );
    onTestFinished(() => sick.close());
    const yaml = mirror(estate, [], 'corp', 'z.test');
    estate.write('corp.yaml', yaml.replace(`"${estate.primary}"`, `"127.0.0.1:${sick.port}", "${estate.primary}"`));

    const plan = await estate.plan();

    expect(plan.complete).toBe(true);
    expect(effect(plan)).toMatchObject({ primary: estate.primary, add: 4 });
    expect(findings(plan)).toContain('primary-lags');
  });

  it('a first run that was cut off between two batches is taken up, whatever the serial', async () => {
    const faults = [
      { service: 'route-53', command: 'ChangeResourceRecordSets', nth: 2, fault: 'access-denied' as const },
    ];
    const estate = await createEstate({ faults });
    const hosts = Array.from({ length: 1_200 }, (_, index) => `h${index} A 10.0.${index >> 8}.${index & 255}`);
    estate.serve('corp.test', 3_000_000_000, hosts.join('\n'));
    estate.write('corp.yaml', mirror(estate));

    expect((await estate.apply()).outcome).toBe('partial');
    expect((await estate.apply()).outcome).toBe('applied');
    expect((await estate.plan({ full: true })).actions).toEqual([]);
  });

  it('a set that is protected before it exists: blocked by the plan, not refused by Route 53', async () => {
    const estate = await applied();
    await estate.client.send(
      new CreateResourceRecordSetProtectionsCommand({
        HostedZoneId: await zoneId(estate),
        Protections: [{ RecordName: 'new.corp.test', RecordType: 'A' }],
      }),
    );
    estate.serve('corp.test', 6, `${BODY}\nnew A 10.0.0.9\nother A 10.0.0.10`);

    expect(findings(await estate.plan())).toEqual(['kept-conflict']);
    estate.write('corp.yaml', mirror(estate, ['partial: true']));
    expect((await estate.apply()).outcome).toBe('applied');
    expect(effect(await estate.plan({ full: true }))).toMatchObject({
      serial: { from: 6, to: 6 },
      blocked: ['new.corp.test.'],
    });
  });

  it('a primary that refuses: unknown, never absent', async () => {
    const estate = await applied([TSIG]);
    estate.write('corp.yaml', mirror(estate, [TSIG.replace('ssm:/xfr', 'ssm:/other')]));
    estate.account.putSecret('ssm:/other', Buffer.from('another secret').toString('base64'), { region: 'eu-west-1' });

    const plan = await estate.plan();

    expect(plan.complete).toBe(false);
    expect(JSON.stringify(plan)).toContain('BADSIG');
    expect(JSON.stringify(plan)).not.toContain(SECRET.toString('base64').slice(0, 6));
    expect((await estate.apply()).outcome).toBe('partial');
  });

  it('a secret that is no base64: said, and never shown', async () => {
    const estate = await applied([TSIG]);
    estate.account.putSecret('ssm:/xfr', 'canary-5d1e!', { region: 'eu-west-1' });

    const plan = await estate.plan();

    expect(plan.complete).toBe(false);
    expect(JSON.stringify(plan)).toContain('is not base64');
    expect(JSON.stringify(plan)).not.toContain('canary-5d1e');
  });

  it.each([
    'CreateHostedZone',
    'ChangeTagsForResource',
    'UpdateHostedZoneComment',
    'ChangeResourceRecordSets',
    'GetChange',
  ])('F10 the reply to %s is lost: nothing is made twice and a plan is empty', async (command) => {
    const estate = await createEstate({ faults: [{ service: 'route-53', command, fault: 'lost-reply', times: 1 }] });
    estate.serve('corp.test', 5, BODY);
    estate.write('corp.yaml', mirror(estate));

    const result = await estate.apply(await estate.plan());

    expect(result.outcome).toBe('applied');
    expect((await estate.client.send(new ListHostedZonesCommand({}))).HostedZones).toHaveLength(1);
    expect((await estate.plan({ full: true })).actions).toEqual([]);
  });

  it.each([
    { service: 'resource-groups-tagging-api', command: 'GetResources', what: 'what is tagged in' },
    { service: 'iam', command: 'ListRoles', what: 'AWS::IAM::Role in 111122223333' },
  ])('orphans that cannot be listed ($command): drift is incomplete and keeps what it found', async (denied) => {
    const { service, command, what } = denied;
    const seen = async (faults: readonly Fault[]) => {
      const estate = await createEstate({ faults });
      estate.serve('corp.test', 5, BODY);
      estate.write('corp.yaml', mirror(estate));
      await estate.apply();
      return estate;
    };
    const asked = (await seen([])).account.events().filter(({ eventName }) => eventName === command).length;
    const estate = await seen([{ service, command, nth: asked + 1, times: 99, fault: 'access-denied' }]);
    await upsert(estate, 'vpn.corp.test', '10.9.9.9', await ownZoneId(estate));

    const found = await estate.drift();

    expect(found.complete).toBe(false);
    expect(found.drifted).toHaveLength(1);
    expect(found.orphans).toEqual([]);
    expect(found.findings.filter(({ code }) => code === 'unknown').map(({ message }) => message)).toContainEqual(
      expect.stringMatching(new RegExp(`not known: ${what}.*denied`)),
    );
  });

  it('F12 denied at any read: incomplete, and nothing is written on that ground', async () => {
    for (const command of [
      'ListHostedZonesByName',
      'ListTagsForResources',
      'GetHostedZone',
      'ListResourceRecordSets',
      'ListResourceRecordSetProtections',
    ]) {
      const estate = await createEstate({
        faults: [{ service: 'route-53', command, fault: 'access-denied', nth: 3, times: 1_000 }],
      });
      estate.serve('corp.test', 5, BODY);
      estate.write('corp.yaml', mirror(estate));
      await estate.apply(await estate.plan());

      let plan = await estate.plan({ full: true });
      for (let more = 0; plan.complete && more < 5; more++) plan = await estate.plan({ full: true });

      expect([command, plan.complete]).toEqual([command, false]);
    }
  });
});
