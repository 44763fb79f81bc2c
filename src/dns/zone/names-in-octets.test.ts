import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { names } from '../../../test/support/zones.ts';
import { compareNames, ROOT } from '../name.ts';
import { compareNamesIn, endOfName } from './names-in-octets.ts';

const someNames = fc.oneof({ weight: 9, arbitrary: names() }, fc.constant(ROOT));

describe('names in octets', () => {
  it('end where they end', () => {
    fc.assert(
      fc.property(someNames, someNames, (a, b) => {
        const octets = Buffer.from(a + b, 'latin1');
        expect([endOfName(octets, 0), endOfName(octets, a.length)]).toEqual([a.length, octets.length]);
      }),
    );
  });

  it('have the order of compareNames', () => {
    fc.assert(
      fc.property(someNames, someNames, (a, b) => {
        const octets = Buffer.from(a + b, 'latin1');
        expect(Math.sign(compareNamesIn(octets, 0, a.length))).toBe(Math.sign(compareNames(a, b)));
        expect(compareNamesIn(octets, a.length, a.length)).toBe(0);
      }),
      { numRuns: 1_000 },
    );
  });
});
