import { PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { GIB, SOURCE, openLargeCopy } from '../support/large-copy.ts';
import type { LargeCopyBench } from '../support/large-copy.ts';

/** Twelve parts. */
const FEW = { partSize: 5 * GIB };

async function expectCopied(bench: LargeCopyBench): Promise<void> {
  const { size, checksum, headers, metadata } = bench.object;
  expect(await bench.landed()).toMatchObject({ size, checksum, headers, metadata });
  expect(await bench.open()).toBe(0);
}

describe('a large copy', () => {
  it('goes on over several invocations, and is the same at the end', async () => {
    const bench = await openLargeCopy({ partMs: 10_000 });
    const outcomes: unknown[] = [];
    for (let turn = 0; turn < 10; turn += 1) {
      const { result, calls } = await bench.invoke({ milliseconds: 290_000, concurrency: 2 });
      outcomes.push(result);
      expect(calls.filter((call) => call === 'CreateMultipartUpload')).toHaveLength(turn === 0 ? 1 : 0);
      if (result?.outcome === 'copied') break;
      expect(await bench.open()).toBe(1);
    }

    expect(outcomes).toEqual([
      { outcome: 'goes on', finished: 56, parts: 120 },
      { outcome: 'goes on', finished: 112, parts: 120 },
      { outcome: 'copied', etag: expect.stringMatching(/^"[0-9a-f]{32}-120"$/), parts: 120 },
    ]);
    await expectCopied(bench);
  });
});
