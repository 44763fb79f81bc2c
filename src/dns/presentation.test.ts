import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { DnsSyntaxError } from './errors.ts';
import { decodeText, encodeCharacterString, quoteOctets, splitWords } from './presentation.ts';
import type { EscapeStyle } from './types.ts';

const octets = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) });

describe('splitWords', () => {
  it('keeps escapes, marks quoted words, and tells which are glued', () => {
    expect(splitWords(String.raw`10  a\ b "c \" d" key="v"`)).toEqual([
      { text: '10', quoted: false, glued: false, line: 1, column: 1 },
      { text: String.raw`a\ b`, quoted: false, glued: false, line: 1, column: 5 },
      { text: String.raw`c \" d`, quoted: true, glued: false, line: 1, column: 10 },
      { text: 'key=', quoted: false, glued: false, line: 1, column: 19 },
      { text: 'v', quoted: true, glued: true, line: 1, column: 23 },
    ]);
  });

  it.each(['"abc', '"', String.raw`"abc\"`, '"a\nb"'])('refuses the open quote in %j', (text) => {
    expect(() => splitWords(text)).toThrow(expect.objectContaining({ code: 'unbalanced-quotes', line: 1, column: 1 }));
  });
});

describe('quoteOctets', () => {
  it.each<{ given: string; decimal: string; octal: string }>([
    { given: '', decimal: '""', octal: '""' },
    { given: 'a b;c', decimal: '"a b;c"', octal: '"a b;c"' },
    { given: '"\\', decimal: String.raw`"\"\\"`, octal: String.raw`"\"\\"` },
    { given: '\0\x1f\x7f\xff', decimal: String.raw`"\000\031\127\255"`, octal: String.raw`"\000\037\177\377"` },
    { given: 'caf\xc3\xa9', decimal: String.raw`"caf\195\169"`, octal: String.raw`"caf\303\251"` },
  ])('writes $decimal and $octal', ({ given, decimal, octal }) => {
    expect(quoteOctets(given, 'decimal')).toBe(decimal);
    expect(quoteOctets(given, 'octal')).toBe(octal);
  });

  it('is undone by splitting and decoding for all octets in either style', () => {
    fc.assert(
      fc.property(octets, fc.constantFrom<EscapeStyle>('decimal', 'octal'), (given, style) => {
        const words = splitWords(quoteOctets(given, style));
        expect(words).toHaveLength(1);
        expect(decodeText(words[0]!.text, style)).toBe(given);
      }),
    );
  });
});

describe('decodeText', () => {
  it.each<{ style: EscapeStyle; octets: string }>([
    { style: 'decimal', octets: String.raw`\195\169` },
    { style: 'octal', octets: String.raw`\303\251` },
  ])('names $octets for a character outside ASCII', ({ style, octets: wanted }) => {
    expect(() => decodeText('café', style)).toThrow(
      expect.objectContaining({ code: 'bad-character', hint: expect.stringContaining(wanted) }),
    );
  });
});

describe('encodeCharacterString', () => {
  it('takes 255 octets and refuses 256', () => {
    expect(encodeCharacterString('a'.repeat(255), 'decimal')).toHaveLength(256);
    expect(encodeCharacterString(String.raw`\255`.repeat(255), 'decimal')).toHaveLength(256);
    expect(() => encodeCharacterString('a'.repeat(256), 'decimal')).toThrow(DnsSyntaxError);
  });
});
