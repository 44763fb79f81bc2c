import { setTimeout as sleep } from 'node:timers/promises';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, GetObjectCommand, PutBucketTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { createRetryStrategy } from '../src/aws/retry.ts';
import type { EmbeddedAccount, TrailEvent } from '../src/embedded/index.ts';
import type { ApplyResult, Clock } from '../src/engine/types.ts';
import { LeaseHeldError } from '../src/engine/lease.ts';
import { apply } from '../src/operations/apply.ts';
import type { ApplyOptions } from '../src/operations/apply.ts';
import { plan } from '../src/operations/plan.ts';
import { NOW, createEstate, mirror } from './support/estate.ts';
import type { EstateOptions, TestEstate } from './support/estate.ts';
import { randomBy } from './support/lease-bench.ts';
import { applyInTime } from './support/turned-time.ts';
import { virtualTime } from './support/virtual-time.ts';
import { serviceFault, tapped } from './support/wiretap.ts';
import type { Attempt } from './support/wiretap.ts';

const REGION = { region: 'eu-west-1' };
const PROD = '111122223333';
const PARTNER = '444455556666';

/** Real time, in which a standstill of this process, which has other work too, is short. */
const LONGEST_STANDSTILL_MS = 20;
let awake = 0;
let lastRead = performance.now();

function readAwake(): number {
  const now = performance.now();
  awake += Math.min(now - lastRead, LONGEST_STANDSTILL_MS);
  lastRead = now;
  return awake;
}

/** The same for all, and faster. */
function hastyClock(haste: number): Clock {
  const clock: Clock = {
    now: () => readAwake() * haste,
    async sleep(milliseconds, stop) {
      const until = clock.now() + milliseconds;
      for (;;) {
        if (clock.now() >= until || stop?.aborted) return;
        await sleep(10);
      }
    },
  };
  return clock;
}

/** Applies assume a role, so that the trail tells them apart. */
function named(settings: string): string {
  const role = `arn:aws:iam::${PROD}:role/trueup-apply`;
  return settings.replace(`{ id: "${PROD}" }`, `{ id: "${PROD}", applyRole: "${role}" }`);
}

/** Three mirrors; the applies assume a role, so that the trail tells them apart. */
async function createLeased(lease = '{}', options: EstateOptions = {}): Promise<TestEstate> {
  const estate = await createEstate(options);
  estate.rewrite('settings.yaml', (yaml) =>
    named(yaml).replace('  defaultAccount', `  lease: ${lease}\n  defaultAccount`),
  );
  for (const name of ['one', 'two', 'three']) {
    estate.serve(`${name}.test`, 1, 'www A 192.0.2.1\nmail A 192.0.2.2');
    estate.write(`${name}.yaml`, mirror(estate, [], name, `${name}.test`));
  }
  return estate;
}

async function run(estate: TestEstate, options: Partial<ApplyOptions> = {}): Promise<ApplyResult> {
  const endpoint = { kind: 'embedded', account: estate.account } as const;
  const { result } = await apply(await estate.load(), { endpoint, leaseClock: hastyClock(20), ...options });
  return result!;
}

async function errorOf(promise: Promise<unknown>): Promise<Error & { code?: string; hint?: string }> {
  return promise.then(
    () => {
      throw new Error('it went well');
    },
    (error: unknown) => error as Error,
  );
}

/** A hundred are between processes: test/processes/lease.test.ts. */
const RACES = 20;
/** Each of the calls takes two minutes of one core; measured 2026-11. */
const STEP = process.env['TRUEUP_THOROUGH'] ? 1 : 7;

/** One mirror, and something that happens at the first call of an apply, at the second, and so on. @returns how many */
async function eachCall(happen: (estate: TestEstate, number: number) => Promise<boolean>): Promise<number> {
  for (let number = 1; ; number += STEP) {
    let finish = async (): Promise<void> => undefined;
    const estate = await createEstate({ onFinished: (end) => (finish = end) });
    estate.rewrite('settings.yaml', named);
    estate.serve('corp.test', 1, 'www A 192.0.2.1');
    estate.write('corp.yaml', mirror(estate));
    const happened = await happen(estate, number);
    await finish();
    if (!happened) return number - STEP;
  }
}

