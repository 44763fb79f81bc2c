import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { MARKER } from '../../src/fan-out/loop-marker.ts';
import type { Work } from '../../src/runtime/bucket-fan-out/event.ts';
import { DESTINATION, DOCUMENT, openFanOutBench, SOURCE } from '../support/fan-out-bench.ts';
import type { FanOutBench } from '../support/fan-out-bench.ts';
import { fanOutProcess } from '../support/fan-out-process.ts';
import { fanOutEstate, keysOf, SOURCE_BUCKET } from '../support/fan-out-estate.ts';

const GIB = 2 ** 30;

/** What the event of an object would say. */
function eventOf(key: string, etag: string, size: number): Work {
  return { is: 'change', change: { kind: 'created', key, sequencer: '01', at: 0, etag, size } };
}

async function once(bench: FanOutBench, work: Work) {
  return (await fanOutProcess(bench, 'one')).work(work);
}

describe.each([
  ['archived', { storageClass: 'GLACIER' }],
  ['archived', { storageClass: 'DEEP_ARCHIVE' }],
  ['customer-key', { customerKey: true }],
] as const)('an object that S3 does not copy (%s)', (is, how) => {
  it('is told so by record, count and row, and nothing fails', async () => {
    const bench = await openFanOutBench({ isVersioned: true });
    const { account } = bench;
    account.putSparseObject({ bucket: SOURCE, key: 'cold', size: 7, ...how });
    await bench.put('warm');
    const answer = await bench.invoke({
      action: 'backfill',
      document: DOCUMENT.address,
      run: 'run',
      items: [{ key: 'cold' }, { key: 'warm' }],
    });
    const count = is === 'archived' ? 'archived' : 'customerKeys';
    expect(answer).toMatchObject({
      answer: {
        outcome: 'done',
        counts: { [count]: 1, failed: 0 },
        items: [{ key: 'cold', is, why: expect.any(String) as string }, { key: 'warm' }],
      },
    });
    expect(await bench.outcomes()).toContain(is);
    expect(await bench.keys()).toStrictEqual(['from/warm']);
    const head = (await bench.head('from/cold'))!;
    expect(head).toMatchObject({ sourceKey: 'cold', size: 7 });
  });

  it('is copied by a later look where it can be', async () => {
    const bench = await openFanOutBench();
    bench.account.putSparseObject({ bucket: SOURCE, key: 'a', size: 7, ...how });
    expect(await once(bench, { is: 'look', key: 'a', run: 'run', isAgain: false })).toMatchObject({ is });
    bench.account.putSparseObject({ bucket: SOURCE, key: 'a', size: 7 });
    expect(await once(bench, { is: 'look', key: 'a', run: 'run', isAgain: false })).toMatchObject({
      is: 'copied',
      size: 7,
    });
  });

  it('is told of by its event, once', async () => {
    const bench = await openFanOutBench();
    bench.account.putSparseObject({ bucket: SOURCE, key: 'a', size: 7, seed: 'a', ...how });
    bench.account.putSparseObject({ bucket: SOURCE, key: 'twin', size: 7, seed: 'a' });
    const { ETag = '' } = await bench.s3.send(new HeadObjectCommand({ Bucket: SOURCE, Key: 'twin' }));
    const event = eventOf('a', ETag.replaceAll('"', ''), 7);
    expect(await once(bench, event)).toMatchObject({ is });
    expect(await once(bench, event)).toMatchObject({ is: 'duplicate' });
  });
});

describe('a backfill', () => {
  it('leaves archived objects out, and says how many', async () => {
    const estate = await fanOutEstate();
    estate.seed(keysOf(3));
    for (const key of ['in/cold.pdf', 'in/colder.pdf']) {
      const storageClass = key === 'in/cold.pdf' ? 'GLACIER' : 'DEEP_ARCHIVE';
      estate.account.putSparseObject({ bucket: SOURCE_BUCKET, key, size: 5, storageClass });
    }
    const result = await estate.backfill();
    expect(result).toMatchObject({
      ok: true,
      outcome: 'done',
      destinations: [{ archived: 2, sent: 3, deadLetters: 0 }],
    });
    expect((await estate.verify()).missing.map(({ key }) => key)).toEqual(['in/cold.pdf', 'in/colder.pdf']);
  });
});

describe('metadata that S3 does not tell', () => {
  /** A header that is no date: no request can say it. */
  const headers = { ExpiresString: 'never' };

  it.each([GIB, 5 * GIB])('is copied by S3 with what one call copies (%d octets)', async (size) => {
    const bench = await openFanOutBench();
    bench.account.putSparseObject({ bucket: SOURCE, key: 'a', size, headers, metadata: { team: 'billing' } });
    const commands: string[] = [];
    const process = await fanOutProcess(bench, 'one', { before: (command) => void commands.push(command) });
    expect(await process.work({ is: 'look', key: 'a', run: 'run', isAgain: false })).toMatchObject({
      is: 'copied',
      isTagged: true,
    });
    expect(commands).toContain('CopyObjectCommand');
    const copy = await bench.far.send(new HeadObjectCommand({ Bucket: DESTINATION, Key: 'from/a' }));
    expect(copy).toMatchObject({ ExpiresString: 'never', Metadata: { team: 'billing' } });
  });

  it('is lost beyond that, and that is said', async () => {
    const bench = await openFanOutBench();
    bench.account.putSparseObject({
      bucket: SOURCE,
      key: 'a',
      size: 5 * GIB + 1,
      headers,
      metadata: { team: 'billing' },
    });
    const answer = await bench.invoke({
      action: 'backfill',
      document: DOCUMENT.address,
      run: 'run',
      items: [{ key: 'a' }],
    });
    expect(answer).toMatchObject({
      answer: {
        outcome: 'done',
        counts: { copied: 1, incomplete: 1 },
        items: [{ is: 'copied', why: expect.stringContaining('metadata') as string }],
      },
    });
    const copy = await bench.look('from/a');
    expect(copy).toMatchObject({ ContentLength: 5 * GIB + 1, Metadata: { team: 'billing' } });
    expect(copy.Metadata?.[MARKER]).toBeDefined();
  });
});
