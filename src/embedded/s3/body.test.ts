import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bodyOf, digested, etagOf, join, octetsOf, slice, sparseBody } from './body.ts';

const TIB = 1024 ** 4;
const held = (text: string) => bodyOf(Buffer.from(text));

describe('a body', () => {
  it('is its octets again', () => {
    expect(Buffer.from(octetsOf(held('grüße'))).toString()).toBe('grüße');
    expect(octetsOf(bodyOf(Buffer.from('[in]').subarray(1, 3)))).toEqual(Uint8Array.from(Buffer.from('in')));
    expect(bodyOf(new Uint8Array())).toEqual({ segments: [], size: 0 });
  });

  it('has the MD5 of its octets as ETag', () => {
    expect(etagOf(held('hello'))).toBe('"5d41402abc4b2a76b9719d911017c592"');
  });

  it.each([
    ['octets', held('abcdefghij')],
    ['sparse octets', sparseBody('seed', 10)],
    ['both', join([held('abc'), sparseBody('a', 4), held('xyz')])],
  ])('of %s is the same however it is cut and joined', (_what, body) => {
    for (let first = 0; first <= body.size; first += 1) {
      for (let second = first; second <= body.size; second += 1) {
        const pieces = [slice(body, 0, first), slice(body, first, second), slice(body, second)];
        expect(join(pieces)).toEqual(body);
        expect(octetsOf(pieces[1]!)).toEqual(octetsOf(body).slice(first, second));
      }
    }
  });

  it('holds nothing of its sparse octets', () => {
    const body = sparseBody('seed', 50 * TIB);

    expect(slice(body, TIB, TIB + 1)).toEqual({ segments: [{ seed: 'seed', from: TIB, length: 1 }], size: 1 });
    expect(join([slice(body, 0, 7 * TIB), slice(body, 7 * TIB)])).toEqual(body);
    expect(digested(body).length).toBeLessThan(100);
  });

  it('differs from another by seed, place and order', () => {
    const parts = [sparseBody('a', 100), sparseBody('b', 100), slice(sparseBody('a', 200), 100), held('a')];
    const bodies = [...parts, join([parts[0]!, parts[1]!]), join([parts[1]!, parts[0]!])];

    expect(new Set(bodies.map(etagOf)).size).toBe(bodies.length);
    expect(new Set(bodies.map((body) => createHash('md5').update(octetsOf(body)).digest('hex'))).size).toBe(
      bodies.length,
    );
  });

  it('ends where it ends', () => {
    expect(slice(held('abc'), 2, 100)).toEqual(held('c'));
    expect(slice(held('abc'), 3, 100)).toEqual(bodyOf(new Uint8Array()));
  });
});
