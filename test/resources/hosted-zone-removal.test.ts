import {
  ChangeResourceRecordSetsCommand,
  ChangeTagsForResourceCommand,
  CreateHostedZoneCommand,
  CreateResourceRecordSetProtectionsCommand,
  GetHostedZoneCommand,
  ListResourceRecordSetsCommand,
  ListTagsForResourceCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/embedded/index.ts';
import type { Desired, Value } from '../../src/engine/types.ts';
import { erasedType } from '../../src/engine/world.ts';
import { createHostedZoneType } from '../../src/resources/aws-route53-hosted-zone.ts';
import { deletionBatches } from '../../src/resources/hosted-zone-removal.ts';
import { HERE, OWNER, fakeDocument } from '../support/fake-world.ts';
import { testPermissions } from '../support/permission-laws.ts';
import { locateObject, observeObject, releaseObject, removeObject, whichOf } from '../support/removal.ts';
import { createResourceBench } from '../support/resource-bench.ts';
import type { ResourceBench } from '../support/resource-bench.ts';

const MARKER = `${OWNER}/Fake/app/Zone`;
const VPC = { VPCId: 'vpc-0a11bb22cc33dd44e', VPCRegion: 'eu-west-1' };
const OTHER_VPC = { VPCId: 'vpc-0b22cc33dd44ee55f', VPCRegion: 'eu-west-1' };

function zoneOf(rest: Record<string, Value> = {}): Desired {
  const properties = {
    Name: 'corp.test.',
    HostedZoneConfig: { Comment: 'names of corp' },
    VPCs: [VPC],
    HostedZoneTags: [{ Key: 'team', Value: 'network' }],
  };
  return { id: 'Zone', type: 'AWS::Route53::HostedZone', place: HERE, properties: { ...properties, ...rest } };
}

/** As a kind declares it that says nothing of the comment. */
function uncommented(): Desired {
  const { HostedZoneConfig: _unmanaged, ...rest } = zoneOf().properties as Record<string, Value>;
  return { ...zoneOf(), properties: rest };
}

interface Bench {
  readonly resources: ResourceBench;
  readonly client: Route53Client;
}

function open(faults: readonly Fault[] = [], wanted = zoneOf()): Bench {
  const resources = createResourceBench((aws) => [erasedType(createHostedZoneType(aws))], [wanted], {
    faults,
    crash() {
      throw new Error('crash');
    },
  });
  return { resources, client: resources.account.client(Route53Client, HERE) };
}

async function applied(faults: readonly Fault[] = [], wanted = zoneOf()): Promise<Bench> {
  const bench = open(faults, wanted);
  expect((await bench.resources.apply()).outcome).toBe('applied');
  return bench;
}

const ZONE = whichOf(zoneOf());

async function idOf(bench: Bench): Promise<string> {
  return (await observeObject(bench.resources, ZONE))!.resource;
}

async function put({ client }: Bench, id: string, ...sets: readonly ResourceRecordSet[]): Promise<void> {
  const Changes = sets.map((set) => ({ Action: 'CREATE' as const, ResourceRecordSet: set }));
  await client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: id, ChangeBatch: { Changes } }));
}

function a(name: string, values = 1): ResourceRecordSet {
  const ResourceRecords = Array.from({ length: values }, (_, index) => ({
    Value: `10.0.${index >> 8}.${index & 255}`,
  }));
  return { Name: `${name}.corp.test.`, Type: 'A', TTL: 60, ResourceRecords };
}

/** Sorted before its target, and after it. */
function aliases(id: string): readonly ResourceRecordSet[] {
  return ['aa', 'zz'].map((name) => ({
    Name: `${name}.corp.test.`,
    Type: 'A',
    AliasTarget: { HostedZoneId: id, DNSName: 'mm.corp.test.', EvaluateTargetHealth: false },
  }));
}

async function addRecords(bench: Bench): Promise<void> {
  const id = await idOf(bench);
  await put(bench, id, a('mm'), a('www', 3));
  await put(bench, id, ...aliases(id), { ...a('deep.mm'), Type: 'TXT', ResourceRecords: [{ Value: '"text"' }] });
}

async function makeByHand({ client }: Bench, vpc = VPC): Promise<string> {
  const { HostedZone } = await client.send(
    new CreateHostedZoneCommand({
      Name: 'corp.test',
      CallerReference: 'theirs',
      HostedZoneConfig: { Comment: 'theirs', PrivateZone: true },
      VPC: vpc as never,
    }),
  );
  return HostedZone!.Id!.replace('/hostedzone/', '');
}

