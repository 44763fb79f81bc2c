import { CopyObjectCommand, DeleteObjectCommand, GetObjectTaggingCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { MARKER } from '../../src/fan-out/loop-marker.ts';
import { destinationName } from '../../src/reconcilers/bucket-fan-out/function-contract.ts';
import type { BackfillMessage, BackfillRequest } from '../../src/reconcilers/bucket-fan-out/function-contract.ts';
import type { Work } from '../../src/runtime/bucket-fan-out/event.ts';
import { fanOutProcess } from '../support/fan-out-process.ts';
import { DESTINATION, DOCUMENT, openFanOutBench, SOURCE, WORK_ARN } from '../support/fan-out-bench.ts';

/** The keys of research: originals §9e, and some more. */
const KEYS = [
  'red flower.jpg',
  'a+b c.txt',
  'café/東京.txt',
  '100%.txt',
  'a%2Bb.txt',
  'x=1&y=2.txt',
  "dir/sub dir/file(1)~*!'.txt",
  'emoji 😀.png',
  'plus+%20mix',
  ' leading',
  'trailing ',
  '//double',
  'back\\slash',
  'new\nline',
  '../up/./here',
  'a?versionId=x',
  `${'é'.repeat(509)}!`,
];

function work(bodies: readonly object[]) {
  return {
    Records: bodies.map((body, at) => ({
      messageId: `m${at}`,
      eventSource: 'aws:sqs',
      eventSourceARN: WORK_ARN,
      body: JSON.stringify(body),
    })),
  };
}

function batch(keys: readonly string[]): BackfillMessage {
  const destination = destinationName(DOCUMENT.destination);
  return {
    trueup: 'fan-out',
    document: DOCUMENT.address,
    destination,
    run: 'run',
    items: keys.map((key) => ({ key })),
  };
}

function backfill(...keys: readonly string[]): BackfillRequest {
  return { action: 'backfill', document: DOCUMENT.address, run: 'run', items: keys.map((key) => ({ key })) };
}

describe('an object of the source', () => {
  it.each([true, false])('is copied under each key, octet by octet (versioned: %s)', async (isVersioned) => {
    const bench = await openFanOutBench({ isVersioned });
    for (const key of KEYS) await bench.put(key, { Body: `of ${key}` });
    expect([...(await bench.keys())].sort()).toStrictEqual(KEYS.map((key) => `from/${key}`).sort());
    for (const key of KEYS) expect(await bench.text(`from/${key}`)).toBe(`of ${key}`);
    expect(new Set(await bench.outcomes())).toStrictEqual(new Set(['ignored', 'copied']));
  });

  it('takes all it carries with it, in the storage class of the destination', async () => {
    const destination = { ...DOCUMENT.destination, storageClass: 'STANDARD_IA' };
    const bench = await openFanOutBench({ document: { destination } });
    await bench.put('a', {
      CacheControl: 'max-age=60',
      ContentDisposition: 'attachment',
      ContentEncoding: 'gzip',
      ContentLanguage: 'de',
      ContentType: 'text/plain',
      Expires: new Date('2027-01-01T00:00:00Z'),
      Metadata: { colour: 'red' },
      Tagging: 'a=b',
      WebsiteRedirectLocation: '/b',
      ChecksumAlgorithm: 'SHA256',
    });
    const copy = await bench.look('from/a');
    expect(copy).toMatchObject({
      CacheControl: 'max-age=60',
      ContentDisposition: 'attachment',
      ContentEncoding: 'gzip',
      ContentLanguage: 'de',
      ContentType: 'text/plain',
      Metadata: { colour: 'red' },
      WebsiteRedirectLocation: '/b',
      StorageClass: 'STANDARD_IA',
    });
    expect(copy.ChecksumSHA256).toBeDefined();
    expect(copy.Metadata?.[MARKER]).toMatch(/^1 /);
    const { TagSet } = await bench.far.send(new GetObjectTaggingCommand({ Bucket: DESTINATION, Key: 'from/a' }));
    expect(TagSet).toStrictEqual([{ Key: 'a', Value: 'b' }]);
    expect(await bench.head('from/a')).toMatchObject({ sourceKey: 'a', size: 4, turn: 1 });
  });

  it('is left out by the filter, refused a place that another has, and told so', async () => {
    const key = { replace: [{ pattern: '-\\d', with: '' }] };
    const bench = await openFanOutBench({ document: { filter: { suffix: '.pdf', maxSize: 4 }, key } });
    await bench.put('a.txt');
    await bench.put('b.pdf', { Body: 'large' });
    await bench.put('c-1.pdf', { Body: 'one' });
    await bench.put('c-2.pdf', { Body: 'two' });
    expect(await bench.keys()).toStrictEqual(['from/c.pdf']);
    expect(await bench.text('from/c.pdf')).toBe('one');
    expect(await bench.outcomes()).toStrictEqual(['ignored', 'ignored', 'ignored', 'copied', 'collision']);
  });

  it('goes at the destination when it goes at the source, if that is asked for', async () => {
    for (const replicateDeletes of [true, false]) {
      const bench = await openFanOutBench({ isVersioned: true, document: { replicateDeletes } });
      await bench.put('a');
      await bench.s3.send(new DeleteObjectCommand({ Bucket: SOURCE, Key: 'a' }));
      await bench.account.settled();
      expect(await bench.keys()).toStrictEqual(replicateDeletes ? [] : ['from/a']);
      expect((await bench.outcomes()).at(-1)).toBe(replicateDeletes ? 'deleted' : 'ignored');
    }
  });
});

describe('a copy that comes back', () => {
  it('is not copied again, and what only says so is', async () => {
    const bench = await openFanOutBench({ isVersioned: true });
    await bench.put('a');
    // Somebody brings it back, as another fan-out would; and under another key, which is no return.
    for (const Key of ['a', 'renamed']) {
      await bench.s3.send(new CopyObjectCommand({ Bucket: SOURCE, Key, CopySource: `${DESTINATION}/from/a` }));
      await bench.account.settled();
    }
    const { Metadata } = await bench.look('from/a');
    await bench.put('forged', { Body: 'mine', Metadata });
    await bench.put('longer', { Body: 'not mine', Metadata });
    expect((await bench.outcomes()).slice(1)).toStrictEqual(['copied', 'skipped', 'copied', 'copied', 'copied']);
    expect(await bench.keys()).toStrictEqual(['from/a', 'from/forged', 'from/longer', 'from/renamed']);
  });

  it('is marked by a tag where its metadata has no room, and carries all that it had', async () => {
    const bench = await openFanOutBench();
    await bench.put('a', { Metadata: { much: 'x'.repeat(1_950) }, Tagging: 'colour=red' });
    expect((await bench.look('from/a')).Metadata).toStrictEqual({ much: 'x'.repeat(1_950) });
    const { TagSet = [] } = await bench.far.send(new GetObjectTaggingCommand({ Bucket: DESTINATION, Key: 'from/a' }));
    expect(new Set(TagSet.map(({ Key }) => Key))).toStrictEqual(new Set(['colour', MARKER]));
    expect((await bench.lines()).at(-2)).toMatchObject({ outcome: 'copied', Tagged: 1, CopiedBytes: 4 });
  });

  it.each([
    ['have ten already', Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`t${at}`, 'x']))],
    ['are too long', { a: '東'.repeat(200), b: '東'.repeat(200) }],
  ])('is not copied without a marker: it fails, and says why, where its tags %s', async (_what, tags) => {
    const bench = await openFanOutBench();
    await bench.put('a', { Metadata: { much: 'x'.repeat(1_950) }, Tagging: new URLSearchParams(tags).toString() });
    expect((await bench.lines()).at(-2)).toMatchObject({
      outcome: 'failed',
      why: expect.stringContaining('loop marker') as string,
    });
    expect(await bench.keys()).toStrictEqual([]);
  });
});

