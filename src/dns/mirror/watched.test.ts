import { expect, it } from 'vitest';
import { below, ORIGIN, wireName } from '../../../test/support/zones.ts';
import { RR } from '../rr-types.ts';
import type { RRset, RRsetChange } from '../types.ts';
import { watchedFindings } from './watched.ts';

function change(label: string, type: number, side: 'before' | 'after'): RRsetChange {
  const set: RRset = { name: below(label, ORIGIN), type, ttl: 1, rdata: [wireName('x')] };
  return { name: set.name, type, [side]: set };
}

it.each([
  { what: 'a new delegation', changes: [change('sub', RR.NS, 'after')], codes: ['delegation-changed'] },
  { what: 'a new DS', changes: [change('sub', RR.DS, 'after')], codes: ['delegation-changed'] },
  {
    what: 'an answer to an ACME challenge',
    changes: [change('_acme-challenge', RR.TXT, 'after')],
    codes: ['acme-challenge'],
  },
  { what: 'no delegation that goes', changes: [change('sub', RR.NS, 'before')], codes: [] },
  { what: 'no ordinary change', changes: [change('www', RR.A, 'after')], codes: [] },
])('T86 highlights $what', ({ changes, codes }) => {
  expect(watchedFindings(changes).map(({ code }) => code)).toEqual(codes);
});
