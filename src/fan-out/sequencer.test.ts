import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalSequencer, compareSequencers, isSequencer } from './sequencer.ts';

const sequencers = fc.stringMatching(/^[0-9a-fA-F]{1,24}$/);

/** AWS's words: zeros at the right of the shorter, then by digits. */
function byTheBook(left: string, right: string): number {
  const length = Math.max(left.length, right.length);
  const [a, b] = [left, right].map((text) => BigInt(`0x${text.padEnd(length, '0')}`)) as [bigint, bigint];
  return a === b ? 0 : a < b ? -1 : 1;
}

describe('compareSequencers', () => {
  it.each([
    ['0055AED6DCD90281E5', '0066DA1CBF104C0D51', -1],
    ['0066DA1CBF104C0D51', '0055AED6DCD90281E5', 1],
    // Left-padded, the shorter one would be lower.
    ['0066DA1CBF', '0055AED6DCD90281E5', 1],
    ['0055AED6DC', '0055AED6DCD90281E5', -1],
    ['0055AED6DC', '0055AED6DC00', 0],
    ['0055aed6dc', '0055AED6DC', 0],
    ['00', '0', 0],
  ])('holds %s against %s', (left, right, sign) => {
    expect(compareSequencers(left, right)).toBe(sign);
  });

  it('is padding at the right, for all lengths', () => {
    fc.assert(
      fc.property(sequencers, sequencers, (left, right) => {
        expect(compareSequencers(left, right)).toBe(byTheBook(left, right));
      }),
    );
  });
});

describe('canonicalSequencer', () => {
  it('keeps the order as plain text, as a condition of DynamoDB compares', () => {
    fc.assert(
      fc.property(sequencers, sequencers, (left, right) => {
        const [a, b] = [Buffer.from(canonicalSequencer(left)), Buffer.from(canonicalSequencer(right))];
        expect(Buffer.compare(a, b)).toBe(byTheBook(left, right));
      }),
    );
  });
});

describe('isSequencer', () => {
  it.each(['', 'xyz', '0x12', '12 ', 'a'.repeat(257)])('refuses %j', (text) => {
    expect(isSequencer(text)).toBe(false);
  });
});
