import {
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Fault } from '../../src/embedded/index.ts';
import { fanOutRedrive } from '../../src/operations/fan-out/redrive.ts';
import { fanOutStatus } from '../../src/operations/fan-out/status.ts';
import { fanOutVerify } from '../../src/operations/fan-out/verify.ts';
import { makeBucket } from '../support/fan-out-buckets.ts';
import { envelopeOf, openFanOutSystem } from '../support/fan-out-system.ts';
import type { FanOutSystem } from '../support/fan-out-system.ts';
import { sizeOf, tellFigures, timeoutOf } from '../support/full-size.ts';

/** In each of four situations: 10,000 at full size. For every second one another is overwritten or deleted. */
const OBJECTS = sizeOf({ small: 30, thorough: 60, full: 2_500 });
vi.setConfig({ testTimeout: timeoutOf() });
const SOURCE = 'acme-invoices';
const FAR = { bucket: 'acme-invoices-us', region: 'us-east-1', prefix: '' };
const ARCHIVE = { bucket: 'acme.archive', region: 'eu-west-1', prefix: 'from/' };
const DESTINATIONS = [FAR, ARCHIVE];
const ROUNDS = 10;
/** Rounds in which the archive refuses every write. */
const REFUSING = { from: 4, to: 5 };
const KILLS = Math.max(6, OBJECTS / 50);
/** Calls of functions for one object: fewer than they are, so that each kill finds its call. */
const CALLS_AN_OBJECT = 20;

interface Situation {
  readonly isVersioned: boolean;
  readonly replicateDeletes: boolean;
}

/** One in each of as many equal stretches of the functions' calls. */
function killsOf(random: Random): readonly Fault[] {
  const stretch = Math.floor((OBJECTS * CALLS_AN_OBJECT) / KILLS);
  return Array.from({ length: KILLS }, (_, index) => ({
    service: '*',
    command: '*',
    fault: random.below(2) === 0 ? ('kill-before' as const) : ('kill-after' as const),
    nth: 1 + index * stretch + random.below(stretch),
  }));
}

interface Random {
  below(limit: number): number;
}

/** Numbers that follow from a seed. */
function randomOf(seed: number): Random {
  const numbers = fc.sample(fc.nat(), { numRuns: OBJECTS * 20, seed });
  let at = 0;
  return { below: (limit) => numbers[at++ % numbers.length]! % limit };
}

function open({ isVersioned, replicateDeletes }: Situation, random: Random): Promise<FanOutSystem> {
  const destinations = DESTINATIONS.map(
    ({ bucket, region, prefix }) => `{ bucket: ${bucket}, region: ${region}${prefix && `, prefix: ${prefix}`} }`,
  );
  return openFanOutSystem(
    [
      `source: { bucket: ${SOURCE} }`,
      `replicateDeletes: ${replicateDeletes}`,
      'concurrency: 4',
      `destinations: [${destinations.join(', ')}]`,
    ],
    async (account) => {
      await makeBucket(account, SOURCE, { versioned: isVersioned });
      for (const { bucket, region } of DESTINATIONS)
        await makeBucket(account, bucket, { region, versioned: isVersioned });
    },
    {
      faults: killsOf(random),
      delivery: { seed: random.below(1_000), duplicates: 0.2, delay: 90_000, reorder: true },
    },
  );
}

async function refuse({ s3, told }: FanOutSystem, is: boolean): Promise<void> {
  const client = s3(ARCHIVE.region);
  const Bucket = ARCHIVE.bucket;
  if (!is) {
    await client.send(new DeleteBucketPolicyCommand({ Bucket }));
    return;
  }
  const Statement = {
    Effect: 'Deny',
    Principal: '*',
    Action: ['s3:PutObject', 's3:DeleteObject'],
    Resource: `arn:aws:s3:::${Bucket}/*`,
  };
  expect(told[1]?.destination.bucket).toBe(Bucket);
  await client.send(
    new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }),
  );
}

