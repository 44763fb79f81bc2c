import { DeleteObjectCommand, GetObjectTaggingCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/embedded/index.ts';
import { DESTINATION, GIB, PROOF, SOURCE, openLargeCopy } from '../support/large-copy.ts';
import type { Death, Invocation, LargeCopyBench } from '../support/large-copy.ts';

/** Twelve parts. */
const FEW = { partSize: 5 * GIB };
/** Dozens of copies on a machine that others use, too. */
const MANY_RUNS_MS = 180_000;
/** How often an invocation is started again before the test gives up. */
const MOST_STARTS = 12;

async function expectCopied(bench: LargeCopyBench): Promise<void> {
  const { size, checksum, headers, metadata } = bench.object;
  expect(await bench.landed()).toMatchObject({ size, checksum, headers, metadata });
  expect(await bench.open()).toBe(0);
}

/** Dies these deaths one after the other, and goes on until an invocation comes to its end. */
async function outlive(bench: LargeCopyBench, deaths: readonly Death[]): Promise<Invocation> {
  for (let start = 0; start < MOST_STARTS; start += 1) {
    const death = deaths[start];
    const run = await bench.invoke(death && { death });
    if (run.result !== undefined && run.result.outcome !== 'goes on') return run;
    bench.outwait();
  }
  throw new Error('It came to no end.');
}

/** Both sides of every call of a run; of parts in a row the first two and the last. */
function deathsOf({ calls }: Invocation): readonly Death[] {
  return calls.flatMap((call, index) => {
    const isInside = [-2, -1, 1].every((step) => calls[index + step] === 'UploadPartCopy');
    if (call === 'UploadPartCopy' && isInside) return [];
    return [
      { call: index + 1, isBehind: false },
      { call: index + 1, isBehind: true },
    ];
  });
}

function partsIn(calls: readonly string[]): number {
  return calls.filter((call) => call === 'UploadPartCopy').length;
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

  it('carries headers, metadata, tags, storage class, redirect and checksum, and what is wished', async () => {
    const bench = await openLargeCopy({
      ...FEW,
      headers: { CacheControl: 'no-store', ContentType: 'text/csv', ExpiresString: 'Tue, 01 Jan 2030 00:00:00 GMT' },
      metadata: { team: 'billing' },
      tags: { 'a b': 'c+d=é', kind: 'invoice' },
      storageClass: 'STANDARD_IA',
      redirect: '/elsewhere',
      checksumAlgorithm: 'CRC32C',
      wishes: { acl: 'bucket-owner-full-control' },
    });
    await bench.invoke({ concurrency: 4 });

    await expectCopied(bench);
    const landed = await bench.landed();
    expect(landed).toMatchObject({
      headers: { CacheControl: 'no-store', ContentType: 'text/csv', Expires: new Date('2030-01-01T00:00:00Z') },
      metadata: { team: 'billing', [PROOF.name]: PROOF.value },
      storageClass: 'STANDARD_IA',
      redirect: '/elsewhere',
      checksum: { algorithm: 'CRC32C', type: 'FULL_OBJECT' },
    });
    const { TagSet } = await bench.there.s3.send(
      new GetObjectTaggingCommand({ Bucket: DESTINATION.bucket, Key: DESTINATION.key }),
    );
    expect(TagSet).toEqual([
      { Key: 'a b', Value: 'c+d=é' },
      { Key: 'kind', Value: 'invoice' },
    ]);
  });

  it('has the digests of its parts where the source has a digest', async () => {
    const bench = await openLargeCopy({ ...FEW, checksumAlgorithm: 'SHA256', wishes: { storageClass: 'GLACIER_IR' } });
    await bench.invoke();

    expect(await bench.landed()).toMatchObject({
      size: 60 * GIB,
      storageClass: 'GLACIER_IR',
      checksum: { algorithm: 'SHA256', type: 'COMPOSITE', value: expect.stringMatching(/-12$/) },
    });
  });
});