describe('what fails', () => {
  it.each(['throttle', 'server-error', 'error-in-body', 'lost-reply'] as const)('is tried again: %s', async (fault) => {
    const bench = await openFanOutBench({ embedded: { faults: [{ service: 's3', command: 'CopyObject', fault }] } });
    await bench.put('a');
    expect(await bench.keys()).toStrictEqual(['from/a']);
    expect((await bench.outcomes()).at(-1)).toBe('copied');
  });

  it.each(['dynamodb', 's3'])('comes again where %s refuses it, and the others are done', async (service) => {
    const command = service === 's3' ? 'CopyObject' : 'PutItem';
    const faults = [{ service, command, fault: 'access-denied' as const }];
    const bench = await openFanOutBench({ embedded: { faults } });
    await bench.put('a');
    await bench.account.advance(5 * 60_000);
    expect(await bench.keys()).toStrictEqual(['from/a']);
    expect((await bench.outcomes()).slice(1)).toStrictEqual(['failed', 'copied']);
  });
});

describe('an event of ours that is not known', () => {
  it('is a dead letter, and the others of its message are copied', async () => {
    const bench = await openFanOutBench({ document: { configurationId: 'not-there-yet' } });
    for (const key of ['a', 'b']) bench.account.putSparseObject({ bucket: SOURCE, key, size: 5, seed: key });
    await bench.account.settled();
    const { ETag = '' } = await bench.s3.send(new HeadObjectCommand({ Bucket: SOURCE, Key: 'b' }));
    const record = (key: string, eventVersion: string) => ({
      eventVersion,
      eventSource: 'aws:s3',
      awsRegion: 'eu-west-1',
      eventTime: '2026-11-24T10:00:00.000Z',
      eventName: 'ObjectCreated:Put',
      s3: {
        configurationId: 'not-there-yet',
        bucket: { name: SOURCE, arn: `arn:aws:s3:::${SOURCE}` },
        object: { key, size: 5, eTag: ETag.replaceAll('"', ''), sequencer: 'FFFF' },
      },
    });
    const Message = JSON.stringify({ Records: [record('a', '3.0'), record('b', '2.1')] });
    const Sns = { Type: 'Notification', TopicArn: DOCUMENT.topicArn, Message };
    const Records = [{ EventSource: 'aws:sns', EventSubscriptionArn: `${DOCUMENT.topicArn}:id`, Sns }];
    const { answer } = await bench.invoke({ Records });
    expect(JSON.stringify(answer)).toContain('1 of 2 records failed');
    expect((await bench.outcomes()).slice(-2)).toStrictEqual(['failed', 'copied']);
    expect(await bench.keys()).toStrictEqual(['from/b']);
  });
});

