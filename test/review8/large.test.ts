import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Route53Client, ListHostedZonesCommand, ListResourceRecordSetsCommand, ChangeResourceRecordSetsCommand, DeleteHostedZoneCommand } from '@aws-sdk/client-route-53';
import { EventBridgeClient, ListRulesCommand, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import { expect, it, vi } from 'vitest';
import type { Continuation, LoopAnswer } from '../../src/operations/loop/types.ts';
import { createEstate, mirror } from '../support/estate.ts';
import type { TestEstate } from '../support/estate.ts';
import { invocation, memoryCell } from '../support/loop-runs.ts';
import { tapped } from '../support/wiretap.ts';
import { scheduleYaml } from '../support/schedule-estate.ts';

vi.setConfig({ testTimeout: 300_000 });
const REGION = 'eu-west-1';
const nameOf = (i: number) => `office-${String(i).padStart(5, '0')}`;
async function setPace(estate: TestEstate, of: string, pace: string) {
  const client = estate.account.client(EventBridgeClient, { region: REGION });
  const { Rules = [] } = await client.send(new ListRulesCommand({ NamePrefix: of }));
  await client.send(new PutRuleCommand({ Name: Rules[0]!.Name, ScheduleExpression: pace, State: 'ENABLED' }));
}
async function paceOf(estate: TestEstate, of: string) {
  const client = estate.account.client(EventBridgeClient, { region: REGION });
  const { Rules = [] } = await client.send(new ListRulesCommand({ NamePrefix: of }));
  return Rules[0]?.ScheduleExpression;
}

it('R6 an approved plan that removes something is looked at in one go: in an estate that takes several invocations nothing is ever done again', async () => {
  const COUNT = 70;
  const estate = await createEstate();
  estate.rewrite('settings.yaml', (y) => `${y}  guards: { deletes: { percent: 100, count: 1000 } }\n`);
  for (let i = 0; i < COUNT; i += 1)
    estate.write(`${nameOf(i)}.yaml`, scheduleYaml(['every: rate(10 minutes)', `tagKey: Key${i}`], nameOf(i)));
  expect((await estate.apply()).outcome).toBe('applied');
  const state = memoryCell();

  // What one invocation can do: the calls of half the estate's look. Then Lambda's time is nearly over (stop).
  const counted = tapped(estate.account, () => undefined);
  expect(await invocation(estate, { state, account: counted })).toMatchObject({ outcome: 'in-line' });
  const whole = counted.attempts.length;
  const budget = Math.ceil(whole * 0.6);
  console.log('R6 calls of a whole look', whole, 'budget', budget);

  rmSync(join(estate.directory, 'config', `${nameOf(COUNT - 1)}.yaml`));
  const plan = await estate.plan();
  await setPace(estate, nameOf(3), 'rate(7 days)');
  const outcomes: string[] = [];
  let next: Continuation | undefined;
  let last: LoopAnswer | undefined;
  for (let i = 0; i < 8; i += 1) {
    const continues: Continuation | undefined = next;
    next = undefined;
    const end = new AbortController();
    let killed = 0;
    const account = tapped(estate.account, (_a, n) => {
      if (n >= budget) end.abort();
      if (n > budget) killed += 1;
    });
    last = await invocation(estate, {
      state,
      mode: 'apply',
      account,
      generation: 2,
      over: {
        approvals: { read: async () => [{ digest: plan.digest, plan: JSON.parse(JSON.stringify(plan)) }] },
        ...(continues && { continues }),
        left: () => Math.max(0, budget - account.attempts.length) * 1000,
        stop: end.signal,
        onward: async (o) => void (next = o),
      },
    });
    outcomes.push(`${last.outcome} applied ${last.applied} healed ${last.healed} documents ${last.documents} failed ${last.failed.length}; ${account.attempts.length} calls, ${killed} after the time was over`);
    if (!next) break;
  }
  console.log('R6', outcomes);
  expect(next).toBeUndefined();
});

it('R7 what of one document trips a guard keeps all others of its slice from being healed', async () => {
  const estate = await createEstate();
  estate.serve('corp.test', 1, 'www A 10.0.0.1');
  estate.write('corp.yaml', mirror(estate));
  estate.write('office.yaml', scheduleYaml(['every: rate(10 minutes)'], nameOf(1)));
  expect((await estate.apply()).outcome).toBe('applied');
  const state = memoryCell();
  console.log('R7 first', JSON.stringify(await invocation(estate, { state })));
  const r53 = estate.account.client(Route53Client, { region: 'us-east-1' });
  const { HostedZones = [] } = await r53.send(new ListHostedZonesCommand({}));
  const Id = HostedZones[0]!.Id!;
  const { ResourceRecordSets = [] } = await r53.send(new ListResourceRecordSetsCommand({ HostedZoneId: Id }));
  const gone = ResourceRecordSets.filter(({ Type, Name }) => !((Type === 'SOA' || Type === 'NS') && Name === 'corp.test.'));
  if (gone.length > 0)
    await r53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: Id, ChangeBatch: { Changes: gone.map((ResourceRecordSet) => ({ Action: 'DELETE' as const, ResourceRecordSet })) } }));
  await r53.send(new DeleteHostedZoneCommand({ Id }));
  await setPace(estate, nameOf(1), 'rate(7 days)');
  for (let i = 0; i < 3; i += 1) {
    const a = await invocation(estate, { state });
    console.log('R7', a.outcome, a.healed, a.failed, a.left, await paceOf(estate, nameOf(1)));
  }
  expect(await paceOf(estate, nameOf(1))).toBe('rate(10 minutes)');
});

it('R8 of a plan one document has moved, and a write of another failed: the other is never tried again', async () => {
  const estate = await createEstate();
  for (const i of [1, 2]) estate.write(`${nameOf(i)}.yaml`, scheduleYaml(['every: rate(10 minutes)', `tagKey: Key${i}`], nameOf(i)));
  expect((await estate.apply()).outcome).toBe('applied');
  const state = memoryCell();
  await invocation(estate, { state });
  for (const i of [1, 2]) estate.rewrite(`${nameOf(i)}.yaml`, (y) => y.replace('rate(10 minutes)', 'rate(20 minutes)'));
  const plan = await estate.plan();
  await setPace(estate, nameOf(1), 'rate(7 days)');
  const approvals = { read: async () => [{ digest: plan.digest, plan: JSON.parse(JSON.stringify(plan)) }] };
  let fails = true;
  const account = tapped(estate.account, ({ command }) => {
    if (fails && command === 'PutRule') throw Object.assign(new Error('nope'), { name: 'AccessDeniedException', $fault: 'client', $metadata: { httpStatusCode: 400 } });
  });
  const first = await invocation(estate, { state, mode: 'apply', account, generation: 2, over: { approvals } });
  console.log('R8', first.outcome, first.failed);
  fails = false;
  const second = await invocation(estate, { state, mode: 'apply', account, generation: 2, over: { approvals } });
  console.log('R8 second', second.outcome, second.applied, second.left, second.failed);
  expect(await paceOf(estate, nameOf(2))).toBe('rate(20 minutes)');
});
