import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  PutBucketNotificationConfigurationCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { canonicalSequencer } from '../../src/fan-out/sequencer.ts';
import { scanCopies } from '../../src/resources/fan-out/scan-rows.ts';
import type { Work } from '../../src/runtime/bucket-fan-out/event.ts';
import { DESTINATION, openFanOutBench, SOURCE } from '../support/fan-out-bench.ts';
import type { FanOutBench } from '../support/fan-out-bench.ts';
import { fanOutProcess } from '../support/fan-out-process.ts';
import type { Watch } from '../support/fan-out-process.ts';

const GIB = 2 ** 30;
const LEASE_MS = 61_000;

/** A bench whose events are told by the test alone. */
async function openQuietBench(): Promise<FanOutBench> {
  const bench = await openFanOutBench({ isVersioned: true });
  const input = { Bucket: SOURCE, NotificationConfiguration: {} };
  await bench.s3.send(new PutBucketNotificationConfigurationCommand(input));
  return bench;
}

/** Writes an object, and says what its event would say. */
async function written({ s3, put }: FanOutBench, key: string, Body: string, sequencer: string): Promise<Work> {
  await put(key, { Body });
  const {
    ETag = '',
    VersionId = '',
    ContentLength = 0,
  } = await s3.send(new HeadObjectCommand({ Bucket: SOURCE, Key: key }));
  return {
    is: 'change',
    change: {
      kind: 'created',
      key,
      sequencer: canonicalSequencer(sequencer),
      at: 0,
      etag: ETag.replaceAll('"', ''),
      versionId: VersionId,
      size: ContentLength,
    },
  };
}

/** Dies with a call, before or after its effect: and no call of it comes afterwards. */
function dying(fatal: number, when: 'before' | 'after'): Watch & { readonly calls: () => number } {
  let at = 0;
  let isDead = false;
  return {
    calls: () => at,
    before() {
      at += 1;
      isDead ||= when === 'before' && at === fatal;
      if (isDead) throw new Error('died');
    },
    after() {
      isDead ||= when === 'after' && at === fatal;
      if (isDead) throw new Error('died');
    },
  };
}

async function openUploads({ far }: FanOutBench): Promise<number> {
  const { Uploads = [] } = await far.send(new ListMultipartUploadsCommand({ Bucket: DESTINATION }));
  return Uploads.length;
}

describe.each(['before', 'after'] as const)('a function that dies %s a call', (when) => {
  it('leaves the newest object, whichever call it is, and whoever comes next', async () => {
    const bench = await openQuietBench();
    for (let fatal = 1; ; fatal += 1) {
      const key = `a${fatal}`;
      const old = await written(bench, key, 'old', '01');
      const watch = dying(fatal, when);
      const died = await fanOutProcess(bench, 'one', watch);
      const first = await died.work(old);
      const newer = await written(bench, key, 'newer', '0105');
      expect(await (await fanOutProcess(bench, 'two')).work(newer)).toMatchObject({ is: 'copied' });
      const again = await (await fanOutProcess(bench, 'three')).work(old);
      expect(['superseded', 'duplicate']).toContain(again.is);
      expect(await bench.text(`from/${key}`)).toBe('newer');
      if (first.is === 'copied') {
        expect(watch.calls()).toBeGreaterThanOrEqual(6);
        return;
      }
    }
  });

  it('resumes a large copy, and leaves no upload open', async () => {
    const bench = await openQuietBench();
    for (let fatal = 1; ; fatal += 1) {
      const key = `large${fatal}`;
      bench.account.putSparseObject({ bucket: SOURCE, key, size: 6 * GIB, seed: key });
      const died = await fanOutProcess(bench, 'one', dying(fatal, when));
      const first = await died.work({ is: 'look', key, run: 'one', isAgain: false });
      bench.account.elapse(LEASE_MS);
      const again = await (await fanOutProcess(bench, 'two')).work({ is: 'look', key, run: 'two', isAgain: false });
      expect(again).toMatchObject({ is: 'copied', size: 6 * GIB });
      expect(await bench.look(`from/${key}`)).toMatchObject({ ContentLength: 6 * GIB });
      expect(await openUploads(bench)).toBe(0);
      if (first.is === 'copied') return;
    }
  });
});

