import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { formatRdata, parseRdata } from '../rdata.ts';
import { RR } from '../rr-types.ts';
import type { EscapeStyle } from '../types.ts';
import { packUnsigned } from './numbers.ts';

function octets(minLength: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)), minLength });
}

function parse(params: string, style: EscapeStyle = 'decimal'): string {
  return parseRdata(RR.SVCB, `1 . ${params}`, style).slice(3);
}

describe('SvcParams', () => {
  it.each<{ text: string; wire: string }>([
    { text: 'port=53', wire: '\0\x03\0\x02\0\x35' },
    { text: 'port="53"', wire: '\0\x03\0\x02\0\x35' },
    { text: 'key667=hello', wire: '\x02\x9b\0\x05hello' },
    { text: String.raw`key667="hello\210qoo"`, wire: '\x02\x9b\0\x09hello\xd2qoo' },
    { text: 'key667', wire: '\x02\x9b\0\0' },
    { text: 'key667=""', wire: '\x02\x9b\0\0' },
    {
      text: 'ipv6hint="2001:db8::1,2001:db8::53:1"',
      wire: `\0\x06\0\x20\x20\x01\x0d\xb8${'\0'.repeat(11)}\x01\x20\x01\x0d\xb8${'\0'.repeat(8)}\0\x53\0\x01`,
    },
    {
      text: 'alpn=h2,h3-19 mandatory=ipv4hint,alpn ipv4hint=192.0.2.1',
      wire: '\0\0\0\x04\0\x01\0\x04\0\x01\0\x09\x02h2\x05h3-19\0\x04\0\x04\xc0\0\x02\x01',
    },
    { text: String.raw`alpn="f\\\\oo\\,bar,h2"`, wire: '\0\x01\0\x0c\x08f\\oo,bar\x02h2' },
    { text: String.raw`alpn=f\\\092oo\092,bar,h2`, wire: '\0\x01\0\x0c\x08f\\oo,bar\x02h2' },
  ])('reads $text as in RFC 9460 appendix D', ({ text, wire }) => {
    expect(parse(text)).toBe(wire);
  });

  it.each<{ text: string; why: string }>([
    { text: 'port=53 port=54', why: 'a key twice' },
    { text: 'port', why: 'a key without its value' },
    { text: 'alpn=""', why: 'an empty value' },
    { text: 'alpn=h2,,h3', why: 'an empty id' },
    { text: 'no-default-alpn', why: 'no-default-alpn alone' },
    { text: 'alpn=h2 no-default-alpn=x', why: 'no-default-alpn with a value' },
    { text: 'mandatory=port', why: 'a mandatory key that is missing' },
    { text: 'port=1 mandatory=port,port', why: 'a mandatory key twice' },
    { text: 'port=1 mandatory=mandatory', why: 'mandatory in itself' },
    { text: 'nosuch=1', why: 'an unknown key' },
    { text: 'key00=1', why: 'a leading zero' },
    { text: 'key65536=1', why: 'a key beyond 16 bits' },
  ])('refuses $why', ({ text }) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'bad-svcparam', line: 1 }));
  });

  it.each(['port=65536', 'ipv4hint=::1', 'ipv6hint=192.0.2.1', 'ech=%', '"port=53"', 'port= "53"'])(
    'refuses %s',
    (text) => {
      expect(() => parse(text)).toThrow(expect.objectContaining({ line: 1 }));
    },
  );

  it('survive text for any octets in ALPN ids and opaque values', () => {
    const ids = fc.array(octets(1), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(ids, octets(0), fc.constantFrom<EscapeStyle>('decimal', 'octal'), (list, value, style) => {
        const alpn = list.map((id) => String.fromCharCode(id.length) + id).join('');
        const params = `\0\x01${packUnsigned(alpn.length, 2)}${alpn}\x02\x9b${packUnsigned(value.length, 2)}${value}`;
        const text = formatRdata(RR.SVCB, `\0\x01\0${params}`, style);
        expect(text).toMatch(/^1 \. alpn="/);
        expect(parseRdata(RR.SVCB, text, style)).toBe(`\0\x01\0${params}`);
      }),
    );
  });
});
