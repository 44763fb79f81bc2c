import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { below, ORIGIN, wireName, zonePairs, zones } from '../../test/support/zones.ts';
import { changeFingerprint, compareRRsets, diffZones, zoneDigest } from './diff.ts';
import { RR } from './rr-types.ts';
import type { RRset } from './types.ts';

const WWW = below('www', ORIGIN);

function set(type: number, rdata: readonly string[], ttl = 300): RRset {
  return { name: WWW, type, ttl, rdata };
}

describe('diffZones', () => {
  const address = set(RR.A, ['\x01\x02\x03\x04']);
  const lower = set(RR.CNAME, [wireName('target')]);

  it.each([
    { what: 'nothing in two empty zones', before: [], after: [], actions: [], unchanged: 0 },
    { what: 'an addition', before: [], after: [address], actions: ['add A'], unchanged: 0 },
    { what: 'a removal', before: [address], after: [], actions: ['remove A'], unchanged: 0 },
    {
      what: 'other values',
      before: [address],
      after: [set(RR.A, ['\x01\x02\x03\x05'])],
      actions: ['change A'],
      unchanged: 0,
    },
    {
      what: 'a value more',
      before: [address],
      after: [set(RR.A, [...address.rdata, '\x09\x09\x09\x09'])],
      actions: ['change A'],
      unchanged: 0,
    },
    {
      what: 'another TTL',
      before: [address],
      after: [set(RR.A, address.rdata, 60)],
      actions: ['change A'],
      unchanged: 0,
    },
    {
      what: 'another type as a removal and an addition',
      before: [lower],
      after: [address],
      actions: ['add A', 'remove CNAME'],
      unchanged: 0,
    },
    {
      what: 'no difference in letter case of a target',
      before: [lower],
      after: [set(RR.CNAME, [wireName('TARGET')])],
      actions: [],
      unchanged: 1,
    },
    {
      what: 'letter case in a TXT',
      before: [set(RR.TXT, ['\x01a'])],
      after: [set(RR.TXT, ['\x01A'])],
      actions: ['change TXT'],
      unchanged: 0,
    },
    {
      what: 'borders of strings in a TXT',
      before: [set(RR.TXT, ['\x01a\x01b'])],
      after: [set(RR.TXT, ['\x02ab'])],
      actions: ['change TXT'],
      unchanged: 0,
    },
  ])('sees $what', ({ before, after, actions, unchanged }) => {
    const diff = diffZones(before, after);
    const types = new Map<number, string>([
      [RR.A, 'A'],
      [RR.CNAME, 'CNAME'],
      [RR.TXT, 'TXT'],
    ]);
    expect(
      diff.changes.map((change) => {
        const action = change.before === undefined ? 'add' : change.after === undefined ? 'remove' : 'change';
        return `${action} ${types.get(change.type)}`;
      }),
    ).toEqual(actions);
    expect(diff.unchanged).toBe(unchanged);
  });

  it('takes a TTL alone for no change under ignoreTtl, and the TTL of the source where values change', () => {
    const [other, both] = [set(RR.A, address.rdata, 60), set(RR.A, ['\x09\x09\x09\x09'], 60)];
    expect(diffZones([address], [other], { ignoreTtl: true })).toEqual({ changes: [], unchanged: 1 });
    expect(diffZones([address], [both], { ignoreTtl: true }).changes[0]?.after?.ttl).toBe(60);
  });

  it('finds nothing between a zone and itself, and counts every set once between two', () => {
    fc.assert(
      fc.property(zonePairs(), ({ before, after }) => {
        expect(diffZones(before.rrsets, before.rrsets)).toEqual({ changes: [], unchanged: before.rrsets.length });
        const { changes, unchanged } = diffZones(before.rrsets, after.rrsets);
        expect(changes.filter((change) => change.before).length + unchanged).toBe(before.rrsets.length);
        expect(changes.filter((change) => change.after).length + unchanged).toBe(after.rrsets.length);
      }),
    );
  });

  it('finds the same in zones and in arrays of their sets', () => {
    fc.assert(
      fc.property(zonePairs(), fc.boolean(), ({ before, after }, ignoreTtl) => {
        const between = diffZones(before.rrsets, after.rrsets, { ignoreTtl });
        expect(between).toEqual(diffZones([...before.rrsets], [...after.rrsets], { ignoreTtl }));
        expect(between).toEqual(diffZones([...before.rrsets], after.rrsets, { ignoreTtl }));
      }),
    );
  });

  it('gives what turns one zone into the other, in canonical order', () => {
    fc.assert(
      fc.property(zonePairs(), ({ before, after }) => {
        const { changes } = diffZones(before.rrsets, after.rrsets);
        const result = new Map(before.rrsets.map((one) => [`${one.type} ${one.name}`, one]));
        for (const change of changes) {
          if (change.after === undefined) result.delete(`${change.type} ${change.name}`);
          else result.set(`${change.type} ${change.name}`, change.after);
        }
        expect(zoneDigest([...result.values()].sort(compareRRsets))).toBe(zoneDigest(after.rrsets));
        const sets = changes.flatMap((change) => change.after ?? change.before ?? []);
        expect(sets.toSorted(compareRRsets)).toEqual(sets);
      }),
    );
  });
});

describe('changeFingerprint', () => {
  const before = set(RR.CNAME, [wireName('a')]);
  const after = set(RR.CNAME, [wireName('b')]);
  const change = { name: WWW, type: RR.CNAME, before, after };

  it('has nine base64url characters and is the same for the same meaning', () => {
    expect(changeFingerprint(change)).toMatch(/^[\w-]{9}$/);
    const shouted = { ...change, after: set(RR.CNAME, [wireName('B')]) };
    expect(changeFingerprint(shouted)).toBe(changeFingerprint(change));
  });

  it('tells apart what differs in name, type, side, TTL or value', () => {
    const others = [
      change,
      { name: WWW, type: RR.CNAME, before: after, after: before },
      { name: WWW, type: RR.CNAME, before },
      { name: WWW, type: RR.CNAME, after: before },
      { ...change, after: set(RR.CNAME, after.rdata, 60) },
      { ...change, after: { ...after, name: ORIGIN } },
      { ...change, after: set(RR.NS, after.rdata) },
    ];
    expect(new Set(others.map(changeFingerprint)).size).toBe(others.length);
  });
});

describe('zoneDigest', () => {
  it('is equal for equal content alone', () => {
    fc.assert(
      fc.property(zones(), zones(), (a, b) => {
        const same = diffZones(a.rrsets, b.rrsets).changes.length === 0;
        expect(zoneDigest(a.rrsets) === zoneDigest(b.rrsets)).toBe(same);
      }),
    );
  });

  it('is the SHA-256 of nothing for no sets', () => {
    expect(zoneDigest([])).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });
});
