import {
  DeleteRuleCommand,
  EventBridgeClient,
  ListTargetsByRuleCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { describe, expect, it, vi } from 'vitest';
import { createLoopEstate, loopYaml, REGION } from '../support/loop-estate.ts';
import type { LoopEstate } from '../support/loop-estate.ts';
import { invocation } from '../support/loop-runs.ts';
import { memoryCell } from '../../src/operations/file-cell.ts';
import { paceOf, ruleOf, setPace } from '../support/rules.ts';
import { scheduleYaml } from '../support/schedule-estate.ts';
import { serviceFault, tapped } from '../support/wiretap.ts';

// A function is loaded anew for every account, and several tests run beside each other.
vi.setConfig({ testTimeout: 120_000 });

const OFFICE = scheduleYaml(['every: rate(10 minutes)']);

/** Calls that changed something, but for the log and what the loop remembers. */
function writesTo(estate: LoopEstate): readonly string[] {
  return (
    estate.account
      .events()
      .filter(({ readOnly, eventSource }) => !readOnly && !/^(?:logs|s3|sts)\./.test(eventSource))
      // What the loop took last, as a tag of its own.
      .filter(({ requestParameters }) => !JSON.stringify(requestParameters ?? {}).includes('trueup:taken'))
      .map(({ eventName }) => eventName)
  );
}

async function applied(mode: 'report' | 'heal' | 'apply', spec: readonly string[] = []): Promise<LoopEstate> {
  const estate = await createLoopEstate({ mode, spec, documents: { 'office.yaml': OFFICE } });
  const { outcome, failed } = await estate.apply(await estate.plan());
  expect([outcome, failed]).toEqual(['applied', []]);
  await estate.publish(7);
  return estate;
}

describe('ReconcileLoop', () => {
  it('report: says what drifted and who did it, and writes nothing', async () => {
    const estate = await applied('report');
    expect(await estate.run()).toMatchObject({ outcome: 'in-line', generation: 7, documents: 2, drifted: [] });

    await setPace(estate, 'office-hours', 'rate(7 days)');
    const before = writesTo(estate);
    const found = await estate.run();

    expect(found).toMatchObject({
      outcome: 'drifted',
      drifted: [{ id: 'InstanceSchedule/office-hours/Rule', fields: ['ScheduleExpression'], who: expect.any(String) }],
      open: 1,
      healed: 0,
      news: { opened: true, gone: false },
    });
    expect(writesTo(estate)).toEqual(before);
    expect(await paceOf(estate, 'office-hours')).toBe('rate(7 days)');
    expect(await estate.run()).toMatchObject({ outcome: 'drifted', news: { opened: false, gone: false } });
  });

  it('heal: undoes what was changed by hand, under the lease, and says so in its metrics', async () => {
    const estate = await applied('heal');
    await estate.run();
    await setPace(estate, 'office-hours', 'rate(7 days)');

    const answer = await estate.run();

    expect(answer).toMatchObject({ outcome: 'healed', differences: 1, open: 0, healed: 1, failed: [], left: [] });
    expect(await paceOf(estate, 'office-hours')).toBe('rate(10 minutes)');
    expect((await estate.lines()).at(-1)).toMatchObject({
      Failed: 0,
      Healed: 1,
      Drifted: 1,
      Open: 0,
      outcome: 'healed',
    });
    expect(await estate.run()).toMatchObject({ outcome: 'in-line' });
  });

  it('heal: makes again what was deleted, of a document that was seen in line', async () => {
    const estate = await applied('heal');
    await estate.run();
    const { Name } = (await ruleOf(estate, 'office-hours'))!;
    const client = estate.account.client(EventBridgeClient, { region: REGION });
    const { Targets = [] } = await client.send(new ListTargetsByRuleCommand({ Rule: Name }));
    await client.send(new RemoveTargetsCommand({ Rule: Name, Ids: Targets.map(({ Id }) => Id!) }));
    await client.send(new DeleteRuleCommand({ Name }));

    expect(await estate.run()).toMatchObject({ outcome: 'healed', failed: [], left: [] });
    expect((await estate.plan()).actions).toEqual([]);
  });

  it('heal: brings nothing of a new commit, and leaves a document that waits for it as it is', async () => {
    const estate = await applied('heal');
    await estate.run();
    estate.rewrite('office.yaml', (yaml) => yaml.replace('rate(10 minutes)', 'rate(20 minutes)'));
    estate.write('second.yaml', scheduleYaml(['every: rate(10 minutes)', 'tagKey: Second'], 'second'));
    await estate.publish(8);
    await setPace(estate, 'office-hours', 'rate(7 days)');
    const before = writesTo(estate);

    const answer = await estate.run();

    expect(answer).toMatchObject({
      generation: 8,
      left: [
        { document: 'InstanceSchedule/office-hours', why: 'not-applied' },
        { document: 'InstanceSchedule/second', why: 'not-applied' },
      ],
      healed: 0,
    });
    expect(writesTo(estate)).toEqual(before);
  });

  it('heal: undoes no apply of a newer commit, or of a newer trueup, while it holds an older one', async () => {
    const estate = await applied('heal');
    await estate.run();
    estate.rewrite('office.yaml', (yaml) => yaml.replace('rate(10 minutes)', 'rate(20 minutes)'));
    expect((await estate.apply()).outcome).toBe('applied');
    const before = writesTo(estate);

    expect(await estate.run()).toMatchObject({
      generation: 7,
      healed: 0,
      left: [{ document: 'InstanceSchedule/office-hours', why: 'not-applied' }],
    });
    expect(writesTo(estate)).toEqual(before);
    expect(await paceOf(estate, 'office-hours')).toBe('rate(20 minutes)');
  });

  it('apply: a new commit comes with its approval, and not without it', async () => {
    const estate = await applied('apply');
    await estate.run();
    estate.rewrite('office.yaml', (yaml) => yaml.replace('rate(10 minutes)', 'rate(20 minutes)'));
    await estate.publish(8);

    expect(await estate.run()).toMatchObject({ applied: 0, left: [{ why: 'not-applied' }] });
    await estate.approve([await estate.plan()]);
    expect(await estate.run()).toMatchObject({ outcome: 'applied', failed: [], left: [] });
    expect((await estate.plan()).actions).toEqual([]);
    expect(await estate.run()).toMatchObject({ outcome: 'in-line', applied: 0 });
  });

  it('apply: what moved since the review is refused, that document alone', async () => {
    const estate = await applied('apply');
    await estate.run();
    estate.rewrite('office.yaml', (yaml) => yaml.replace('rate(10 minutes)', 'rate(20 minutes)'));
    await estate.publish(8);
    await estate.approve([await estate.plan()]);
    await setPace(estate, 'office-hours', 'rate(7 days)');

    const answer = await estate.run();

    expect(answer).toMatchObject({ outcome: 'partial', applied: 0, failed: [{ id: 'InstanceSchedule/office-hours' }] });
    expect(await paceOf(estate, 'office-hours')).toBe('rate(7 days)');

    // It stays approved: what stood against it is gone.
    await setPace(estate, 'office-hours', 'rate(10 minutes)');
    expect(await estate.run()).toMatchObject({ outcome: 'applied', failed: [] });
    expect(await paceOf(estate, 'office-hours')).toBe('rate(20 minutes)');
  });

  it('onlyKinds: nothing of other kinds is looked at, healed or applied, approved or not', async () => {
    const estate = await applied('apply', ['onlyKinds: [ZoneMirror]']);
    expect(await estate.run()).toMatchObject({ outcome: 'in-line', documents: 0 });
    await setPace(estate, 'office-hours', 'rate(7 days)');
    await estate.publish(8);
    await estate.approve([await estate.plan()]);

    expect(await estate.run()).toMatchObject({ outcome: 'in-line', documents: 0, applied: 0, healed: 0, failed: [] });
    expect(await paceOf(estate, 'office-hours')).toBe('rate(7 days)');
  });

  it('never writes what its own document declares, but with selfUpdate', async () => {
    const estate = await applied('heal');
    await estate.run();
    await setPace(estate, 'main', 'rate(7 days)');

    expect(await estate.run()).toMatchObject({
      outcome: 'drifted',
      open: 1,
      left: [{ document: 'ReconcileLoop/main', why: 'spared' }],
    });
    expect(await paceOf(estate, 'main')).toBe('rate(7 days)');

    estate.write('loop.yaml', loopYaml('heal', ['selfUpdate: true']));
    await estate.apply();
    await estate.publish(8);
    await estate.run();
    await setPace(estate, 'main', 'rate(7 days)');
    expect(await estate.run()).toMatchObject({ outcome: 'healed' });
    expect(await paceOf(estate, 'main')).toBe('rate(30 minutes)');
  });

  it('keeps what it knows of drift while it cannot look', async () => {
    const estate = await applied('report');
    const state = memoryCell();
    await invocation(estate, { state, mode: 'report' });
    await setPace(estate, 'office-hours', 'rate(7 days)');
    expect(await invocation(estate, { state, mode: 'report' })).toMatchObject({ news: { opened: true, gone: false } });
    const blind = await invocation(estate, {
      state,
      mode: 'report',
      account: tapped(estate.account, ({ service }) => {
        if (service === 'EventBridge') throw serviceFault('InternalException', 500);
      }),
    });
    expect(blind).toMatchObject({ outcome: 'partial', news: { opened: false, gone: false, failed: true } });
    expect(await invocation(estate, { state, mode: 'report' })).toMatchObject({
      outcome: 'drifted',
      news: { opened: false, gone: false },
    });
  });

  it('the clock of the account starts it', async () => {
    const estate = await applied('heal');
    await setPace(estate, 'office-hours', 'rate(7 days)');
    await estate.account.advance(61 * 60_000);

    expect(await paceOf(estate, 'office-hours')).toBe('rate(10 minutes)');
    expect((await estate.lines()).map(({ outcome }) => outcome)).toEqual(['healed', 'in-line']);
  });
});
