import { describe, expect, it } from 'vitest';
import { actionsOf, plannedOf } from './by-document.ts';
import type { Action, Plan } from './types.ts';

const address = (index: number): string => `Fake/${index}`;

/** Eight actions of each document, one document after the other; counts how often one is asked whose it is. */
function actionsOfMany(documents: number) {
  let asked = 0;
  const actions = Array.from({ length: documents * 8 }, (_, index) => ({
    id: `${address(index % documents)}/${Math.floor(index / documents)}`,
    get document() {
      asked += 1;
      return address(index % documents);
    },
  }));
  return { actions: actions as unknown as readonly Action[], asked: () => asked };
}

describe('actions by document', () => {
  it('are those of the document, in their order', () => {
    const { actions } = actionsOfMany(3);

    expect(actionsOf(actions, 'Fake/1').map(({ id }) => id)).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].map((n) => `Fake/1/${n}`),
    );
    expect(actionsOf(actions, 'Fake/3')).toEqual([]);
    expect(actionsOf([], 'Fake/1')).toEqual([]);
  });

  it('are not looked through by each document anew', () => {
    const { actions, asked } = actionsOfMany(200);

    for (let index = 0; index < 200; index += 1) actionsOf(actions, address(index));

    expect(asked()).toBeLessThanOrEqual(2 * actions.length);
  });
});

describe('a document in a plan', () => {
  it('is found by its address, the first of two', () => {
    const documents = ['a', 'b', 'a'].map((name, line) => ({ kind: 'Fake', name, line }));
    const plan = { documents } as unknown as Plan;

    expect(['Fake/a', 'Fake/b', 'Fake/c'].map((one) => plannedOf(plan, one)?.line)).toEqual([0, 1, undefined]);
  });
});