async function tagZone({ client }: Bench, ResourceId: string, tags: Readonly<Record<string, string>>): Promise<void> {
  const AddTags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  await client.send(new ChangeTagsForResourceCommand({ ResourceType: 'hostedzone', ResourceId, AddTags }));
}

async function commentOf({ client }: Bench, Id: string): Promise<string | undefined> {
  return (await client.send(new GetHostedZoneCommand({ Id }))).HostedZone!.Config!.Comment;
}

async function findings(bench: Bench): Promise<readonly string[]> {
  return (await bench.resources.plan()).documents[0]!.findings.map(({ code }) => code);
}

testPermissions({
  name: 'a private zone',
  open: () => open(),
  resources: [zoneOf()],
  prepare: addRecords,
  updates: [{ resources: [zoneOf({ VPCs: [OTHER_VPC], HostedZoneConfig: { Comment: 'another' } })] }],
  async makeForeign(bench) {
    await makeByHand(bench);
  },
  // A comment that is not the marker any more is let be.
  unchecked: ['ec2:DescribeVpcs', 'release route53:UpdateHostedZoneComment'],
});

testPermissions({
  name: 'a private zone of two networks, without a comment',
  open: () => open(),
  resources: [{ ...uncommented(), properties: { ...uncommented().properties, VPCs: [VPC, OTHER_VPC] } }],
  prepare: addRecords,
  updates: [
    { resources: [zoneOf({ VPCs: [VPC], HostedZoneConfig: { Comment: 'another' } })] },
    { resources: [zoneOf({ VPCs: [VPC, OTHER_VPC] })] },
  ],
  unchecked: ['ec2:DescribeVpcs'],
});

describe('a zone that is removed', () => {
  it('says how much goes with it', async () => {
    const bench = await applied();
    const type = bench.resources.types().get(ZONE.type)!;
    const target = { ...ZONE, owner: OWNER, place: HERE, token: '', applied: '', protect: false };
    const seen = (await observeObject(bench.resources, ZONE))!;
    expect(await type.losses!(target, seen)).toEqual([]);
    await addRecords(bench);

    const extent = { create: 0, update: 0, delete: 5, population: 5 };
    expect(await type.losses!(target, seen)).toEqual([{ path: 'RecordSets', before: 5, after: 0, extent }]);
  });

  it('is emptied first, in batches that Route 53 takes', async () => {
    const bench = await applied();
    const id = await idOf(bench);
    await addRecords(bench);
    for (const name of ['a', 'b', 'c', 'd']) await put(bench, id, a(name, 400));

    await removeObject(bench.resources, ZONE);

    expect(await observeObject(bench.resources, ZONE)).toBeUndefined();
    expect((await bench.resources.plan()).summary).toMatchObject({ create: 1 });
  });

  it('is found by nothing but its ARN', async () => {
    const bench = await applied();
    await addRecords(bench);
    const arn = `arn:aws:route53:::hostedzone/${await idOf(bench)}`;
    const located = (await locateObject(bench.resources, ZONE.type, { arn, marker: MARKER }))!;

    await removeObject(bench.resources, { ...ZONE, properties: located.properties as Record<string, Value> });

    expect(await observeObject(bench.resources, ZONE)).toBeUndefined();
  });

  const commands = ['ChangeResourceRecordSets', 'DeleteHostedZone'];
  const faults = ['lost-reply', 'crash-before', 'crash-after', 'throttle', 'server-error'] as const;
  it.each(commands.flatMap((command) => faults.map((fault) => ({ command, fault }))))(
    'goes in spite of a $fault of $command',
    async ({ command, fault }) => {
      // The two batches that fill the zone come first.
      const nth = command === 'DeleteHostedZone' ? 1 : 3;
      const bench = await applied([{ service: 'route53', command, nth, fault }]);
      await addRecords(bench);

      expect(await removeObject(bench.resources, ZONE, 1)).toBe(fault.startsWith('crash') ? 1 : 0);
      expect(bench.resources.account.events().map(({ eventName }) => eventName)).toContain('DeleteHostedZone');
    },
  );

  it('is emptied again of what somebody adds in the meantime, by the types of one command', async () => {
    const bench = await applied();
    const id = await idOf(bench);
    await put(bench, id, a('www'));
    const type = bench.resources.types().get(ZONE.type)!;
    const target = { ...ZONE, owner: OWNER, place: HERE, token: '', applied: '', protect: false };
    const seen = (await observeObject(bench.resources, ZONE))!;

    expect(await type.remove!(target, seen)).toMatchObject({ done: false });
    await put(bench, id, a('late'));
    expect(await type.remove!(target, seen)).toMatchObject({ done: false });
    expect(await type.remove!(target, seen)).toEqual({ done: true });
    expect(await type.remove!(target, seen)).toEqual({ done: true });
  });

  it('lists again where a remembered set was changed in the meantime', async () => {
    const bench = await applied();
    const id = await idOf(bench);
    for (const name of ['a', 'b', 'c']) await put(bench, id, a(name, 400));
    const type = bench.resources.types().get(ZONE.type)!;
    const target = { ...ZONE, owner: OWNER, place: HERE, token: '', applied: '', protect: false };
    const seen = (await observeObject(bench.resources, ZONE))!;

    await type.remove!(target, seen);
    const UPSERT = { Action: 'UPSERT' as const, ResourceRecordSet: { ...a('c', 7) } };
    await bench.client.send(
      new ChangeResourceRecordSetsCommand({ HostedZoneId: id, ChangeBatch: { Changes: [UPSERT] } }),
    );
    const waits: unknown[] = [];
    for (let done = false; !done;) {
      const progress = await type.remove!(target, seen);
      ({ done } = progress);
      if (!progress.done) waits.push(progress.waiting);
    }

    expect(waits).toEqual(['to list the zone again', 'to empty the zone']);
  });

  it('stays with what Route 53 protects, and says why in its words', async () => {
    const bench = await applied();
    const id = await idOf(bench);
    await addRecords(bench);
    const Protections = [{ RecordName: 'www.corp.test', RecordType: 'A' as const }];
    await bench.client.send(new CreateResourceRecordSetProtectionsCommand({ HostedZoneId: id, Protections }));

    await expect(removeObject(bench.resources, ZONE)).rejects.toThrow(/www\.corp\.test.*protect/i);

    const { ResourceRecordSets } = await bench.client.send(new ListResourceRecordSetsCommand({ HostedZoneId: id }));
    expect(ResourceRecordSets).toHaveLength(7);
  });

  it('is not in doubt where a name is protected before it exists', async () => {
    const bench = await applied();
    const HostedZoneId = await idOf(bench);
    const Protections = [{ RecordName: 'later.corp.test', RecordType: 'A' as const }];
    await bench.client.send(new CreateResourceRecordSetProtectionsCommand({ HostedZoneId, Protections }));

    await expect(removeObject(bench.resources, ZONE)).rejects.toThrow('protections and so cannot be deleted');
  });
});