describe('an invocation with little time', () => {
  it('leaves the completion to one that has more, which may take as long as it takes', async () => {
    const bench = await openLargeCopy({ ...FEW, partMs: 10_000 });
    const most = { milliseconds: 100_000, concurrency: 4 };
    const first = await bench.invoke(most);
    expect(first.result).toEqual({ outcome: 'goes on', finished: 12, parts: 12 });
    expect(first.calls).not.toContain('CompleteMultipartUpload');

    const second = await bench.invoke(most);
    expect(second.result).toMatchObject({ outcome: 'copied', parts: 12 });
    expect(partsIn(second.calls)).toBe(0);
    await expectCopied(bench);
  });

  it('hands over only so often: then nothing is left open, and it says what to do', async () => {
    const little = { milliseconds: 6_500 };
    const bench = await openLargeCopy({ ...FEW, partMs: 7_000 });
    expect((await bench.invoke({ ...little, turn: 31 })).result).toMatchObject({ outcome: 'goes on' });
    expect(await bench.open()).toBe(1);

    await expect(bench.invoke({ ...little, turn: 32 })).rejects.toThrow(
      /^After 32 invocations \d+ of 12 parts are copied: .*spec\.function\.timeout/,
    );
    expect(await bench.open()).toBe(0);
    bench.outwait();
    expect((await bench.invoke()).result).toMatchObject({ outcome: 'copied' });
  });
});

describe('an object of whose parts no invocation sees the end', () => {
  const part = { ...FEW, partSize: 5 * GIB, partMs: 268_000 };
  const short = { milliseconds: 30_000 };

  it('fails after some invocations, and says what time would be enough; nothing is left open', async () => {
    const bench = await openLargeCopy(part);
    for (const turn of [0, 1]) {
      expect((await bench.invoke({ ...short, turn })).result).toMatchObject({ outcome: 'goes on', finished: 0 });
    }
    // Lambda tries again what failed, and that is not as many invocations anew.
    for (const milliseconds of [30_000, 200_000, 200_000]) {
      await expect(bench.invoke({ milliseconds, turn: 2 })).rejects.toThrow(
        /^3 invocations in a row have finished no part of 5.4 GB: .*spec\.function\.timeout, at least 5m/,
      );
      expect(await bench.open()).toBe(0);
    }
    expect((await bench.invoke()).result).toMatchObject({ outcome: 'copied' });
  });

  it('goes on as long as a part is finished now and then', async () => {
    const bench = await openLargeCopy({ ...part, partMs: 40_000 });
    for (let turn = 0; turn < 3; turn += 1) {
      for (const milliseconds of [30_000, 30_000, 45_000]) {
        const { result } = await bench.invoke({ milliseconds, turn });
        expect(result?.outcome).not.toBe('superseded');
        if (result?.outcome === 'copied') return;
      }
    }
    expect((await bench.invoke()).result).toMatchObject({ outcome: 'copied' });
  });
});

/** Ten tags of the greatest length, in letters that a header writes with nine characters each. */
const LONG_TAGS = Object.fromEntries(
  Array.from({ length: 10 }, (_, at) => [`${at}${'東'.repeat(127)}`, '京'.repeat(256)]),
);

describe('tags that no header holds', () => {
  async function tagsOf({ there }: LargeCopyBench): Promise<Record<string, string | undefined>> {
    const { TagSet = [] } = await there.s3.send(
      new GetObjectTaggingCommand({ Bucket: DESTINATION.bucket, Key: DESTINATION.key }),
    );
    return Object.fromEntries(TagSet.map(({ Key, Value }) => [Key, Value]));
  }

  it('are put onto the copy when it has landed', async () => {
    const bench = await openLargeCopy({ ...FEW, tags: LONG_TAGS });
    const { result, calls } = await bench.invoke({ concurrency: 4 });
    expect(result).toMatchObject({ outcome: 'copied' });
    expect(calls.filter((call) => call === 'PutObjectTagging')).toHaveLength(1);
    expect(await tagsOf(bench)).toEqual(LONG_TAGS);
  });

  it(
    'are put there by the next one where an invocation dies',
    async () => {
      const whole = await (await openLargeCopy({ ...FEW, tags: LONG_TAGS })).invoke();
      const last = whole.calls.indexOf('CompleteMultipartUpload');
      for (let call = last; call <= whole.calls.length; call += 1) {
        for (const isBehind of [false, true]) {
          const bench = await openLargeCopy({ ...FEW, tags: LONG_TAGS });
          expect((await outlive(bench, [{ call, isBehind }])).result).toMatchObject({ outcome: 'copied' });
          expect({ call, isBehind, tags: await tagsOf(bench) }).toEqual({ call, isBehind, tags: LONG_TAGS });
        }
      }
    },
    MANY_RUNS_MS,
  );
});

