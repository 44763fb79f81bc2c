import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copySortKey, HEAD, isCopySortKey, keyHash, ledgerPartition, ledgerPartitions } from './ledger-keys.ts';
import { tuple } from './tuple.ts';

const texts = fc.array(fc.string({ unit: 'binary', maxLength: 12 }), { maxLength: 4 });

/** Texts that look like lengths and separators. */
const hostile = fc.array(fc.stringMatching(/^[0-2:]{0,5}$/), { maxLength: 4 });

describe('tuple', () => {
  it('gives two different lists two different texts', () => {
    for (const lists of [texts, hostile]) {
      fc.assert(
        fc.property(lists, lists, (left, right) => {
          expect(tuple(left) === tuple(right)).toBe(JSON.stringify(left) === JSON.stringify(right));
        }),
        { numRuns: 2_000 },
      );
    }
  });

  it('counts octets', () => {
    expect(tuple(['é', '', '3:a'])).toBe('2:é0:3:3:a');
  });
});

describe('keys of the ledger', () => {
  it('tell destinations and keys apart, whatever they are', () => {
    const places = fc.tuple(fc.stringMatching(/^[a-z0-9.]{1,8}$/), fc.string({ unit: 'binary', maxLength: 8 }));
    fc.assert(
      fc.property(places, places, ([bucket, key], [other, otherKey]) => {
        const same = ledgerPartition(bucket, keyHash(key)) === ledgerPartition(other, keyHash(otherKey));
        expect(same).toBe(bucket === other && key === otherKey);
      }),
    );
  });

  it('are as long as DynamoDB takes them, and begin with the bucket', () => {
    const pk = ledgerPartition('b'.repeat(63), keyHash('k'.repeat(1_024)));
    expect(pk.length).toBeLessThan(2_048);
    expect(pk.startsWith(ledgerPartitions('b'.repeat(63)))).toBe(true);
  });

  it('tell an event, a look and a head apart', () => {
    const all = [
      HEAD,
      copySortKey({ sequencer: 'AB' }),
      copySortKey({ sequencer: '' }),
      copySortKey({ etag: 'AB' }),
      copySortKey({ etag: 'B', versionId: 'A' }),
      copySortKey({ etag: 'AB', versionId: '' }),
    ];
    expect(new Set(all).size).toBe(5);
    expect(all.map(isCopySortKey)).toStrictEqual([false, true, true, true, true, true]);
  });
});