const KEY = 'trueup/acme-network/lease.json';
const NEW_BUCKET = {
  Bucket: 'acme-trueup',
  CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
} as const;

function bucketsOf({ account }: TestEstate): readonly string[] {
  const made = account.events().filter(({ eventName }) => eventName === 'CreateBucket');
  return made.map(({ requestParameters }) => String((requestParameters as { bucketName?: string }).bucketName));
}

async function recordIn({ account }: TestEstate, Bucket: string): Promise<unknown> {
  const { Body } = await account.client(S3Client, REGION).send(new GetObjectCommand({ Bucket, Key: KEY }));
  return JSON.parse((await Body?.transformToString()) ?? '');
}

async function createTable({ account }: TestEstate, keys: readonly (readonly [string, 'S' | 'N'])[]): Promise<void> {
  await account.client(DynamoDBClient, REGION).send(
    new CreateTableCommand({
      TableName: 'trueup-lease',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: keys.map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
      KeySchema: keys.map(([AttributeName], index) => ({ AttributeName, KeyType: index === 0 ? 'HASH' : 'RANGE' })),
    }),
  );
}

/** What changes the world; the lease's own writes do not. */
function writesOf(events: readonly TrailEvent[]): readonly TrailEvent[] {
  return events.filter(({ readOnly, eventSource }) => !readOnly && !/^(?:s3|sts|dynamodb)\./.test(eventSource));
}

/** Whose writes, each time that it changes. */
function turnsOf(events: readonly TrailEvent[]): readonly string[] {
  const who = writesOf(events).map(({ userIdentity }) => userIdentity.arn.split('/').at(-1)!);
  return who.filter((name, index) => name !== who[index - 1]);
}

describe('applies that start together', () => {
  it.each([2, 8])(
    'F04 of %i one writes at a time, none is half done, and the plan afterwards is empty',
    async (count) => {
      const estate = await createLeased();
      const runs = Array.from({ length: count }, (_, index) => `run-${index}`);

      const ends = await Promise.all(
        runs.map((name) =>
          run(estate, { run: name }).then(
            ({ outcome }) => outcome,
            (error: unknown) => error,
          ),
        ),
      );

      const turns = turnsOf(estate.account.events());
      const refused = ends.filter((end) => end instanceof LeaseHeldError);
      expect(turns).toEqual([...new Set(turns)]);
      expect(ends.filter((end) => end === 'applied').length).toBeGreaterThanOrEqual(1);
      expect(ends.filter((end) => end !== 'applied' && end !== 'nothing')).toEqual(refused);
      for (const { holder, expires } of refused) {
        expect(holder).toMatch(/ on .*, process \d+$/);
        expect(Date.parse(expires ?? '')).toBeGreaterThan(Date.now());
      }
      expect((await estate.plan({ full: true })).actions).toEqual([]);
    },
  );

  it(`F04 in ${RACES} races one writes at a time, and the other finds nothing left to do or is refused`, async () => {
    const ends: string[] = [];
    for (let race = 0; race < RACES; race += 1) {
      let finish = async (): Promise<void> => undefined;
      const estate = await createEstate({ onFinished: (end) => (finish = end) });
      estate.rewrite('settings.yaml', named);
      estate.serve('corp.test', 1, 'www A 192.0.2.1');
      estate.write('corp.yaml', mirror(estate));
      const outcomes = await Promise.all(
        ['left', 'right'].map(async (name) => {
          await sleep(name === 'left' ? (race % 20) * 5 : 0);
          return run(estate, { run: name }).then(
            ({ outcome }) => outcome,
            (error: Error) => error.name,
          );
        }),
      );
      const turns = turnsOf(estate.account.events());
      expect(turns).toEqual([...new Set(turns)]);
      expect((await estate.plan({ full: true })).actions).toEqual([]);
      ends.push(outcomes.toSorted().join(' and '));
      await finish();
    }

    expect(new Set(ends)).toContain('applied and nothing');
    expect(ends.filter((end) => end !== 'applied and nothing' && end !== 'LeaseHeldError and applied')).toEqual([]);
  }, 180_000);
});

