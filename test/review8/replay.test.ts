import { EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { expect, it, vi } from 'vitest';
import { BUCKET, createLoopEstate, loopYaml, REGION } from '../support/loop-estate.ts';
import { scheduleYaml } from '../support/schedule-estate.ts';

vi.setConfig({ testTimeout: 120_000 });
const pace = (n: number) => scheduleYaml([`every: rate(${n} minutes)`]);

it('R5b PutObject on the bundle bucket that also holds the lease: an old bundle and its old approval are applied again', async () => {
  const estate = await createLoopEstate({ mode: 'apply', documents: { 'office.yaml': pace(10) } });
  estate.rewrite('settings.yaml', (y) => `${y}  lease: { bucket: ${BUCKET} }\n`);
  await estate.apply(await estate.plan());
  await estate.publish(6);
  await estate.run();
  estate.write('office.yaml', pace(20));
  await estate.publish(7);
  await estate.approve([await estate.plan()]);
  const bundle = await estate.object('estate.tar.gz');
  const approval = await estate.object('estate.tar.gz.approval.json');
  expect(await estate.run()).toMatchObject({ outcome: 'applied' });
  estate.write('office.yaml', pace(10));
  await estate.publish(8);
  await estate.approve([await estate.plan()]);
  expect(await estate.run()).toMatchObject({ outcome: 'applied', generation: 8 });
  // Three PutObject, nothing else.
  await estate.put('estate.tar.gz', bundle);
  await estate.put('estate.tar.gz.approval.json', approval);
  await estate.put('trueup/acme-network/loop/main.json', Buffer.from('{"format":"trueup/loop@1","inLine":{}}'));
  const answer = await estate.run();
  const client = estate.account.client(EventBridgeClient, { region: REGION });
  const { Rules = [] } = await client.send(new ListRulesCommand({ NamePrefix: 'office' }));
  console.log('R5b', answer.outcome, answer.generation, Rules[0]?.ScheduleExpression);
  expect(Rules[0]?.ScheduleExpression).toBe('rate(10 minutes)');
});

it('R21 an estate that turns itself from apply to report: what the function is told is old until somebody applies it', async () => {
  // Safety: a merge sets mode: report (somebody stops the loop). The loop is spared from its own document.
  const estate = await createLoopEstate({ mode: 'heal', documents: { 'office.yaml': pace(10) } });
  await estate.apply(await estate.plan());
  await estate.publish(6);
  await estate.run();
  estate.write('loop.yaml', loopYaml('report'));
  await estate.publish(7);
  const client = estate.account.client(EventBridgeClient, { region: REGION });
  const { Rules = [] } = await client.send(new ListRulesCommand({ NamePrefix: 'office' }));
  const { PutRuleCommand } = await import('@aws-sdk/client-eventbridge');
  await client.send(new PutRuleCommand({ Name: Rules[0]!.Name, Description: Rules[0]!.Description, ScheduleExpression: 'rate(7 days)' }));
  const answer = await estate.run();
  console.log('R21', answer.outcome, answer.healed);
  expect(answer.healed).toBe(0);
});