/** Lines of records that the archive refused, of those that the logs still have. @throws where the other refused any */
async function refusalsAt({ lines, told }: FanOutSystem): Promise<number> {
  const counts = await Promise.all(
    told.map(async (one) => {
      const failed = (await lines(one)).filter(({ outcome }) => outcome === 'failed');
      return failed.filter(({ why }) => String(why).startsWith('AccessDenied')).length;
    }),
  );
  expect(counts[0]).toBe(0);
  return counts[1] ?? 0;
}

/** Invocations that ran and that were killed, and what became of records. */
async function happenings({ told, measured }: FanOutSystem) {
  let ran = 0;
  for (const one of told) ran += await measured('Invocations', one);
  // Whoever lives to its end says so.
  const killed = ran - (await measured('Invocations'));
  return {
    ran,
    killed,
    copied: await measured('Copied'),
    duplicates: await measured('Duplicates'),
    superseded: await measured('Superseded'),
    failed: await measured('Failed'),
  };
}

/** What was done to the source, by key: contents in their order; undefined: deleted. */
type History = Map<string, (string | undefined)[]>;

/** One round of changes: new objects, others overwritten, others deleted. */
async function change({ s3 }: FanOutSystem, history: History, random: Random, round: number): Promise<void> {
  const client = s3();
  for (let at = 0; at < OBJECTS / ROUNDS; at += 1) {
    const known = [...history.keys()];
    const key = `in/${round}/object ${at}+%.txt`;
    const changed = known.length > 0 && random.below(2) === 0 ? known[random.below(known.length)]! : undefined;
    for (const Key of changed === undefined ? [key] : [key, changed]) {
      const before = history.get(Key) ?? [];
      if (Key === changed && before.at(-1) !== undefined && random.below(3) === 0) {
        await client.send(new DeleteObjectCommand({ Bucket: SOURCE, Key }));
        history.set(Key, [...before, undefined]);
        continue;
      }
      const Body = `${Key} ${before.length} ${'.'.repeat(random.below(3))}`;
      await client.send(
        new PutObjectCommand({ Bucket: SOURCE, Key, Body, Metadata: { number: String(before.length) } }),
      );
      history.set(Key, [...before, Body]);
    }
  }
}

/** Ten of the newest events once more, newest first, as records of one message: some were delivered, some were not. @returns how many */
async function batch(system: FanOutSystem, random: Random): Promise<number> {
  const messages = system.account.messages(system.told[0]!.topicArn).map(({ message }) => message);
  const events = messages.filter((message) => !message.includes('s3:TestEvent'));
  if (events.length === 0) return 0;
  const from = random.below(Math.max(1, events.length - 10));
  const told = system.told[random.below(system.told.length)]!;
  const some = events.slice(from, from + 10).reverse();
  await system.invoke(await envelopeOf(system, some, told), told);
  return some.length;
}

