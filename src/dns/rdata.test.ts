import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseName } from './name.ts';
import { formatRdata, parseRdata } from './rdata.ts';
import { LAYOUTS } from './rdata/layouts.ts';
import { RR, typeCode, typeName } from './rr-types.ts';
import type { EscapeStyle } from './types.ts';

const octets = (constraints: { minLength?: number; maxLength?: number } = {}) =>
  fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)), ...constraints });
const characterString = octets({ maxLength: 255 }).map((text) => String.fromCharCode(text.length) + text);
const wireName = fc
  .array(octets({ minLength: 1, maxLength: 20 }), { maxLength: 8 })
  .map((labels) => `${labels.map((one) => String.fromCharCode(one.length) + one).join('')}\0`);
const fourOctets = octets({ minLength: 4, maxLength: 4 });

/** Canonical text of a record of every type with a layout; the texts are how BIND 9.18 writes them (hex not split). */
const SAMPLES: readonly (readonly [type: string, text: string])[] = [
  ['A', '192.0.2.1'],
  ['NS', 'ns1.all.test.'],
  ['CNAME', 'Mixed.Case.Example.COM.'],
  ['SOA', String.raw`ns1.all.test. host\.master.all.test. 2024010101 3600 600 1209600 300`],
  ['MB', 'madname.all.test.'],
  ['MG', 'mgmname.all.test.'],
  ['MR', 'mrname.all.test.'],
  ['WKS', '10.0.0.1 6 0 1 2 21 23'],
  ['WKS', '10.0.0.1 17'],
  ['PTR', '.'],
  ['HINFO', '"PC-Intel-700mhz" "Redhat Linux 7.1"'],
  ['MINFO', 'rmailbx.all.test. emailbx.all.test.'],
  ['MX', '0 .'],
  ['TXT', '"one" "two" "" "four"'],
  ['TXT', String.raw`"say \"hi\" \\ back; semi"`],
  ['RP', String.raw`mbox\.dot.all.test. txt.all.test.`],
  ['AFSDB', '1 afs.all.test.'],
  ['X25', '"123456789"'],
  ['ISDN', '"isdn-address" "sub"'],
  ['ISDN', '"isdn-address"'],
  ['RT', '0 intermediate.all.test.'],
  ['NSAP', '0x47000580005a0000000001e133ffffff00016100'],
  ['SIG', 'A 5 3 300 1700000000 1690000000 1 all.test. AQIDBA=='],
  ['KEY', '256 3 13 AQIDBA=='],
  ['PX', '65535 foo.all.test. bar.all.test.'],
  ['GPOS', '"-32.6882" "116.8652" "10.0"'],
  ['AAAA', '2001:db8::1:0:0:1'],
  ['LOC', '60 9 0.000 N 24 39 0.000 E 10.00m 20m 2000m 20m'],
  ['LOC', '0 0 0.001 S 180 0 0.000 W -100000.00m 0.00m 0.10m 90000000m'],
  ['SRV', '0 0 0 .'],
  ['NAPTR', String.raw`100 10 "u" "E2U+sip" "!^\\+(.*)$!sip:\\1@all.test!i" .`],
  ['KX', '10 kdc.all.test.'],
  ['CERT', '1 1 5 AQIDBA=='],
  ['DNAME', 'target.example.'],
  ['SINK', '1 0 0 AQIDBA=='],
  ['APL', '1:192.0.2.0/24 !1:192.0.2.64/28 2:2001:db8::/32 1:0.0.0.0/0'],
  ['DS', '12345 13 2 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF'],
  ['SSHFP', '6 3 00112233445566778899AABBCCDDEEFF'],
  ['IPSECKEY', '10 1 2 192.0.2.38 AQNRU3mG7TVTO2BkR47usntb102uFJtugbo6BSGvgqt4AQ=='],
  ['IPSECKEY', '10 0 2 . AQID'],
  ['IPSECKEY', '10 2 0 2001:db8::1'],
  ['IPSECKEY', '10 3 2 gate.all.test. AQID'],
  ['RRSIG', 'TYPE731 13 2 300 4294967295 0 32779 ixfr.test. AQIDBA=='],
  ['NSEC', 'a.all.test. A MX RRSIG NSEC TYPE1234'],
  ['DNSKEY', '257 3 8 AQIDBA=='],
  ['DHCID', 'AAIBY2/AuCccgoJbsaxcQc9TUapptP69lOjxfNuVAA2kjEA='],
  ['NSEC3', '1 1 12 AABBCCDD 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR MX DNSKEY NS SOA NSEC3PARAM RRSIG'],
  ['NSEC3PARAM', '1 0 0 -'],
  ['TLSA', '3 1 1 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF'],
  ['SMIMEA', '3 1 1 0123456789ABCDEF'],
  ['HIP', '2 200100107B1A74DF365639CC39F1D578 AwEAAbdx rvs.all.test. rvs2.all.test.'],
  ['NINFO', '"foo"'],
  ['RKEY', '0 255 1 AQMFD5raczCJHViKtLYhWGz8hMY9'],
  ['TALINK', 'talink0.all.test. talink2.all.test.'],
  ['CDS', '0 0 0 00'],
  ['CDNSKEY', '0 3 0 AA=='],
  ['OPENPGPKEY', 'AQMFD5raczCJHViKtLYhWGz8hMY9'],
  ['CSYNC', '66 3 A NS AAAA'],
  ['ZONEMD', '2018031500 1 1 000102030405060708090A0B'],
  ['SVCB', String.raw`1 svc.all.test. mandatory=alpn alpn="h2" port=8443 ipv6hint=2001:db8::5 key65333="ex\"a\\mple"`],
  ['SVCB', '0 svc.all.test.'],
  ['HTTPS', '1 . alpn="h3,h2" no-default-alpn port=443 ipv4hint=192.0.2.1,192.0.2.2 ech=AAAA'],
  ['SPF', '"v=spf1 mx -all"'],
  ['NID', '10 14:4fff:ff20:ee64'],
  ['L32', '10 10.1.2.0'],
  ['L64', '10 2001:db8:1140:1000'],
  ['LP', '10 l64.all.test.'],
  ['EUI48', '00-00-5e-00-53-2a'],
  ['EUI64', '00-00-5e-ef-10-00-00-2a'],
  ['URI', '10 20 "https://www.isc.org/"'],
  ['CAA', '0 issue "letsencrypt.org; validationmethods=dns-01"'],
  ['CAA', '128 iodef ""'],
  ['AVC', '"app-name:WOLFGANG"'],
  ['AMTRELAY', '10 0 1 192.0.2.9'],
  ['AMTRELAY', '10 1 0 .'],
  ['TA', '12345 13 2 AB'],
  ['DLV', '12345 13 2 AB'],
  ['TYPE731', String.raw`\# 6 ABCDEF012345`],
  ['TYPE65281', String.raw`\# 0`],
];

