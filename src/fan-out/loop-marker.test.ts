import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copySortKey, keyHash } from './ledger-keys.ts';
import {
  destinationMark,
  documentMark,
  formatMarker,
  hopsInTags,
  isOwnCopy,
  isPlainEtag,
  MARKER,
  readMarker,
  tellsOfCopy,
  withHop,
  withHopTag,
} from './loop-marker.ts';
import type { Hop } from './loop-marker.ts';

const MD5 = 'd41d8cd98f00b204e9800998ecf8427e';

const hops: fc.Arbitrary<Hop> = fc.record(
  {
    document: fc.string().map((name) => documentMark('acme', name)),
    destination: fc.string().map((name) => destinationMark(name, '')),
    hash: fc.string().map(keyHash),
    sk: fc.stringMatching(/^[0-9A-F]{0,18}$/).map((sequencer) => copySortKey({ sequencer })),
    nonce: fc.stringMatching(/^[\w-]{16}$/),
  },
  { noNullPrototype: true },
);

describe('the marker', () => {
  it('tells the hops that were written, at most the last eight', () => {
    fc.assert(
      fc.property(fc.array(hops, { maxLength: 12 }), (chain) => {
        expect(readMarker(formatMarker(chain))).toStrictEqual(chain.slice(-8));
      }),
    );
  });

  it.each([undefined, '', '1', '2 a.b.c', '1 a.b.c.d.e', `1 ${'x'.repeat(5_000)}`])('reads no hop in %j', (value) => {
    expect(readMarker(value)).toStrictEqual([]);
  });

  it('is printable ASCII, as metadata must be, and is added to what is there', () => {
    fc.assert(
      fc.property(hops, hops, (first, second) => {
        const { metadata, isMarked } = withHop(withHop({ a: 'b' }, first).metadata, second);
        expect(isMarked).toBe(true);
        expect(metadata['a']).toBe('b');
        expect(metadata[MARKER]).toMatch(/^[ -~]+$/);
        expect(readMarker(metadata[MARKER])).toStrictEqual([first, second]);
      }),
    );
  });

  it('tells what the last hop has copied, and of earlier ones no more', () => {
    fc.assert(
      fc.property(hops, hops, (first, second) => {
        const { metadata } = withHop({}, { ...first, etag: MD5 });
        expect(readMarker(metadata[MARKER])).toStrictEqual([{ ...first, etag: MD5 }]);
        const next = { ...second, etag: `${MD5}-2` };
        expect(readMarker(withHop(metadata, next).metadata[MARKER])).toStrictEqual([first, next]);
      }),
    );
  });

  it('is left out where there is no room for it', () => {
    const [hop] = fc.sample(hops, 1);
    const metadata = { a: 'b'.repeat(1_950) };
    expect(withHop(metadata, hop!)).toStrictEqual({ metadata, isMarked: false });
    const full = { a: 'b'.repeat(2_047 - Buffer.byteLength(`${MARKER}${formatMarker([hop!])}`)) };
    expect(withHop(full, hop!).isMarked).toBe(true);
    expect(withHop({ a: `${full.a}c` }, hop!).isMarked).toBe(false);
  });
});

describe('isOwnCopy', () => {
  const hop: Hop = { document: 'd', destination: 'e', hash: 'h', sk: 's', nonce: 'n' };
  const row = { nonce: 'n', size: 3, etag: MD5, isPlain: true };

  it.each([
    { reason: 'all agrees', row, object: row, own: true },
    { reason: 'there is no row', row: undefined, object: row, own: false },
    { reason: 'another nonce', row: { ...row, nonce: 'm' }, object: row, own: false },
    { reason: 'another size', row, object: { ...row, size: 4 }, own: false },
    { reason: 'other content', row, object: { ...row, etag: 'f'.repeat(32) }, own: false },
    { reason: 'ETags that tell nothing', row, object: { ...row, etag: `${MD5}-2`, isPlain: false }, own: true },
  ])('$reason: $own', ({ row: known, object, own }) => {
    expect(isOwnCopy(known, hop, object)).toBe(own);
  });

  it.each([
    [MD5, undefined, true],
    [MD5, 'AES256', true],
    [MD5, 'aws:kms', false],
    [`${MD5}-2`, undefined, false],
  ])('%s of %s is plain: %s', (etag, encryption, isPlain) => {
    expect(isPlainEtag(etag, encryption)).toBe(isPlain);
  });
});

