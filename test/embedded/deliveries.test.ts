import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Account } from '../../src/embedded/account.ts';
import { pendingDeliveries, stage } from '../../src/embedded/delivery/pending.ts';
import { openEmbedded, parseDeliveryPlan } from '../../src/embedded/index.ts';
import type { DeliveryPlan } from '../../src/embedded/index.ts';
import { openOver } from '../../src/embedded/open.ts';
import { messagesOf } from '../../src/embedded/sqs/messages.ts';
import { memoryStore } from '../../src/embedded/store/store.ts';
import { buildProgram } from '../support/build-program.ts';
import {
  BEGIN,
  BUCKET_ARN,
  FUNCTION,
  OWNER,
  QUEUE,
  TELLS,
  TOPIC,
  TO_TOPIC,
  WAITS_FOR_TOMORROW,
  eventsBench,
  openEventsBench,
} from '../support/events-bench.ts';
import type { EventsBench } from '../support/events-bench.ts';
import { bundle } from '../support/lambda.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** A bucket whose events reach a queue through a topic, without a test message. */
async function openToQueue(delivery?: DeliveryPlan): Promise<EventsBench> {
  const bench = await openEventsBench(delivery && { delivery });
  await bench.topic();
  await bench.queue();
  await bench.subscribe(QUEUE, { RawMessageDelivery: 'true' });
  await bench.notify(TO_TOPIC, true);
  return bench;
}

function keyIn(letter: string): string {
  const { Records } = JSON.parse(letter) as { Records: readonly { s3: { object: { key: string } } }[] };
  return Records[0]!.s3.object.key;
}

async function keys({ letters }: EventsBench): Promise<readonly string[]> {
  return (await letters()).map(keyIn);
}

async function putMany(bench: EventsBench, count: number): Promise<readonly string[]> {
  const names = Array.from({ length: count }, (_, index) => `k${String(index).padStart(5, '0')}`);
  for (const name of names) await bench.put(name);
  return names;
}

describe('a delivery', () => {
  it('happens by itself: each once and in order, and nobody turns the clock', async () => {
    const bench = await openToQueue();
    const names = await putMany(bench, 20);
    await bench.account.settled();

    expect(await keys(bench)).toEqual(names);
    expect(bench.account.now()).toBe(BEGIN);
  });

  it('is not made where the write fails', async () => {
    const bench = await openEventsBench({
      faults: [{ service: 's3', command: 'PutObject', nth: 1, times: 10, fault: 'access-denied' }],
    });
    await bench.topic();
    await bench.queue();
    await bench.subscribe(QUEUE);
    await bench.notify(TO_TOPIC, true);

    await expect(bench.put('a')).rejects.toThrow(/not authorized/);
    await bench.account.settled();

    expect(await bench.letters()).toEqual([]);
  });

  it('of one function runs five times at once at the most', async () => {
    const bench = await openEventsBench();
    await bench.topic();
    await bench.deploy(`let id = Math.random();
      export const handler = async () => {
        console.log('GOT ' + JSON.stringify({ id }));
        await new Promise((resolve) => setTimeout(resolve, 50));
      };`);
    await bench.subscribe(FUNCTION);
    await bench.notify(TO_TOPIC, true);

    await putMany(bench, 30);
    await bench.account.settled();

    const environments = (await bench.got()).map((one) => (one as { id: number }).id);
    expect(environments).toHaveLength(30);
    expect(new Set(environments).size).toBeLessThanOrEqual(5);
  });
});

