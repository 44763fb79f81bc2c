import { describe, expect, it, vi } from 'vitest';
import { createEstate } from '../support/estate.ts';
import type { TestEstate } from '../support/estate.ts';
import { invocation } from '../support/loop-runs.ts';
import { memoryCell } from '../../src/operations/file-cell.ts';
import { setPace } from '../support/rules.ts';
import { scheduleYaml } from '../support/schedule-estate.ts';
import { serviceFault, tapped } from '../support/wiretap.ts';

vi.setConfig({ testTimeout: 120_000 });

async function createOne(): Promise<TestEstate> {
  const estate = await createEstate();
  estate.write('a.yaml', scheduleYaml(['every: rate(10 minutes)', 'tagKey: A'], 'zz-last'));
  expect((await estate.apply()).outcome).toBe('applied');
  return estate;
}

describe('what a loop could not look at', () => {
  it('has not gone: drift that was told is told no more, and not as gone', async () => {
    const estate = await createOne();
    const state = memoryCell();
    await invocation(estate, { state, mode: 'report' });
    await setPace(estate, 'zz-last', 'rate(7 days)');
    expect(await invocation(estate, { state, mode: 'report' })).toMatchObject({ open: 1, news: { opened: true } });
    const account = tapped(estate.account, ({ command }) => {
      if (command === 'DescribeRule') throw serviceFault('AccessDeniedException', 400);
    });

    expect(await invocation(estate, { state, mode: 'report', account })).toMatchObject({
      outcome: 'partial',
      news: { opened: false, gone: false, failed: true },
    });
    expect(await invocation(estate, { state, mode: 'report' })).toMatchObject({
      open: 1,
      news: { opened: false, gone: false },
    });
  });

  it('is not in line where the run was stopped', async () => {
    const estate = await createOne();
    const state = memoryCell();
    await invocation(estate, { state });
    await setPace(estate, 'zz-last', 'rate(7 days)');
    expect(await invocation(estate, { state, mode: 'report' })).toMatchObject({ open: 1, news: { opened: true } });
    const end = new AbortController();
    const account = tapped(estate.account, ({ command }) => {
      if (command === 'DescribeRule') end.abort();
    });

    expect(await invocation(estate, { state, account, over: { stop: end.signal } })).toMatchObject({
      outcome: 'partial',
      failed: [{ id: 'the run' }],
      news: { gone: false },
    });
  });

  it('is a failure, however much waits beside it', async () => {
    const estate = await createOne();
    const state = memoryCell();
    await invocation(estate, { state, mode: 'report' });
    for (let index = 0; index < 51; index += 1) {
      const name = `new-${String(index).padStart(2, '0')}`;
      estate.write(`${name}.yaml`, scheduleYaml(['every: rate(10 minutes)', `tagKey: K${index}`], name));
    }
    const account = tapped(estate.account, ({ command, input }) => {
      if (command !== 'DescribeRule' || !String(input['Name']).startsWith('zz-last')) return;
      throw serviceFault('AccessDeniedException', 400);
    });

    const seen = await invocation(estate, { state, mode: 'report', account, generation: 2 });
    expect([seen.outcome, seen.leftAlone, seen.left.length, seen.left[0]?.why]).toEqual(['partial', 52, 50, 'unknown']);
  });
});
