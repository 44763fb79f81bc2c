import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copySource, decodeEventKey, MAX_KEY_OCTETS } from './object-key.ts';

/** Key, as an event writes it, as CopySource has it (research: originals §9e, and the specification's own). */
const VECTORS: readonly (readonly [key: string, event: string, source: string])[] = [
  ['red flower.jpg', 'red+flower.jpg', 'red%20flower.jpg'],
  ['a+b c.txt', 'a%2Bb+c.txt', 'a%2Bb%20c.txt'],
  ['café/東京.txt', 'caf%C3%A9/%E6%9D%B1%E4%BA%AC.txt', 'caf%C3%A9/%E6%9D%B1%E4%BA%AC.txt'],
  ['100%.txt', '100%25.txt', '100%25.txt'],
  ['a%2Bb.txt', 'a%252Bb.txt', 'a%252Bb.txt'],
  ['x=1&y=2.txt', 'x%3D1%26y%3D2.txt', 'x%3D1%26y%3D2.txt'],
  ["dir/sub dir/file(1)~*!'.txt", 'dir/sub+dir/file%281%29~%2A%21%27.txt', 'dir/sub%20dir/file%281%29~%2A%21%27.txt'],
  ['emoji 😀.png', 'emoji+%F0%9F%98%80.png', 'emoji%20%F0%9F%98%80.png'],
  ['plus+%20mix', 'plus%2B%2520mix', 'plus%2B%2520mix'],
  [' leading', '+leading', '%20leading'],
  ['trailing ', 'trailing+', 'trailing%20'],
  ['//double', '//double', '//double'],
  ['back\\slash', 'back%5Cslash', 'back%5Cslash'],
  ['new\nline', 'new%0Aline', 'new%0Aline'],
  ['replication-test.png', 'replication%2Dtest.png', 'replication-test.png'],
  ['Happy Face.jpg', 'Happy%20Face.jpg', 'Happy%20Face.jpg'],
  ['../up/./on', '../up/./on', '%2E%2E/up/%2E/on'],
  ['a?versionId=v', 'a%3FversionId%3Dv', 'a%3FversionId%3Dv'],
];

/** Form-encoding as an encoder may do it: with what need not be encoded encoded here and there. */
function encode(key: string, isEncoded: (at: number) => boolean): string {
  return Array.from(Buffer.from(key), (octet, at) => {
    if (octet === 0x20 && !isEncoded(at)) return '+';
    const character = String.fromCharCode(octet);
    if (/[\w./-]/.test(character) && !isEncoded(at)) return character;
    return `%${octet.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}

const keys = fc
  .string({ unit: 'binary', minLength: 1, maxLength: MAX_KEY_OCTETS })
  .filter((key) => Buffer.byteLength(key) <= MAX_KEY_OCTETS);

describe('decodeEventKey', () => {
  it.each(VECTORS)('reads %j from %j', (key, event) => {
    expect(decodeEventKey(event)).toBe(key);
  });

  it('reads every key of up to 1,024 octets, however much of it is encoded', () => {
    fc.assert(
      fc.property(keys, fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }), (key, pattern) => {
        expect(decodeEventKey(encode(key, (at) => pattern[at % 7] === true))).toBe(key);
      }),
    );
  });

  it.each([
    ['half an octet', 'a%4'],
    ['no digits', '%zz'],
    ['octets that are no UTF-8', 'a%FF'],
    ['a surrogate', '%ED%A0%80'],
    ['nothing', ''],
    ['more than a key holds', 'a'.repeat(1_025)],
  ])('refuses %s', (_, event) => {
    expect(decodeEventKey(event)).toBeUndefined();
  });
});

describe('copySource', () => {
  it.each(VECTORS)('names %j', (key, _, source) => {
    expect(copySource('bucket', key)).toBe(`bucket/${source}`);
  });

  it('names every key so that URL decoding gives it back, and nothing of it is a query', () => {
    fc.assert(
      fc.property(keys, (key) => {
        const source = copySource('bucket', key);
        expect(source).toMatch(/^[\w.~%/-]+$/);
        expect(decodeURIComponent(source)).toBe(`bucket/${key}`);
      }),
    );
  });

  it('names a version behind it', () => {
    expect(copySource('bucket', 'a?versionId=x', 'v+1')).toBe('bucket/a%3FversionId%3Dx?versionId=v%2B1');
  });
});
