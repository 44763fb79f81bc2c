import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { DnsSyntaxError } from './errors.ts';
import { compareNames, foldName, formatName, isAbsolute, isAtOrBelow, labelsOf, parseName, ROOT } from './name.ts';
import type { EscapeStyle } from './types.ts';

const octet = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
const label = fc.string({ unit: octet, minLength: 1, maxLength: 63 });
const wireName = fc
  .array(fc.oneof(label, fc.string({ unit: octet, minLength: 1, maxLength: 3 })), { maxLength: 12 })
  .map((labels) => `${labels.map((one) => String.fromCharCode(one.length) + one).join('')}\0`)
  .filter((name) => name.length <= 255);
const style = fc.constantFrom<EscapeStyle>('decimal', 'octal');
const allOctets = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));

function decimal(text: string): string {
  return parseName(text, 'decimal');
}

function reversed(name: string): string[] {
  return labelsOf(foldName(name)).toReversed();
}

describe('parseName', () => {
  const origin = decimal('example.com.');

  it.each<{ text: string; style: EscapeStyle; wire: string }>([
    { text: '.', style: 'decimal', wire: '\0' },
    { text: 'a.b.', style: 'decimal', wire: '\x01a\x01b\0' },
    { text: 'a', style: 'decimal', wire: `\x01a${origin}` },
    { text: '@', style: 'decimal', wire: origin },
    { text: String.raw`\052.b.`, style: 'decimal', wire: '\x014\x01b\0' },
    { text: String.raw`\052.b.`, style: 'octal', wire: '\x01*\x01b\0' },
    { text: String.raw`a\.b.`, style: 'decimal', wire: '\x03a.b\0' },
    { text: String.raw`a\056b.`, style: 'octal', wire: '\x03a.b\0' },
    { text: String.raw`a\046b.`, style: 'decimal', wire: '\x03a.b\0' },
    { text: String.raw`\\.`, style: 'decimal', wire: '\x01\\\0' },
    { text: String.raw`\@`, style: 'decimal', wire: `\x01@${origin}` },
    { text: String.raw`\255.`, style: 'decimal', wire: '\x01\xff\0' },
    { text: String.raw`\377.`, style: 'octal', wire: '\x01\xff\0' },
    { text: 'MiXed.', style: 'decimal', wire: '\x05MiXed\0' },
    { text: '128/25', style: 'octal', wire: `\x06128/25${origin}` },
  ])('reads $text in $style style', ({ text, style: escapes, wire }) => {
    expect(parseName(text, escapes, origin)).toBe(wire);
  });

  it('takes a relative name as absolute where no origin is given', () => {
    expect(parseName('a.b', 'octal')).toBe('\x01a\x01b\0');
    expect(parseName('@', 'octal')).toBe('\x01@\0');
  });

  it('takes labels of 63 and names of 255 octets', () => {
    const long = `${'a'.repeat(63)}.`;
    expect(decimal(`${long.repeat(3)}${'b'.repeat(61)}.`)).toHaveLength(255);
  });

  it.each<{ text: string; code: string; style?: EscapeStyle }>([
    { text: '', code: 'empty-name' },
    { text: '..', code: 'empty-label' },
    { text: 'a..b.', code: 'empty-label' },
    { text: '.a.', code: 'empty-label' },
    { text: `${'a'.repeat(64)}.`, code: 'label-too-long' },
    { text: `${`${'a'.repeat(63)}.`.repeat(3)}${'b'.repeat(62)}.`, code: 'name-too-long' },
    { text: String.raw`a\256.`, code: 'bad-escape' },
    { text: String.raw`a\25.`, code: 'bad-escape' },
    { text: 'a\\', code: 'bad-escape' },
    { text: String.raw`a\400.`, code: 'bad-escape', style: 'octal' },
    { text: String.raw`a\089.`, code: 'bad-escape', style: 'octal' },
    { text: 'a\\é.', code: 'bad-escape' },
    { text: 'café.', code: 'bad-character' },
    { text: 'a b.', code: 'bad-character' },
    { text: 'a\x7fb.', code: 'bad-character' },
    { text: 'a\0b.', code: 'bad-character' },
  ])('refuses $text as $code', ({ text, code, style: escapes = 'decimal' }) => {
    expect(() => parseName(text, escapes)).toThrow(expect.objectContaining({ name: DnsSyntaxError.name, code }));
  });

  it('counts the origin into the length of a relative name', () => {
    const long = `${'a'.repeat(63)}.`;
    expect(() => parseName('b'.repeat(60), 'decimal', decimal(long.repeat(3)))).not.toThrow();
    expect(() => parseName('b'.repeat(62), 'decimal', decimal(long.repeat(3)))).toThrow(/255 octets/);
  });
});