describe('batches of a deletion', () => {
  it('keep within the limits, and leave the apex alone', () => {
    const apex: ResourceRecordSet[] = (['NS', 'SOA'] as const).map((Type) => ({ Name: 'Corp.test.', Type }));
    const sets = [...apex, ...Array.from({ length: 9 }, (_, index) => a(`n${index}`, 400))];
    const long = Array.from({ length: 10 }, (_, index) => ({
      ...a(`t${index}`),
      ResourceRecords: [{ Value: 'x'.repeat(4_000) }],
    }));

    const batches = deletionBatches([...sets, ...long], 'corp.test.');

    const kept = batches.flat().map(({ Name }) => Name);
    expect(kept).toHaveLength(19);
    for (const batch of batches) {
      const values = batch.flatMap(({ ResourceRecords = [] }) => ResourceRecords.map(({ Value = '' }) => Value));
      expect(values.length).toBeLessThanOrEqual(1_000);
      expect(values.join('').length).toBeLessThanOrEqual(32_000);
    }
  });

  it('begin with aliases, whose targets may go with them', () => {
    const [before, after] = aliases('Z1') as [ResourceRecordSet, ResourceRecordSet];

    expect(deletionBatches([before, a('mm', 999), after], 'corp.test.')).toEqual([[before, after], [a('mm', 999)]]);
  });

  it('delete a delegation below the apex', () => {
    const delegation: ResourceRecordSet = { ...a('sub'), Type: 'NS' };

    expect(deletionBatches([delegation], 'corp.test.')).toEqual([[delegation]]);
  });
});

