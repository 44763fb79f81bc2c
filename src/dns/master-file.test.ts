import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { formatMasterFile, parseMasterFile } from './master-file.ts';
import { compareNames, foldName, parseName } from './name.ts';
import { RR } from './rr-types.ts';
import type { WireRecord } from './types.ts';
import { buildZone } from './zone.ts';

const SOA = '@ 60 IN SOA ns host 1 2 3 4 5\n';

/** The records as formatMasterFile writes them, without the SOA. */
function records(text: string, origin = 'example.'): string[] {
  const lines = formatMasterFile(parseMasterFile(text, { origin })).trimEnd().split('\n');
  return lines.filter((line) => !line.includes(' SOA '));
}

/** SOA stands at the apex only, and queries' types nowhere. */
function isZoneData(type: number): boolean {
  return type !== RR.SOA && type !== RR.OPT && (type < 128 || type > 255);
}

describe('parseMasterFile', () => {
  it.each<{ why: string; text: string; expected: string[] }>([
    { why: '$TTL', text: `$TTL 1h\n${SOA}a A 192.0.2.1`, expected: ['a.example. 3600 IN A 192.0.2.1'] },
    {
      why: 'TTL and class in either order',
      text: `${SOA}a 5 IN A 192.0.2.1\nb IN 1m30s A 192.0.2.1\nc 7 A 192.0.2.1`,
      expected: ['a.example. 5 IN A 192.0.2.1', 'b.example. 90 IN A 192.0.2.1', 'c.example. 7 IN A 192.0.2.1'],
    },
    {
      why: 'the last stated TTL, but not after $TTL',
      text: `${SOA}a A 192.0.2.1\nb 9 A 192.0.2.1\nc A 192.0.2.1\n$TTL 8\nd A 192.0.2.1`,
      expected: [
        'a.example. 60 IN A 192.0.2.1',
        'b.example. 9 IN A 192.0.2.1',
        'c.example. 9 IN A 192.0.2.1',
        'd.example. 8 IN A 192.0.2.1',
      ],
    },
    {
      why: "the SOA's minimum as TTL",
      text: '@ SOA ns host 1 2 3 4 5\na A 192.0.2.1',
      expected: ['a.example. 5 IN A 192.0.2.1'],
    },
    {
      why: 'a blank owner',
      text: `${SOA}a A 192.0.2.1\n  TXT "x"\n\tMX 0 .`,
      expected: ['a.example. 60 IN A 192.0.2.1', 'a.example. 60 IN MX 0 .', 'a.example. 60 IN TXT "x"'],
    },
    {
      why: '$ORIGIN, also relative',
      text: `${SOA}$ORIGIN sub\n@ NS ns\n$ORIGIN a.example.\nb CNAME @`,
      expected: ['b.a.example. 60 IN CNAME a.example.', 'sub.example. 60 IN NS ns.sub.example.'],
    },
    {
      why: 'parentheses and comments',
      text: `${SOA}a ( ; one\n TXT ; two\n "x;y" ; three\n ) "z" ; four\r\nb A 192.0.2.1 ; five`,
      expected: ['a.example. 60 IN TXT "x;y" "z"', 'b.example. 60 IN A 192.0.2.1'],
    },
    {
      why: 'CRLF and a missing last line end',
      text: `${SOA}a A 192.0.2.1\r\n\r\nb A 192.0.2.2`,
      expected: ['a.example. 60 IN A 192.0.2.1', 'b.example. 60 IN A 192.0.2.2'],
    },
    {
      why: 'escapes',
      text: String.raw`${SOA}a\.b\032\; TXT \"\052`,
      expected: [String.raw`a\.b\032\;.example. 60 IN TXT "\"4"`],
    },
    {
      why: 'RFC 3597',
      text: `${SOA}a TYPE731 \\# 6 abcd ( ef01\n2345 )\nb CLASS1 TYPE1 \\# 4 C0000201\nc A \\# 4 C0000201`,
      expected: [
        String.raw`a.example. 60 IN TYPE731 \# 6 ABCDEF012345`,
        'b.example. 60 IN A 192.0.2.1',
        'c.example. 60 IN A 192.0.2.1',
      ],
    },
    {
      why: 'upper case',
      text: `${SOA}A.Example. in a 192.0.2.1\nB cname C`,
      expected: ['a.example. 60 IN A 192.0.2.1', 'b.example. 60 IN CNAME C.example.'],
    },
    {
      why: 'a TXT of an equals sign and a quote as two strings',
      text: `${SOA}a TXT a="b"`,
      expected: ['a.example. 60 IN TXT "a=" "b"'],
    },
    {
      why: 'owners that look like types and numbers',
      text: `${SOA}10 A 192.0.2.1\nTXT A 192.0.2.1`,
      expected: ['10.example. 60 IN A 192.0.2.1', 'txt.example. 60 IN A 192.0.2.1'],
    },
    {
      why: 'a SOA that is not first',
      text: `$TTL 3\na A 192.0.2.1\n${SOA}`,
      expected: ['a.example. 3 IN A 192.0.2.1'],
    },
  ])('reads $why', ({ text, expected }) => {
    expect(records(text)).toEqual(expected);
  });

  it.each<{ text: string; origin: string }>([
    { text: '$ORIGIN corp.example.\n@ 1 IN SOA ns host 1 2 3 4 5', origin: 'corp.example.' },
    { text: 'corp.example. 1 IN SOA ns host 1 2 3 4 5', origin: 'corp.example.' },
  ])('takes the zone from the text: $text', ({ text, origin }) => {
    const zone = parseMasterFile(text);
    expect(zone.origin).toBe(parseName(origin, 'decimal'));
    expect(zone.soa.mname).toBe(parseName(`ns.${origin}`, 'decimal'));
  });

  it('reads a TTL of 2^31 and more as 0 and says so', () => {
    const zone = parseMasterFile(`${SOA}a 2147483648 A 192.0.2.1\nb 2147483647 A 192.0.2.1`, { origin: 'example' });
    expect(zone.rrsets.map(({ ttl }) => ttl).slice(1)).toEqual([0, 2_147_483_647]);
    expect(zone.findings).toMatchObject([{ code: 'ttl-out-of-range', type: RR.A }]);
  });

  it.each<{ why: string; text: string; code: string; line: number; column: number }>([
    { why: '$INCLUDE', text: `${SOA}$INCLUDE /etc/passwd`, code: 'include-refused', line: 2, column: 1 },
    { why: '$GENERATE', text: `${SOA}$GENERATE 1-9 a$ A 192.0.2.$`, code: 'generate-refused', line: 2, column: 1 },
    { why: 'another directive', text: `${SOA}$NOSUCH x`, code: 'unknown-directive', line: 2, column: 1 },
    { why: 'a directive without value', text: '$TTL', code: 'bad-directive', line: 1, column: 1 },
    { why: 'a directive with two values', text: '$TTL 1 2', code: 'bad-directive', line: 1, column: 1 },
    { why: 'a bad $TTL', text: '$TTL soon', code: 'bad-time', line: 1, column: 6 },
    { why: 'a bad $ORIGIN', text: '$ORIGIN a..b.', code: 'empty-label', line: 1, column: 9 },
    { why: 'a bad address', text: `${SOA}\n\na 60 IN A 192.0.2.256`, code: 'bad-address', line: 4, column: 11 },
    { why: 'a bad address after a parenthesis', text: `${SOA}a A (\n   x )`, code: 'bad-address', line: 3, column: 4 },
    { why: 'a bad owner', text: `${SOA}a..b A 192.0.2.1`, code: 'empty-label', line: 2, column: 1 },
    { why: 'an unknown type', text: `${SOA}a NOSUCH x`, code: 'unknown-type', line: 2, column: 3 },
    { why: 'a quoted type', text: `${SOA}a "A" 192.0.2.1`, code: 'unknown-type', line: 2, column: 3 },
    { why: 'a type of queries', text: String.raw`${SOA}a ANY \# 0`, code: 'meta-type', line: 2, column: 3 },
    { why: 'another class', text: `${SOA}a CH TXT x`, code: 'wrong-class', line: 2, column: 3 },
    { why: 'a class twice', text: `${SOA}a IN IN A 192.0.2.1`, code: 'unknown-type', line: 2, column: 6 },
    { why: 'no type', text: `${SOA}a 60 IN`, code: 'no-type', line: 2, column: 1 },
    { why: 'no RDATA', text: `${SOA}a 60 IN A`, code: 'missing-field', line: 2, column: 1 },
    { why: 'no TTL', text: 'a A 192.0.2.1', code: 'no-ttl', line: 1, column: 1 },
    { why: 'no owner', text: '  60 A 192.0.2.1', code: 'no-owner', line: 1, column: 3 },
    {
      why: 'an owner outside the zone',
      text: `${SOA}a.example.com. A 192.0.2.1`,
      code: 'wrong-place',
      line: 2,
      column: 1,
    },
    { why: 'a SOA below the apex', text: `${SOA}a SOA ns host 1 2 3 4 5`, code: 'wrong-place', line: 2, column: 1 },
    {
      why: 'an open parenthesis',
      text: `${SOA}a (\nA 192.0.2.1\n`,
      code: 'unbalanced-parentheses',
      line: 2,
      column: 3,
    },
    { why: 'a closed parenthesis', text: `${SOA}a A 192.0.2.1 )`, code: 'unbalanced-parentheses', line: 2, column: 15 },
    { why: 'an open quote', text: `${SOA}a TXT "x\ny"`, code: 'unbalanced-quotes', line: 2, column: 7 },
    { why: 'characters outside ASCII', text: `${SOA}a TXT "é"`, code: 'bad-character', line: 2, column: 7 },
    { why: 'a byte order mark', text: `\ufeff${SOA}`, code: 'bad-character', line: 1, column: 1 },
  ])('refuses $why with its place', ({ text, code, line, column }) => {
    expect(() => parseMasterFile(text, { origin: 'example.' })).toThrow(
      expect.objectContaining({ code, line, column }),
    );
  });

  it.each([
    { text: 'a 60 IN A 192.0.2.1', code: 'no-origin' },
    { text: '@ 60 IN SOA ns host 1 2 3 4 5', code: 'no-origin' },
    { text: '', code: 'no-soa' },
    { text: '; nothing\n\n', code: 'no-soa' },
    { text: 'a.example. 60 IN A 192.0.2.1', code: 'no-soa' },
    { text: 'a. 1 SOA . . 1 2 3 4 5\na. 1 SOA . . 2 2 3 4 5', code: 'several-soas' },
  ])('refuses $text without an origin as $code', ({ text, code }) => {
    expect(() => parseMasterFile(text)).toThrow(expect.objectContaining({ code }));
  });
});

