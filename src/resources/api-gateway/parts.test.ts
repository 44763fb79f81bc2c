import { describe, expect, it } from 'vitest';
import { choosePart } from './parts.ts';
import type { PartQuestion } from './parts.ts';

const NONE: ReadonlySet<string> = new Set();

/** @param parts ids with their keys. */
function ask(parts: Readonly<Record<string, string>>, rest: Partial<PartQuestion> = {}) {
  const found = Object.entries(parts).map(([id, key]) => ({ id, key }));
  return choosePart({ parts: found, key: 'k', ownId: undefined, others: NONE, isUnique: false, ...rest });
}

describe('which part of an API a declared one is', () => {
  it.each<[string, ReturnType<typeof ask>, ReturnType<typeof ask>]>([
    ['none', ask({ a: 'x' }), undefined],
    ['the one of its key', ask({ a: 'x', b: 'k' }), { id: 'b', rivals: [] }],
    ['of two of its key the first, and the other is a rival', ask({ a: 'k', b: 'k' }), { id: 'a', rivals: ['b'] }],
    ['of two the one with its stamp', ask({ a: 'k', b: 'k' }, { ownId: 'b' }), { id: 'b', rivals: ['a'] }],
    ['the one with its stamp, though its key was changed', ask({ a: 'x' }, { ownId: 'a' }), { id: 'a', rivals: [] }],
    [
      'the one with its stamp, and what has its key is a rival',
      ask({ a: 'x', b: 'k' }, { ownId: 'a' }),
      { id: 'a', rivals: ['b'] },
    ],
    [
      'the one of its key, where there can be no second one',
      ask({ a: 'x', b: 'k' }, { ownId: 'a', isUnique: true }),
      { id: 'b', rivals: [] },
    ],
    [
      'the one of its key, where its stamp names what is gone',
      ask({ b: 'k' }, { ownId: 'a' }),
      { id: 'b', rivals: [] },
    ],
    [
      'none that is another’s by its stamp',
      ask({ a: 'k', b: 'k' }, { others: new Set(['a']) }),
      { id: 'b', rivals: [] },
    ],
    ['none without a key and a stamp', ask({ a: 'k' }, { key: undefined }), undefined],
  ])('is %s', (_what, found, expected) => {
    expect(found).toEqual(expected);
  });
});