describe('a zone that is let go', () => {
  it.each([
    ['with a comment of its own', zoneOf(), 'names of corp'],
    ['whose comment is still its marker', uncommented(), undefined],
  ])('keeps all but our tags %s, and is nobody’s', async (_what, wanted, comment) => {
    const bench = await applied([], wanted);
    bench.resources.documents = [fakeDocument('app', [wanted], { protect: true, onRemove: 'release' })];
    await bench.resources.apply();
    const id = await idOf(bench);
    expect(await observeObject(bench.resources, ZONE)).toMatchObject({ protected: true, onRemove: 'release' });

    await releaseObject(bench.resources, ZONE);

    const { ResourceTagSet } = await bench.client.send(
      new ListTagsForResourceCommand({ ResourceType: 'hostedzone', ResourceId: id }),
    );
    expect(ResourceTagSet!.Tags).toEqual([{ Key: 'team', Value: 'network' }]);
    expect((await commentOf(bench, id)) || undefined).toBe(comment);
    bench.resources.documents = [fakeDocument('app', [wanted])];
    expect(await findings(bench)).toEqual(['foreign']);
  });

  it.each(['UpdateHostedZoneComment', 'ChangeTagsForResource'])(
    'is ours until the end, whatever happens at %s',
    async (command) => {
      const nth = command === 'ChangeTagsForResource' ? 4 : 1;
      for (const fault of ['crash-before', 'crash-after'] as const) {
        const bench = await applied([{ service: 'route53', command, nth, fault }], uncommented());

        await expect(releaseObject(bench.resources, ZONE)).rejects.toThrow('crash');
        const isOver = command === 'ChangeTagsForResource' && fault === 'crash-after';
        expect((await observeObject(bench.resources, ZONE))!.marker).toBe(isOver ? undefined : MARKER);
        await releaseObject(bench.resources, ZONE);

        expect(await findings(bench)).toEqual(['foreign']);
      }
    },
  );
});

describe('a zone, by its ARN', () => {
  const arnOf = (id: string): string => `arn:aws:route53:::hostedzone/${id}`;
  const locate = (bench: Bench, id: string, marker = MARKER) =>
    locateObject(bench.resources, ZONE.type, { arn: arnOf(id), marker });

  it('is found again with its name and its networks', async () => {
    const bench = await applied([], zoneOf({ VPCs: [VPC, OTHER_VPC] }));
    const id = await idOf(bench);

    const located = await locate(bench, id);

    expect(located).toEqual({ properties: { Name: 'corp.test.', VPCs: [VPC, OTHER_VPC] }, witnessed: true });
    const which = { ...ZONE, properties: located!.properties as Record<string, Value> };
    expect(await observeObject(bench.resources, which)).toMatchObject({ resource: id, marker: MARKER, witness: true });
  });

  it('is found again as a public zone', async () => {
    const bench = await applied([], zoneOf({ VPCs: [] }));
    const id = (await observeObject(bench.resources, whichOf(zoneOf({ VPCs: [] }))))!.resource;

    expect(await locate(bench, id)).toEqual({ properties: { Name: 'corp.test.', VPCs: [] }, witnessed: true });
  });

  it('T68 is no witness of itself with copied tags', async () => {
    const bench = await applied();
    const copy = await makeByHand(bench, OTHER_VPC);
    await tagZone(bench, copy, { 'trueup:owner': MARKER, 'trueup:applied': 'x', 'trueup:adopted': await idOf(bench) });

    expect(await locate(bench, copy)).toMatchObject({ witnessed: false });
  });

  it('T68 is one where it was taken over, or followed its document', async () => {
    const bench = open();
    const id = await makeByHand(bench);
    bench.resources.documents = [fakeDocument('app', [zoneOf()], { adopt: true })];
    await bench.resources.apply();
    expect(await locate(bench, id)).toMatchObject({ witnessed: true });

    bench.resources.documents = [fakeDocument('office', [zoneOf()], { formerly: ['app'] })];
    await bench.resources.apply();
    expect(await locate(bench, id, `${OWNER}/Fake/office/Zone`)).toMatchObject({ witnessed: true });
  });

  it('is not taken for another type, and is nothing when it is gone', async () => {
    const bench = await applied();
    const id = await idOf(bench);
    const others = [
      `arn:aws:route53:::healthcheck/${id}`,
      `arn:aws:route53:::hostedzone/`,
      `arn:aws-cn:route53:::hostedzone/${id}`,
      `arn:aws:route53:::hostedzone/${id}/recordset/www`,
      arnOf('Z000000000GONE'),
    ];

    const located = others.map((arn) => locateObject(bench.resources, ZONE.type, { arn, marker: MARKER }));

    expect(await Promise.all(located)).toEqual(others.map(() => undefined));
  });
});
