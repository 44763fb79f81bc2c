import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { below, names, octets, ORIGIN, wireName, zones } from '../../test/support/zones.ts';
import { parseRdata } from './rdata.ts';
import { encodedLength, encodedSetLength, fromRoute53, isRoute53Type, ROUTE53_TYPES, toRoute53 } from './route53.ts';
import { RR, typeCode } from './rr-types.ts';
import type { RRset } from './types.ts';

const WWW = below('www', ORIGIN);

function setOf(type: number, text: string, name = WWW): RRset {
  return { name, type, ttl: 300, rdata: [parseRdata(type, text, 'decimal', ORIGIN)] };
}

describe('toRoute53', () => {
  it.each([
    {
      what: 'a wildcard',
      set: setOf(RR.A, '192.0.2.1', below('*', ORIGIN)),
      name: '\\052.z.test.',
      value: '192.0.2.1',
    },
    {
      what: 'a dot in a label',
      set: setOf(RR.A, '192.0.2.1', below('a.b', ORIGIN)),
      name: 'a\\056b.z.test.',
      value: '192.0.2.1',
    },
    {
      what: 'an RFC 2317 zone',
      set: setOf(RR.PTR, 'a', wireName('1', '128/25', 'arpa')),
      name: '1.128\\05725.arpa.',
      value: 'a.z.test.',
    },
    {
      what: 'an octet above ASCII',
      set: setOf(RR.A, '192.0.2.1', below('\xfc', ORIGIN)),
      name: '\\374.z.test.',
      value: '192.0.2.1',
    },
    { what: 'a TXT of several strings', set: setOf(RR.TXT, '"a" "b"'), name: 'www.z.test.', value: '"a" "b"' },
    {
      what: 'quotes and a backslash',
      set: setOf(RR.TXT, '"say \\"\\\\\\""'),
      name: 'www.z.test.',
      value: '"say \\"\\\\\\""',
    },
    { what: 'UTF-8 in a TXT', set: setOf(RR.TXT, '"caf\\195\\169"'), name: 'www.z.test.', value: '"caf\\303\\251"' },
    { what: 'an address', set: setOf(RR.AAAA, '2001:DB8:0:0:1::1'), name: 'www.z.test.', value: '2001:db8::1:0:0:1' },
    { what: 'a mail exchange', set: setOf(RR.MX, '10 mail'), name: 'www.z.test.', value: '10 mail.z.test.' },
  ])('writes $what', ({ set, name, value }) => {
    expect(toRoute53(set)).toMatchObject({ Name: name, TTL: 300, ResourceRecords: [{ Value: value }] });
  });

  it('refuses a type that Route 53 cannot hold', () => {
    expect(() => toRoute53({ name: WWW, type: RR.HINFO, ttl: 1, rdata: ['\x01a\x01b'] })).toThrow(
      'Route 53 cannot hold HINFO at www.z.test.',
    );
  });

  it('knows exactly the 17 types of the API', () => {
    expect(ROUTE53_TYPES).toHaveLength(17);
    expect(ROUTE53_TYPES.every((type) => isRoute53Type(typeCode(type)!))).toBe(true);
    expect(isRoute53Type(RR.DNAME)).toBe(false);
  });
});

