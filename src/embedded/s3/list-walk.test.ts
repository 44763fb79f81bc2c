import { describe, expect, it } from 'vitest';
import { behind, walk } from './list-walk.ts';
import type { Step } from './list-walk.ts';

const ALL = { prefix: '', delimiter: undefined };

function take(steps: Iterable<Step>, count: number): readonly Step[] {
  const taken: Step[] = [];
  for (const step of steps) {
    taken.push(step);
    if (taken.length === count) break;
  }
  return taken;
}

/** A list that counts how often somebody looks into it. */
function counted(rows: readonly string[]) {
  let looks = 0;
  const list = new Proxy(rows, {
    get(target, name) {
      if (typeof name === 'string' && /^\d+$/.test(name)) looks += 1;
      return Reflect.get(target, name) as unknown;
    },
  });
  return { list, looks: () => looks };
}

const MANY = Array.from({ length: 100_000 }, (_, index) => `folder${Math.floor(index / 10_000)}/${100_000 + index}`);

describe('walk', () => {
  it.each([
    ['at the beginning', ''],
    ['in the middle', 'folder5/150000'],
  ])('looks at few of 100,000 rows for a page %s', (_what, from) => {
    const { list, looks } = counted(MANY);

    expect(take(walk([list], ALL, from), 1000)).toHaveLength(1000);

    // A binary search a step, and a little.
    expect(looks()).toBeLessThan(1000 * 25);
  });

  it('jumps over what a group holds', () => {
    const { list, looks } = counted(MANY);

    const steps = take(walk([list], { prefix: 'folder', delimiter: '/' }, ''), 1000);

    expect(steps.map(({ row }) => row)).toEqual(Array.from({ length: 10 }, (_, index) => `folder${index}/`));
    expect(looks()).toBeLessThan(11 * 25);
  });

  it('goes through several lists as one, each row once', () => {
    const steps = take(
      walk(
        [
          ['a', 'c', 'd'],
          ['b', 'c', 'e'],
        ],
        ALL,
        'b',
      ),
      10,
    );

    expect(steps.map(({ row }) => row)).toEqual(['b', 'c', 'd', 'e']);
  });

  it.each([
    ['a', ALL, ['a/1', 'a/2', 'b']],
    ['a/', ALL, ['a/1', 'a/2', 'b']],
    ['a/', { prefix: '', delimiter: '/' }, ['b']],
    ['a/1', { prefix: '', delimiter: '/' }, ['a/', 'b']],
    ['a/1', { prefix: 'a/', delimiter: '/' }, ['a/2']],
  ])('behind %s with %j', (key, grouping, expected) => {
    const steps = take(walk([['a', 'a/1', 'a/2', 'b']], grouping, behind(key, grouping)), 10);

    expect(steps.map(({ row }) => row)).toEqual(expected);
  });
});
