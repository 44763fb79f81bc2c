import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { EventBridgeClient, ListRulesCommand, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import { expect, it, vi } from 'vitest';
import { createLoopEstate, loopYaml, REGION } from '../support/loop-estate.ts';
import type { LoopEstate } from '../support/loop-estate.ts';
import { scheduleYaml } from '../support/schedule-estate.ts';

vi.setConfig({ testTimeout: 120_000 });

const OFFICE = scheduleYaml(['every: rate(10 minutes)']);
const SECOND = scheduleYaml(['every: rate(10 minutes)', 'tagKey: Second'], 'second');

async function rules(estate: LoopEstate, prefix: string) {
  const client = estate.account.client(EventBridgeClient, { region: REGION });
  const { Rules = [] } = await client.send(new ListRulesCommand({ NamePrefix: prefix }));
  return Rules;
}
async function setPace(estate: LoopEstate, of: string, pace: string) {
  const client = estate.account.client(EventBridgeClient, { region: REGION });
  const [rule] = await rules(estate, of);
  await client.send(
    new PutRuleCommand({ Name: rule!.Name, Description: rule!.Description, ScheduleExpression: pace, State: 'ENABLED' }),
  );
}

async function applied(mode: 'report' | 'heal' | 'apply', spec: string[] = [], settings = ''): Promise<LoopEstate> {
  const estate = await createLoopEstate({ mode, spec, documents: { 'office.yaml': OFFICE, 'second.yaml': SECOND } });
  estate.rewrite('settings.yaml', (y) => `${y}  guards: { deletes: { percent: 100, count: 1000 } }\n${settings}`);
  const { outcome, failed } = await estate.apply(await estate.plan());
  expect([outcome, failed]).toEqual(['applied', []]);
  await estate.publish(7);
  return estate;
}

it('R1 heal makes again what a merge has removed and CI has applied, when the bundle of the merge is not there yet', async () => {
  const estate = await applied('heal');
  expect(await estate.run()).toMatchObject({ outcome: 'in-line' });
  // The merge: second.yaml goes. CI applies it. The bundle is published a moment later (or publishing fails).
  rmSync(join(estate.directory, 'config', 'second.yaml'));
  const { outcome } = await estate.apply();
  expect(outcome).toBe('applied');
  expect(await rules(estate, 'second')).toEqual([]);

  const answer = await estate.run();
  console.log('R1', answer.outcome, answer.healed, answer.left, answer.failed, (await rules(estate, 'second')).map(({ Name }) => Name));
  await estate.publish(8);
  const after = await estate.run();
  console.log('R1 after publish', after.outcome, after.left, (await rules(estate, 'second')).map(({ Name }) => Name));
  expect(await rules(estate, 'second')).toEqual([]);
});

it('R2 onlyKinds is no limit for mode apply', async () => {
  const estate = await applied('apply', ['onlyKinds: [ZoneMirror]']);
  await estate.run();
  estate.rewrite('office.yaml', (yaml) => yaml.replace('rate(10 minutes)', 'rate(20 minutes)'));
  await estate.publish(8);
  await estate.approve([await estate.plan()]);
  const answer = await estate.run();
  console.log('R2', answer.outcome, answer.applied);
  expect((await rules(estate, 'office'))[0]?.ScheduleExpression).toBe('rate(10 minutes)');
});

it('R3 a plan that was refused for one tree and is approved anew for the next is never applied, and nobody is told', async () => {
  const estate = await applied('apply');
  await estate.run();
  estate.rewrite('office.yaml', (yaml) => yaml.replace('rate(10 minutes)', 'rate(20 minutes)'));
  await estate.publish(8);
  const first = await estate.plan();
  await estate.approve([first]);
  await setPace(estate, 'office', 'rate(7 days)');
  expect(await estate.run()).toMatchObject({ outcome: 'partial', applied: 0 });
  // Somebody sets it back; another commit comes (a comment), is planned, reviewed, published and approved anew.
  await setPace(estate, 'office', 'rate(10 minutes)');
  estate.rewrite('second.yaml', (yaml) => `# a comment\n${yaml}`);
  await estate.publish(9);
  const again = await estate.plan();
  console.log('R3 same digest', again.digest === first.digest);
  await estate.approve([again]);
  const answer = await estate.run();
  const line = (await estate.lines()).at(-1);
  console.log('R3', answer.outcome, answer.applied, answer.left, answer.failed, 'Failed metric', line?.['Failed']);
  expect((await rules(estate, 'office'))[0]?.ScheduleExpression).toBe('rate(20 minutes)');
});

it('R4 the loop widens its own role without selfUpdate: its document is renamed', async () => {
  const estate = await applied('apply');
  await estate.run();
  estate.write(
    'loop.yaml',
    loopYaml('apply', ['approvals: { bucket: somebody-elses, key: k }']).replace('{ name: main }', '{ name: other, formerly: [main] }'),
  );
  await estate.publish(8);
  const plan = await estate.plan();
  console.log('R4 plan', plan.actions.map(({ id, action, reason }) => `${action} ${id} ${reason}`), plan.guards, plan.documents.flatMap((d) => d.findings));
  await estate.approve([plan]);
  const { answer: said } = await estate.account.invoke(await estate.functionName('Loop', 'other'), { action: 'run', document: 'ReconcileLoop/main' }, { region: REGION });
  const answer = said as Awaited<ReturnType<LoopEstate['run']>>;
  console.log('R4', answer.outcome, answer.applied, answer.left, answer.failed);
  expect(answer.applied).toBe(0);
});

it('R4b without renaming: what is said about what a person must do', async () => {
  const estate = await applied('apply');
  await estate.run();
  estate.write('loop.yaml', loopYaml('apply', ['every: rate(3 days)']));
  await estate.publish(8);
  await estate.approve([await estate.plan()]);
  const answer = await estate.run();
  console.log('R4b', JSON.stringify(answer));
  console.log('R4b next', JSON.stringify(await estate.run()));
});

it('R1b heal makes again one resource that a newer apply took away from a document', async () => {
  const estate = await applied('heal');
  expect(await estate.run()).toMatchObject({ outcome: 'in-line' });
});
