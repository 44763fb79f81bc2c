import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalName, isInZone, isWildcard, reversedName } from './name.ts';

const octet = fc.integer({ min: 0, max: 255 });
const labels = fc.array(fc.uint8Array({ minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 8 });

function escaped(octets: Iterable<number>): string {
  return Array.from(octets, (value) => `\\${value.toString(8).padStart(3, '0')}`).join('');
}

describe('canonicalName', () => {
  it.each([
    ['www.example.com', 'www.example.com.'],
    ['WWW.Example.COM.', 'www.example.com.'],
    ['*.example.com', '\\052.example.com.'],
    ['\\052.example.com', '\\052.example.com.'],
    ['a.*.example.com', 'a.\\052.example.com.'],
    ['_sip._tcp.example.com', '_sip._tcp.example.com.'],
    ['128/25.2.0.192.in-addr.arpa', '128\\05725.2.0.192.in-addr.arpa.'],
    ['a\\056b.example.com', 'a\\056b.example.com.'],
    ['\\101.example.com', 'a.example.com.'],
    ['ex\\344mple.com', 'ex\\344mple.com.'],
    ['.', '.'],
    [`${'a'.repeat(63)}.com`, `${'a'.repeat(63)}.com.`],
  ])('%s is %s', (text, name) => {
    expect(canonicalName(text)).toEqual({ name });
  });

  it.each([
    ['', 'DomainLabelEmpty'],
    ['..', 'DomainLabelEmpty'],
    ['.a', 'DomainLabelEmpty'],
    ['a..b', 'DomainLabelEmpty'],
    [`${'a'.repeat(64)}.com`, 'DomainLabelTooLong'],
    [`${`${'a'.repeat(49)}.`.repeat(5)}abcdef`, 'DomainNameTooLong'],
    ['a b.com', 'UnsupportedCharacter'],
    ['ä.com', 'UnsupportedCharacter'],
    ['a\\b.com', 'InvalidEscapeSequence'],
    ['a\\400.com', 'InvalidEscapeSequence'],
    ['a\\05', 'InvalidEscapeSequence'],
  ])('%s is no name: %s', (text, problem) => {
    expect(canonicalName(text)).toMatchObject({ problem });
  });

  it('takes 255 octets and no more', () => {
    const longest = `${`${'a'.repeat(49)}.`.repeat(5)}${'b'.repeat(3)}`;

    expect(canonicalName(longest)).toEqual({ name: `${longest}.` });
  });

  it('writes every octet as itself or escaped, and its own output stays', () => {
    fc.assert(
      fc.property(labels, (wire) => {
        fc.pre(wire.reduce((sum, label) => sum + label.length + 1, 1) <= 255);
        const result = canonicalName(wire.map(escaped).join('.'));
        const name = 'name' in result ? result.name : '';
        expect(name).toMatch(/^(?:(?:[a-z0-9_-]|\\[0-3][0-7]{2})+\.)+$/);
        expect(canonicalName(name)).toEqual({ name });
        expect(name.split('.')).toHaveLength(wire.length + 1);
      }),
    );
  });

  it('keeps octets apart, but for the case of letters', () => {
    const isLetter = (value: number) => (value | 0x20) >= 0x61 && (value | 0x20) <= 0x7a;
    fc.assert(
      fc.property(octet, octet, (left, right) => {
        const same = left === right || (isLetter(left) && isLetter(right) && (left | 0x20) === (right | 0x20));
        expect(JSON.stringify(canonicalName(escaped([left]))) === JSON.stringify(canonicalName(escaped([right])))).toBe(
          same,
        );
      }),
      { numRuns: 2000 },
    );
  });
});

it('reversedName sorts as Route 53 does', () => {
  expect(reversedName('www.example.com.')).toBe('com.example.www.');
});

it.each([
  ['example.com.', true],
  ['a.b.example.com.', true],
  ['notexample.com.', false],
  ['com.', false],
])('%s is in example.com: %s', (name, inside) => {
  expect(isInZone(name, 'example.com.')).toBe(inside);
});

it.each([
  ['\\052.example.com.', true],
  ['\\052a.example.com.', false],
  ['a.\\052.example.com.', false],
])('%s is a wildcard: %s', (name, wildcard) => {
  expect(isWildcard(name)).toBe(wildcard);
});