describe('a plan of deliveries', () => {
  it('holds back until the clock is there', async () => {
    const bench = await openToQueue({ seed: 1, delay: 10 * MINUTE });
    const names = await putMany(bench, 20);
    await bench.account.settled();
    expect(await keys(bench)).toEqual([]);

    await bench.account.advance(5 * MINUTE);
    const early = await keys(bench);
    await bench.account.advance(20 * MINUTE);
    const late = await keys(bench);

    expect(early.length).toBeGreaterThan(0);
    expect(late.length).toBeGreaterThan(0);
    expect([...early, ...late].sort()).toEqual(names);
  });

  it('duplicates the share that it says', async () => {
    const bench = await openToQueue({ seed: 1, duplicates: 1 });
    await bench.put('a');
    await bench.account.advance(MINUTE);

    // Twice on the way to the topic, and twice each from there.
    expect(await keys(bench)).toEqual(['a', 'a', 'a', 'a']);

    const some = await openToQueue({ seed: 1, duplicates: 0.3 });
    const names = await putMany(some, 100);
    await some.account.advance(MINUTE);
    const found = await keys(some);
    expect([...new Set(found)].sort()).toEqual(names);
    expect(found.length).toBeGreaterThan(120);
    expect(found.length).toBeLessThan(220);
  });

  it('reorders those of one moment, always in the same way for one seed', async () => {
    const run = async (seed: number) => {
      const bench = await openToQueue({ seed, reorder: true });
      const names = await putMany(bench, 30);
      await bench.account.advance(MINUTE);
      return { names, found: await keys(bench) };
    };

    const { names, found } = await run(1);
    expect(found).not.toEqual(names);
    expect([...found].sort()).toEqual(names);
    expect((await run(1)).found).toEqual(found);
    expect((await run(2)).found).not.toEqual(found);
  });

  it('without anything said delivers in order, by the clock', async () => {
    const bench = await openToQueue({ seed: 'x' });
    const names = await putMany(bench, 30);
    await bench.account.advance(0);

    expect(await keys(bench)).toEqual(names);
  });

  it('brings events to functions, and what they cause, in one turn of the clock', async () => {
    const bench = await openEventsBench({ delivery: { seed: 3, delay: MINUTE, duplicates: 0.2, reorder: true } });
    await bench.topic();
    await bench.deploy(TELLS);
    await bench.subscribe(FUNCTION);
    await bench.notify(TO_TOPIC, true);
    await putMany(bench, 10);

    await bench.account.advance(10 * MINUTE);

    expect((await bench.got()).length).toBeGreaterThanOrEqual(10);
    await bench.account.advance(10 * MINUTE);
    expect(bench.account.now()).toBe(BEGIN + 21 * MINUTE);
  });

  it.each<[string, string, RegExp]>([
    ['no JSON', '{', /not JSON/],
    ['no object', '[]', /must be an object/],
    ['without a seed', '{}', /seed/],
    ['another field', '{"seed":1,"lose":1}', /unknown field "lose"/],
    ['a share beyond 1', '{"seed":1,"duplicates":1.1}', /duplicates/],
    ['a negative delay', '{"seed":1,"delay":-1}', /delay/],
    ['an order that is neither', '{"seed":1,"reorder":1}', /reorder/],
  ])('that is %s is refused', (_what, text, message) => {
    const refusal = expect.objectContaining({ code: 'TU4014', message: expect.stringMatching(message) as string });

    expect(() => parseDeliveryPlan(text)).toThrow(refusal as Error);
  });

  it('is read from text', () => {
    expect(parseDeliveryPlan('{"seed":"x","delay":5}')).toEqual({ seed: 'x', duplicates: 0, delay: 5, reorder: false });
  });
});

describe('a process that is killed', () => {
  it('leaves nothing undelivered, wherever its messages were', async () => {
    const directory = mkdtempSync(fileURLToPath(new URL('../.process-', import.meta.url)));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const program = join(directory, 'program.mjs');
    await buildProgram(new URL('../support/events-process.ts', import.meta.url), program);
    const file = join(directory, 'account.json');

    const child = spawn(process.execPath, [program, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));

    const account = openEmbedded(file, { now: () => BEGIN });
    onTestFinished(() => account.close());
    account.elapse(2 * DAY);
    await bundle(WAITS_FOR_TOMORROW);
    const bench = eventsBench(account);
    expect(await bench.got()).toEqual([]);

    await account.advance(0);

    const found = (await bench.got()).map((one) => JSON.stringify(one));
    expect(found).toHaveLength(8);
    const all = found.join();
    for (let index = 0; index < 8; index += 1) expect(all).toContain(String.raw`\"key\":\"k${index}\"`);
    await account.advance(0);
    expect(await bench.got()).toHaveLength(8);
  }, 60_000);
});

describe('10,000 messages', () => {
  it.each<[string, DeliveryPlan | undefined]>([
    ['in the background', undefined],
    ['by the clock', { seed: 5, delay: MINUTE, reorder: true }],
  ])(
    'are delivered %s',
    async (_how, delivery) => {
      const store = memoryStore();
      const world = { now: () => BEGIN, sleep: () => Promise.resolve(), crash: () => process.abort() };
      const account = new Account(store, world, [], { delivery });
      onTestFinished(() => account.close());
      const bench = eventsBench(openOver(() => store));
      await bench.topic();
      await bench.queue();
      await bench.subscribe(QUEUE, { RawMessageDelivery: 'true' });

      account.change((data, now) => {
        const sender = { principal: 's3.amazonaws.com', sourceArn: BUCKET_ARN, sourceAccount: OWNER };
        for (let index = 0; index < 10_000; index += 1) {
          stage({ target: TOPIC, message: `message ${index}`, due: now, ...sender }, data);
        }
      });
      await account.settled();
      await account.advance(5 * MINUTE);

      const bodies = account.host.read((data) =>
        [...data.entries(messagesOf({ account: OWNER, region: 'eu-west-1', name: 'letters' }))].map(
          ([, one]) => one.body,
        ),
      );
      expect(new Set(bodies).size).toBe(10_000);
      expect(account.host.read((data) => data.size(pendingDeliveries))).toBe(0);
    },
    60_000,
  );
});