describe('where the lease lies', () => {
  const OWN = /^settings-trueup-lease-|-111122223333-eu-west-1-an$/;

  it('in a bucket of trueup’s own: plan says it, the first apply makes it with its marker, and gives the lease back', async () => {
    const estate = await createLeased();
    const before = await estate.plan();
    const { outcome } = await run(estate);
    const after = await estate.plan();

    const note = before.findings.find(({ code }) => code === 'lease-bucket');
    expect(note).toMatchObject({
      severity: 'info',
      message: expect.stringContaining('the first apply makes the bucket'),
    });
    expect([outcome, after.findings, after.actions]).toEqual(['applied', [], []]);
    const Bucket = bucketsOf(estate)[0]!;
    expect(Bucket).toMatch(OWN);
    expect(note?.message).toContain(Bucket);
    expect(await recordIn(estate, Bucket)).toMatchObject({ holder: null, expires: null, owner: 'acme-network' });
  });

  it('a plan without actions makes no call for it', async () => {
    const estate = await createLeased();
    await run(estate);
    const { calls } = await estate.plan();

    expect(Object.keys(calls)).not.toContain('S3');
  });

  it('TU3015 a bucket of its name that is not ours is not written to', async () => {
    const estate = await createLeased();
    await run(estate);
    const Bucket = bucketsOf(estate)[0]!;
    const s3 = estate.account.client(S3Client, REGION);
    const TagSet = [{ Key: 'trueup:owner', Value: 'another/Settings/trueup/Lease' }];
    await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
    estate.serve('one.test', 2, 'new A 192.0.2.1');
    const writes = writesOf(estate.account.events()).length;

    const error = await errorOf(run(estate));

    expect([error.code, writesOf(estate.account.events()).length]).toEqual(['TU3015', writes]);
    expect(error.message).toContain(Bucket);
  });

  it.each([
    ['TU3014', 'that does not exist', undefined],
    ['TU3016', 'of another account (T67)', PARTNER],
  ])('%s a bucket %s is refused, and nothing is written', async (code, _what, account) => {
    const estate = await createLeased('{ bucket: acme-trueup }');
    const s3 = estate.account.client(S3Client, { ...REGION, account: account ?? PARTNER });
    if (account !== undefined) await s3.send(new CreateBucketCommand(NEW_BUCKET));

    const error = await errorOf(run(estate));

    expect([error.code, writesOf(estate.account.events())]).toEqual([code, []]);
    if (account !== undefined) {
      const gone = await errorOf(s3.send(new GetObjectCommand({ Bucket: 'acme-trueup', Key: KEY })));
      expect(gone.name).toBe('NoSuchKey');
    }
  });

  it('in a bucket of the user’s, for two seconds at a time', async () => {
    const estate = await createLeased('{ bucket: acme-trueup, ttl: 2s }');
    await estate.account.client(S3Client, REGION).send(new CreateBucketCommand(NEW_BUCKET));

    expect((await run(estate, { leaseClock: hastyClock(1) })).outcome).toBe('applied');
    expect(await recordIn(estate, 'acme-trueup')).toMatchObject({ holder: null, ttlMs: 2_000 });
  });

  it('in a row of a table', async () => {
    const estate = await createLeased('{ table: trueup-lease }');
    await createTable(estate, [['anything', 'S']]);

    const ends = await Promise.all(
      ['left', 'right'].map((name) =>
        run(estate, { run: name }).then(
          ({ outcome }) => outcome,
          (error: Error) => error.name,
        ),
      ),
    );

    const turns = turnsOf(estate.account.events());
    expect(turns).toEqual([...new Set(turns)]);
    expect(ends).toContain('applied');
    expect(bucketsOf(estate)).toEqual([]);
    expect((await run(estate)).outcome).toBe('nothing');
  });

  it.each<[string, readonly (readonly [string, 'S' | 'N'])[]]>([
    ['does not exist', []],
    ['has a number as its key', [['id', 'N']]],
    [
      'has a sort key',
      [
        ['id', 'S'],
        ['at', 'S'],
      ],
    ],
  ])('TU3014 a table that %s is refused, and nothing is written', async (_what, keys) => {
    const estate = await createLeased('{ table: trueup-lease }');
    if (keys.length > 0) await createTable(estate, keys);

    const error = await errorOf(run(estate));

    expect([error.code, writesOf(estate.account.events())]).toEqual(['TU3014', []]);
  });

  it('T67 every call to S3 names the account that must own the bucket', async () => {
    const estate = await createLeased();
    const account = tapped(estate.account, () => undefined);
    const endpoint = { kind: 'embedded', account } as const;
    await plan(await estate.load(), { endpoint });
    await run(estate, { endpoint });
    await run(estate, { endpoint });

    const calls = account.attempts.filter(({ service }) => service === 'S3');
    const without = calls.filter(({ input }) => input['ExpectedBucketOwner'] !== PROD);
    expect(calls.length).toBeGreaterThan(6);
    expect(without.map(({ command }) => command)).toEqual(['CreateBucket']);
  });
});