function encode(type: string, text: string, style: EscapeStyle = 'decimal'): string {
  return parseRdata(typeCode(type)!, text, style);
}

describe('RDATA in text', () => {
  it.each(SAMPLES)('%s %s is read and written back as it stands', (type, text) => {
    const sorted =
      type === 'NSEC3' ? text.replace('MX DNSKEY NS SOA NSEC3PARAM RRSIG', 'NS SOA MX RRSIG DNSKEY NSEC3PARAM') : text;
    expect(formatRdata(typeCode(type)!, encode(type, text), 'decimal')).toBe(sorted);
  });

  it('has a sample of every layout', () => {
    const sampled = new Set(SAMPLES.map(([type]) => type));
    expect([...LAYOUTS.keys()].map(typeName).filter((type) => !sampled.has(type))).toEqual([]);
  });

  it.each<{ type: string; text: string; wire: string }>([
    { type: 'MX', text: '10 mail.a.', wire: '\0\x0a\x04mail\x01a\0' },
    { type: 'CAA', text: '128 issue ";"', wire: '\x80\x05issue;' },
    {
      type: 'LOC',
      text: '51 30 12.748 N 0 7 39.611 W 0.00',
      wire: '\0\x12\x16\x13\x8b\x0d\x2c\x8c\x7f\xf8\xfc\xa5\0\x98\x96\x80',
    },
    { type: 'APL', text: '!1:10.0.0.0/8', wire: '\0\x01\x08\x81\x0a' },
    { type: 'CSYNC', text: '1 0 A NS', wire: '\0\0\0\x01\0\0\0\x01\x60' },
    {
      type: 'RRSIG',
      text: 'A 13 2 300 20300101000000 19700101000001 1 . AQID',
      wire: '\0\x01\x0d\x02\0\0\x01\x2c\x70\xdb\xd8\x80\0\0\0\x01\0\x01\0\x01\x02\x03',
    },
    { type: 'TXT', text: 'plain words', wire: '\x05plain\x05words' },
    { type: 'TXT', text: '"a""b"', wire: '\x01a\x01b' },
    { type: 'DS', text: '1 RSASHA256 2 0a0B 0c', wire: '\0\x01\x08\x02\x0a\x0b\x0c' },
    { type: 'CERT', text: 'PKIX 1 RSASHA1 AQ ID', wire: '\0\x01\0\x01\x05\x01\x02\x03' },
    {
      type: 'SOA',
      text: 'a. b. 1 1h 1m 1w 1d',
      wire: '\x01a\0\x01b\0\0\0\0\x01\0\0\x0e\x10\0\0\0\x3c\0\x09\x3a\x80\0\x01\x51\x80',
    },
    { type: 'A', text: String.raw`\# 4 c0000201`, wire: '\xc0\0\x02\x01' },
    { type: 'TYPE1', text: '192.0.2.1', wire: '\xc0\0\x02\x01' },
    { type: 'MX', text: String.raw`\# 3 000a 00`, wire: '\0\x0a\0' },
    { type: 'A', text: String.raw`\# 0`, wire: '' },
  ])('$type $text has its octets', ({ type, text, wire }) => {
    expect(encode(type, text)).toBe(wire);
  });

  it.each<{ type: string; text: string; code: string; column: number; style?: EscapeStyle }>([
    { type: 'A', text: '192.0.2.256', code: 'bad-address', column: 1 },
    { type: 'A', text: '', code: 'missing-field', column: 1 },
    { type: 'A', text: '"192.0.2.1"', code: 'unexpected-quotes', column: 1 },
    { type: 'A', text: '192.0.2.1 2', code: 'unexpected-field', column: 11 },
    { type: 'AAAA', text: '192.0.2.1', code: 'bad-address', column: 1 },
    { type: 'MX', text: '65536 a.', code: 'bad-number', column: 1 },
    { type: 'MX', text: '10', code: 'missing-field', column: 1 },
    { type: 'MX', text: '10 a..b.', code: 'empty-label', column: 4 },
    { type: 'TXT', text: '', code: 'missing-field', column: 1 },
    { type: 'TXT', text: `"${'a'.repeat(256)}"`, code: 'string-too-long', column: 1 },
    { type: 'TXT', text: String.raw`"ok" "\300"`, code: 'bad-escape', column: 6 },
    { type: 'TXT', text: String.raw`"ok" "\400"`, code: 'bad-escape', column: 6, style: 'octal' },
    { type: 'TXT', text: '"ok" "bad', code: 'unbalanced-quotes', column: 6 },
    { type: 'TXT', text: '"é"', code: 'bad-character', column: 1 },
    { type: 'TXT', text: `"${'a'.repeat(255)}"`.repeat(257), code: 'rdata-too-long', column: 65_793 },
    { type: 'CAA', text: '0 is-sue "x"', code: 'bad-tag', column: 3 },
    { type: 'DS', text: '1 8 2 ABC', code: 'bad-hex', column: 7 },
    { type: 'DS', text: '1 8 2', code: 'missing-field', column: 5 },
    { type: 'DNSKEY', text: '256 3 13 AQIDB', code: 'bad-base64', column: 10 },
    { type: 'NSEC', text: 'a. A NOSUCH', code: 'unknown-type', column: 6 },
    { type: 'NSEC3', text: '1 0 0 - 01W A', code: 'bad-base32', column: 9 },
    { type: 'NSEC3PARAM', text: `1 0 0 ${'AB'.repeat(256)}`, code: 'bad-hex', column: 7 },
    { type: 'LOC', text: '91 N 0 E 0', code: 'bad-location', column: 4 },
    { type: 'LOC', text: '1 60 N 0 E 0', code: 'bad-location', column: 6 },
    { type: 'LOC', text: '1 N 0 E 0 -1m', code: 'bad-location', column: 11 },
    { type: 'LOC', text: '1 N 0 E -100001m', code: 'bad-location', column: 9 },
    { type: 'LOC', text: '1 N 0 E high', code: 'bad-location', column: 9 },
    { type: 'APL', text: '3:10.0.0.0/8', code: 'bad-address', column: 1 },
    { type: 'APL', text: '1:10.0.0.0/33', code: 'bad-address', column: 1 },
    { type: 'IPSECKEY', text: '10 4 2 a. AQID', code: 'bad-gateway', column: 6 },
    { type: 'IPSECKEY', text: '10 0 2 a. AQID', code: 'bad-gateway', column: 8 },
    { type: 'AMTRELAY', text: '10 2 0 .', code: 'bad-number', column: 4 },
    { type: 'EUI48', text: '00-00-5e-00-53', code: 'bad-address', column: 1 },
    { type: 'NID', text: '10 14:4fff:ff20', code: 'bad-address', column: 4 },
    { type: 'NSAP', text: '47', code: 'bad-address', column: 1 },
    { type: 'HIP', text: `2 ${'AB'.repeat(256)} AQID`, code: 'rdata-too-long', column: 516 },
    { type: 'NULL', text: 'abc', code: 'generic-only', column: 4 },
    { type: 'TYPE731', text: String.raw`\# 5 ABCDEF012345`, code: 'rdata-length', column: 6 },
    { type: 'A', text: String.raw`\# 5 C0000201`, code: 'rdata-length', column: 6 },
    { type: 'A', text: String.raw`\#`, code: 'missing-field', column: 1 },
    { type: 'A', text: String.raw`\# 65536 00`, code: 'bad-number', column: 4 },
  ])('refuses $type $text as $code', ({ type, text, code, column, style }) => {
    expect(() => encode(type, text, style)).toThrow(expect.objectContaining({ code, line: 1, column }));
  });

  it('takes relative names from the origin', () => {
    const origin = parseName('all.test.', 'decimal');
    expect(formatRdata(RR.MX, parseRdata(RR.MX, '10 mail', 'decimal', origin), 'decimal')).toBe('10 mail.all.test.');
    expect(formatRdata(RR.NS, parseRdata(RR.NS, '@', 'decimal', origin), 'decimal')).toBe('all.test.');
  });

  it.each<{ type: number; wire: string; why: string }>([
    { type: RR.TXT, wire: '', why: 'no string' },
    { type: RR.TXT, wire: '\x05ab', why: 'a string beyond the end' },
    { type: RR.A, wire: '\x01\x02\x03\x04\x05', why: 'an octet too many' },
    { type: RR.MX, wire: '\0\x0a\xc0\x0c', why: 'a compressed name' },
    { type: RR.NS, wire: '\x01a', why: 'a name without an end' },
    { type: RR.NS, wire: `${`\x3f${'a'.repeat(63)}`.repeat(4)}\0`, why: 'a name over 255 octets' },
    { type: RR.DS, wire: '\0\x01\x08\x02', why: 'no digest' },
    { type: RR.CAA, wire: '\0\0value', why: 'an empty tag' },
    { type: RR.LOC, wire: '\x01\x12\x16\x13\x80\0\0\0\x80\0\0\0\0\0\0\0', why: 'another version' },
    { type: RR.HTTPS, wire: '\0\x01\0\0\x03\0\x02\x01\xbb\0\x01\0\x03\x02h2', why: 'keys out of order' },
    { type: RR.CSYNC, wire: '\0\0\0\x01\0\0\0\x02\x60\0', why: 'a bitmap with a tail of zeros' },
    { type: RR.APL, wire: '', why: 'no text at all' },
  ])('writes a type $type with $why as RFC 3597 has it', ({ type, wire }) => {
    const text = formatRdata(type, wire, 'decimal');
    expect(text.startsWith(String.raw`\# ${wire.length}`)).toBe(true);
    expect(parseRdata(type, text, 'decimal')).toBe(wire);
  });
});

