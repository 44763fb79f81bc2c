import { describe, expect, it } from 'vitest';
import { createComparison } from './comparison.ts';
import type { ListedObject } from './comparison.ts';
import { compileDestinationKey } from './destination-key.ts';

const [A, B] = ['a'.repeat(32), 'b'.repeat(32)];

function listed(key: string, etag: string = A, size = 1): ListedObject {
  return { key, etag, size };
}

const mapKey = compileDestinationKey({ strip: 'in/', replace: [{ pattern: '-[0-9]$', with: '' }] }, 'out/');

function compare(sources: readonly ListedObject[], copies: readonly ListedObject[], isPlain = true) {
  const comparison = createComparison(copies, mapKey, { isPlain });
  const found = [...sources.flatMap((one) => comparison.source(one) ?? []), ...comparison.extras()];
  return { equal: comparison.equal, found };
}

describe('createComparison', () => {
  it('finds nothing where each source has its copy', () => {
    const copies = [listed('out/b'), listed('out/a')];
    expect(compare([listed('in/a'), listed('in/b')], copies)).toStrictEqual({ equal: 2, found: [] });
  });

  it.each([
    { reason: 'no copy', sources: [listed('in/a')], copies: [], is: ['missing'] },
    { reason: 'another size', sources: [listed('in/a')], copies: [listed('out/a', A, 2)], is: ['stale'] },
    { reason: 'other content', sources: [listed('in/a')], copies: [listed('out/a', B)], is: ['stale'] },
    {
      reason: 'an ETag of parts',
      sources: [listed('in/a', `${A}-2`)],
      copies: [listed('out/a', B)],
      is: ['undecided'],
    },
    { reason: 'no source', sources: [], copies: [listed('out/a')], is: ['extra'] },
    {
      reason: 'two sources of one key',
      sources: [listed('in/a'), listed('in/a-2')],
      copies: [listed('out/a')],
      is: ['collision'],
    },
    { reason: 'no key', sources: [listed('in/')], copies: [], is: ['unmappable'] },
  ])('$reason: $is', ({ sources, copies, is }) => {
    expect(compare(sources, copies).found.map((one) => one.is)).toStrictEqual(is);
  });

  it('does not take ETags for content where a key of KMS may be', () => {
    const { found } = compare([listed('in/a')], [listed('out/a', B)], false);
    expect(found.map(({ is }) => is)).toStrictEqual(['undecided']);
  });
});
