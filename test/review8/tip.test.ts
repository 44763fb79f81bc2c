import { expect, it, vi } from 'vitest';
import { readTree } from '../../src/engine/config/tree.ts';
import { join } from 'node:path';
import { acquireLease } from '../../src/engine/lease.ts';
import { EventBridgeClient, ListRulesCommand, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import { createEstate } from '../support/estate.ts';
import type { TestEstate } from '../support/estate.ts';
import { invocation, memoryCell } from '../support/loop-runs.ts';
import { tapped } from '../support/wiretap.ts';
import { scheduleYaml } from '../support/schedule-estate.ts';
import { takeLease } from '../../src/operations/lease.ts';
import { connect } from '../../src/operations/world.ts';

vi.setConfig({ testTimeout: 120_000 });
const REGION = 'eu-west-1';
async function paceOf(estate: TestEstate) {
  const client = estate.account.client(EventBridgeClient, { region: REGION });
  return (await client.send(new ListRulesCommand({ NamePrefix: 'first' }))).Rules![0]!;
}
async function setPace(estate: TestEstate, pace: string) {
  const { Name, Description } = await paceOf(estate);
  await estate.account.client(EventBridgeClient, { region: REGION }).send(new PutRuleCommand({ Name, Description, ScheduleExpression: pace, State: 'ENABLED' }));
}

it('R24 T45 the tip is not asked again before the lease and the first write', async () => {
  const estate = await createEstate();
  estate.write('a.yaml', scheduleYaml(['every: rate(10 minutes)'], 'first'));
  await estate.apply();
  const state = memoryCell();
  await invocation(estate, { state, mode: 'apply' });
  const old = (await readTree(join(estate.directory, 'config'))).files;
  estate.rewrite('a.yaml', (y) => y.replace('10 minutes', '20 minutes'));
  const now = (await readTree(join(estate.directory, 'config'))).files;
  const plan = await estate.plan();
  let tip = { files: now, commit: '2'.padStart(40, '0'), generation: 2, digest: 'b'.repeat(64) };
  let reads = 0;
  const source = { read: async () => ((reads += 1), tip) };
  // The merge is reverted while the loop looks, long before its first write.
  const account = tapped(estate.account, ({ command }) => {
    if (command === 'GetRole') tip = { files: old, commit: '3'.padStart(40, '0'), generation: 3, digest: 'c'.repeat(64) };
  });
  const approvals = { read: async ({ digest }: { digest: string }) => (digest[0] === 'b' ? [{ digest: plan.digest, plan: JSON.parse(JSON.stringify(plan)) }] : []) };
  const a = await invocation(estate, { state, mode: 'apply', account, over: { source, approvals } });
  console.log('R24', reads, a.outcome, a.applied, (await paceOf(estate)).ScheduleExpression);
  expect((await paceOf(estate)).ScheduleExpression).toBe('rate(10 minutes)');
});

it('R25 what looks wrong while another applies is taken for wrong, and the approval is spent', async () => {
  const estate = await createEstate();
  estate.write('a.yaml', scheduleYaml(['every: rate(10 minutes)'], 'first'));
  await estate.apply();
  const state = memoryCell();
  await invocation(estate, { state, mode: 'apply' });
  estate.rewrite('a.yaml', (y) => y.replace('10 minutes', '20 minutes'));
  const plan = await estate.plan();
  const approvals = { read: async () => [{ digest: plan.digest, plan: JSON.parse(JSON.stringify(plan)) }] };
  // Another apply holds the lease, and is in the middle of something.
  const project = await estate.load();
  const endpoint = { kind: 'embedded', account: estate.account } as const;
  const aws = connect(project, { endpoint, role: 'apply' });
  const lease = await takeLease(project, aws, { endpoint, repository: undefined, calm: undefined });
  await setPace(estate, 'rate(7 days)');
  const first = await invocation(estate, { state, mode: 'apply', generation: 2, over: { approvals } });
  console.log('R25 during', first.outcome, first.failed);
  await setPace(estate, 'rate(10 minutes)');
  await lease.release();
  const second = await invocation(estate, { state, mode: 'apply', generation: 2, over: { approvals } });
  console.log('R25 after', second.outcome, second.applied, second.left, second.failed);
  void acquireLease;
  expect((await paceOf(estate)).ScheduleExpression).toBe('rate(20 minutes)');
});
