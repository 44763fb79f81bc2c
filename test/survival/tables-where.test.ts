import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meets, parseWhere } from '../../src/survival/tables/where.ts';
import type { Operator } from '../../src/survival/tables/where.ts';

describe('--where', () => {
  it.each([
    ['year >= 2009', [['year', '>=', 2009]]],
    [
      "year>=2009 and er.status='Positive'",
      [
        ['year', '>=', 2009],
        ['er.status', '=', 'Positive'],
      ],
    ],
    ['a == 1', [['a', '=', 1]]],
    [
      '`tumour stage` != "IV a"  AND  x<-1.5e3',
      [
        ['tumour stage', '!=', 'IV a'],
        ['x', '<', -1500],
      ],
    ],
    [
      "x > 0 and x <= 1 and y = 'and'",
      [
        ['x', '>', 0],
        ['x', '<=', 1],
        ['y', '=', 'and'],
      ],
    ],
  ] as const)('%s', (text, expected) => {
    expect(parseWhere(text).map(({ column, operator, value }) => [column, operator, value])).toEqual(expected);
  });

  it.each([
    ['', 1, 'the name of a column is expected'],
    ['year', 5, 'one of = != < <= > >= is expected'],
    ['year >=', 8, 'a number, or text in quotes, is expected'],
    ['year >= 2009 or x = 1', 14, 'and, or the end, is expected, and or stands there'],
    ['year >= 2009 and', 17, 'the name of a column is expected'],
    ['year => 2009', 6, 'one of = != < <= > >= is expected'],
    ['stage = II', 9, 'a number, or text in quotes, is expected, and II stands there'],
    ["stage = 'II", 9, 'the quote has no end'],
    ['(year > 1)', 1, '( is not understood'],
    ['2009 < year', 1, 'the name of a column is expected'],
  ])('%s is refused at column %d', (text, column, words) => {
    expect(() => parseWhere(text)).toThrow(
      expect.objectContaining({ column, message: expect.stringContaining(words) }),
    );
  });

  it('numbers are compared as numbers, text as text, and what is missing meets nothing', () => {
    const one = (operator: Operator, value: number | string) => ({ column: 'x', operator, value, at: 1 });

    expect(['9', '10', '1e1', 'NA', ''].map((cell) => meets(cell, one('>=', 10)))).toEqual([
      false,
      true,
      true,
      false,
      false,
    ]);
    expect(['9', '10'].map((cell) => meets(cell, one('>=', '10')))).toEqual([true, true]);
    expect(meets('NA', one('!=', 'x'))).toBe(false);
    expect(meets('unknown', one('!=', 3))).toBeUndefined();
    expect(meets('2009-06-01', one('<', '2010-01-01'))).toBe(true);
  });

  it('operators agree with one another', () => {
    const cells = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true, noDefaultInfinity: true }));
    fc.assert(
      fc.property(cells, cells, (cell, value) => {
        const is = (operator: Operator) => meets(String(cell), { column: 'x', operator, value, at: 1 });
        expect([is('='), is('<'), is('<='), is('>')]).toEqual([
          cell === value,
          cell < value,
          cell <= value,
          cell > value,
        ]);
        expect([is('!='), is('>=')]).toEqual([!is('='), !is('<')]);
      }),
    );
  });

  it('takes any text, or refuses it with a place in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab1.<>=!\'"` and('.split('')) }), (text) => {
        const error = errorOf(() => parseWhere(text));
        if (error === undefined) return;
        expect(error).toMatchObject({ name: 'TableError' });
        expect((error as { column: number }).column).toBeLessThanOrEqual(text.length + 1);
      }),
    );
  });
});

function errorOf(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}
