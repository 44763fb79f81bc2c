import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { readTree } from '../../src/engine/config/tree.ts';
import { takeLease } from '../../src/operations/lease.ts';
import type { Continuation, Fetched } from '../../src/operations/loop/types.ts';
import { connect } from '../../src/operations/world.ts';
import { createEstate } from '../support/estate.ts';
import type { TestEstate } from '../support/estate.ts';
import { createLoopEstate, loopYaml, REGION } from '../support/loop-estate.ts';
import { approvalOf, invocation } from '../support/loop-runs.ts';
import { memoryCell } from '../../src/operations/file-cell.ts';
import { paceOf, setPace } from '../support/rules.ts';
import { scheduleYaml } from '../support/schedule-estate.ts';
import { serviceFault, tapped } from '../support/wiretap.ts';

vi.setConfig({ testTimeout: 120_000 });

const nameOf = (index: number): string => `office-${String(index).padStart(2, '0')}`;

async function createMany(count: number): Promise<TestEstate> {
  const estate = await createEstate();
  estate.rewrite('settings.yaml', (yaml) => `${yaml}  guards: { deletes: { percent: 100, count: 1000 } }\n`);
  for (let index = 0; index < count; index += 1) {
    const spec = ['every: rate(10 minutes)', `tagKey: Key${index}`];
    estate.write(`${nameOf(index)}.yaml`, scheduleYaml(spec, nameOf(index)));
  }
  expect((await estate.apply()).outcome).toBe('applied');
  return estate;
}

function slower(estate: TestEstate, index: number): void {
  estate.rewrite(`${nameOf(index)}.yaml`, (yaml) => yaml.replace('rate(10 minutes)', 'rate(20 minutes)'));
}

describe('what was approved', () => {
  it('T45 is not written where another configuration comes before the first write', async () => {
    const estate = await createMany(1);
    const state = memoryCell();
    await invocation(estate, { state, mode: 'apply' });
    const old = (await readTree(join(estate.directory, 'config'))).files;
    slower(estate, 0);
    const { files } = await readTree(join(estate.directory, 'config'));
    const approvals = approvalOf(await estate.plan());
    let tip: Fetched = { files, commit: '2'.padStart(40, '0'), generation: 2, digest: 'b'.repeat(64) };
    const account = tapped(estate.account, ({ command }) => {
      // The merge is taken back while the loop looks.
      if (command === 'GetRole')
        tip = { files: old, commit: '3'.padStart(40, '0'), generation: 3, digest: 'c'.repeat(64) };
    });

    const over = { source: { read: async () => tip }, approvals };
    expect(await invocation(estate, { state, mode: 'apply', account, over })).toMatchObject({ outcome: 'busy' });
    expect(await paceOf(estate, nameOf(0))).toBe('rate(10 minutes)');
  });

  it('is not judged by what another apply has half done', async () => {
    const estate = await createMany(1);
    const state = memoryCell();
    await invocation(estate, { state, mode: 'apply' });
    slower(estate, 0);
    const over = { approvals: approvalOf(await estate.plan()) };
    const project = await estate.load();
    const endpoint = { kind: 'embedded', account: estate.account } as const;
    const aws = connect(project, { endpoint, role: 'apply' });
    const lease = await takeLease(project, aws, { endpoint, repository: undefined, calm: undefined });
    await setPace(estate, nameOf(0), 'rate(7 days)');
    expect(await invocation(estate, { state, mode: 'apply', generation: 2, over })).toMatchObject({ outcome: 'busy' });
    await setPace(estate, nameOf(0), 'rate(10 minutes)');
    await lease.release();

    expect(await invocation(estate, { state, mode: 'apply', generation: 2, over })).toMatchObject({
      outcome: 'applied',
    });
    expect(await paceOf(estate, nameOf(0))).toBe('rate(20 minutes)');
  });

  it('stays approved where a part of it was refused or failed', async () => {
    const estate = await createMany(2);
    const state = memoryCell();
    await invocation(estate, { state });
    slower(estate, 0);
    slower(estate, 1);
    const over = { approvals: approvalOf(await estate.plan()) };
    await setPace(estate, nameOf(0), 'rate(7 days)');
    let fails = true;
    const account = tapped(estate.account, ({ command }) => {
      if (fails && command === 'PutRule') throw serviceFault('AccessDeniedException', 400);
    });
    const request = { state, mode: 'apply', account, generation: 2, over } as const;
    expect(await invocation(estate, request)).toMatchObject({ outcome: 'partial' });
    expect(await paceOf(estate, nameOf(1))).toBe('rate(10 minutes)');
    fails = false;
    expect(await invocation(estate, request)).toMatchObject({ outcome: 'partial', applied: 1 });
    expect(await paceOf(estate, nameOf(1))).toBe('rate(20 minutes)');
  });

  it('and takes longer to look at than an invocation has: the rest is not held up, and it is said', async () => {
    const estate = await createMany(40);
    const state = memoryCell();
    const counted = tapped(estate.account, () => undefined);
    expect(await invocation(estate, { state, account: counted })).toMatchObject({ outcome: 'in-line' });
    const budget = Math.ceil(counted.attempts.length * 0.9);
    rmSync(join(estate.directory, 'config', `${nameOf(39)}.yaml`));
    const approvals = approvalOf(await estate.plan());
    await setPace(estate, nameOf(3), 'rate(7 days)');

    let next: Continuation | undefined;
    let last;
    for (let part = 0; part < 10 && (part === 0 || next); part += 1) {
      const continues: Continuation | undefined = next;
      next = undefined;
      const end = new AbortController();
      const account = tapped(estate.account, (_, number) => {
        if (number >= budget) end.abort();
      });
      last = await invocation(estate, {
        state,
        mode: 'apply',
        account,
        generation: 2,
        over: {
          approvals,
          ...(continues && { continues }),
          left: () => Math.max(0, budget - account.attempts.length) * 1000,
          stop: end.signal,
          onward: async (onward) => void (next = onward),
        },
      });
    }
    expect(last).toMatchObject({ outcome: 'partial', failed: [{ id: 'what was approved' }] });
    expect(await paceOf(estate, nameOf(3))).toBe('rate(10 minutes)');
  });

  it('T62 never is the loop’s own document, under a new name either', async () => {
    const estate = await createLoopEstate({ mode: 'apply' });
    expect((await estate.apply()).outcome).toBe('applied');
    await estate.publish(7);
    await estate.run();
    const wider = loopYaml('apply', ['approvals: { bucket: somebody-elses, key: k }']);
    estate.write('loop.yaml', wider.replace('{ name: main }', '{ name: other, formerly: [main] }'));
    await estate.publish(8);
    await estate.approve([await estate.plan()]);

    const name = await estate.functionName('Loop', 'other');
    const event = { action: 'run', document: 'ReconcileLoop/main' };
    const { answer } = await estate.account.invoke(name, event, { region: REGION });
    expect(answer).toMatchObject({ generation: 8, applied: 0, healed: 0, left: [{ document: 'ReconcileLoop/other' }] });
  });
});
