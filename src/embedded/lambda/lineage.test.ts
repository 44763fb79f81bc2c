import { describe, expect, it } from 'vitest';
import { nextLink } from './lineage.ts';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const LOOP = 'arn:aws:lambda:eu-west-1:111122223333:function:loop';
const OTHER = `${LOOP}-other`;

/** The counts of a chain of functions, each invoked by the one before. */
function countsOf(...arns: readonly string[]): readonly number[] {
  let header: string | undefined;
  return arns.map((arn) => {
    const link = nextLink(header, arn, NOW);
    header = link.header;
    return link.count;
  });
}

describe('an invocation', () => {
  it('is the first of its function where no function made the request', () => {
    expect(nextLink(undefined, LOOP, NOW)).toMatchObject({
      count: 1,
      header: expect.stringMatching(
        /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0;Lineage=[0-9a-f]{8}:1$/,
      ) as string,
    });
  });

  it('is counted for each function along the chain', () => {
    expect(countsOf(LOOP, LOOP, OTHER, LOOP, OTHER)).toEqual([1, 2, 1, 3, 2]);
  });

  it('keeps the root of its chain, and another chain has another', () => {
    const rootOf = (header: string) => header.split(';')[0];
    const first = nextLink(undefined, LOOP, NOW);

    expect(rootOf(nextLink(first.header, LOOP, NOW + 60_000).header)).toBe(rootOf(first.header));
    expect(rootOf(nextLink(undefined, LOOP, NOW).header)).not.toBe(rootOf(first.header));
  });

  it.each(['', 'Lineage=', 'Lineage=x:y|:3|12345678:many', 'Self=1;Root=none', 'no header at all'])(
    'begins a chain after %j, which tells of none',
    (header) => {
      expect(nextLink(header, LOOP, NOW).count).toBe(1);
    },
  );
});
