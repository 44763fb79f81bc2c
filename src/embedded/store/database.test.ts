import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Database, Transaction, firstNotBefore, table } from './database.ts';

const numbers = table<number>('numbers');

describe('Database', () => {
  it('lists keys in ASCII order, whatever came and went', () => {
    const step = fc.tuple(fc.string({ maxLength: 3 }), fc.option(fc.integer()), fc.boolean());
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const database = new Database();
        const model = new Map<string, number>();
        for (const [key, value, look] of steps) {
          database.apply([value === null ? ['numbers', key] : ['numbers', key, value]]);
          if (value === null) model.delete(key);
          else model.set(key, value);
          if (look) expect(database.keys(numbers)).toEqual(sortedKeys(model));
          const prefix = key.slice(0, 1);
          const beginning = sortedKeys(model).filter((one) => one.startsWith(prefix));
          expect(database.keysWith(numbers, prefix)).toEqual(beginning);
          for (const most of [1, 3])
            expect(database.firstKeys(numbers, most)).toEqual(sortedKeys(model).slice(0, most));
        }
        expect(database.keys(numbers)).toEqual(sortedKeys(model));
        expect(database.size(numbers)).toBe(model.size);
        expect(database.rowCount()).toBe(model.size);
        for (const key of model.keys()) expect(database.get(numbers, key)).toBe(model.get(key));
      }),
    );
  });

  it('knows its first keys while keys come at one end and go at the other', () => {
    const database = new Database();
    const key = (index: number): string => String(index).padStart(6, '0');
    for (let index = 0; index < 3_000; index += 1) {
      database.apply([['numbers', key(index), index]]);
      const first = Math.max(0, index - 1_000);
      expect(database.firstKeys(numbers, 2)).toEqual([key(first), key(first + 1)].slice(0, index - first + 1));
      if (index >= 1_000) database.apply([['numbers', key(first)]]);
    }
  });

  it('is written down by its rows', () => {
    const database = new Database();
    database.apply([
      ['numbers', 'a', 1],
      ['others', 'b', { deep: [true] }],
    ]);
    const copy = new Database();

    copy.apply([...database.rows()]);

    expect([...copy.rows()]).toEqual([...database.rows()]);
  });
});

function sortedKeys(model: ReadonlyMap<string, number>): readonly string[] {
  return [...model.keys()].sort((left, right) => (left < right ? -1 : 1));
}

describe('Transaction', () => {
  it('sees its own writes by key, and writes nothing by itself', () => {
    const database = new Database();
    database.apply([['numbers', 'a', 1]]);
    const data = new Transaction(database);

    data.put(numbers, 'a', 2);
    data.put(numbers, 'b', 3);
    data.delete(numbers, 'b');

    expect(data.get(numbers, 'a')).toBe(2);
    expect(data.get(numbers, 'b')).toBeUndefined();
    expect(database.get(numbers, 'a')).toBe(1);
    expect(data.changes()).toEqual([
      ['numbers', 'a', 2],
      ['numbers', 'b'],
    ]);
  });

  it('counts on from what was given out', () => {
    const database = new Database();
    const first = new Transaction(database);
    expect([first.next('x'), first.next('x'), first.next('y')]).toEqual([1, 2, 1]);
    database.apply(first.changes());

    expect(new Transaction(database).next('x')).toBe(3);
  });
});

it.each([
  ['a', 0],
  ['b', 1],
  ['c', 1],
  ['d', 2],
])('firstNotBefore %s is %d', (wanted, index) => {
  expect(firstNotBefore(['a', 'c'], wanted)).toBe(index);
});