describe('formatMasterFile', () => {
  it('writes the SOA first and once, absolute names, TTL and class on every line, in canonical order', () => {
    const text = `$TTL 300\n${SOA}b A 192.0.2.1\n@ NS ns\n@ A 192.0.2.2\n*.b TXT "x"\n@ NS a\n`;
    expect(formatMasterFile(parseMasterFile(text, { origin: 'example' }))).toBe(
      [
        'example. 60 IN SOA ns.example. host.example. 1 2 3 4 5',
        'example. 300 IN A 192.0.2.2',
        'example. 300 IN NS a.example.',
        'example. 300 IN NS ns.example.',
        'b.example. 300 IN A 192.0.2.1',
        '*.b.example. 300 IN TXT "x"',
        '',
      ].join('\n'),
    );
  });

  it('is undone by parseMasterFile for any zone', () => {
    const octet = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
    const owner = fc
      .array(fc.string({ unit: octet, minLength: 1, maxLength: 10 }), { maxLength: 4 })
      .map((labels) => foldName(`${labels.map((one) => String.fromCharCode(one.length) + one).join('')}\x01z\0`));
    const type = fc.oneof(
      fc.constantFrom(RR.A, RR.TXT, RR.NS, RR.MX, RR.CAA),
      fc.integer({ min: 1, max: 0xffff }).filter(isZoneData),
    );
    const wireRecord: fc.Arbitrary<WireRecord> = fc.record({
      name: owner,
      type,
      ttl: fc.nat(0x7fff_ffff),
      rdata: fc.string({ unit: octet, maxLength: 40 }),
    });
    const soa = { name: '\x01z\0', type: RR.SOA, ttl: 1, rdata: `\x01n\0\x01h\0${'\0'.repeat(20)}` };
    fc.assert(
      fc.property(fc.array(wireRecord, { maxLength: 20 }), (list) => {
        const zone = buildZone('\x01z\0', [soa, ...list]);
        const text = formatMasterFile(zone);
        expect(text).toMatch(/^[\n -~]+$/);
        expect(parseMasterFile(text)).toEqual({ ...zone, findings: [] });
        expect(formatMasterFile(parseMasterFile(text))).toBe(text);
        expect(zone.rrsets.map(({ name }) => name).toSorted(compareNames)).toEqual(zone.rrsets.map(({ name }) => name));
      }),
    );
  });
});