describe('a queue of work', () => {
  it('copies what stands at the source, and names the messages that failed', async () => {
    const faults = [{ service: 's3', command: 'CopyObject', fault: 'access-denied' as const }];
    const bench = await openFanOutBench({ document: { configurationId: 'not-there-yet' }, embedded: { faults } });
    for (const key of ['a', 'b', 'c']) bench.account.putSparseObject({ bucket: SOURCE, key, size: 5, seed: key });
    const { answer } = await bench.invoke(work([batch(['gone']), batch(['a'])]));
    expect(answer).toStrictEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(await bench.keys()).toStrictEqual([]);
    const { answer: again } = await bench.invoke(backfill('b', 'c'));
    expect(again).toMatchObject({
      outcome: 'done',
      counts: { copied: 2, bytes: 10 },
      items: [
        { key: 'b', is: 'copied' },
        { key: 'c', is: 'copied' },
      ],
    });
  });

  it('does what was a dead letter, in whichever envelope', async () => {
    const bench = await openFanOutBench();
    await bench.put('a');
    await bench.put('b');
    const event = (key: string) => ({
      Type: 'Notification',
      TopicArn: DOCUMENT.topicArn,
      Message: JSON.stringify({
        Records: [
          {
            eventVersion: '2.1',
            eventSource: 'aws:s3',
            awsRegion: 'eu-west-1',
            eventTime: '2026-11-24T10:00:00.000Z',
            eventName: 'ObjectCreated:Put',
            s3: {
              configurationId: DOCUMENT.configurationId,
              bucket: { name: SOURCE, arn: `arn:aws:s3:::${SOURCE}` },
              object: { key, size: 4, eTag: '841a2d689ad86bd1611447453c22c6fc', sequencer: 'FFFF' },
            },
          },
        ],
      }),
    });
    const subscription = `${DOCUMENT.topicArn}:id`;
    const invocation = { Records: [{ EventSource: 'aws:sns', EventSubscriptionArn: subscription, Sns: event('b') }] };
    const { answer } = await bench.invoke(work([event('a'), { requestPayload: invocation }, { other: 1 }]));
    expect(answer).toStrictEqual({ batchItemFailures: [{ itemIdentifier: 'm2' }] });
    await bench.invoke(work([invocation]));
    expect((await bench.outcomes()).slice(-4).sort()).toStrictEqual(['copied', 'copied', 'duplicate', 'refused-event']);
  });

  it.each([
    [
      'another queue',
      { ...work([batch(['a'])]), Records: [{ ...work([batch(['a'])]).Records[0], eventSourceARN: `${WORK_ARN}2` }] },
    ],
    ['another document', work([{ ...batch(['a']), document: 'BucketFanOut/other' }])],
    ['another destination', work([{ ...batch(['a']), destination: 'elsewhere/' }])],
    ['no items', work([batch([])])],
    ['more', work([{ ...batch(['a']), bucket: 'mine' }])],
    [
      'a document that is not ours',
      { action: 'backfill', document: 'BucketFanOut/other', run: 'run', items: [{ key: 'a' }] },
    ],
    ['an action that there is not', { action: 'delete', document: DOCUMENT.address }],
    [
      'a turn that is none',
      { action: 'continue', document: DOCUMENT.address, pk: 'x', sk: 'copy 1:a', token: 't', turn: -1 },
    ],
    ['a row that is none', { action: 'continue', document: DOCUMENT.address, pk: 'x', sk: 'head', token: 't' }],
    ['nothing', {}],
  ])('refuses an event of %s, counted and without a call', async (_, event) => {
    const bench = await openFanOutBench();
    const calls: string[] = [];
    await bench.put('a');
    const before = await bench.lines();
    await bench.invoke(event);
    const lines = (await bench.lines()).slice(before.length);
    expect(lines[0]).toMatchObject({ outcome: 'refused-event', RefusedEvents: 1 });
    for (const line of lines) calls.push(...Object.keys((line['calls'] as object | undefined) ?? {}));
    expect(calls).toStrictEqual([]);
  });
});

