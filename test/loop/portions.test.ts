import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ListHostedZonesCommand, ListResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import { describe, expect, it, vi } from 'vitest';
import { documentAddress } from '../../src/engine/address.ts';
import { readTree } from '../../src/engine/config/tree.ts';
import type * as Slices from '../../src/operations/loop/slices.ts';
import type { Continuation, LoopSource } from '../../src/operations/loop/types.ts';
import { memoryCell } from '../../src/operations/file-cell.ts';
import { createEstate, mirror } from '../support/estate.ts';
import type { TestEstate } from '../support/estate.ts';
import { approvalOf, invocation, invocations } from '../support/loop-runs.ts';
import { paceOf, ruleOf, setPace } from '../support/rules.ts';
import { scheduleYaml } from '../support/schedule-estate.ts';

vi.setConfig({ testTimeout: 120_000 });

const cut = vi.hoisted(() => ({ isCut: true }));
// A document is a slice, so that three of them are a large estate; or all of them are one.
vi.mock('../../src/operations/loop/slices.ts', (): typeof Slices => ({
  slicesOf(documents) {
    const addresses = documents.map(documentAddress).sort();
    if (cut.isCut) return addresses.map((address) => [address]);
    return addresses.length === 0 ? [] : [addresses];
  },
}));

const ANY_DELETES = '  guards: { deletes: { percent: 100, count: 1000 } }\n';
const REMOVABLE = 'onRemove: delete';

function office(name: string, every = 10, more = ''): string {
  const yaml = scheduleYaml([`every: rate(${every} minutes)`, `tagKey: ${name}`], `office-${name}`);
  return yaml.replace(`{ name: office-${name} }`, `{ name: office-${name}${more === '' ? '' : `, ${more}`} }`);
}