describe('an invocation that dies', () => {
  it(
    'before or behind any call is outlived: the next one goes on',
    async () => {
      const whole = await (await openLargeCopy(FEW)).invoke();
      const kinds = ['CreateMultipartUpload', 'UploadPartCopy', 'UpdateItem', 'CompleteMultipartUpload'];
      expect(whole.calls).toEqual(expect.arrayContaining(kinds));

      for (const death of deathsOf(whole)) {
        const bench = await openLargeCopy(FEW);
        const { result, calls } = await outlive(bench, [death]);
        const where = `${whole.calls[death.call - 1]} ${death.call} ${death.isBehind ? 'behind' : 'before'}`;

        // Nothing that S3 has is copied twice.
        const effected = partsIn(whole.calls.slice(0, death.call - (death.isBehind ? 0 : 1)));
        expect({ where, outcome: result?.outcome, copied: partsIn(calls) }).toEqual({
          where,
          outcome: 'copied',
          copied: 12 - effected,
        });
        await expectCopied(bench);
      }
    },
    MANY_RUNS_MS,
  );

  it(
    'again and again leaves nothing behind',
    async () => {
      const death = fc.record({ call: fc.integer({ min: 1, max: 30 }), isBehind: fc.boolean() });
      await fc.assert(
        fc.asyncProperty(fc.array(death, { minLength: 2, maxLength: 5 }), async (deaths) => {
          const bench = await openLargeCopy(FEW);
          const { result } = await outlive(bench, deaths);
          expect(result?.outcome).toBe('copied');
          await expectCopied(bench);
        }),
        { numRuns: 15 },
      );
    },
    MANY_RUNS_MS,
  );

  it('while it hands over is outlived, too', async () => {
    /** What of an invocation is left of its time: six parts. */
    const most = { milliseconds: 6_500 };
    const first = await (await openLargeCopy({ ...FEW, partMs: 1_000 })).invoke(most);
    expect(first.result).toEqual({ outcome: 'goes on', finished: 6, parts: 12 });

    for (const isBehind of [false, true]) {
      const bench = await openLargeCopy({ ...FEW, partMs: 1_000 });
      await bench.invoke({ ...most, death: { call: first.calls.length, isBehind } });
      bench.outwait();
      expect((await bench.invoke()).result).toMatchObject({ outcome: 'copied' });
      await expectCopied(bench);
    }
  });

  it('while it gives up is outlived, too: the upload is gone', async () => {
    /** Six parts are copied, then something newer comes. */
    async function overtaken() {
      const bench = await openLargeCopy({ ...FEW, partMs: 1_000 });
      await bench.invoke({ milliseconds: 6_500 });
      await bench.claim('0055A2');
      bench.outwait();
      return bench;
    }
    const whole = await (await overtaken()).invoke();
    expect(whole.result).toEqual({ outcome: 'superseded' });
    expect(whole.calls).toContain('AbortMultipartUpload');

    for (const death of deathsOf(whole)) {
      const bench = await overtaken();
      const { result } = await outlive(bench, [death]);

      expect(result).toEqual({ outcome: 'superseded' });
      expect(await bench.landed()).toBeUndefined();
      expect(await bench.open()).toBe(0);
    }
  });

  it('as it began an upload has it aborted, even when its source is gone or it was overtaken by then', async () => {
    for (const change of ['gone', 'overtaken'] as const) {
      const bench = await openLargeCopy(FEW);
      const { calls } = await (await openLargeCopy(FEW)).invoke();
      const death = { call: calls.indexOf('CreateMultipartUpload') + 1, isBehind: true };
      await bench.invoke({ death });
      expect(await bench.open()).toBe(1);
      if (change === 'gone')
        await bench.here.s3.send(new DeleteObjectCommand({ Bucket: SOURCE.bucket, Key: SOURCE.key }));
      else await bench.claim('0055A2');
      bench.outwait();

      expect((await bench.invoke()).result).toEqual({ outcome: 'superseded' });
      expect(await bench.open()).toBe(0);
    }
  });
});

