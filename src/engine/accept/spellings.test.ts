import { describe, expect, it } from 'vitest';
import { listGuess } from './list-spellings.ts';
import { differingPairs, guesses } from './spellings.ts';

describe('a guess spells what was found as the field spells what is wanted', () => {
  it.each<readonly [string, unknown, unknown, unknown, readonly unknown[]]>([
    ['itself', 256, 256, 512, [512]],
    ['text', 'office', 'office', 'nights', ['nights']],
    ['a boolean', true, true, false, [false]],
    ['text for a number', '256', 256, 512, ['512']],
    ['a number for text', 256, '256', '512', [512]],
    ['nothing for text that is no number', 256, '256', 'x', []],
    ['minutes for seconds, in minutes first', '5m', 300, 600, ['10m', '600s']],
    ['hours where they were used', '1h', 3600, 7200, ['2h', '120m', '7200s']],
    ['days for days', '30d', 30, 14, ['14d', '336h', '20160m', '1209600s']],
    ['hours for minutes', '2h', 120, 90, ['90m', '5400s']],
    ['no duration of nothing', '5m', 300, 0, []],
    ['a part of a text', 'corp', 'mirrors corp (x)', 'mirrors lab (x)', ['lab']],
    ['no part of a text with another frame', 'corp', 'mirrors corp (x)', 'lab', []],
    ['a text around it', 'rate(15 minutes)', 15, 5, ['rate(5 minutes)']],
    ['nothing for what is not wanted there', 'other', 'office', 'nights', []],
    ['nothing for a list', ['a'], 'a', 'b', []],
    ['that it goes', 5, 5, null, [undefined]],
    ['not that it goes where it is not what is wanted', 6, 5, null, []],
    ['anything where nothing was', undefined, null, 'x', ['x']],
    ['nothing where something else is wanted', undefined, 'y', 'x', []],
  ])('%s', (_, field, wanted, found, guessed) => {
    expect(guesses(field, { wanted, found })).toEqual(guessed);
  });

  it('text that means something to replace is only text', () => {
    expect(guesses('a$&b', { wanted: '$&', found: '$1$$' })).toEqual(['a$1$$b']);
  });
});

it('pairs are as deep as both have one shape', () => {
  expect(differingPairs({ a: [1, { b: 2 }], c: 3 }, { a: [1, { b: 4 }], d: 5 })).toEqual([
    { wanted: 2, found: 4 },
    { wanted: 3, found: null },
    { wanted: null, found: 5 },
  ]);
  expect(differingPairs([1], [1, 2])).toEqual([{ wanted: [1], found: [1, 2] }]);
});

describe('a list loses and gains', () => {
  const wanted = [
    { Id: 'a', Region: 'r' },
    { Id: 'b', Region: 'r' },
  ];
  const added = { Id: 'c', Region: 's' };
  it.each<readonly [string, readonly unknown[], readonly unknown[], unknown]>([
    ['an item', [{ id: 'a' }, { id: 'b', region: 'r' }], [wanted[1]], [{ index: 0, value: undefined }]],
    [
      'an item after the first',
      [{ id: 'a', region: 'r' }, { id: 'b' }],
      [...wanted, added],
      [{ index: 2, value: { id: 'c', region: 's' } }],
    ],
    [
      'both',
      [{ id: 'a' }, { id: 'b' }],
      [wanted[0], added],
      [
        { index: 1, value: undefined },
        { index: 1, value: { id: 'c' } },
      ],
    ],
    ['nothing that it does not know', [{ id: 'x' }, { id: 'b' }], [wanted[1]], undefined],
    ['nothing where it has another length', [{ id: 'a' }], [wanted[1]], undefined],
    ['not all', [{ id: 'a' }, { id: 'b' }], [], undefined],
  ])('%s', (_, items, found, steps) => {
    expect(listGuess(items, wanted, found)).toEqual(steps);
  });

  it('plain items', () => {
    expect(listGuess(['b', 'a'], ['a', 'b'], ['a', 'b', 'c'])).toEqual([{ index: 2, value: 'c' }]);
  });
});
