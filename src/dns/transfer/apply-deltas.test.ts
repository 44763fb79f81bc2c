import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { record, soa, ZONE } from '../../../test/support/wire.ts';
import { RR } from '../rr-types.ts';
import type { WireRecord, Zone } from '../types.ts';
import { buildZone } from '../zone.ts';
import { applyDeltas } from './apply-deltas.ts';
import type { DeltaStep } from './delta-chain.ts';
import { TransferFault } from './errors.ts';

function zoneOf(serial: number, records: readonly WireRecord[]): Zone {
  return buildZone(ZONE, [soa(serial), ...records]);
}

function signature(owner: string, ttl: number, tag: number): WireRecord {
  const rdata = `A 13 2 300 20260101000000 20250101000000 ${tag} z.test. AAAA`;
  return record(`${owner} ${ttl} RRSIG ${rdata}`);
}

const a = (octet: number, ttl = 300): WireRecord => record(`www ${ttl} A 192.0.2.${octet}`);

describe('applyDeltas', () => {
  it.each([
    { what: 'a set that keeps one TTL', before: [a(1), a(2)], deletes: [a(1)], adds: [a(3)] },
    {
      what: 'a TTL that changes: all of a set goes and comes back',
      before: [a(1), a(2)],
      deletes: [a(1), a(2)],
      adds: [a(1, 60), a(2, 60)],
    },
    { what: 'an added record with another TTL', before: [a(1)], deletes: [], adds: [a(2, 60)] },
    { what: 'an added record with a higher TTL', before: [a(1)], deletes: [], adds: [a(2, 900)] },
    {
      what: 'a merged set of which all goes, each record with its own TTL',
      before: [a(1, 60), a(2, 900)],
      deletes: [a(1, 60), a(2, 900)],
      adds: [a(3)],
    },
    {
      what: 'signatures: one with a high TTL goes',
      before: [signature('www', 60, 1), signature('www', 900, 2)],
      deletes: [signature('www', 900, 2)],
      adds: [],
    },
    {
      what: 'signatures: the one with the lowest TTL is replaced',
      before: [signature('www', 60, 1), signature('www', 900, 2)],
      deletes: [signature('www', 60, 1)],
      adds: [signature('www', 60, 3)],
    },
  ])('gives what a full transfer gives for $what', ({ before, deletes, adds }) => {
    const gone = new Set(deletes.map((one) => one.rdata));
    const after = [...before.filter(({ rdata }) => !gone.has(rdata)), ...adds];

    expect(applyDeltas(zoneOf(1, before), [{ deletes, adds }], soa(2))).toEqual(zoneOf(2, after));
  });

  it.each([
    {
      what: 'part of a set goes whose TTLs were merged',
      before: [a(1, 60), a(2, 900)],
      deletes: [a(1, 60)],
      adds: [],
    },
    { what: 'a merged set grows', before: [a(1, 60), a(2, 900)], deletes: [], adds: [a(3, 60)] },
    { what: 'a record goes with another TTL than the set has', before: [a(1), a(2)], deletes: [a(1, 900)], adds: [] },
    { what: 'part of a set goes of which one came twice', before: [a(1), a(1), a(2)], deletes: [a(1)], adds: [] },
    {
      what: 'the signature goes that may have had the lowest TTL',
      before: [signature('www', 60, 1), signature('www', 900, 2)],
      deletes: [signature('www', 60, 1)],
      adds: [],
    },
  ])('refuses to guess the TTL where $what', ({ before, deletes, adds }) => {
    const apply = () => applyDeltas(zoneOf(1, before), [{ deletes, adds }], soa(2));

    expect(apply).toThrow(TransferFault);
    expect(apply).toThrow(/TTL is not known/);
  });

  it('keeps findings of sets that are not touched, and drops those of sets that are', () => {
    const other = [record('other 60 A 192.0.2.1'), record('other 900 A 192.0.2.2')];
    const base = zoneOf(1, [...other, a(1, 60), a(2, 900)]);
    const zone = applyDeltas(base, [{ deletes: [a(1, 60), a(2, 900)], adds: [] }], soa(2));

    expect(zone.findings).toEqual(zoneOf(2, other).findings);
    expect(zone.findings).toHaveLength(1);
  });

  it('drops what was found of the SOA that is replaced', () => {
    const base = zoneOf(1, [{ ...soa(1), ttl: 60 }]);
    expect(base.findings).toMatchObject([{ code: 'ttl-mismatch', type: RR.SOA }]);

    expect(applyDeltas(base, [], soa(2))).toEqual(zoneOf(2, []));
  });
});