describe('a document that had other names', () => {
  const document = { address: 'BucketFanOut/bills', formerly: ['BucketFanOut/invoices', 'BucketFanOut/old'] } as const;

  it('does work that was asked for by one of them, and of no other', async () => {
    const bench = await openFanOutBench({ document: { ...document, configurationId: 'not-there-yet' } });
    for (const key of ['a', 'b', 'c', 'd']) bench.account.putSparseObject({ bucket: SOURCE, key, size: 5, seed: key });
    await bench.invoke(work([batch(['a']), { ...batch(['b']), document: 'BucketFanOut/old' }]));
    const stranger = await bench.invoke(work([{ ...batch(['d']), document: 'BucketFanOut/older' }]));
    expect(stranger.answer).toStrictEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
    expect(await bench.invoke(backfill('c'))).toMatchObject({ answer: { outcome: 'done', counts: { copied: 1 } } });
    expect(await bench.keys()).toStrictEqual(['from/a', 'from/b', 'from/c']);
  });

  it('skips its own copy that comes back with a marker of then', async () => {
    const bench = await openFanOutBench({ document: { configurationId: 'not-there-yet' } });
    const { account } = bench;
    account.putSparseObject({ bucket: SOURCE, key: 'a', size: 5, seed: 'a' });
    await bench.invoke(backfill('a'));
    const { Metadata: metadata = {} } = await bench.look('from/a');
    account.putSparseObject({ bucket: SOURCE, key: 'a', size: 5, seed: 'a', metadata });
    const { ETag = '' } = await bench.s3.send(new HeadObjectCommand({ Bucket: SOURCE, Key: 'a' }));
    const created = { kind: 'created', key: 'a', etag: ETag.replaceAll('"', ''), size: 5, at: account.now() } as const;
    const back = (sequencer: string): Work => ({ is: 'change', change: { ...created, sequencer } });
    const renamed = { account, document: { ...bench.document, ...document } };
    expect(await (await fanOutProcess(renamed, 'one')).work(back('A1'))).toMatchObject({ is: 'skipped' });
    const other = { account, document: { ...bench.document, address: document.address } };
    expect(await (await fanOutProcess(other, 'two')).work(back('A2'))).toMatchObject({ is: 'copied' });
  });
});

describe('a large object', () => {
  it('is copied in parts by the same function, however often it has to start again', async () => {
    const bench = await openFanOutBench({ document: { configurationId: 'not-there-yet' } });
    const size = 6 * 2 ** 30;
    bench.account.putSparseObject({ bucket: SOURCE, key: 'large', size, seed: 'large' });
    const { answer } = await bench.invoke(backfill('large'));
    expect(answer).toMatchObject({ items: [{ key: 'large', is: 'copied' }] });
    expect(await bench.look('from/large')).toMatchObject({
      ContentLength: size,
      ETag: expect.stringMatching(/-12"$/) as string,
    });
    const source = await bench.s3.send(new HeadObjectCommand({ Bucket: SOURCE, Key: 'large' }));
    expect((await bench.head('from/large'))?.etag).toBe(source.ETag?.replaceAll('"', ''));
  });
});
