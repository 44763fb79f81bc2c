import { describe, expect, it } from 'vitest';
import { awaitedEtag, etagOfParts, writeFinished } from './finished-parts.ts';

describe('finished parts', () => {
  it.each([
    [[], undefined, ''],
    [[1], undefined, '1'],
    [[3, 1, 2, 7, 10, 9], undefined, '1-3,7,9-10'],
    [[1, 2], '"ab-2"', '1-2 "ab-2"'],
  ])('%j with the ETag %s are %s', (numbers, etag, text) => {
    expect(writeFinished({ numbers, ...(etag !== undefined && { etag }) })).toBe(text);
    expect(awaitedEtag(text)).toBe(etag);
  });

  it('fit into a row, however many they are', () => {
    const everyOther = Array.from({ length: 5_000 }, (_, index) => 2 * index + 1);
    expect(writeFinished({ numbers: everyOther }).length).toBeLessThan(50_000);
  });
});

describe('etagOfParts', () => {
  it('is the MD5 of the MD5s, and their number', () => {
    // Python: md5(bytes.fromhex(hello) * 2).hexdigest()
    const hello = '"5d41402abc4b2a76b9719d911017c592"';
    expect(etagOfParts([hello, hello])).toBe('"616b22817b80eed9f65c3aa38cd29054-2"');
  });
});