/** A primary that has a TTL for each record, as RFC 2181 forbids and servers allow. */
type Version = ReadonlyMap<string, number>;

const TYPES = [(n: number) => `A 192.0.2.${n}`, (n: number) => `TXT "${n}"`, (n: number) => `NS Ns${n}`];

/** @param types how many of `TYPES`; one more: signatures. */
function versions(ttls: readonly number[], types: number): fc.Arbitrary<readonly Version[]> {
  const place = fc
    .tuple(fc.constantFrom('@', 'a', 'b.a', '*.a', 'c'), fc.nat(types - 1), fc.nat(3))
    .map(([owner, type, number]) => JSON.stringify([owner, type, number]));
  const version = fc.array(fc.tuple(place, fc.constantFrom(...ttls)), { maxLength: 25 }).map((all) => new Map(all));
  return fc.array(version, { minLength: 2, maxLength: 4 });
}

function recordOf(place: string, ttl: number): WireRecord {
  const [owner, type, number] = JSON.parse(place) as [string, number, number];
  const text = TYPES[type];
  return text === undefined ? signature(owner, ttl, number) : record(`${owner} ${ttl} ${text(number)}`);
}

function recordsOf(version: Version, but: Version = new Map()): WireRecord[] {
  return [...version].filter(([place, ttl]) => but.get(place) !== ttl).map(([place, ttl]) => recordOf(place, ttl));
}

function stepsOf(all: readonly Version[]): DeltaStep[] {
  return all.slice(1).map((next, index) => {
    const before = all[index] ?? new Map();
    return { deletes: recordsOf(before, next), adds: recordsOf(next, before) };
  });
}

function inOrder(zone: Zone) {
  return { ...zone, findings: zone.findings.map((finding) => JSON.stringify(finding)).sort() };
}

describe('any differences', () => {
  it('give what a full transfer gives, where every set has one TTL', () => {
    fc.assert(
      fc.property(versions([300], TYPES.length), (all) => {
        const last = all.length;
        const zone = applyDeltas(zoneOf(1, recordsOf(all[0]!)), stepsOf(all), soa(last));

        expect(zone).toEqual(zoneOf(last, recordsOf(all.at(-1)!)));
      }),
      { numRuns: 300 },
    );
  });

  it('give what a full transfer gives or are refused, where TTLs are mixed', () => {
    let applied = 0;
    fc.assert(
      fc.property(versions([60, 300, 900], TYPES.length + 1), (all) => {
        const last = all.length;
        let zone: Zone;
        try {
          zone = applyDeltas(zoneOf(1, recordsOf(all[0]!)), stepsOf(all), soa(last));
        } catch (error) {
          expect(error).toBeInstanceOf(TransferFault);
          return;
        }
        applied += 1;
        expect(inOrder(zone)).toEqual(inOrder(zoneOf(last, recordsOf(all.at(-1)!))));
      }),
      { numRuns: 1000 },
    );
    expect(applied).toBeGreaterThan(50);
  });

  it('leave the base as it is', () => {
    const base = zoneOf(1, [a(1), a(2)]);
    const before = structuredClone(base);
    applyDeltas(base, [{ deletes: [a(1)], adds: [record('new 300 A 192.0.2.9')] }], soa(2));

    expect(base).toEqual(before);
    expect(base.rrsets.some(({ type }) => type === RR.A)).toBe(true);
  });
});
