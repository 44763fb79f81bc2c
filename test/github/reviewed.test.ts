import { describe, expect, it } from 'vitest';
import { SETTINGS, openLoop, scheduleOf } from '../support/loop.ts';
import type { Loop } from '../support/loop.ts';

const A = 'config/a.yaml';
const B = 'config/b.yaml';
const BASE = { 'config/settings.yaml': SETTINGS, [A]: scheduleOf('a'), [B]: scheduleOf('b') };

interface Applied {
  readonly outcome: string;
  readonly done: readonly string[];
  readonly refused: readonly { document: string; differences: readonly { message: string }[] }[];
}

/** An estate that is as its first pull request made it. */
async function settled(): Promise<Loop> {
  const loop = await openLoop({ 'config/settings.yaml': SETTINGS });
  const { number } = loop.github.openPull({ files: BASE });
  expect((await loop.plan(number)).exit).toBe(0);
  loop.github.merge(number);
  const applied = await loop.apply();
  expect(applied.stdout).toContain('"outcome": "applied"');
  expect(applied.exit).toBe(0);
  return loop;
}

describe('apply --reviewed', () => {
  it('applies exactly what the merged pull request showed, and says so there', async () => {
    const loop = await openLoop({ 'config/settings.yaml': SETTINGS });
    const { number } = loop.github.openPull({ files: BASE });
    const planned = await loop.plan(number);
    expect(planned.stderr).toBe('');
    expect(planned.exit).toBe(0);
    expect(loop.comments(number)).toHaveLength(1);
    loop.github.merge(number, 'squash');
    const applied = await loop.apply();
    expect(applied.json<Applied>()).toMatchObject({ outcome: 'applied', refused: [] });
    expect(applied.exit).toBe(0);
    expect(loop.comments(number)).toHaveLength(1);
    expect(loop.comments(number)[0]).toMatch(/applied \d{4}-\d\d-\d\d \d\d:\d\d UTC: (\d+) of \1, re-plan empty/);
    const again = await loop.apply();
    expect(again.json<Applied>()).toMatchObject({ outcome: 'nothing', done: [] });
    expect(again.exit).toBe(0);
  });

  it('T46 applies both of two pull requests that were merged together, each once', async () => {
    const loop = await settled();
    const one = loop.github.openPull({ files: { [A]: scheduleOf('a', { memory: 512 }) } });
    const two = loop.github.openPull({ files: { [B]: scheduleOf('b', { memory: 512 }) } });
    await loop.plan(one.number);
    await loop.plan(two.number);
    loop.github.merge(one.number);
    loop.github.merge(two.number);
    const applied = await loop.apply();
    expect(applied.exit).toBe(0);
    expect(applied.json<Applied>().done).toEqual([
      'InstanceSchedule/a/SchedulerFunction',
      'InstanceSchedule/b/SchedulerFunction',
    ]);
    expect(loop.comments(one.number)[0]).toContain('1 of 1');
    expect(loop.comments(two.number)[0]).toContain('1 of 1');
  });
});