describe('credentials', () => {
  it('T66 of another account: apply is refused after exactly one call, and both ids are named', async () => {
    const estate = await createEstate();
    estate.serve('corp.test', 1, 'www A 192.0.2.1');
    estate.write('corp.yaml', mirror(estate));
    const account = tapped(estate.account, () => undefined, { caller: '999988887777' });

    const error = await errorOf(run(estate, { endpoint: { kind: 'embedded', account } }));

    expect(error.code).toBe('TU2001');
    expect(error.message).toMatch(/account 999988887777 .* prod as 111122223333/);
    expect(account.attempts.map(({ command }) => command)).toEqual(['GetCallerIdentity']);
  });

  it('F17 that expire at call n are renewed once, and the apply goes on: N/N', async () => {
    const calls = await eachCall(async (estate, number) => {
      const account = tapped(estate.account, (_attempt, count) => {
        if (count === number) estate.account.elapse(61 * 60_000);
      });
      const { outcome } = await applyInTime(estate, account);
      const roles = account.attempts.filter(
        (one) => one.command === 'AssumeRole' && String(one.input['RoleArn']).includes(PROD),
      ).length;
      expect([number, outcome, roles <= 2]).toEqual([number, 'applied', true]);
      return account.attempts.length >= number;
    });
    expect(calls).toBeGreaterThan(30);
  }, 1_200_000);

  it('F17 that expire at call n for good: nothing new is sent, and a run with new ones converges: N/N', async () => {
    const ends = new Set<string>();
    const calls = await eachCall(async (estate, number) => {
      let isOver = false;
      const account = tapped(estate.account, ({ command }, count) => {
        if (count === number) {
          isOver = true;
          estate.account.elapse(61 * 60_000);
        }
        if (isOver && command === 'AssumeRole') throw serviceFault('AccessDenied', 403);
      });
      const end = await applyInTime(estate, account).then(
        ({ outcome }) => outcome,
        (error: Error & { code?: string }) => error.code ?? error.name,
      );
      ends.add(end);
      // What was under way when it happened, the look for new credentials, and the lease.
      const after = account.attempts.slice(number).filter(({ service }) => service !== 'STS' && service !== 'S3');
      expect([number, after.length <= 10]).toEqual([number, true]);
      isOver = false;
      const reached = account.attempts.length >= number;
      // The lease could not be given back either.
      const again = await applyInTime(estate);
      expect([number, /^(?:applied|nothing)$/.test(again.outcome)]).toEqual([number, true]);
      expect((await estate.plan({ full: true })).actions).toEqual([]);
      return reached;
    });
    expect(calls).toBeGreaterThan(30);
    expect(ends).toContain('partial');
    expect([...ends].filter((end) => !/^(?:partial|TU2006|not-converged|applied)$/.test(end))).toEqual([]);
  }, 1_200_000);
});

