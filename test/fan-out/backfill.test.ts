import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { fanOutBackfill } from '../../src/operations/fan-out/backfill.ts';
import type { BackfillProgress } from '../../src/operations/fan-out/backfill-pace.ts';
import { backfillProgressText } from '../../src/report/fan-out-backfill-text.ts';
import { createFanOutEstate, SOURCE, US } from '../support/bucket-fan-out.ts';
import { makeBucket } from '../support/fan-out-buckets.ts';
import { callsTo, COPIES, doomed, fanOutEstate, keysOf, SOURCE_BUCKET } from '../support/fan-out-estate.ts';
import type { FanOutEstate } from '../support/fan-out-estate.ts';
import { sizeOf, tellFigures, timeoutOf } from '../support/full-size.ts';
import { tapped } from '../support/wiretap.ts';
import type { TappedAccount } from '../support/wiretap.ts';

const OBJECTS = sizeOf({ small: 1_000, thorough: 6_000, full: 100_000 });
/** Objects of a batch of messages: ten messages, each with twenty. */
const A_BATCH = 200;

vi.setConfig({ testTimeout: timeoutOf() });

/** Calls that the account has seen, by service. */
function seen({ account }: Pick<FanOutEstate, 'account'>) {
  const { s3, dynamodb, sqs } = structuredClone(account.calls());
  const none = { reads: 0, writes: 0 };
  return { S3: s3 ?? none, DynamoDB: dynamodb ?? none, SQS: sqs ?? none };
}

function total(requests: ReturnType<typeof seen>): number {
  return Object.values(requests).reduce((sum, { reads, writes }) => sum + reads + writes, 0);
}

/** A number from one up to another, which follows from the size. */
function drawn(from: number, to: number): number {
  return fc.sample(fc.integer({ min: from, max: to }), { numRuns: 1, seed: OBJECTS })[0]!;
}

function less(after: ReturnType<typeof seen>, before: ReturnType<typeof seen>) {
  const difference = (service: keyof typeof after) => ({
    reads: after[service].reads - before[service].reads,
    writes: after[service].writes - before[service].writes,
  });
  return { S3: difference('S3'), DynamoDB: difference('DynamoDB'), SQS: difference('SQS') };
}