describe('tellsOfCopy', () => {
  const destination = destinationMark('copies', 'in/');
  const asked = { destination, key: 'in/a.pdf', etag: MD5 };
  const hop: Hop = {
    document: documentMark('acme', 'BucketFanOut/a'),
    destination,
    hash: keyHash('in/a.pdf'),
    sk: copySortKey({ sequencer: 'A1' }),
    nonce: 'n',
    etag: MD5,
  };
  const other = destinationMark('other', '');

  it.each([
    { reason: 'all agrees', hops: [hop], tells: true },
    { reason: 'it was a copy before', hops: [{ ...hop, destination: other }, hop], tells: true },
    { reason: 'it was copied on', hops: [hop, { ...hop, destination: other }], tells: false },
    { reason: 'another key', hops: [{ ...hop, hash: keyHash('in/b.pdf') }], tells: false },
    { reason: 'of something else', hops: [{ ...hop, etag: `${MD5}-2` }], tells: false },
    { reason: 'nothing', hops: [], tells: false },
  ])('$reason: $tells', ({ hops: chain, tells }) => {
    expect(tellsOfCopy(formatMarker(chain), asked)).toBe(tells);
  });

  it('tells nothing without an ETag, or without a marker', () => {
    const { etag: _, ...old } = hop;
    expect([tellsOfCopy(formatMarker([old]), asked), tellsOfCopy(undefined, asked)]).toStrictEqual([false, false]);
  });
});

describe('a marker in a tag', () => {
  const marks = { document: 'd'.repeat(12), destination: 'e'.repeat(12), formerly: ['f'.repeat(12)] };
  const hop: Hop = {
    document: marks.document,
    destination: marks.destination,
    hash: 'h'.repeat(43),
    sk: 'copy/x',
    nonce: 'n',
  };

  it('is told by it, beside the tags that are there and hops of others', () => {
    const other = withHopTag(
      [{ key: 'a', value: '1' }],
      { ...hop, destination: 'o'.repeat(12) },
      { ...marks, destination: 'o'.repeat(12) },
    );
    const tags = withHopTag(other!, hop, marks)!;
    expect(tags.map(({ key }) => key)).toStrictEqual(['a', MARKER, `${MARKER}-2`]);
    expect(hopsInTags(tags).map(({ destination }) => destination)).toStrictEqual(['o'.repeat(12), hop.destination]);
    // Of one destination there is one, under whichever name of its document.
    for (const document of [marks.document, ...marks.formerly]) {
      const again = withHopTag(withHopTag([], { ...hop, document }, marks)!, { ...hop, nonce: 'm' }, marks)!;
      expect(hopsInTags(again).map(({ nonce }) => nonce)).toStrictEqual(['m']);
    }
  });

  it('has no room beside ten, and leaves out the ETag where a tag is too short for it', () => {
    const ten = Array.from({ length: 10 }, (_, at) => ({ key: `t${at}`, value: '' }));
    expect(withHopTag(ten, hop, marks)).toBeUndefined();
    const long = { ...hop, sk: `copy/${'x'.repeat(115)}` };
    expect(hopsInTags(withHopTag([], { ...long, etag: 'e'.repeat(32) }, marks)!)).toStrictEqual([long]);
    expect(withHopTag([], { ...hop, sk: 'x'.repeat(200) }, marks)).toBeUndefined();
  });
});
