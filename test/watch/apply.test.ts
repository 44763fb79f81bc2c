import { describe, expect, it, vi } from 'vitest';
import { memoryCell } from '../../src/operations/file-cell.ts';
import { createLoopEstate } from '../support/loop-estate.ts';
import { createWatchBench, office } from './bench.ts';

vi.setConfig({ testTimeout: 120_000 });

/** An applied estate with a loop of mode `apply`, pushed and published. */
async function published() {
  const bench = await createWatchBench(
    await createLoopEstate({ mode: 'apply', documents: { 'office.yaml': office() } }),
  );
  bench.push();
  const { outcome, failed } = await bench.apply(await bench.plan());
  expect([outcome, failed]).toEqual(['applied', []]);
  await bench.publish(1);
  return bench;
}

describe('watch with a document of mode apply', () => {
  const options = { mode: 'apply', document: 'ReconcileLoop/main' } as const;

  it('brings a new commit with its approval alone, though the branch has it before', async () => {
    const bench = await published();
    const runs = await bench.watch(
      options,
      async () => {
        bench.write('office.yaml', office(20));
        bench.push();
        await bench.publish(2);
      },
      async () => bench.approve([await bench.plan()]),
      () => undefined,
    );
    expect(runs.map(({ answer, error }) => answer?.outcome ?? error)).toEqual([
      'in-line',
      'drifted',
      'applied',
      'in-line',
    ]);
    expect(runs[1]?.answer?.left).toEqual([{ document: 'InstanceSchedule/office', why: 'not-applied' }]);
    expect(await bench.pace()).toBe('rate(20 minutes)');
  });

  it('T72 takes no approval that was given to another tree, or forged', async () => {
    const bench = await published();
    bench.write('office.yaml', office(20));
    await bench.publish(2);
    await bench.approve([await bench.plan()]);
    bench.write('office.yaml', office(30));
    bench.push();
    const state = memoryCell();
    const [other] = await bench.watch({ ...options, state });
    expect(other?.answer).toMatchObject({ outcome: 'drifted', applied: 0 });
    await bench.put('estate.tar.gz.approval.json', Buffer.from('{"envelope":{},"plans":[]}'));
    const writes = () => bench.account.events().filter(({ readOnly }) => !readOnly).length;
    const before = writes();
    const [forged] = await bench.watch({ ...options, state });
    expect(forged?.answer).toMatchObject({ outcome: 'refused', applied: 0 });
    expect(writes()).toBe(before);
    expect(await bench.pace()).toBe('rate(10 minutes)');
  });

  it('T72 an approval that is put back does not count when its tree comes back', async () => {
    const bench = await createWatchBench(
      await createLoopEstate({ mode: 'apply', documents: { 'office.yaml': office() } }),
    );
    bench.push();
    expect((await bench.apply(await bench.plan())).outcome).toBe('applied');
    await bench.publish(1);
    const key = 'estate.tar.gz.approval.json';
    let old: Uint8Array | undefined;
    async function commit(generation: number, minutes: number): Promise<void> {
      bench.write('office.yaml', office(minutes));
      bench.push();
      await bench.publish(generation);
    }
    await bench.watch(
      { mode: 'apply', document: 'ReconcileLoop/main', state: memoryCell() },
      async () => {
        await commit(2, 20);
        await bench.approve([await bench.plan()]);
        old = await bench.object(key);
      },
      async () => {
        await commit(3, 10);
        await bench.approve([await bench.plan()]);
      },
      async () => {
        await commit(4, 20);
        await bench.put(key, old!);
      },
    );
    expect(await bench.pace()).toBe('rate(10 minutes)');
  });

  it('T72 an approval of before does not count when its tree comes back, though it still lies there', async () => {
    const bench = await published();
    async function commit(generation: number, minutes: number): Promise<void> {
      bench.write('office.yaml', office(minutes));
      bench.push();
      await bench.publish(generation);
    }
    const runs = await bench.watch(
      options,
      async () => {
        await commit(2, 20);
        await bench.approve([await bench.plan()]);
        await commit(3, 10);
      },
      async () => {
        bench.write('office.yaml', office(20));
        bench.push();
      },
      async () => {
        await bench.publish(4);
        await bench.approve([await bench.plan()]);
        // What is no configuration takes nothing back.
        bench.git('commit', '--quiet', '--allow-empty', '--message=y');
        bench.push();
      },
      () => undefined,
    );
    expect(runs.map(({ answer, error }) => [answer?.outcome ?? error, answer?.applied])).toEqual([
      ['in-line', 0],
      ['in-line', 0],
      ['drifted', 0],
      ['applied', 2],
      ['in-line', 0],
    ]);
  });

  it('names the documents that there are where there is none of the name', async () => {
    const bench = await published();
    await expect(bench.watch({ ...options, document: 'ReconcileLoop/other' })).rejects.toMatchObject({
      name: 'WatchError',
      hint: 'there is ReconcileLoop/main',
    });
  });
});