describe('formatName', () => {
  it.each<{ wire: string; decimal: string; octal: string }>([
    { wire: ROOT, decimal: '.', octal: '.' },
    { wire: '\x01*\x01b\0', decimal: '*.b.', octal: String.raw`\052.b.` },
    { wire: '\x03a.b\x01c\0', decimal: String.raw`a\.b.c.`, octal: String.raw`a\056b.c.` },
    { wire: '\x03a b\0', decimal: String.raw`a\032b.`, octal: String.raw`a\040b.` },
    { wire: '\x02\0\xff\0', decimal: String.raw`\000\255.`, octal: String.raw`\000\377.` },
    {
      wire: '\x08"().;@\\$\0',
      decimal: String.raw`\"\(\)\.\;\@\\\$.`,
      octal: String.raw`\042\050\051\056\073\100\134\044.`,
    },
    { wire: '\x06128/25\0', decimal: '128/25.', octal: String.raw`128\05725.` },
    { wire: '\x04_a-9\0', decimal: '_a-9.', octal: '_a-9.' },
    { wire: '\x01\x7f\0', decimal: String.raw`\127.`, octal: String.raw`\177.` },
  ])('writes $decimal and $octal', ({ wire, decimal: inFile, octal }) => {
    expect(formatName(wire, 'decimal')).toBe(inFile);
    expect(formatName(wire, 'octal')).toBe(octal);
  });

  it.each<EscapeStyle>(['decimal', 'octal'])('writes every octet so that it is read back, %s', (escapes) => {
    for (const one of allOctets) {
      const wire = `\x03a${one}b\0`;
      expect(parseName(formatName(wire, escapes), escapes)).toBe(wire);
    }
  });

  it('is undone by parseName for any name in either style, whatever the origin', () => {
    fc.assert(
      fc.property(wireName, style, wireName, (name, escapes, origin) => {
        const text = formatName(name, escapes);
        expect(text).toMatch(/^[!-~]+\.$|^\.$/);
        expect(isAbsolute(text)).toBe(true);
        expect(parseName(text, escapes, origin)).toBe(name);
      }),
    );
  });
});

describe('isAbsolute', () => {
  it.each([
    { text: '.', expected: true },
    { text: 'a.', expected: true },
    { text: 'a', expected: false },
    { text: String.raw`a\.`, expected: false },
    { text: String.raw`a\\.`, expected: true },
    { text: String.raw`a\\\.`, expected: false },
    { text: '', expected: false },
  ])('says $expected for $text', ({ text, expected }) => {
    expect(isAbsolute(text)).toBe(expected);
  });
});

describe('foldName', () => {
  it('folds A-Z and no other octet', () => {
    expect(foldName('\x05AZ@[\xc4\0')).toBe('\x05az@[\xc4\0');
  });
});

describe('labelsOf', () => {
  it('lists the labels from the left, without the root', () => {
    expect(labelsOf('\x03a.b\x02\0\x01\0')).toEqual(['a.b', '\0\x01']);
    expect(labelsOf(ROOT)).toEqual([]);
  });
});

describe('isAtOrBelow', () => {
  it.each([
    { name: 'example.com.', ancestor: 'example.com.', expected: true },
    { name: 'a.b.example.com.', ancestor: 'example.com.', expected: true },
    { name: 'a.b.example.com.', ancestor: '.', expected: true },
    { name: 'badexample.com.', ancestor: 'example.com.', expected: false },
    { name: 'com.', ancestor: 'example.com.', expected: false },
    // The label holds octets that look like the whole ancestor.
    { name: String.raw`x\003com\000.`, ancestor: 'com.', expected: false },
    { name: String.raw`x\003com.`, ancestor: 'com.', expected: false },
  ])('says $expected for $name and $ancestor', ({ name, ancestor, expected }) => {
    expect(isAtOrBelow(decimal(name), decimal(ancestor))).toBe(expected);
  });
});

describe('compareNames', () => {
  it('orders the example of RFC 4034 section 6.1', () => {
    const ordered = [
      'example.',
      'a.example.',
      'yljkjljk.a.example.',
      'Z.a.example.',
      'zABC.a.EXAMPLE.',
      'z.example.',
      String.raw`\001.z.example.`,
      '*.z.example.',
      String.raw`\200.z.example.`,
    ].map(decimal);
    const shuffled = ordered.toReversed();
    expect(shuffled.sort(compareNames)).toEqual(ordered);
  });

  it('takes names that differ in letter case only as equal', () => {
    expect(compareNames(decimal('A.b.'), decimal('a.B.'))).toBe(0);
  });

  it('is what comparing the reversed labels gives', () => {
    fc.assert(
      fc.property(wireName, wireName, (a, b) => {
        const [left, right] = [reversed(a), reversed(b)];
        const at = left.findIndex((one, index) => one !== right[index]);
        const first = at < 0 ? left.length - right.length : right[at] === undefined || left[at]! > right[at] ? 1 : -1;
        expect(Math.sign(compareNames(a, b))).toBe(Math.sign(first));
        expect(Math.sign(compareNames(b, a))).toBe(-Math.sign(first) + 0);
      }),
    );
  });
});