async function offices(names: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<TestEstate> {
  const estate = await createEstate();
  estate.rewrite('settings.yaml', (yaml) => yaml + ANY_DELETES);
  for (const name of names) estate.write(`${name}.yaml`, office(name, 10, more[name]));
  expect((await estate.apply()).outcome).toBe('applied');
  return estate;
}

function slower(estate: TestEstate, ...names: readonly string[]): void {
  for (const name of names) estate.rewrite(`${name}.yaml`, (yaml) => yaml.replace('rate(10', 'rate(20'));
}

async function pacesOf(estate: TestEstate, names: readonly string[]) {
  return Promise.all(names.map((name) => paceOf(estate, `office-${name}`)));
}

async function recordsOf({ client }: TestEstate): Promise<number> {
  const { HostedZones = [] } = await client.send(new ListHostedZonesCommand({}));
  const zone = { HostedZoneId: HostedZones[0]!.Id! };
  return (await client.send(new ListResourceRecordSetsCommand(zone))).ResourceRecordSets!.length;
}

/** A mirror of forty records, and a schedule. */
async function mirrored() {
  const estate = await createEstate();
  const records = Array.from({ length: 40 }, (_, index) => `h${index} A 10.0.0.${index + 1}`);
  estate.serve('corp.test', 1, records.join('\n'));
  estate.write('corp.yaml', mirror(estate));
  estate.write('office.yaml', office('a'));
  expect((await estate.apply()).outcome).toBe('applied');
  const state = memoryCell();
  await invocation(estate, { state });
  return { estate, state };
}

describe.each([
  ['in one look', false],
  ['in portions', true],
])('an approved plan %s', (_, isCut) => {
  it('is stopped by a guard that stands in any part of it, before anything is written', async () => {
    cut.isCut = isCut;
    const { estate, state } = await mirrored();
    estate.rewrite('office.yaml', (yaml) => yaml.replace('rate(10', 'rate(20'));
    estate.rewrite('corp.yaml', (yaml) => yaml.replace('comment: mirror', 'comment: other'));
    const approvals = approvalOf(await estate.plan());
    // The primary is emptied after the review.
    estate.serve('corp.test', 2, 'h0 A 10.0.0.1');
    const before = await recordsOf(estate);

    const answer = await invocation(estate, { state, mode: 'apply', generation: 2, over: { approvals } });

    expect(answer).toMatchObject({ outcome: 'partial', applied: 0, failed: [{ id: 'deletes' }] });
    expect(await recordsOf(estate)).toBe(before);
    expect(await paceOf(estate, 'office-a')).toBe('rate(10 minutes)');
  });

  it('is stopped where an override has run out since, and is not applied in parts', async () => {
    cut.isCut = isCut;
    const estate = await offices(['a', 'b', 'c'], { c: `protect: true, ${REMOVABLE}` });
    const state = memoryCell();
    await invocation(estate, { state });
    slower(estate, 'a', 'b');
    rmSync(join(estate.directory, 'config', 'c.yaml'));
    const { digest } = await estate.plan();
    const override = `{ digest: ${digest}, allow: [protected], reason: x, until: 2026-11-25 }`;
    estate.rewrite('settings.yaml', (yaml) => `${yaml}  overrides: [${override}]\n`);
    const plan = await estate.plan();
    expect(plan.guards.every(({ allowed }) => allowed)).toBe(true);
    await estate.account.advance(48 * 60 * 60_000);

    const over = { approvals: approvalOf(plan) };
    const answer = await invocation(estate, { state, mode: 'apply', generation: 2, over });

    expect(answer).toMatchObject({ outcome: 'partial', applied: 0 });
    expect(new Set(answer.failed.map(({ id }) => id))).toEqual(new Set(['protected']));
    expect(await pacesOf(estate, ['a', 'b', 'c'])).toEqual(Array.from({ length: 3 }, () => 'rate(10 minutes)'));
  });

  it('removes nothing but what it names', async () => {
    cut.isCut = isCut;
    const estate = await offices(['a', 'b', 'c'], { b: REMOVABLE, c: REMOVABLE });
    const state = memoryCell();
    await invocation(estate, { state });
    slower(estate, 'a');
    rmSync(join(estate.directory, 'config', 'c.yaml'));
    const { documents, ...plan } = await estate.plan();
    rmSync(join(estate.directory, 'config', 'b.yaml'));

    const over = { approvals: approvalOf({ ...plan, documents: documents.filter(({ name }) => name !== 'office-b') }) };
    const answer = await invocation(estate, { state, mode: 'apply', generation: 2, over });

    expect(answer).toMatchObject({ outcome: 'applied', failed: [] });
    expect(await pacesOf(estate, ['a', 'b', 'c'])).toEqual(['rate(20 minutes)', 'rate(10 minutes)', undefined]);
  });

  it('leaves alone what was blocked when it was reviewed', async () => {
    cut.isCut = isCut;
    const { estate, state } = await mirrored();
    const { HostedZones = [] } = await estate.client.send(new ListHostedZonesCommand({}));
    const id = HostedZones[0]!.Id!.replace('/hostedzone/', '');
    estate.write('second.yaml', mirror(estate, [`hostedZone: { id: ${id} }`], 'second'));
    const plan = await estate.plan({ full: true });
    expect(plan.documents.flatMap(({ findings }) => findings.map(({ code }) => code))).toContain('claimed-twice');

    const over = { approvals: approvalOf(plan) };
    const answer = await invocation(estate, { state, mode: 'apply', generation: 2, over });

    expect(answer).toMatchObject({ outcome: 'partial', applied: 0 });
    expect(answer.failed.map(({ id: document }) => document.split('/', 2).join('/'))).toContain('ZoneMirror/second');
    expect(await ruleOf(estate, 'second')).toBeUndefined();
  });
});

describe('an approved plan in portions', () => {
  it('goes on behind a portion that finds no time: that one is tried again by the next run', async () => {
    cut.isCut = true;
    const names = ['a', 'b', 'c'];
    const estate = await offices(names);
    const state = memoryCell();
    await invocation(estate, { state });
    slower(estate, ...names);
    const approvals = approvalOf(await estate.plan());
    const { answers } = await invocations(estate, {
      state,
      mode: 'apply',
      generation: 2,
      over: { approvals },
      left: () => Infinity,
      // The first portion is cut off three times as soon as it has the lease.
      endsAt: ({ service, command }, { part }) => part <= 3 && service === 'S3' && command === 'PutObject',
    });
    expect(answers.at(-1)).toMatchObject({ outcome: 'partial', failed: [{ id: 'what was approved' }] });
    expect(await pacesOf(estate, names)).toEqual(['rate(10 minutes)', 'rate(20 minutes)', 'rate(20 minutes)']);
    const over = { approvals };
    expect(await invocation(estate, { state, mode: 'apply', generation: 2, over })).toMatchObject({
      outcome: 'applied',
      failed: [],
    });
    expect(await pacesOf(estate, names)).toEqual(Array.from({ length: 3 }, () => 'rate(20 minutes)'));
  });
});

describe('a part of a run that begins late', () => {
  it('does not make again what another apply has removed meanwhile', async () => {
    cut.isCut = true;
    const estate = await offices(['a', 'b'], { b: REMOVABLE });
    estate.rewrite('settings.yaml', (yaml) => `${yaml}  lease: { ttl: 2s }\n`);
    const { files } = await readTree(join(estate.directory, 'config'));
    const tree = { files, commit: '1'.padStart(40, '0'), generation: 1, digest: 'a'.repeat(64) };
    const source: LoopSource = { read: async () => ({ ...tree, approvedSince: { generation: 1 } }) };
    const state = memoryCell();
    await invocation(estate, { state, over: { source } });
    await setPace(estate, 'office-a', 'rate(7 days)');
    let next: Continuation | undefined;
    const onward = async (one: Continuation): Promise<void> => void (next = one);
    const first = await invocation(estate, { state, over: { source, left: () => 0, onward } });
    expect(first).toMatchObject({ outcome: 'goes-on' });
    // Its lease has ended, and CI brings a newer commit.
    rmSync(join(estate.directory, 'config', 'b.yaml'));
    expect((await estate.apply()).outcome).toBe('applied');

    const second = await invocation(estate, { state, over: { source, continues: next!, onward } });

    expect(second).toMatchObject({ healed: 1, left: [{ document: 'InstanceSchedule/office-b', why: 'not-applied' }] });
    expect(await ruleOf(estate, 'office-b')).toBeUndefined();
  });
});
