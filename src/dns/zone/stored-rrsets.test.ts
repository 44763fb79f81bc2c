import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { names, ORIGIN, zones } from '../../../test/support/zones.ts';
import { writeSoa } from '../rdata.ts';
import { RR } from '../rr-types.ts';
import type { WireRecord } from '../types.ts';
import { buildZone } from '../zone.ts';
import { StoredRRsets } from './stored-rrsets.ts';

const SOA: WireRecord = {
  name: ORIGIN,
  type: RR.SOA,
  ttl: 300,
  rdata: writeSoa({ mname: ORIGIN, rname: ORIGIN, serial: 1, refresh: 2, retry: 3, expire: 4, minimum: 5 }),
};

function stored(...records: readonly WireRecord[]): StoredRRsets {
  const { rrsets } = buildZone(ORIGIN, [SOA, ...records]);
  if (rrsets instanceof StoredRRsets) return rrsets;
  throw new Error('a zone holds its sets stored');
}

describe('StoredRRsets', () => {
  it('does what an array of the same sets does', () => {
    fc.assert(
      fc.property(zones(), fc.nat(), ({ rrsets }, number) => {
        const array = [...rrsets];
        const wanted = ({ type }: { readonly type: number }, index: number) => (type + index) % 3 === number % 3;
        expect(rrsets.length).toBe(array.length);
        expect(array.map((_, index) => rrsets.at(index))).toEqual(array);
        expect(rrsets.at(array.length)).toBeUndefined();
        expect(rrsets.map((set, index) => [set, index])).toEqual(array.map((set, index) => [set, index]));
        expect(rrsets.filter(wanted)).toEqual(array.filter(wanted));
        expect(rrsets.find(wanted)).toEqual(array.find(wanted));
        expect(rrsets.some(wanted)).toBe(array.some(wanted));
        expect(rrsets.every(wanted)).toBe(array.every(wanted));
      }),
    );
  });

  it('gives back every octet of names and values', () => {
    fc.assert(
      fc.property(names(), fc.uint8Array({ maxLength: 40 }), (name, bytes) => {
        const record = { name, type: RR.TXT, ttl: 60, rdata: Buffer.from(bytes).toString('latin1') };
        expect(stored(record).filter(({ type }) => type === RR.TXT)).toEqual([
          { name, type: RR.TXT, ttl: 60, rdata: [record.rdata] },
        ]);
      }),
    );
  });

  it('holds a value of 65,535 octets', () => {
    const rdata = '\xff'.repeat(65_535);
    expect(stored({ name: ORIGIN, type: 65_280, ttl: 1, rdata }).at(1)?.rdata).toEqual([rdata]);
  });

  const record = { name: ORIGIN, type: RR.TXT, ttl: 60, rdata: '\x01a' };
  it.each([
    { what: 'itself', other: [record], same: true },
    { what: 'a set with another value', other: [{ ...record, rdata: '\x01b' }], same: false },
    { what: 'a set with a longer value', other: [{ ...record, rdata: '\x01a\x01b' }], same: false },
    { what: 'a set with another TTL', other: [{ ...record, ttl: 61 }], same: false },
    { what: 'a set of another type', other: [{ ...record, type: RR.SPF }], same: false },
    { what: 'a set of a longer name', other: [{ ...record, name: `\x01a${ORIGIN}` }], same: false },
    { what: 'a set with a value more', other: [record, { ...record, rdata: '\x01b' }], same: false },
  ])('finds a set the same as $what: $same', ({ other, same }) => {
    const [left, right] = [stored(record), stored(...other)];
    expect(left.isSame(1, right, 1)).toBe(same);
    expect(right.isSame(1, left, 1)).toBe(same);
  });

  it('tells a name from one that begins or ends with it', () => {
    const long = { ...record, name: `\x01z\x04test\x01z\x04test\0` };
    const [short, both] = [stored(record), stored(long)];
    expect(short.isSame(1, both, 1)).toBe(false);
    expect(both.isSame(1, short, 1)).toBe(false);
  });
});