describe('a backfill', () => {
  it('makes the calls that the dry run told, the functions’ included, and shows how it goes', async () => {
    const estate = await fanOutEstate();
    estate.seed(keysOf(450));
    estate.seed(['in/other.txt']);
    const dry = await estate.backfill({ dryRun: true });
    const [foretold] = dry.destinations.map((one) => one.foretold);
    expect(dry).toMatchObject({ ok: true, outcome: 'foretold' });
    expect(foretold).toMatchObject({
      objects: 450,
      bytes: 2250,
      crossRegionBytes: 2250,
      messages: 23,
      isAtLeast: false,
    });
    expect((await estate.verify()).missing).toHaveLength(450);

    let before = seen(estate);
    const progress: BackfillProgress[] = [];
    const account = tapped(estate.account, () => undefined);
    const result = await estate.backfill({
      endpoint: { kind: 'embedded', account },
      onForetold: () => void (before = seen(estate)),
      onProgress: (now) => progress.push(now),
    });
    expect(result).toMatchObject({ ok: true, outcome: 'done' });
    expect(result.destinations).toMatchObject([{ foretold, sent: 450, waiting: 0, deadLetters: 0, resumed: null }]);
    const made = less(seen(estate), before);
    const looks = callsTo(account, 'GetQueueAttributes');
    expect({ ...made, SQS: { ...made.SQS, reads: made.SQS.reads + 1 - looks } }).toStrictEqual(foretold?.requests);

    expect(progress.filter(({ done }) => done === 0).map(({ sent }) => sent)).toContain(200);
    expect(progress.at(-1)).toMatchObject({ objects: 450, sent: 450, done: 450, secondsLeft: 0 });
    expect(progress.at(-1)?.perSecond).toBeGreaterThan(0);
    expect(await estate.verify()).toMatchObject({ ok: true, destinations: [{ objects: 450, equal: 450 }] });
    expect(await estate.backfill()).toMatchObject({ ok: true, outcome: 'nothing', destinations: [{ sent: 0 }] });
  });

  it(`of ${OBJECTS.toLocaleString('en-US')} objects goes on after each of four deaths, and copies each object once`, async () => {
    const estate = await fanOutEstate();
    estate.seed(keysOf(OBJECTS));
    const [foretold] = (await estate.backfill({ dryRun: true })).destinations.map((one) => one.foretold);
    const { S3, DynamoDB, SQS } = foretold!.requests;
    const before = seen(estate);

    const batches = Math.ceil(OBJECTS / A_BATCH);
    const lists = Math.ceil(OBJECTS / 1000) + 1;
    const deaths = [
      // The first batch has arrived, and nothing says so.
      ['SendMessageBatch', 1, 'after'],
      // The third batch is remembered, and nothing else was sent.
      ['PutItem', 3, 'after'],
      // While the queue is looked at.
      ['GetQueueAttributes', 4, 'before'],
      // Somewhere in what follows.
      ['', drawn(2 * lists, 2 * lists + batches), 'before'],
    ] as const;
    const runs: TappedAccount[] = [];
    for (const [command, nth, side] of deaths) {
      let count = 0;
      let isDead = false;
      const strike = (name: string): void => {
        const isCounted = command === '' || name === command;
        if (isCounted) count += 1;
        isDead ||= isCounted && count === nth;
        if (isDead) throw new Error('killed');
      };
      const account = tapped(
        estate.account,
        (attempt) => {
          if (isDead) throw new Error('killed');
          if (side === 'before') strike(attempt.command);
        },
        { answered: (attempt) => side === 'after' && strike(attempt.command) },
      );
      await expect(estate.backfill({ endpoint: { kind: 'embedded', account } })).rejects.toThrow('killed');
      runs.push(account);
    }
    const account = tapped(estate.account, () => undefined);
    const progress: BackfillProgress[] = [];
    const onProgress = (now: BackfillProgress): void => void progress.push(now);
    const last = await estate.backfill({ endpoint: { kind: 'embedded', account }, onProgress });
    runs.push(account);
    expect(last).toMatchObject({ ok: true });
    const [{ sent, resumed }] = last.destinations as [(typeof last.destinations)[0]];
    // Of what a death left unsaid, one batch at most is sent by nobody else.
    expect(resumed?.sent).toBeGreaterThanOrEqual(2 * A_BATCH);
    expect(sent + resumed!.sent).toBeGreaterThanOrEqual(OBJECTS - deaths.length * A_BATCH);
    expect(sent + resumed!.sent).toBeLessThanOrEqual(OBJECTS);

    // It showed each batch as it was sent, then what is done and how fast.
    const sendings = progress.filter(({ done }) => done === 0).map((now) => now.sent);
    expect(sendings.slice(0, 3)).toEqual([A_BATCH, 2 * A_BATCH, 3 * A_BATCH].map((most) => Math.min(most, sent)));
    expect(progress.at(-1)).toMatchObject({ objects: sent, sent, done: sent, secondsLeft: 0 });
    expect(progress.at(-1)?.perSecond).toBeGreaterThan(0);
    expect(backfillProgressText(progress.at(-1)!)).toMatch(/\d\/s/);

    const made = less(seen(estate), before);
    const byVerb = (...commands: readonly string[]): number =>
      runs.reduce((sum, run) => sum + callsTo(run, ...commands), 0);
    // What each run compares comes on top, and grows with none of the deaths but the lists.
    expect(byVerb('ListObjectsV2')).toBeLessThanOrEqual(runs.length * 2 * lists);
    expect({ reads: made.S3.reads - byVerb('ListObjectsV2'), writes: made.S3.writes }).toStrictEqual(S3);
    expect(made.DynamoDB.reads - byVerb('GetItem')).toBe(DynamoDB.reads);
    // One row of the verb's own is written before, after each batch, and removed at the end.
    const own = batches + 2;
    expect(made.DynamoDB.writes - byVerb('PutItem', 'DeleteItem')).toBe(DynamoDB.writes - own);
    expect(made.SQS.writes).toBe(SQS.writes);
    expect(await estate.verify()).toMatchObject({ ok: true, destinations: [{ equal: OBJECTS }] });
    tellFigures('backfill', {
      objects: OBJECTS,
      deaths: deaths.length,
      foretold: total(foretold!.requests),
      made: total(made),
    });
  });

  it('that dies at each of its calls in turn comes to its end, and copies each object once', async () => {
    const estate = await fanOutEstate();
    estate.seed(keysOf(420));
    const before = seen(estate);
    let deaths = 0;
    for (let nth = 1, isAlive = false; !isAlive; nth += 1) {
      for (const side of ['before', 'after'] as const) {
        const account = doomed(estate.account, nth, side);
        const ended = await estate.backfill({ endpoint: { kind: 'embedded', account } }).catch(String);
        isAlive = ended !== 'Error: killed';
        if (!isAlive) deaths += 1;
      }
    }
    expect(deaths).toBeGreaterThan(20);
    expect(await estate.backfill()).toMatchObject({ ok: true });
    expect(await estate.verify()).toMatchObject({ ok: true });
    expect(less(seen(estate), before).S3.writes).toBe(420);
  });

  it('is foretold by the plan of a new destination', async () => {
    const estate = await createFanOutEstate([SOURCE, US]);
    await makeBucket(estate.account, SOURCE_BUCKET);
    await makeBucket(estate.account, COPIES, { region: 'us-east-1' });
    for (const key of keysOf(30)) estate.account.putSparseObject({ bucket: SOURCE_BUCKET, key, size: 7 });
    const planned = await estate.plan();
    const findings = [...planned.findings, ...planned.documents.flatMap((one) => one.findings)];
    const data = findings.find(({ code }) => code === 'backfill-needed')?.data;
    await estate.apply();
    const endpoint = { kind: 'embedded', account: estate.account } as const;
    const { destinations } = await fanOutBackfill(await estate.load(), { endpoint, name: 'invoices', dryRun: true });
    const [{ foretold }] = destinations as [(typeof destinations)[0]];
    expect(data).toMatchObject({
      objects: foretold.objects,
      bytes: foretold.bytes,
      crossRegionBytes: foretold.crossRegionBytes,
      requestsByService: foretold.requests,
    });
  });

  it('that is interrupted goes on where it stopped', async () => {
    const estate = await fanOutEstate();
    estate.seed(keysOf(450));
    const stop = new AbortController();
    const first = await estate.backfill({ stop: stop.signal, onProgress: () => stop.abort() });
    expect(first).toMatchObject({ ok: false, outcome: 'interrupted', destinations: [{ sent: 200 }] });
    const next = await estate.backfill();
    expect(next).toMatchObject({ ok: true, outcome: 'done' });
    expect(next.destinations).toMatchObject([
      { sent: 250, resumed: { after: keysOf(200).at(-1), sent: 200 }, foretold: { objects: 250 } },
    ]);
    expect(await estate.verify()).toMatchObject({ ok: true });
  });

  it('that is not waited for leaves no run to go on with', async () => {
    const estate = await fanOutEstate();
    estate.seed(keysOf(30));
    expect(await estate.backfill({ noWait: true })).toMatchObject({ ok: true, outcome: 'handed-over' });
    await estate.account.settled();
    expect(await estate.backfill()).toMatchObject({ outcome: 'nothing', destinations: [{ resumed: null }] });
  });

  it('says so where the fan-out was never applied', async () => {
    const estate = await fanOutEstate();
    estate.write(
      'other.yaml',
      'apiVersion: trueup/v1\nkind: BucketFanOut\nmetadata: { name: other }\nspec:\n  source: { bucket: acme-others }\n  destinations: [{ bucket: acme-copies }]\n',
    );
    await makeBucket(estate.account, 'acme-others');
    await makeBucket(estate.account, 'acme-copies');
    const project = await estate.load();
    const options = { endpoint: { kind: 'embedded', account: estate.account }, name: 'other' } as const;
    await expect(fanOutBackfill(project, options)).rejects.toMatchObject({ code: 'TU2035' });
    expect(await fanOutBackfill(project, { ...options, dryRun: true })).toMatchObject({ outcome: 'foretold' });
  });
});