describe('a look that died, and finds something else when it comes again', () => {
  async function statesOf(bench: FanOutBench): Promise<readonly string[]> {
    const { place, ledger } = bench.document;
    const client = bench.account.client(DynamoDBClient, { region: place.region });
    const states: string[] = [];
    for await (const { copies } of scanCopies({ client, table: ledger.table })) {
      states.push(...copies.map(({ copy }) => copy.state));
    }
    return states.sort();
  }

  it('leaves no row that is being copied for ever, whichever call it died at', async () => {
    const bench = await openQuietBench();
    for (let fatal = 1; ; fatal += 1) {
      const look = { is: 'look', key: 'a', run: `run-${fatal}` } as const;
      await bench.put('a', { Body: `first ${fatal}` });
      const watch = dying(fatal, 'after');
      await (await fanOutProcess(bench, 'one', watch)).work({ ...look, isAgain: false });
      await bench.put('a', { Body: `second ${fatal}` });
      const again = await (await fanOutProcess(bench, 'two')).work({ ...look, isAgain: true });
      expect(again).toMatchObject({ is: 'copied' });
      expect(await bench.text('from/a')).toBe(`second ${fatal}`);
      expect(await statesOf(bench)).not.toContain('copying');
      if (watch.calls() < fatal) return;
    }
  });

  it('leaves no upload open', async () => {
    const bench = await openQuietBench();
    const look = { is: 'look', key: 'a', run: 'run' } as const;
    bench.account.putSparseObject({ bucket: SOURCE, key: 'a', size: 6 * GIB, seed: 'a' });
    let isDead = false;
    const died = await fanOutProcess(bench, 'one', {
      before(command) {
        isDead ||= command === 'UploadPartCopyCommand';
        if (isDead) throw new Error('died');
      },
    });
    await died.work({ ...look, isAgain: false });
    expect(await openUploads(bench)).toBe(1);
    await bench.put('a', { Body: 'small' });
    bench.account.elapse(LEASE_MS);
    const again = await (await fanOutProcess(bench, 'two')).work({ ...look, isAgain: true });
    expect(again).toMatchObject({ is: 'copied', size: 5 });
    expect(await openUploads(bench)).toBe(0);
    expect(await statesOf(bench)).toStrictEqual(['done', 'superseded']);
  });
});

describe('a large copy of whose completion nobody heard', () => {
  it('is seen to have landed, with no more than the rights of the function', async () => {
    const bench = await openQuietBench();
    bench.account.putSparseObject({ bucket: SOURCE, key: 'large', size: 6 * GIB, seed: 'large' });
    let isDead = false;
    const died = await fanOutProcess(bench, 'one', {
      before() {
        if (isDead) throw new Error('died');
      },
      after(command) {
        isDead ||= command === 'CompleteMultipartUploadCommand';
        if (isDead) throw new Error('died');
      },
    });
    expect(await died.work({ is: 'look', key: 'large', run: 'run', isAgain: false })).toMatchObject({ is: 'failed' });
    const { VersionId } = await bench.look('from/large');
    bench.account.elapse(LEASE_MS);

    const commands: string[] = [];
    const next = await fanOutProcess(bench, 'two', { before: (command) => void commands.push(command) });
    expect(await next.work({ is: 'look', key: 'large', run: 'run', isAgain: false })).toMatchObject({
      is: 'copied',
      size: 6 * GIB,
    });
    expect(commands).not.toContain('UploadPartCopyCommand');
    expect((await bench.look('from/large')).VersionId).toBe(VersionId);
  });
});

describe('a copy that lasts longer than its invocation', () => {
  it('is waited for no longer, fails, and is made when it comes again', async () => {
    const bench = await openQuietBench();
    bench.account.putSparseObject({ bucket: SOURCE, key: 'a', size: 5, seed: 'a' });
    const process = await fanOutProcess(bench, 'one', {
      before(command) {
        if (command === 'CopyObjectCommand') process.end();
      },
    });
    expect(await process.work({ is: 'look', key: 'a', run: 'run', isAgain: false })).toMatchObject({ is: 'failed' });
    const again = await fanOutProcess(bench, 'two');
    expect(await again.work({ is: 'look', key: 'a', run: 'run', isAgain: false })).toMatchObject({
      is: 'copied',
      size: 5,
    });
  });
});

describe('a large copy whose time is over', () => {
  it('goes on in another invocation, which it starts', async () => {
    const bench = await openQuietBench();
    bench.account.putSparseObject({ bucket: SOURCE, key: 'large', size: 60 * GIB, seed: 'large' });
    let parts = 0;
    const process = await fanOutProcess(bench, 'one', {
      after(command) {
        if (command === 'UploadPartCopyCommand' && (parts += 1) === 20) process.stop();
      },
    });
    expect(await process.work({ is: 'look', key: 'large', run: 'one', isAgain: false })).toMatchObject({
      is: 'continues',
    });
    expect(parts).toBeLessThan(60);
    await bench.account.settled();
    expect(await bench.outcomes()).toContain('copied');
    expect(await bench.look('from/large')).toMatchObject({
      ContentLength: 60 * GIB,
      ETag: expect.stringMatching(/-120"$/) as string,
    });
    expect(await openUploads(bench)).toBe(0);
  });
});

describe('a ledger that is away', () => {
  it('fails the record, and nothing is copied', async () => {
    const bench = await openQuietBench();
    const work = await written(bench, 'a', 'body', '01');
    const away = await fanOutProcess(bench, 'one', {
      before(command) {
        if (command.endsWith('ItemCommand')) throw new Error('the table is away');
      },
    });
    expect(await away.work(work)).toStrictEqual({ key: 'a', is: 'failed', why: 'the table is away' });
    expect(await bench.keys()).toStrictEqual([]);
  });
});
