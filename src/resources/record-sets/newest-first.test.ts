import { describe, expect, it } from 'vitest';
import { soa as soaRecord } from '../../../test/support/wire.ts';
import { readSoa } from '../../dns/rdata.ts';
import { newestFirst } from './newest-first.ts';

describe('newestFirst', () => {
  it.each([
    { what: 'the highest first', serials: [3, 9, 5], order: [9, 5, 3] },
    { what: 'the first of equals before the others', serials: [3, 9, 5, 9], order: [9, 9, 5, 3], first: 1 },
    {
      what: '1 before 2^32 - 1 (RFC 1982)',
      serials: [2 ** 32 - 1, 1, 2 ** 32 - 5],
      order: [1, 2 ** 32 - 1, 2 ** 32 - 5],
    },
    { what: 'the first of two that lie 2^31 apart', serials: [7, 7 + 2 ** 31], order: [7, 7 + 2 ** 31] },
    {
      what: 'three of which each is newer than another as they came',
      serials: [0, 1.4e9, 2.9e9],
      order: [0, 2.9e9, 1.4e9],
    },
    { what: 'nothing', serials: [], order: [] },
  ])('puts $what', ({ serials, order, first }) => {
    const heard = serials.map((serial, index) => ({ primary: String(index), soa: readSoa(soaRecord(serial).rdata) }));
    const ordered = newestFirst(heard);

    expect(ordered.map(({ soa }) => soa.serial)).toEqual(order);
    expect(ordered[0]?.primary).toBe(first === undefined ? ordered[0]?.primary : String(first));
  });
});
