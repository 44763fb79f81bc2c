import { rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  ChangeResourceRecordSetsCommand,
  DeleteHostedZoneCommand,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
} from '@aws-sdk/client-route-53';
import { EventBridgeClient, ListTagsForResourceCommand, TagResourceCommand } from '@aws-sdk/client-eventbridge';
import { describe, expect, it, vi } from 'vitest';
import { readTree } from '../../src/engine/config/tree.ts';
import type { LoopSource } from '../../src/operations/loop/types.ts';
import { createEstate, mirror } from '../support/estate.ts';
import type { TestEstate } from '../support/estate.ts';
import { invocation } from '../support/loop-runs.ts';
import { memoryCell } from '../../src/operations/file-cell.ts';
import { paceOf, ruleOf, setPace } from '../support/rules.ts';
import { scheduleYaml } from '../support/schedule-estate.ts';

vi.setConfig({ testTimeout: 120_000 });

const REGION = 'eu-west-1';
const ANY_DELETES = '  guards: { deletes: { percent: 100, count: 1000 } }\n';

/** A source that stays where it is, whatever becomes of the configuration. */
async function frozen(estate: TestEstate): Promise<LoopSource> {
  const { files } = await readTree(join(estate.directory, 'config'));
  return {
    read: async () => ({
      files,
      commit: '1'.padStart(40, '0'),
      generation: 1,
      digest: 'a'.repeat(64),
      approvedSince: { generation: 1 },
    }),
  };
}

/** A zone that somebody empties and deletes. */
async function deleteZone({ client }: TestEstate): Promise<void> {
  const { HostedZones = [] } = await client.send(new ListHostedZonesCommand({}));
  const { Id, Name: apex } = HostedZones[0]!;
  const { ResourceRecordSets = [] } = await client.send(new ListResourceRecordSetsCommand({ HostedZoneId: Id! }));
  const Changes = ResourceRecordSets.filter(({ Type, Name }) => Name !== apex || !/^(?:SOA|NS)$/.test(Type!)).map(
    (ResourceRecordSet) => ({ Action: 'DELETE' as const, ResourceRecordSet }),
  );
  await client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: Id!, ChangeBatch: { Changes } }));
  await client.send(new DeleteHostedZoneCommand({ Id: Id! }));
}

describe('what heal leaves alone', () => {
  it('a document that a newer commit removed and CI applied: an older tree does not bring it back', async () => {
    const estate = await createEstate();
    estate.rewrite('settings.yaml', (yaml) => yaml + ANY_DELETES);
    estate.write('a.yaml', scheduleYaml(['every: rate(10 minutes)', 'tagKey: A'], 'first'));
    const second = scheduleYaml(['every: rate(10 minutes)', 'tagKey: B'], 'second');
    estate.write('b.yaml', second.replace('{ name: second }', '{ name: second, onRemove: delete }'));
    expect((await estate.apply()).outcome).toBe('applied');
    const over = { source: await frozen(estate) };
    const state = memoryCell();
    expect(await invocation(estate, { state, over })).toMatchObject({ outcome: 'in-line', documents: 2 });
    rmSync(join(estate.directory, 'config', 'b.yaml'));
    expect((await estate.apply()).outcome).toBe('applied');

    expect(await invocation(estate, { state, over })).toMatchObject({
      healed: 0,
      left: [{ document: 'InstanceSchedule/second', why: 'not-applied' }],
    });
    expect(await ruleOf(estate, 'second')).toBeUndefined();
  });

  it('what the primary has and nobody has reviewed, with records: reviewed', async () => {
    const estate = await createEstate();
    estate.serve('corp.test', 1, 'www A 10.0.0.1');
    estate.write('corp.yaml', mirror(estate, ['records: reviewed']));
    expect((await estate.apply()).outcome).toBe('applied');
    const state = memoryCell();
    expect(await invocation(estate, { state })).toMatchObject({ outcome: 'in-line' });
    estate.serve('corp.test', 2, 'www A 10.0.0.9\nnew A 10.0.0.2');

    expect(await invocation(estate, { state })).toMatchObject({
      healed: 0,
      left: [{ document: 'ZoneMirror/corp', why: 'not-applied' }],
    });
    expect((await estate.plan()).actions).toHaveLength(1);
  });

  it('what another version stamped, which may know more of it than this one', async () => {
    const estate = await createEstate();
    estate.write('office.yaml', scheduleYaml(['every: rate(10 minutes)']));
    expect((await estate.apply()).outcome).toBe('applied');
    const state = memoryCell();
    await invocation(estate, { state });
    const client = estate.account.client(EventBridgeClient, { region: REGION });
    const { Arn: ResourceARN } = (await ruleOf(estate, 'office-hours'))!;
    const { Tags = [] } = await client.send(new ListTagsForResourceCommand({ ResourceARN }));
    const stamp = Tags.find(({ Key }) => Key === 'trueup:applied')!.Value!;
    const stamped = (Value: string) =>
      client.send(new TagResourceCommand({ ResourceARN, Tags: [{ Key: 'trueup:applied', Value }] }));
    await stamped(`${stamp}AAAAAA`);
    await setPace(estate, 'office-hours', 'rate(20 minutes)');

    expect(await invocation(estate, { state })).toMatchObject({
      healed: 0,
      left: [{ document: 'InstanceSchedule/office-hours', why: 'not-applied' }],
    });
    await stamped(stamp);
    expect(await invocation(estate, { state })).toMatchObject({ healed: 1, left: [] });
    expect(await paceOf(estate, 'office-hours')).toBe('rate(10 minutes)');
  });

  it('what trips a guard, and nothing beside it', async () => {
    const estate = await createEstate();
    estate.serve('corp.test', 1, 'www A 10.0.0.1');
    estate.write('corp.yaml', mirror(estate));
    estate.write('office.yaml', scheduleYaml(['every: rate(10 minutes)']));
    expect((await estate.apply()).outcome).toBe('applied');
    const state = memoryCell();
    await invocation(estate, { state });
    await deleteZone(estate);
    await setPace(estate, 'office-hours', 'rate(7 days)');

    expect(await invocation(estate, { state })).toMatchObject({
      outcome: 'healed',
      healed: 1,
      failed: [],
      left: [{ document: 'ZoneMirror/corp', why: 'guarded' }],
    });
    expect(await paceOf(estate, 'office-hours')).toBe('rate(10 minutes)');
  });
});