describe('fromRoute53', () => {
  const plain = { Name: 'www.z.test.', Type: 'A', TTL: 60, ResourceRecords: [{ Value: '192.0.2.1' }] };

  it.each([
    ['an alias', { ...plain, AliasTarget: { DNSName: 'x.' } }],
    ['a routing policy', { ...plain, SetIdentifier: 'blue', Weight: 1 }],
    ['a traffic policy', { ...plain, TrafficPolicyInstanceId: 'id' }],
    ['an unknown type', { ...plain, Type: 'NEW' }],
    ['a type that is not writable', { ...plain, Type: 'HINFO' }],
    ['no type', { ...plain, Type: undefined }],
    ['no name', { ...plain, Name: undefined }],
    ['no TTL', { ...plain, TTL: undefined }],
    ['no values', { ...plain, ResourceRecords: [] }],
    ['an absent value', { ...plain, ResourceRecords: [{ Value: undefined }] }],
    ['a value that is no address', { ...plain, ResourceRecords: [{ Value: '192.0.2.256' }] }],
    ['a name with a bad escape', { ...plain, Name: 'a\\9.z.test.' }],
    ['two strings that are not separated', { ...plain, Type: 'TXT', ResourceRecords: [{ Value: '"a' }] }],
    ['a name that is too long', { ...plain, Name: `${'a.'.repeat(200)}test.` }],
  ])('leaves %s alone', (_, set) => {
    expect(fromRoute53(set)).toBeUndefined();
  });

  it.each([
    {
      what: 'a star in either spelling',
      set: { ...plain, Name: '*.z.test' },
      rdata: ['\xc0\0\x02\x01'],
      name: below('*', ORIGIN),
    },
    { what: 'letter case of the owner', set: { ...plain, Name: 'WWW.Z.test.' }, rdata: ['\xc0\0\x02\x01'], name: WWW },
    {
      what: 'a target without its trailing dot as absolute',
      set: { ...plain, Type: 'CNAME', ResourceRecords: [{ Value: 'a.z.test' }] },
      rdata: [below('a', ORIGIN)],
      name: WWW,
    },
    {
      what: 'octal escapes, never decimal ones',
      set: { ...plain, Type: 'TXT', ResourceRecords: [{ Value: '"\\052"' }] },
      rdata: ['\x01*'],
      name: WWW,
    },
    {
      what: 'values in any order, each meaning once',
      set: { ...plain, Type: 'NS', ResourceRecords: [{ Value: 'b.' }, { Value: 'a.' }, { Value: 'B.' }] },
      rdata: [wireName('a'), wireName('b')],
      name: WWW,
    },
  ])('reads $what', ({ set, rdata, name }) => {
    expect(fromRoute53(set)).toMatchObject({ name, rdata });
  });

  it.each([
    ['an address in another spelling', { ...plain, Type: 'AAAA', ResourceRecords: [{ Value: '2001:DB8:0::1' }] }],
    ['a target without its trailing dot', { ...plain, Type: 'CNAME', ResourceRecords: [{ Value: 'a.z.test' }] }],
    ['a name without its trailing dot', { ...plain, Name: 'www.z.test' }],
    ['values that mean the same', { ...plain, Type: 'NS', ResourceRecords: [{ Value: 'b.' }, { Value: 'B.' }] }],
  ])('writes %s back as it was listed, since a DELETE must repeat it', (_, set) => {
    const read = fromRoute53(set)!;
    expect(toRoute53(read)).toEqual(set);
    expect(encodedSetLength(read)).toBe(set.ResourceRecords.map(({ Value }) => Value).join('').length);
  });

  it('is the inverse of toRoute53 for every set of every zone', () => {
    fc.assert(
      fc.property(zones(), (zone) => {
        for (const set of zone.rrsets) expect(fromRoute53(toRoute53(set))).toEqual(set);
      }),
    );
  });

  it('is the inverse of toRoute53 over all octets of names and strings', () => {
    for (let octet = 0; octet < 256; octet += 1) {
      const character = String.fromCharCode(octet);
      const label = character.toLowerCase() === character || octet > 0x7f ? character : '-';
      const set = { name: below(`x${label}`, ORIGIN), type: RR.TXT, ttl: 1, rdata: [`\x02${character}y`] };
      expect(fromRoute53(toRoute53(set))).toEqual(set);
    }
  });

  it('never throws, whatever is listed', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('www.z.test.', '\\', '"', '\\777', '@', '.'));
    const record = fc.record({
      Name: text,
      Type: fc.constantFrom(...ROUTE53_TYPES, 'NEW'),
      TTL: fc.nat(),
      ResourceRecords: fc.array(text.map((Value) => ({ Value }))),
    });
    fc.assert(
      fc.property(record, (set) => void fromRoute53(set)),
      { numRuns: 500 },
    );
  });
});

it('counts a value as it is sent: octets outside ASCII take four characters', () => {
  fc.assert(
    fc.property(names(), octets({ maxLength: 255 }), (name, text) => {
      const rdata = String.fromCharCode(text.length) + text;
      const sent = toRoute53({ name, type: RR.TXT, ttl: 1, rdata: [rdata] }).ResourceRecords[0]!.Value;
      expect(encodedLength(RR.TXT, rdata)).toBe(sent.length);
    }),
  );
});