describe('invocations at once', () => {
  it('do not wait for one that is alive', async () => {
    const bench = await openLargeCopy({ ...FEW, partMs: 20_000 });
    const [first, second] = await bench.invokeAll({}, {});

    expect(first?.result).toMatchObject({ outcome: 'copied' });
    expect(second?.result).toEqual({ outcome: 'elsewhere' });
    expect(second?.calls).not.toContain('CreateMultipartUpload');
    await expectCopied(bench);
  });

  it('do no harm to each other where one lost its lease and does not know', async () => {
    for (const partMs of [7_000, 20_000, 61_000]) {
      const bench = await openLargeCopy({ ...FEW, partMs });
      const runs = await bench.invokeAll(
        { isRenewed: false },
        { isRenewed: false, concurrency: 2 },
        { concurrency: 3 },
      );
      const outcomes = runs.map(({ result }) => result?.outcome);

      expect(outcomes).toContain('copied');
      expect(outcomes.filter((outcome) => outcome !== 'copied' && outcome !== 'elsewhere')).toEqual([]);
      await expectCopied(bench);
    }
  });

  it('one of which has no time to wait fails, so that it is tried again', async () => {
    const bench = await openLargeCopy({ ...FEW, partMs: 20_000 });
    const runs = bench.invokeAll({}, { milliseconds: 20_000 });

    await expect(runs).rejects.toThrow('there is no time to wait');
  });
});

describe('what fails', () => {
  it.each([
    ['CreateMultipartUpload', 'lost-reply', 1],
    ['UploadPartCopy', 'lost-reply', 3],
    ['CompleteMultipartUpload', 'lost-reply', 1],
    ['UploadPartCopy', 'throttle', 6],
    ['CompleteMultipartUpload', 'throttle', 6],
    ['UploadPartCopy', 'server-error', 4],
    ['UploadPartCopy', 'error-in-body', 4],
    ['CompleteMultipartUpload', 'error-in-body', 3],
    ['ListParts', 'server-error', 2],
  ] as const)('%s for now (%s) is tried again', async (command, fault, times) => {
    const faults: Fault[] = [{ service: 's3', command, fault, times }];
    const bench = await openLargeCopy({ ...FEW, faults });

    expect((await bench.invoke()).result).toMatchObject({ outcome: 'copied', parts: 12 });
    await expectCopied(bench);
  });

  it('for longer than that leaves the upload to the next invocation', async () => {
    const faults: Fault[] = [{ service: 's3', command: 'UploadPartCopy', fault: 'server-error', nth: 5, times: 14 }];
    const bench = await openLargeCopy({ ...FEW, faults });

    await expect(bench.invoke()).rejects.toMatchObject({ name: 'InternalFailure' });
    expect(await bench.open()).toBe(1);
    bench.outwait();
    const { result } = await outlive(bench, []);

    expect(result).toMatchObject({ outcome: 'copied' });
    await expectCopied(bench);
  });

  it.each(['UploadPartCopy', 'CompleteMultipartUpload'])('for good (%s) leaves no upload', async (command) => {
    const faults: Fault[] = [{ service: 's3', command, fault: 'access-denied' }];
    const bench = await openLargeCopy({ ...FEW, faults });

    await expect(bench.invoke({ concurrency: 3 })).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(await bench.open()).toBe(0);
    bench.outwait();
    // Redriven, when the right has been given.
    expect((await bench.invoke()).result).toMatchObject({ outcome: 'copied' });
    await expectCopied(bench);
  });

  it('when the ledger is down, the copy stops and goes on later', async () => {
    const faults: Fault[] = [{ service: 'dynamodb', command: 'UpdateItem', fault: 'server-error', nth: 5, times: 14 }];
    const bench = await openLargeCopy({ ...FEW, faults });

    await expect(bench.invoke()).rejects.toMatchObject({ name: 'InternalFailure' });
    bench.outwait();
    expect((await outlive(bench, [])).result).toMatchObject({ outcome: 'copied' });
    await expectCopied(bench);
  });
});

describe('a source that changes', () => {
  it('while it is copied makes the copy superseded', async () => {
    const bench = await openLargeCopy({ ...FEW, partMs: 1_000 });
    expect((await bench.invoke({ milliseconds: 4_500 })).result?.outcome).toBe('goes on');
    await bench.here.s3.send(new PutObjectCommand({ Bucket: SOURCE.bucket, Key: SOURCE.key, Body: 'newer' }));
    bench.outwait();

    expect((await bench.invoke({ concurrency: 3 })).result).toEqual({ outcome: 'superseded' });
    expect(await bench.landed()).toBeUndefined();
    expect(await bench.open()).toBe(0);
  });

  it('is not there any more: the copy is superseded, and no upload is begun', async () => {
    const bench = await openLargeCopy(FEW);
    await bench.here.s3.send(new DeleteObjectCommand({ Bucket: SOURCE.bucket, Key: SOURCE.key }));
    const { result, calls } = await bench.invoke();

    expect(result).toEqual({ outcome: 'superseded' });
    expect(calls).not.toContain('CreateMultipartUpload');
  });
});