describe('trouble on the way', () => {
  it.each(['fail', 'take twice the life of the lease'])(
    'F05 renewals %s: nothing is sent that could outlive it, what is left is skipped, and the next apply finishes',
    async (trouble) => {
      const estate = await createLeased();
      // By this clock each call takes a while.
      const CALL_MS = 300;
      let now = 0;
      const tick = () => new Promise((resolve) => setImmediate(resolve));
      const leaseClock: Clock = {
        now: () => now,
        async sleep(milliseconds, stop) {
          const until = now + milliseconds;
          for (;;) {
            if (now >= until || stop?.aborted) return;
            await tick();
          }
        },
      };
      let taken = Number.POSITIVE_INFINITY;
      let isOver = false;
      const sent: { readonly what: string; readonly at: number }[] = [];
      const account = tapped(estate.account, async ({ service, command }) => {
        if (service !== 'S3') sent.push({ what: `${service} ${command}`, at: now });
        now += CALL_MS;
        if (isOver || service !== 'S3' || command !== 'PutObject') return;
        if (taken === Number.POSITIVE_INFINITY) {
          taken = now - CALL_MS;
        } else {
          if (trouble === 'fail') throw serviceFault('InternalError', 500);
          await leaseClock.sleep(120_000);
        }
      });
      const endpoint = { kind: 'embedded', account } as const;

      const applying = run(estate, { endpoint, leaseClock });
      // Nobody waits for the slow one once nothing else is sent.
      const ended = applying.finally(() => (isOver = true));
      for (;;) {
        if (isOver) break;
        const before = account.attempts.length;
        await Promise.race([ended, sleep(400)]);
        if (account.attempts.length === before) now += 120_000;
      }
      const { outcome, skipped, failed, done } = await ended;

      expect(outcome).toBe('partial');
      expect(sent.filter(({ at }) => at > taken + 60_000 - 17_000)).toEqual([]);
      expect(done.length).toBeGreaterThan(0);
      expect(new Set(skipped.map(({ why }) => why.replace(/^ZoneMirror.* was not done$/, 'its parent')))).toContain(
        'the lease was lost',
      );
      expect(failed.every(({ error }) => error.includes('the lease was lost'))).toBe(true);
      expect((await run(estate)).outcome).toBe('applied');
    },
    60_000,
  );
});