describe.each<Situation>([
  { isVersioned: true, replicateDeletes: true },
  { isVersioned: true, replicateDeletes: false },
  { isVersioned: false, replicateDeletes: true },
  { isVersioned: false, replicateDeletes: false },
])('versioned: $isVersioned, deletes: $replicateDeletes', (situation) => {
  it('objects arrive as they are, whatever happens to events, functions and a destination', async () => {
    const { isVersioned, replicateDeletes } = situation;
    const random = randomOf(isVersioned === replicateDeletes ? 31 : 32);
    const system = await open(situation, random);
    const { account, estate } = system;
    const began = account.now();
    const history: History = new Map();
    let batched = 0;
    let refusals = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      if (round === REFUSING.from) await refuse(system, true);
      if (round === REFUSING.to) {
        await account.advance(120_000);
        refusals = await refusalsAt(system);
        await refuse(system, false);
      }
      await change(system, history, random, round);
      if (random.below(2) === 0) batched += await batch(system, random);
      await account.advance(20_000);
    }
    await system.rest();
    const letters = await system.waiting();
    expect(letters).toBeGreaterThan(0);

    const redriven = await fanOutRedrive(await estate.load(), {
      name: 'invoices',
      endpoint: { kind: 'embedded', account },
    });
    await system.rest();

    expect(redriven).toMatchObject({ ok: true, redriven: letters, failed: [], left: 0 });
    expect(await system.waiting()).toBe(0);
    const source = await system.held(SOURCE);
    expect([...source.keys()].sort()).toEqual(
      [...history].flatMap(([key, bodies]) => (bodies.at(-1) === undefined ? [] : [key])).sort(),
    );
    const stayed: number[] = [];
    for (const { bucket, region, prefix } of DESTINATIONS) {
      const copies = await system.held(bucket, region);
      stayed.push([...copies.keys()].filter((key) => !source.has(key.slice(prefix.length))).length);
      for (const [key, { body, head }] of source) {
        const copy = copies.get(prefix + key);
        expect([key, copy?.body, copy?.head.ETag, copy?.head.Metadata?.['number']]).toEqual([
          key,
          body,
          head.ETag,
          head.Metadata?.['number'],
        ]);
      }
      for (const [key, { body }] of copies) {
        const bodies = history.get(key.slice(prefix.length))!;
        if (bodies.at(-1) !== undefined) continue;
        expect([key, replicateDeletes]).toEqual([key, false]);
        // Of a version that is gone at the source only what was copied in time is there.
        if (isVersioned) expect(body).toBe(bodies.findLast((one) => one !== undefined));
        else expect(bodies).toContain(body);
      }
      // Without deletes nothing that had a version to copy is missing.
      if (isVersioned && !replicateDeletes) expect(copies.size).toBe(history.size);
    }
    const asked = { name: 'invoices', endpoint: { kind: 'embedded' as const, account } };
    const verified = await fanOutVerify(await estate.load(), asked);
    const none = { missing: [], stale: [], extra: [], collisions: [], unmappable: [] };
    expect(verified).toMatchObject({ ok: true, complete: true, ...none });
    // What was deleted at the source stays where deletes are not replicated, and is told.
    expect(verified.destinations.map(({ kept }) => kept)).toEqual(stayed);
    const gone = [...history.values()].filter((bodies) => bodies.at(-1) === undefined).length;
    if (isVersioned && !replicateDeletes) expect(stayed).toEqual([gone, gone]);
    for (const { copies } of (await fanOutStatus(await estate.load(), asked)).destinations) {
      expect(copies).toMatchObject({ copying: 0, failed: 0, collision: 0 });
    }
    // All that was to happen did happen.
    const changes = [...history.values()].flat();
    expect(history.size).toBe(OBJECTS);
    expect(changes.length).toBeGreaterThan(OBJECTS * 1.2);
    expect(changes.filter((body) => body === undefined).length).toBeGreaterThan(OBJECTS / 20);
    expect(batched).toBeGreaterThan(10);
    // The log keeps the newest lines of a function, metrics all of them.
    for (const told of system.told) {
      expect(await system.outcomes(told)).toEqual(expect.arrayContaining(['copied', 'duplicate', 'superseded']));
    }
    const happened = await happenings(system);
    // One that strikes an environment which another has just ended is not seen.
    expect(happened.killed).toBeGreaterThan(KILLS * 0.8);
    expect(happened.killed).toBeLessThanOrEqual(KILLS);
    expect(happened.ran).toBeGreaterThan(changes.length * DESTINATIONS.length);
    expect(refusals).toBeGreaterThan(0);
    expect(happened.failed).toBeGreaterThan(letters);
    const calls = Object.values(account.calls()).reduce((all, { reads, writes }) => all + reads + writes, 0);
    const days = Math.round((account.now() - began) / 86_400_000);
    const figures = { objects: OBJECTS, changes: changes.length, ...happened, letters, calls, days };
    tellFigures(JSON.stringify(situation), figures);
  });
});
