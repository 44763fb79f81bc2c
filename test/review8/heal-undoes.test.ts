import { rmSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { Route53Client, ListHostedZonesCommand, ListResourceRecordSetsCommand, ChangeResourceRecordSetsCommand, DeleteHostedZoneCommand } from '@aws-sdk/client-route-53';
import { EventBridgeClient, ListRulesCommand, ListTargetsByRuleCommand, RemoveTargetsCommand, DeleteRuleCommand } from '@aws-sdk/client-eventbridge';
import { readTree } from '../../src/engine/config/tree.ts';
import { createEstate, mirror } from '../support/estate.ts';
import type { TestEstate } from '../support/estate.ts';
import { invocation, memoryCell } from '../support/loop-runs.ts';
import { tapped } from '../support/wiretap.ts';
import { scheduleYaml } from '../support/schedule-estate.ts';

vi.setConfig({ testTimeout: 120_000 });

async function frozen(estate: TestEstate) {
  const { files } = await readTree(join(estate.directory, 'config'));
  const read = async () => ({ files, commit: '1'.padStart(40, '0'), generation: 1, digest: 'a'.repeat(64) });
  return { read };
}
const show = (plan: Awaited<ReturnType<TestEstate['plan']>>) => plan.actions.map((a) => `${a.action} ${a.id} ${a.reason} ${a.changes.map((c) => `${c.path}:${c.cause}`)}`);

it('calls of one look', async () => {
  const estate = await createEstate();
  estate.write('a.yaml', scheduleYaml(['every: rate(10 minutes)'], 'first'));
  await estate.apply();
  const account = tapped(estate.account, () => undefined);
  await invocation(estate, { account });
  const by: Record<string, number> = {};
  for (const { service, command } of account.attempts) by[`${service}.${command}`] = (by[`${service}.${command}`] ?? 0) + 1;
  console.log('CALLS', account.attempts.length, by);
});

it('R1c a document that CI removed: heal by the older tree', async () => {
  const estate = await createEstate();
  estate.rewrite('settings.yaml', (y) => `${y}  guards: { deletes: { percent: 100, count: 1000 } }\n`);
  estate.write('a.yaml', scheduleYaml(['every: rate(10 minutes)', 'tagKey: A'], 'first'));
  const text = scheduleYaml(['every: rate(10 minutes)', 'tagKey: B'], 'second').replace('{ name: second }', '{ name: second, onRemove: delete }');
  estate.write('b.yaml', text);
  expect((await estate.apply()).outcome).toBe('applied');
  const state = memoryCell();
  const source = await frozen(estate);
  await invocation(estate, { state, over: { source } });
  rmSync(join(estate.directory, 'config', 'b.yaml'));
  console.log('R1c', (await estate.apply()).outcome);
  const a = await invocation(estate, { state, over: { source } });
  console.log('R1c', a.outcome, a.healed, a.left, a.failed);
  expect(a.healed).toBe(0);
  estate.write('b.yaml', text);
  console.log('R1c plan of old tree', show(await estate.plan()));
});

it('R1d a rename: formerly', async () => {
  const estate = await createEstate();
  estate.write('a.yaml', scheduleYaml(['every: rate(10 minutes)', 'tagKey: A'], 'first'));
  estate.write('b.yaml', scheduleYaml(['every: rate(10 minutes)', 'tagKey: B'], 'second'));
  expect((await estate.apply()).outcome).toBe('applied');
  const state = memoryCell();
  const source = await frozen(estate);
  await invocation(estate, { state, over: { source } });
  const b = readFileSync(join(estate.directory, 'config', 'b.yaml'), 'utf8');
  estate.write('b.yaml', b.replace('{ name: second }', '{ name: third, formerly: [second] }'));
  console.log('R1d', (await estate.apply()).outcome);
  const a = await invocation(estate, { state, over: { source } });
  console.log('R1d', a.outcome, a.healed, a.left, a.failed);
  console.log('R1d plan of new tree', show(await estate.plan()));
});

it('R11 deleted by hand', async () => {
  const estate = await createEstate();
  estate.serve('corp.test', 1, 'www A 10.0.0.1');
  estate.write('corp.yaml', mirror(estate));
  expect((await estate.apply()).outcome).toBe('applied');
  const state = memoryCell();
  await invocation(estate, { state });
  const r53 = estate.account.client(Route53Client, { region: 'us-east-1' });
  const { HostedZones = [] } = await r53.send(new ListHostedZonesCommand({}));
  const Id = HostedZones[0]!.Id!;
  const { ResourceRecordSets = [] } = await r53.send(new ListResourceRecordSetsCommand({ HostedZoneId: Id }));
  const gone = ResourceRecordSets.filter(({ Type, Name }) => !((Type === 'SOA' || Type === 'NS') && Name === 'corp.test.'));
  if (gone.length > 0)
    await r53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: Id, ChangeBatch: { Changes: gone.map((ResourceRecordSet) => ({ Action: 'DELETE' as const, ResourceRecordSet })) } }));
  await r53.send(new DeleteHostedZoneCommand({ Id }));
  console.log('R11 plan', show(await estate.plan()), (await estate.plan()).guards);
  const a = await invocation(estate, { state });
  console.log('R11', JSON.stringify(a));
  const again = await invocation(estate, { state });
  console.log('R11 again', JSON.stringify(again));
});

it('R1e records: reviewed: heal brings what the primary has and nobody reviewed', async () => {
  const estate = await createEstate();
  estate.serve('corp.test', 1, 'www A 10.0.0.1');
  estate.write('corp.yaml', mirror(estate, ['records: reviewed']));
  expect((await estate.apply()).outcome).toBe('applied');
  const state = memoryCell();
  expect(await invocation(estate, { state })).toMatchObject({ outcome: 'in-line' });
  // The primary moves on. With records: reviewed only an apply whose plan was reviewed brings that.
  estate.serve('corp.test', 2, 'www A 10.0.0.9\nnew A 10.0.0.2');
  expect(show(await estate.plan())).toHaveLength(1);
  const a = await invocation(estate, { state });
  console.log('R1e', JSON.stringify(a));
  expect(a).toMatchObject({ healed: 0 });
  expect(show(await estate.plan())).toHaveLength(1);
});