describe('AWS in trouble', () => {
  /** As the tool asks AWS, in the time of a clock that is turned. */
  function patient(account: EmbeddedAccount, clock: Clock, seed: number): EmbeddedAccount {
    return {
      ...account,
      clientOptions: (place) => ({
        ...account.clientOptions(place),
        retryStrategy: createRetryStrategy(clock, randomBy(seed)),
      }),
    };
  }

  /** An apply that is paced, repeats, and holds its lease, in time that is turned. */
  async function applyTapped(
    see: (attempt: Attempt, now: number, number: number) => void,
    seed: number,
  ): Promise<TroubledApply> {
    const time = virtualTime();
    const estate = await createLeased('{}', { now: () => NOW + time.now() });
    const sent: TimedAttempt[] = [];
    let refused = 0;
    const account = tapped(patient(estate.account, time.clock(), seed), (attempt, number) => {
      sent.push({ ...attempt, at: time.now() });
      try {
        see(attempt, time.now(), number);
      } catch (error) {
        refused += 1;
        throw error;
      }
    });
    const endpoint = { kind: 'embedded', account } as const;
    const applying = run(estate, { endpoint, leaseClock: time.clock(), pacingClock: time.clock() });
    const { outcome, calls } = await time.run(applying, account.isBusy);
    const counted = Object.values(calls).reduce((sum, { reads, writes }) => sum + reads + writes, 0);
    return { outcome, sent, refused, counted };
  }

  interface TimedAttempt extends Attempt {
    /** Milliseconds since the beginning. */
    readonly at: number;
  }

  interface TroubledApply {
    readonly outcome: string;
    readonly sent: readonly TimedAttempt[];
    readonly refused: number;
    /** Calls by the tool's own count. */
    readonly counted: number;
  }

  function throttled(service: string): Error {
    return service === 'S3' ? serviceFault('SlowDown', 503) : serviceFault('ThrottlingException', 400);
  }

  /** The most calls to Route 53 within any second. */
  function mostInASecond(sent: readonly TimedAttempt[]): number {
    const times = sent.filter(({ service }) => service === 'Route53').map(({ at }) => at);
    return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length));
  }

  it.each([1, 2, 3])(
    'F08 throttling 30 % throughout, seed %i: applied, in at most 3 attempts a call, at most 4 calls to Route 53 a second',
    async (seed) => {
      const random = randomBy(seed);
      const { outcome, sent, refused, counted } = await applyTapped(({ service }) => {
        if (random() < 0.3) throw throttled(service);
      }, seed);

      expect(outcome).toBe('applied');
      expect(refused).toBeGreaterThan(0.2 * sent.length);
      expect(sent.length / (sent.length - refused)).toBeLessThanOrEqual(3);
      expect(counted).toBeLessThanOrEqual(sent.length);
      expect(sent.filter(({ service }) => service === 'Route53').length).toBeGreaterThan(30);
      expect(mostInASecond(sent)).toBe(4);
    },
  );

  it.each([1, 12, 150, 250, 350, 430])(
    'F08 throttling 100 % for 60 s from call %i on: applied, in at most 3 attempts a call, at most 4 calls to Route 53 a second',
    async (from) => {
      let until = Number.POSITIVE_INFINITY;
      let isLeased = false;
      const { outcome, sent, refused } = await applyTapped(({ service, command, input }, now, number) => {
        if (number === from) until = now + 60_000;
        // A lease that is not renewed for its whole life is lost, and that is F05.
        isLeased ||= command === 'PutObject' && input['Key'] === KEY;
        if (number >= from && now < until && !(isLeased && input['Key'] === KEY)) throw throttled(service);
      }, from);

      expect(outcome).toBe('applied');
      expect(refused).toBeGreaterThanOrEqual(5);
      expect(sent.filter(({ at }) => at >= until).length).toBeGreaterThan(10);
      expect(sent.length / (sent.length - refused)).toBeLessThanOrEqual(3);
      expect(mostInASecond(sent)).toBe(4);
    },
  );

  it.each([8, 40, 90])(
    'F09 5xx for an hour from call %i on: it gives up, deletes nothing, and the next apply finishes',
    async (from) => {
      const time = virtualTime();
      const estate = await createLeased('{}', { now: () => NOW + time.now() });
      let until = Number.POSITIVE_INFINITY;
      let started = 0;
      const account = tapped(patient(estate.account, time.clock(), from), (_attempt, number) => {
        if (number < from) return;
        if (number === from) {
          started = estate.account.now();
          until = started + 3_600_000;
        }
        if (estate.account.now() < until) throw serviceFault('InternalError', 500);
      });
      const endpoint = { kind: 'embedded', account } as const;

      const applying = run(estate, { endpoint, leaseClock: time.clock(), pacingClock: time.clock() }).then(
        ({ outcome }) => outcome,
        (error: Error & { code?: string }) => error.code ?? error.name,
      );
      const end = await time.run(applying, account.isBusy);
      const gaveUp = estate.account.now() - started;
      const deletes = account.attempts.filter(({ command }) => /^(?:Delete|Remove)/.test(command));
      estate.account.elapse(3_600_000);

      expect(['partial', 'TU3016']).toContain(end);
      expect([deletes, gaveUp <= 600_000]).toEqual([[], true]);
      const again = await run(estate, { leaseClock: hastyClock(20) });
      expect([again.failed, again.skipped.slice(0, 2), again.outcome]).toEqual([[], [], 'applied']);
      expect((await estate.plan({ full: true })).actions).toEqual([]);
    },
  );
});
