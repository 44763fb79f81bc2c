import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseRdata } from '../rdata.ts';
import { RR, typeCode } from '../rr-types.ts';
import { foldRdata } from './fold.ts';

const octets = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) });

function encode(type: string, text: string): string {
  return parseRdata(typeCode(type)!, text, 'decimal');
}

describe('foldRdata', () => {
  it.each<{ type: string; text: string; folded: string }>([
    { type: 'CNAME', text: 'A.Example.', folded: 'a.example.' },
    { type: 'MX', text: '16705 MAIL.', folded: '16705 mail.' },
    { type: 'SOA', text: 'NS. HOST. 1094795585 1 1 1 1', folded: 'ns. host. 1094795585 1 1 1 1' },
    { type: 'SRV', text: '16705 16705 16705 A.', folded: '16705 16705 16705 a.' },
    { type: 'NAPTR', text: '1 1 "U" "E2U+SIP" "!A!" B.', folded: '1 1 "U" "E2U+SIP" "!A!" b.' },
    { type: 'PX', text: '1 A. B.', folded: '1 a. b.' },
    { type: 'HTTPS', text: '1 A. alpn="H2"', folded: '1 a. alpn="H2"' },
    { type: 'TXT', text: '"ABC"', folded: '"ABC"' },
    { type: 'CAA', text: '0 issue "CA.example"', folded: '0 issue "CA.example"' },
    { type: 'LP', text: '1 A.', folded: '1 A.' },
  ])('turns $type $text into $folded', ({ type, text, folded }) => {
    expect(foldRdata(typeCode(type)!, encode(type, text))).toBe(encode(type, folded));
  });

  it.each(['\x05AB', 'A', '\xc0A', '\x01A', ''])('leaves the malformed name %j alone', (wire) => {
    expect(foldRdata(RR.NS, wire)).toBe(wire);
    expect(foldRdata(RR.NAPTR, wire)).toBe(wire);
  });

  it('keeps the length, changes A-Z only, and folding twice is folding once', () => {
    fc.assert(
      fc.property(fc.constantFrom(RR.NS, RR.SOA, RR.MX, RR.NAPTR, RR.SVCB), octets, (type, wire) => {
        const folded = foldRdata(type, wire);
        expect(folded).toHaveLength(wire.length);
        expect(folded.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())).toBe(
          wire.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()),
        );
        expect(foldRdata(type, folded)).toBe(folded);
      }),
    );
  });
});
