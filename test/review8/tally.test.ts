import { EventBridgeClient, ListRulesCommand, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import { expect, it, vi } from 'vitest';
import { createEstate } from '../support/estate.ts';
import type { TestEstate } from '../support/estate.ts';
import { invocation, memoryCell } from '../support/loop-runs.ts';
import { tapped } from '../support/wiretap.ts';
import { scheduleYaml } from '../support/schedule-estate.ts';

vi.setConfig({ testTimeout: 200_000 });
const REGION = 'eu-west-1';
async function setPace(estate: TestEstate, of: string, pace: string) {
  const client = estate.account.client(EventBridgeClient, { region: REGION });
  const { Rules = [] } = await client.send(new ListRulesCommand({ NamePrefix: of }));
  await client.send(new PutRuleCommand({ Name: Rules[0]!.Name, Description: Rules[0]!.Description, ScheduleExpression: pace, State: 'ENABLED' }));
}
const denied = () => Object.assign(new Error('nope'), { name: 'AccessDeniedException', $fault: 'client', $metadata: { httpStatusCode: 400 } });

it('R12 drift that cannot be looked at is told to be gone', async () => {
  const estate = await createEstate();
  estate.write('a.yaml', scheduleYaml(['every: rate(10 minutes)'], 'first'));
  await estate.apply();
  const state = memoryCell();
  await invocation(estate, { state, mode: 'report' });
  await setPace(estate, 'first', 'rate(7 days)');
  expect(await invocation(estate, { state, mode: 'report' })).toMatchObject({ open: 1, news: { opened: true } });
  const account = tapped(estate.account, ({ command }) => {
    if (command === 'DescribeRule') throw denied();
  });
  const blind = await invocation(estate, { state, mode: 'report', account });
  console.log('R12', blind.outcome, blind.open, blind.left, blind.news);
  const after = await invocation(estate, { state, mode: 'report' });
  console.log('R12 after', after.outcome, after.open, after.news);
  expect(blind.news.gone).toBe(false);
});

it('R13 watch: a run that was stopped says that drift is gone, and that all is in line', async () => {
  const estate = await createEstate();
  estate.write('a.yaml', scheduleYaml(['every: rate(10 minutes)'], 'first'));
  await estate.apply();
  const state = memoryCell();
  await invocation(estate, { state, mode: 'heal' });
  await setPace(estate, 'first', 'rate(7 days)');
  expect(await invocation(estate, { state, mode: 'report' })).toMatchObject({ open: 1, news: { opened: true } });
  const end = new AbortController();
  const account = tapped(estate.account, ({ command }) => {
    if (command === 'DescribeRule') end.abort();
  });
  const stopped = await invocation(estate, { state, mode: 'heal', account, over: { stop: end.signal } });
  console.log('R13', JSON.stringify(stopped));
  expect(stopped.news.gone).toBe(false);
});

it('R14 after fifty documents that wait, one that cannot be looked at is no failure', async () => {
  const estate = await createEstate();
  estate.write('z.yaml', scheduleYaml(['every: rate(10 minutes)', 'tagKey: Z'], 'zz-last'));
  await estate.apply();
  const state = memoryCell();
  await invocation(estate, { state, mode: 'report' });
  const account = tapped(estate.account, ({ command }) => {
    if (command === 'DescribeRule') throw denied();
  });
  const seen = await invocation(estate, { state, mode: 'report', account });
  console.log('R14 alone', seen.outcome, seen.left);
  for (let i = 0; i < 51; i += 1)
    estate.write(`n${i}.yaml`, scheduleYaml(['every: rate(10 minutes)', `tagKey: K${i}`], `new-${String(i).padStart(2, '0')}`));
  const only = tapped(estate.account, ({ command, input }) => {
    if (command === 'DescribeRule' && String(input['Name']).startsWith('zz-last')) throw denied();
  });
  const cut = await invocation(estate, { state, mode: 'report', account: only, generation: 2 });
  console.log('R14', cut.outcome, cut.left.length, cut.left.filter(({ why }) => why === 'unknown'), cut.failed);
  expect(cut.outcome).toBe('partial');
});
