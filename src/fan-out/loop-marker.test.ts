import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copySortKey, keyHash } from './ledger-keys.ts';
import {
  compareContent,
  destinationMark,
  documentMark,
  formatMarker,
  hopsInTags,
  isCopyOf,
  isPlainEtag,
  MARKER,
  readMarker,
  sourceMark,
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

describe('content', () => {
  const plain = { size: 3, etag: MD5, isPlain: true };
  const parts = { size: 3, etag: `${MD5}-2`, isPlain: false };
  const sum = { algorithm: 'CRC32', type: 'FULL_OBJECT', value: 'AAAAAA==' } as const;
  const composite = { ...sum, type: 'COMPOSITE' } as const;

  it.each([
    { reason: 'equal digests', one: plain, other: plain, is: 'same' },
    { reason: 'another size', one: plain, other: { ...plain, size: 4 }, is: 'different' },
    { reason: 'other digests', one: plain, other: { ...plain, etag: 'f'.repeat(32) }, is: 'different' },
    {
      reason: 'other digests, whatever the checksums',
      one: { ...plain, checksum: sum },
      other: { ...plain, etag: 'f'.repeat(32), checksum: sum },
      is: 'different',
    },
    { reason: 'ETags that tell nothing', one: plain, other: parts, is: 'unknown' },
    { reason: 'equal ETags of parts', one: parts, other: parts, is: 'unknown' },
    { reason: 'equal checksums', one: { ...plain, checksum: sum }, other: { ...parts, checksum: sum }, is: 'same' },
    {
      reason: 'other checksums',
      one: { ...parts, checksum: sum },
      other: { ...parts, checksum: { ...sum, value: 'BBBBBB==' } },
      is: 'different',
    },
    { reason: 'one checksum', one: { ...parts, checksum: sum }, other: parts, is: 'unknown' },
    {
      reason: 'checksums of two algorithms',
      one: { ...parts, checksum: sum },
      other: { ...parts, checksum: { ...sum, algorithm: 'SHA1' } },
      is: 'unknown',
    },
    {
      reason: 'checksums of two types',
      one: { ...parts, checksum: sum },
      other: { ...parts, checksum: composite },
      is: 'unknown',
    },
    {
      reason: 'equal checksums of parts',
      one: { ...parts, checksum: composite },
      other: { ...parts, checksum: composite },
      is: 'same',
    },
    {
      reason: 'other checksums of parts',
      one: { ...parts, checksum: composite },
      other: { ...parts, checksum: { ...composite, value: 'BBBBBB==' } },
      is: 'unknown',
    },
  ])('with $reason is $is', ({ one, other, is }) => {
    expect(compareContent(one, other)).toBe(is);
    expect(compareContent(other, one)).toBe(is);
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

describe('isCopyOf', () => {
  const marks = {
    document: documentMark('acme', 'BucketFanOut/a'),
    destination: destinationMark('copies', 'in/'),
    formerly: [documentMark('acme', 'BucketFanOut/old')],
  };
  const asked = { sourceKey: 'a-1.pdf', destinationKey: 'in/a.pdf' };
  const hop: Hop = {
    document: marks.document,
    destination: marks.destination,
    hash: keyHash('in/a.pdf'),
    sk: copySortKey({ sequencer: 'A1' }),
    nonce: 'n',
    etag: MD5,
    source: sourceMark('a-1.pdf'),
  };

  it.each([
    { reason: 'all agrees', hops: [hop], is: true },
    {
      reason: 'it was a copy before',
      hops: [{ ...hop, document: documentMark('acme', 'BucketFanOut/b') }, hop],
      is: true,
    },
    { reason: 'a name that it had', hops: [{ ...hop, document: documentMark('acme', 'BucketFanOut/old') }], is: true },
    { reason: 'another key of the source', hops: [{ ...hop, source: sourceMark('a-2.pdf') }], is: false },
    { reason: 'another place', hops: [{ ...hop, hash: keyHash('in/b.pdf') }], is: false },
    { reason: 'another document', hops: [{ ...hop, document: documentMark('acme', 'BucketFanOut/b') }], is: false },
    { reason: 'another destination', hops: [{ ...hop, destination: destinationMark('copies', '') }], is: false },
    {
      reason: 'it was copied on',
      hops: [hop, { ...hop, document: documentMark('acme', 'BucketFanOut/b') }],
      is: false,
    },
    { reason: 'nothing', hops: [], is: false },
  ])('$reason: $is', ({ hops: chain, is }) => {
    expect(isCopyOf(formatMarker(chain), marks, asked)).toBe(is);
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
