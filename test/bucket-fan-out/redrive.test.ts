import { DeleteQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { silent } from '../../src/operations/reporter.ts';
import type { FanOutDocument } from '../../src/reconcilers/bucket-fan-out/fan-out-document.ts';
import { answering, dyingAt, openFanOutVerbs, seenLate } from '../support/fan-out-verbs.ts';
import type { FanOutVerbs } from '../support/fan-out-verbs.ts';

/** Lambda tries an event three times, after one minute and two. */
const RETRIES_MS = 10 * 60_000;

function expected(keys: readonly string[]): readonly string[] {
  return [...keys.map((key) => `${key}: of ${key}`), ...keys.map((key) => `from-acme/${key}: of ${key}`)];
}

describe('dead letters of a destination that failed for a while', () => {
  it('are copied once it is well again; before, each stays and says why', async () => {
    const verbs = await openFanOutVerbs();
    await verbs.put('a');
    await verbs.shut();
    for (const key of ['b', 'c', 'd e+f']) await verbs.put(key);
    await verbs.estate.account.advance(RETRIES_MS);

    const told = await verbs.status();
    expect(told.ok).toBe(false);
    expect(told.destinations[0]).toMatchObject({ deadLetters: { visible: 0 }, copies: { done: 4, failed: 0 } });
    expect(told.destinations[1]).toMatchObject({ deadLetters: { visible: 3 }, copies: { done: 1, failed: 3 } });
    expect(told.destinations[1]!.errors!.map(({ key, error }) => [key, error.split(':')[0]])).toStrictEqual(
      expect.arrayContaining([
        ['b', 'AccessDenied'],
        ['c', 'AccessDenied'],
        ['d e+f', 'AccessDenied'],
      ]),
    );

    const early = await verbs.redrive();
    expect(early).toMatchObject({ ok: false, redriven: 0, left: 3, interrupted: false });
    const named = early.failed.map(({ destination, keys, outcome }) => [destination, ...keys, outcome].join(' '));
    expect(named.sort()).toStrictEqual([
      'partner.invoices/from-acme/ b failed',
      'partner.invoices/from-acme/ c failed',
      'partner.invoices/from-acme/ d e+f failed',
    ]);
    expect(early.failed[0]!.reason).toMatch(/AccessDenied/);

    await verbs.open();
    expect(await verbs.redrive()).toMatchObject({
      ok: true,
      redriven: 3,
      failed: [],
      left: 0,
      destinations: [{ redriven: 0 }, { redriven: 3, counts: { copied: 3, duplicates: 0 } }],
    });
    expect(await verbs.copies()).toStrictEqual(expected(['a', 'b', 'c', 'd e+f']));
    expect(await verbs.redrive()).toMatchObject({ ok: true, redriven: 0, left: 0 });
    expect(await verbs.status()).toMatchObject({ ok: true });
  });
});

/** Copies of each key at the partner: more than one were a double. */
async function doubles(verbs: FanOutVerbs): Promise<readonly string[]> {
  const all = await verbs.versions();
  return all.filter((one, index) => all.indexOf(one) !== index);
}

describe('a ledger that is throttled', () => {
  it('loses no object and doubles none (threats F34)', async () => {
    const faults = [{ service: 'dynamodb', command: 'PutItem', times: 120, fault: 'throttle' as const }];
    const verbs = await openFanOutVerbs([], { faults });
    const keys = ['a', 'b', 'c', 'd'];
    for (const key of keys) await verbs.put(key);
    await verbs.estate.account.advance(RETRIES_MS);
    const { destinations } = await verbs.status();
    const dead = destinations.map(({ deadLetters }) => deadLetters!.visible);
    expect(dead).not.toStrictEqual([0, 0]);
    let redriven = 0;
    for (let run = 0; run < 20; run += 1) {
      const result = await verbs.redrive();
      redriven += result.redriven;
      if (result.ok) break;
    }
    expect(redriven).toBe(dead[0]! + dead[1]!);
    expect(await verbs.copies()).toStrictEqual(expected(keys));
    expect(await doubles(verbs)).toStrictEqual([]);
  });
});

describe('a redrive that is killed', () => {
  /** Every fourth call, from this one: a sweep of all would be long on a slow machine. */
  const STEP = 4;
  const sweeps = (['before', 'after'] as const).flatMap((when) =>
    Array.from({ length: STEP }, (_, at) => ({ when, first: at + 1 })),
  );

  it.each(sweeps)('$when any call ($first, and so on) loses nothing and copies nothing twice', async (sweep) => {
    const verbs = await openFanOutVerbs();
    const { account } = verbs.estate;
    const keys: string[] = [];
    let fatal = sweep.first;
    for (; ; fatal += STEP) {
      const key = `a${String(fatal).padStart(2, '0')}`;
      keys.push(key);
      await verbs.shut();
      await verbs.put(key);
      await account.advance(RETRIES_MS);
      await verbs.open();
      const { endpoint, survived } = dyingAt(account, fatal, sweep.when);
      await verbs.redrive({ endpoint }).catch(() => undefined);
      // Out of sight for as long as the function may take.
      await account.advance(RETRIES_MS);
      expect(await verbs.redrive()).toMatchObject({ ok: true, left: 0 });
      if (survived()) break;
    }
    expect(fatal).toBeGreaterThan(5);
    expect(await verbs.copies()).toStrictEqual(expected(keys));
    expect(await doubles(verbs)).toStrictEqual([]);
  });
});

describe('a message that is no dead letter of this fan-out', () => {
  const event = (bucket: string, told: FanOutDocument) => ({
    Type: 'Notification',
    TopicArn: told.topicArn,
    Message: JSON.stringify({
      Records: [
        {
          eventVersion: '2.1',
          eventSource: 'aws:s3',
          awsRegion: 'eu-west-1',
          eventTime: '2026-11-24T10:00:00.000Z',
          eventName: 'ObjectCreated:Put',
          s3: {
            configurationId: told.configurationId,
            bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` },
            object: { key: 'forged', size: 4, eTag: '841a2d689ad86bd1611447453c22c6fc', sequencer: 'FFFF' },
          },
        },
      ],
    }),
  });

  it('stays, is named, and changes nothing', async () => {
    const verbs = await openFanOutVerbs();
    const told = verbs.told[1]!;
    await verbs.put('a');
    const before = [await verbs.versions(), await verbs.rows()];
    await verbs.forge('hello');
    await verbs.forge(JSON.stringify({ hello: 1 }));
    await verbs.forge(JSON.stringify({ requestPayload: 'text' }));
    await verbs.forge(
      JSON.stringify({ trueup: 'fan-out', document: 'BucketFanOut/other', destination: 'x/', items: [] }),
    );
    await verbs.forge(JSON.stringify({ requestPayload: { action: 'backfill', document: 'BucketFanOut/other' } }));
    await verbs.forge(JSON.stringify({ requestPayload: { action: 'backfill', document: told.address, items: [] } }));
    await verbs.forge(JSON.stringify(event('somebody-elses', told)));
    await verbs.forge(JSON.stringify({ ...event('acme-invoices', told), TopicArn: `${told.topicArn}-other` }));
    const result = await verbs.redrive();
    expect(result).toMatchObject({ ok: false, redriven: 0, left: 8 });
    expect(result.failed.map(({ outcome, reason }) => `${outcome}: ${reason}`).sort()).toStrictEqual([
      'refused: 1 of its records are not of this source, topic and entry',
      'refused: 1 of its records are not of this source, topic and entry',
      'refused: the items are none',
      'unreadable: it has a shape that no dead letter of a fan-out has',
      'unreadable: it holds no event',
      'unreadable: it is no JSON object',
      'unreadable: it is of another document',
      'unreadable: it is work of another destination',
    ]);
    expect([await verbs.versions(), await verbs.rows()]).toStrictEqual(before);
  });

  it('is told from one that came as a message of work, or that SNS could not deliver', async () => {
    const verbs = await openFanOutVerbs();
    const told = verbs.told[1]!;
    await verbs.put('a');
    await verbs.put('b');
    const { address: document } = told;
    await verbs.forge(
      JSON.stringify({
        trueup: 'fan-out',
        document,
        destination: 'partner.invoices/from-acme/',
        run: 'run',
        items: [{ key: 'a' }],
      }),
    );
    await verbs.forge(JSON.stringify(event('acme-invoices', told)));
    expect(await verbs.redrive({ destinations: ['partner.invoices'] })).toMatchObject({
      ok: true,
      redriven: 2,
      destinations: [{ destination: 'partner.invoices/from-acme/', counts: { failed: 0, refused: 0 } }],
    });
    expect(await verbs.copies()).toStrictEqual(expected(['a', 'b']));
  });
});

describe('a redrive', () => {
  it('waits for a copy that another invocation holds, and takes it over from one that died', async () => {
    const verbs = await openFanOutVerbs();
    const { account } = verbs.estate;
    await verbs.shut();
    account.putSparseObject({ bucket: 'acme-invoices', key: 'large', size: 6 * 2 ** 30, seed: 'large' });
    const { address: document } = verbs.told[1]!;
    const destination = 'partner.invoices/from-acme/';
    await verbs.forge(
      JSON.stringify({ trueup: 'fan-out', document, destination, run: 'run', items: [{ key: 'large' }] }),
    );
    expect(await verbs.redrive()).toMatchObject({ failed: [{ keys: ['large'], outcome: 'failed' }], left: 1 });
    await verbs.open();
    await verbs.hold('from-acme/large', account.now() + 60_000);
    const result = await verbs.redrive();
    expect(result).toMatchObject({ ok: true, redriven: 1, left: 0 });
    expect(result.destinations[1]!.counts).toMatchObject({ copied: 1, elsewhere: 0 });
  });

  it('tries what was there before it began by SQS’s clock, whatever the clock of the machine says', async () => {
    const verbs = await openFanOutVerbs();
    const { account } = verbs.estate;
    await verbs.put('a');
    await verbs.forge(JSON.stringify({ requestPayload: eventOf(verbs.told[1]!) }));
    await account.advance(5_000);
    expect(await verbs.redrive({ endpoint: seenLate(account, 86_400_000) })).toMatchObject({
      ok: true,
      redriven: 1,
      left: 0,
    });
  });

  it('is not well while another run has a letter out of sight, and says how many', async () => {
    const verbs = await openFanOutVerbs();
    await verbs.put('a');
    await verbs.forge(JSON.stringify({ requestPayload: eventOf(verbs.told[1]!) }));
    const sqs = verbs.estate.account.client(SQSClient, { region: 'eu-west-1' });
    const QueueUrl = verbs.told[1]!.deadLetterQueueUrl;
    await sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 600 }));
    expect(await verbs.redrive()).toMatchObject({ ok: false, redriven: 0, left: 1, destinations: [{}, { hidden: 1 }] });
    await verbs.estate.account.advance(RETRIES_MS);
    expect(await verbs.redrive()).toMatchObject({ ok: true, redriven: 1, left: 0 });
  });

  it('is not well where a letter came while it ran', async () => {
    const verbs = await openFanOutVerbs();
    await verbs.put('a');
    await verbs.forge(JSON.stringify({ requestPayload: eventOf(verbs.told[1]!) }));
    let isLate = false;
    const reporter = {
      ...silent,
      onStep() {
        if (isLate) return;
        isLate = true;
        verbs.estate.account.elapse(5_000);
        void verbs.forge(JSON.stringify({ requestPayload: eventOf(verbs.told[1]!) }));
      },
    };
    expect(await verbs.redrive({ reporter })).toMatchObject({
      ok: false,
      redriven: 1,
      left: 1,
      destinations: [{}, { came: 1 }],
    });
  });

  it('ends at an interruption with all messages in their queue', async () => {
    const verbs = await openFanOutVerbs();
    await verbs.forge('hello');
    expect(await verbs.redrive({ stop: AbortSignal.abort() })).toMatchObject({ ok: false, interrupted: true });
    expect((await verbs.status()).destinations[1]!.deadLetters).toMatchObject({ visible: 1, inFlight: 0 });
  });

  it('says that a queue is not there', async () => {
    const verbs = await openFanOutVerbs();
    await verbs.estate.account
      .client(SQSClient, { region: 'eu-west-1' })
      .send(new DeleteQueueCommand({ QueueUrl: verbs.told[0]!.deadLetterQueueUrl }));
    await expect(verbs.redrive()).rejects.toMatchObject({ code: 'TU2035' });
    expect((await verbs.status()).destinations[0]).toMatchObject({ deadLetters: null });
  });
});

describe('a function that another build of trueup has made', () => {
  it.each<[string, unknown]>([
    ['nothing', null],
    ['words', 'done'],
    ['no counts', { outcome: 'done' }],
    ['counts of another kind', { outcome: 'done', counts: { copied: 1, failed: 0 } }],
    ['what SQS would be told', { batchItemFailures: [] }],
  ])('answers %s: an error names the function and what to do, and the letter stays', async (_what, answer) => {
    const verbs = await openFanOutVerbs();
    await verbs.put('a');
    await verbs.shut();
    await verbs.put('b');
    const { account } = verbs.estate;
    await account.advance(RETRIES_MS);
    await verbs.open();
    const { functionName } = verbs.told[1]!;
    await expect(verbs.redrive({ endpoint: answering(account, answer) })).rejects.toMatchObject({
      code: 'TU2039',
      message: expect.stringContaining(functionName) as string,
      hint: expect.stringContaining('trueup apply --only BucketFanOut/invoices') as string,
    });
    expect((await verbs.status()).destinations[1]!.deadLetters).toMatchObject({ visible: 1, inFlight: 0 });
    expect(await verbs.redrive()).toMatchObject({ ok: true, redriven: 1 });
  });

  it('may count less than this one', async () => {
    const verbs = await openFanOutVerbs();
    await verbs.put('a');
    await verbs.forge(JSON.stringify({ requestPayload: eventOf(verbs.told[1]!) }));
    const counts = { copied: 1, elsewhere: 0, refused: 0, failed: 0 };
    const endpoint = answering(verbs.estate.account, { outcome: 'done', counts });
    const result = await verbs.redrive({ endpoint });
    expect(result).toMatchObject({ ok: true, redriven: 1 });
    expect(result.destinations[1]!.counts).toMatchObject({ copied: 1, customerKeys: 0, archived: 0 });
  });
});

function eventOf({ address: document }: FanOutDocument): object {
  return { action: 'backfill', document, run: 'run', items: [{ key: 'a' }] };
}
