import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { ZoneError } from './errors.ts';
import { parseName } from './name.ts';
import { parseRdata } from './rdata.ts';
import { RR, typeCode } from './rr-types.ts';
import type { WireRecord } from './types.ts';
import { buildZone } from './zone.ts';

const origin = parseName('example.', 'decimal');
const soa = record('@', 'SOA', 'ns. host. 7 1 2 3 4');

function record(name: string, type: string, text: string, ttl = 300): WireRecord {
  const code = typeCode(type)!;
  return {
    name: parseName(name, 'decimal', origin),
    type: code,
    ttl,
    rdata: parseRdata(code, text, 'decimal', origin),
  };
}

describe('buildZone', () => {
  it('groups RRsets and puts them and their RDATA into canonical order', () => {
    const zone = buildZone(origin, [
      record('b', 'A', '192.0.2.2'),
      record('z.a', 'A', '192.0.2.1'),
      record('b', 'AAAA', '::1'),
      soa,
      record('b', 'A', '192.0.2.1'),
      record('a', 'TXT', '"a"'),
      record('@', 'NS', 'ns'),
    ]);
    expect(zone.origin).toBe(origin);
    expect(zone.records).toBe(7);
    expect(zone.findings).toEqual([]);
    expect(zone.soa.serial).toBe(7);
    expect(zone.rrsets.map(({ name, type, rdata }) => [name, type, rdata.length])).toEqual([
      [origin, RR.NS, 1],
      [origin, RR.SOA, 1],
      [`\x01a${origin}`, RR.TXT, 1],
      [`\x01z\x01a${origin}`, RR.A, 1],
      [`\x01b${origin}`, RR.A, 2],
      [`\x01b${origin}`, RR.AAAA, 1],
    ]);
    expect(zone.rrsets.at(4)!.rdata).toEqual(['\xc0\0\x02\x01', '\xc0\0\x02\x02']);
  });

  it('merges duplicates, also those that differ in letter case only, and keeps the first spelling', () => {
    const zone = buildZone(origin, [soa, record('@', 'NS', 'NS1'), record('@', 'NS', 'ns1'), record('@', 'NS', 'Ns1')]);
    expect(zone.rrsets.at(0)!.rdata).toEqual([record('@', 'NS', 'NS1').rdata]);
    expect(zone.records).toBe(2);
    expect(zone.findings).toEqual([
      { code: 'duplicate-record', name: origin, type: RR.NS, detail: '2 of 3 records are duplicates.' },
    ]);
  });

  it('keeps TXT strings apart that differ in letter case or in their cuts', () => {
    const texts = ['"ab"', '"AB"', '"a" "b"'].map((text) => record('a', 'TXT', text));
    expect(buildZone(origin, [soa, ...texts]).records).toBe(4);
  });

  it('takes the lowest TTL of a set and says so, wherever its records stand', () => {
    const zone = buildZone(origin, [
      record('a', 'A', '192.0.2.1', 600),
      record('a', 'A', '192.0.2.2', 300),
      soa,
      record('a', 'A', '192.0.2.3', 900),
      record('a', 'A', '192.0.2.4', 400),
    ]);
    expect(zone.rrsets.at(1)).toMatchObject({ ttl: 300 });
    expect(zone.findings).toEqual([
      {
        code: 'ttl-mismatch',
        name: `\x01a${origin}`,
        type: RR.A,
        detail: 'The records have TTLs from 300 to 900; the lowest is taken.',
      },
    ]);
  });

  it('takes different TTLs of signatures as they are meant', () => {
    const signatures = [300, 0].map((ttl, key) => record('a', 'RRSIG', `A 13 1 1 1 1 ${key} . AQID`, ttl));
    expect(buildZone(origin, [soa, ...signatures])).toMatchObject({ records: 3, findings: [] });
  });

  it('takes the SOA at both ends of a transfer as one, without a finding', () => {
    const zone = buildZone(origin, [soa, record('a', 'A', '192.0.2.1'), soa]);
    expect(zone).toMatchObject({ records: 2, findings: [] });
  });

  it('puts findings of the reader before its own', () => {
    const given = { code: 'ttl-out-of-range', name: origin, type: RR.A, detail: '' } as const;
    const twice = record('a', 'A', '192.0.2.1');
    const codes = buildZone(origin, [soa, twice, twice], [given]).findings.map(({ code }) => code);
    expect(codes).toEqual(['ttl-out-of-range', 'duplicate-record']);
  });

  it.each<{ why: string; records: WireRecord[]; code: string }>([
    { why: 'nothing', records: [], code: 'no-soa' },
    { why: 'a SOA below the apex only', records: [record('a', 'SOA', 'ns. host. 7 1 2 3 4')], code: 'no-soa' },
    { why: 'two SOAs', records: [soa, record('@', 'SOA', 'ns. host. 8 1 2 3 4')], code: 'several-soas' },
    { why: 'a malformed SOA', records: [{ ...soa, rdata: '\0' }], code: 'malformed-rdata' },
  ])('refuses $why', ({ records, code }) => {
    expect(() => buildZone(origin, records)).toThrow(expect.objectContaining({ code }));
  });

  it('refuses with an error of the zone', () => {
    expect(() => buildZone(origin, [])).toThrow(ZoneError);
  });

  it('gives the same zone for the same records in any order', () => {
    const records = [
      soa,
      record('@', 'NS', 'ns'),
      ...['a', 'b', '*.b', 'c.b', String.raw`\000`].flatMap((name) => [
        record(name, 'A', '192.0.2.1'),
        record(name, 'A', '192.0.2.2', 60),
        record(name, 'TXT', '"x"'),
      ]),
    ];
    const expected = buildZone(origin, records);
    fc.assert(
      fc.property(fc.shuffledSubarray(records, { minLength: records.length }), (shuffled) => {
        expect(buildZone(origin, shuffled)).toEqual(expected);
      }),
    );
  });
});
