import { expect, it } from 'vitest';
import type { Value } from '../engine/types.ts';
import { documentChanges } from './document-changes.ts';

type Mapping = Readonly<Record<string, Value>>;

it.each<[reason: string, before: Mapping, after: Mapping, changes: readonly unknown[]]>([
  ['nothing differs, whatever the order', { a: 1, b: [{ c: 2 }] }, { b: [{ c: 2 }], a: 1 }, []],
  [
    'a value deep inside',
    { rules: { maxActions: 100, mode: 'edge' } },
    { rules: { maxActions: 10_000, mode: 'edge' } },
    [{ path: 'rules.maxActions', before: 100, after: 10_000 }],
  ],
  [
    'names that come and go, sorted',
    { z: true, m: { y: 1 } },
    { b: { c: [] }, m: {} },
    [
      { path: 'b', before: null, after: { c: [] } },
      { path: 'm.y', before: 1, after: null },
      { path: 'z', before: true, after: null },
    ],
  ],
  [
    'a list of texts is one value',
    { accounts: ['1', '2'] },
    { accounts: ['0', '1', '2'] },
    [{ path: 'accounts', before: ['1', '2'], after: ['0', '1', '2'] }],
  ],
  [
    'mappings of lists of one length are compared one by one',
    { periods: [{ on: '08:30' }, { on: '10:00', off: '14:00' }] },
    { periods: [{ on: '08:30' }, { on: '09:00', off: '14:00' }] },
    [{ path: 'periods.1.on', before: '10:00', after: '09:00' }],
  ],
  [
    'lists of another length are one value',
    { periods: [{ on: '08:30' }] },
    { periods: [{ on: '07:00' }, { on: '08:30' }] },
    [{ path: 'periods', before: [{ on: '08:30' }], after: [{ on: '07:00' }, { on: '08:30' }] }],
  ],
  ['another shape is one value', { a: { b: 1 } }, { a: [1] }, [{ path: 'a', before: { b: 1 }, after: [1] }]],
  [
    'a name that is no plain word is quoted',
    { 'a.b': { 'c d': 1, '': 2 } },
    { 'a.b': { 'c d': 3, '': 4 } },
    [
      { path: '"a.b"."c d"', before: 1, after: 3 },
      { path: '"a.b".""', before: 2, after: 4 },
    ].reverse(),
  ],
  [
    'a name that every object inherits is a name like others',
    JSON.parse('{"constructor":1}') as Mapping,
    JSON.parse('{"__proto__":{"x":1},"toString":2}') as Mapping,
    [
      { path: '__proto__', before: null, after: { x: 1 } },
      { path: 'constructor', before: 1, after: null },
      { path: 'toString', before: null, after: 2 },
    ],
  ],
])('%s', (_, before, after, changes) => {
  expect(documentChanges(before, after)).toEqual(changes);
});