describe.each<EscapeStyle>(['decimal', 'octal'])('format and parse, %s', (style) => {
  function thereAndBack(type: number, wire: string): string {
    return parseRdata(type, formatRdata(type, wire, style), style);
  }

  const anyType = fc.oneof(fc.constantFrom(...LAYOUTS.keys()), fc.integer({ min: 0, max: 0xffff }));

  it('are exact inverses on any octets of any type', () => {
    fc.assert(
      fc.property(anyType, octets({ maxLength: 60 }), (type, wire) => {
        expect(thereAndBack(type, wire)).toBe(wire);
      }),
      { numRuns: 3000 },
    );
  });

  it('are exact inverses on well-formed RDATA with some octets changed, cut or added', () => {
    const wires = SAMPLES.map(([type, text]) => ({ type: typeCode(type)!, wire: encode(type, text) }));
    const mutation = fc.record({ at: fc.nat(40), cut: fc.nat(2), insert: octets({ maxLength: 2 }) });
    fc.assert(
      fc.property(fc.constantFrom(...wires), fc.array(mutation, { maxLength: 2 }), ({ type, wire }, mutations) => {
        const mutated = mutations.reduce(
          (now, { at, cut, insert }) => now.slice(0, at) + insert + now.slice(at + cut),
          wire,
        );
        expect(thereAndBack(type, mutated)).toBe(mutated);
      }),
      { numRuns: 5000 },
    );
  });

  it.each<{ type: string; arbitrary: fc.Arbitrary<string> }>([
    { type: 'TXT', arbitrary: fc.array(characterString, { minLength: 1, maxLength: 5 }).map((all) => all.join('')) },
    { type: 'CAA', arbitrary: octets({ maxLength: 400 }).map((value) => `\0\x05issue${value}`) },
    {
      type: 'NAPTR',
      arbitrary: fc
        .tuple(fourOctets, characterString, characterString, characterString, wireName)
        .map((all) => all.join('')),
    },
    { type: 'CNAME', arbitrary: wireName },
    { type: 'SRV', arbitrary: fc.tuple(fourOctets, wireName).map(([head, name]) => `${head}\0\0${name}`) },
    { type: 'URI', arbitrary: fc.tuple(fourOctets, octets({ maxLength: 400 })).map((all) => all.join('')) },
  ])('keep $type in its own text for all octets', ({ type, arbitrary }) => {
    fc.assert(
      fc.property(arbitrary, (wire) => {
        expect(formatRdata(typeCode(type)!, wire, style)).not.toMatch(/^\\#/);
        expect(thereAndBack(typeCode(type)!, wire)).toBe(wire);
      }),
    );
  });

  it('write printable ASCII only', () => {
    fc.assert(
      fc.property(anyType, octets({ maxLength: 60 }), (type, wire) => {
        expect(formatRdata(type, wire, style)).toMatch(/^[ -~]+$/);
      }),
    );
  });
});

describe('the two escapes', () => {
  it('differ: \\052 is an asterisk in Route 53 and a 4 in a master file', () => {
    expect(encode('CNAME', String.raw`\052.a.`, 'octal')).toBe('\x01*\x01a\0');
    expect(encode('CNAME', String.raw`\052.a.`, 'decimal')).toBe('\x014\x01a\0');
    expect(formatRdata(RR.CNAME, '\x01*\x01a\0', 'octal')).toBe(String.raw`\052.a.`);
    expect(formatRdata(RR.CNAME, '\x01*\x01a\0', 'decimal')).toBe('*.a.');
  });
});
