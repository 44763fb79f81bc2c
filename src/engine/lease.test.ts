import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contend, contender, leaseObject, longestRequest, randomBy } from '../../test/support/lease-bench.ts';
import type { ActorPlan, Journey, Operation } from '../../test/support/lease-bench.ts';
import { virtualTime } from '../../test/support/virtual-time.ts';
import { ClaimedError, LeaseHeldError, LeaseLostError, acquireLease } from './lease.ts';
import type { LeaseOptions, LeaseRecord } from './lease.ts';

const TTL = 60_000;
const PROMPT: Journey = { there: 20, back: 20 };
const FAILS: Journey = { there: 20, back: 20, fails: true };
/** Takes effect, and the answer never comes. */
const UNANSWERED: Journey = { there: 20, back: 1e6 };

/** A lease that somebody left there. */
const HELD: LeaseRecord = {
  format: 'trueup/lease@1',
  owner: 'acme-network',
  repository: null,
  holder: 'somebody',
  process: null,
  token: 'token of somebody',
  writes: 1,
  ttlMs: TTL,
  // Long past by the clock of everybody else here: nothing is decided by it.
  expires: '2020-01-01T00:00:00.000Z',
};
const FREE: LeaseRecord = { ...HELD, holder: null, expires: null };

function createBench(found?: LeaseRecord) {
  const time = virtualTime();
  const object = leaseObject(time);
  object.put(found);
  // As it was found when the world was looked at.
  const calm = found && found.holder !== null ? undefined : { version: found && JSON.stringify(found) };
  return {
    time,
    object,
    /** @param script what becomes of the requests of each operation, one after the other; then all is prompt. */
    acquire(
      name: string,
      more: Partial<LeaseOptions> = {},
      script: Partial<Record<Operation, readonly Journey[]>> = {},
    ) {
      const counts = { read: 0, create: 0, replace: 0 };
      const store = object.through((operation) => script[operation]?.[counts[operation]++] ?? PROMPT);
      return acquireLease(store, contender(time, name, { calm, ...more }));
    },
    /** Somebody else's renewals. */
    async renew(every: number) {
      for (let writes = 2; ; writes += 1) {
        await time.sleep(every);
        object.put({ ...HELD, writes });
      }
    },
  };
}

async function errorOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => {
      throw new Error('it went well');
    },
    (error: unknown) => error as Error,
  );
}

describe('taking the lease', () => {
  it.each([
    ['absent: it is made', undefined, 80, false],
    ['free: it is taken', FREE, 80, false],
    ['not renewed for its whole life: it is taken over then, and not before', HELD, TTL, true],
  ] as const)('%s', async (_case, found, after, moved) => {
    const { time, object, acquire } = createBench(found);

    const lease = await time.run(acquire('me'));

    expect(lease.moved).toBe(moved);
    expect(time.now()).toBeGreaterThanOrEqual(after);
    expect(time.now()).toBeLessThanOrEqual(after + 5_000);
    expect(object.record()).toMatchObject({ holder: 'me', token: 'token of me', ttlMs: TTL });
    expect(() => lease.permit()).not.toThrow();
  });

  it('counts from the first answer to the last question, however slow the store is', async () => {
    const { time, object, acquire } = createBench(HELD);
    const slow = Array.from({ length: 20 }, () => ({ there: 20, back: 4_800 }));

    await time.run(acquire('me', {}, { read: slow }));

    const [taken] = object.writes;
    const [firstAnswer, roundTrip] = [4_820, 4_820];
    expect(taken?.sent).toBeGreaterThanOrEqual(firstAnswer + TTL + roundTrip);
  });

  it('held and renewed: refused with holder and expiry, and told once whom it waits for', async () => {
    const { time, object, acquire, renew } = createBench(HELD);
    const waits: unknown[] = [];
    void renew(20_000);

    const error = await time.run(errorOf(acquire('me', { onWait: (...who) => waits.push(who) })));

    expect(error).toBeInstanceOf(LeaseHeldError);
    expect(error).toMatchObject({ holder: 'somebody', expires: HELD.expires });
    expect(waits).toEqual([['somebody', HELD.expires]]);
    expect(time.now()).toBeLessThan(22_000);
    expect(object.record()?.holder).toBe('somebody');
  });

  it.each([
    ['given back', FREE],
    ['deleted', undefined],
  ])('held and %s meanwhile: taken, and the world may have moved', async (_case, then) => {
    const { time, object, acquire } = createBench(HELD);
    void time.sleep(7_000).then(() => object.put(then));

    const lease = await time.run(acquire('me'));

    expect([lease.moved, object.record()?.holder]).toEqual([true, 'me']);
    expect(time.now()).toBeLessThan(9_000);
  });

  it.each([
    ['somebody was faster', HELD],
    ['a stranger, whose life is an hour by their own word, is watched for ten minutes', { ...HELD, ttlMs: 3_600_000 }],
  ])('%s', async (_case, found) => {
    const { time, object, acquire } = createBench(found);
    const one = acquire('one').catch(String);
    const other = acquire('other').catch(String);

    const ends = await time.run(Promise.all([one, other]));

    expect(ends.filter((end) => typeof end === 'string')).toHaveLength(1);
    expect(time.now()).toBeLessThan(610_000);
    expect(['one', 'other']).toContain(object.record()?.holder);
  });

  it.each([
    ['create', undefined],
    ['replace', FREE],
  ] as const)(
    'a %s whose answer is lost is found to be our own, and its life counts anew',
    async (operation, found) => {
      const { time, object, acquire } = createBench(found);
      const waiting = acquire('me', {}, { [operation]: [{ there: 200, back: 20 }] });
      // The SDK sent it twice: the first took effect, and so the second is refused.
      void time.sleep(50).then(() => object.put({ ...HELD, holder: 'me', token: 'token of me' }));

      const lease = await time.run(waiting);

      expect([lease.moved, object.record()?.holder]).toEqual([false, 'me']);
      await time.run(time.sleep(15_000));
      expect(() => lease.permit()).not.toThrow();
    },
  );

  it('a process that is surely gone is not waited for', async () => {
    const { time, object, acquire } = createBench({ ...HELD, process: 'gone' });

    const lease = await time.run(acquire('me', { hasEnded: ({ process }) => process === 'gone' }));

    // It may have lived while the world was looked at.
    expect([lease.moved, time.now() < 200, object.record()?.holder]).toEqual([true, true, 'me']);
  });

  it('an apply that came and went since the world was looked at is noticed', async () => {
    const { time, object, acquire } = createBench(FREE);
    object.put({ ...FREE, token: 'token of another', writes: 9 });

    const lease = await time.run(acquire('me'));

    expect([lease.moved, time.now() < 200]).toEqual([true, true]);
  });

  it('stopped while it waits, it goes at once, and has taken nothing', async () => {
    const { time, object, acquire } = createBench(HELD);
    const stop = new AbortController();
    void time.sleep(3_500).then(() => stop.abort());

    const error = await time.run(errorOf(acquire('me', { stop: stop.signal })));

    expect([error.name, time.now() < 3_600, object.record()]).toEqual(['LeaseHeldError', true, HELD]);
  });

  it('what cannot be read is not overwritten', async () => {
    const { time, object } = createBench(HELD);
    const store = { ...object.through(() => PROMPT), read: () => Promise.reject(new Error('unreadable')) };

    const error = await time.run(errorOf(acquireLease(store, contender(time, 'me'))));

    expect([error.message, object.record()]).toEqual(['unreadable', HELD]);
  });
});

describe('the claim of the owner', () => {
  it.each([FREE, HELD])('another repository’s is refused at once: %o', async (found) => {
    const { time, object, acquire } = createBench({ ...found, repository: 'github.com/acme/other' });

    const error = await time.run(errorOf(acquire('me', { repository: 'github.com/acme/estate' })));

    expect(error).toBeInstanceOf(ClaimedError);
    expect(error.message).toBe(
      'the owner acme-network belongs to github.com/acme/other, and this is github.com/acme/estate',
    );
    expect([time.now() < 100, object.record()?.repository]).toEqual([true, 'github.com/acme/other']);
  });

  it.each([
    ['github.com/acme/estate', 'github.com/acme/estate'],
    [undefined, 'github.com/acme/estate'],
  ])('is kept when %s gives it back', async (repository, kept) => {
    const { time, object, acquire } = createBench({ ...FREE, repository: kept });
    const lease = await time.run(acquire('me', { repository }));
    const held = object.record();

    await time.run(lease.release());

    expect(held).toMatchObject({ holder: 'me', repository: kept });
    expect(object.record()).toMatchObject({ holder: null, process: null, expires: null, repository: kept });
  });
});

describe('holding the lease', () => {
  it('renews it three times in its life, for as long as it takes', async () => {
    const { time, object, acquire } = createBench();
    const lease = await time.run(acquire('me'));

    await time.run(time.sleep(600_000));

    expect(object.writes.length).toBeGreaterThanOrEqual(30);
    expect(new Set(object.writes.map(({ record }) => record.writes)).size).toBe(object.writes.length);
    expect(() => lease.permit()).not.toThrow();
    expect(lease.lost.aborted).toBe(false);
  });

  it.each([
    ['somebody else has it', { ...HELD, token: 'token of another' }],
    ['it was deleted, and may be anybody’s by now', undefined],
  ])('a renewal that is refused because %s is a loss, and nothing is written over it', async (_case, then) => {
    const { time, object, acquire } = createBench();
    const lease = await time.run(acquire('me'));
    object.put(then);

    await time.run(time.sleep(21_000));
    const isLost = lease.lost.aborted;
    await time.run(lease.release());

    expect(isLost).toBe(true);
    expect(() => lease.permit()).toThrow(LeaseLostError);
    expect(object.record()).toEqual(then);
  });

  it.each([
    ['fails', FAILS],
    ['takes effect without an answer', UNANSWERED],
  ])('one renewal that %s costs nothing', async (_case, journey) => {
    const { time, acquire } = createBench();
    const lease = await time.run(acquire('me', {}, { replace: [journey] }));

    await time.run(time.sleep(200_000));

    expect(lease.lost.aborted).toBe(false);
    expect(() => lease.permit()).not.toThrow();
  });

  it.each([
    ['fail', FAILS],
    ['take effect without an answer', UNANSWERED],
  ])('when all renewals %s, requests end before the life does, and it is given back', async (_case, journey) => {
    const { time, object, acquire } = createBench();
    const lease = await time.run(acquire('me', {}, { replace: [journey, journey, journey, journey] }));

    await time.run(time.sleep(42_000));
    expect(() => lease.permit()).not.toThrow();
    await time.run(time.sleep(1_000));
    expect(() => lease.permit()).toThrow(LeaseLostError);
    await time.run(time.sleep(10_000));
    expect(() => lease.permit()).toThrow(LeaseLostError);
    await time.run(Promise.all([lease.release(), time.sleep(60_000)]));

    expect(lease.lost.aborted).toBe(true);
    expect(object.writes.length).toBeGreaterThan(1 - Number(journey === FAILS));
  });

  it('a loss that was no one’s doing gives it back, so that nobody waits', async () => {
    const { time, object, acquire } = createBench();
    const lease = await time.run(acquire('me', {}, { replace: [FAILS, FAILS] }));
    await time.run(time.sleep(45_000));
    expect(() => lease.permit()).toThrow(LeaseLostError);

    await time.run(lease.release());

    expect(object.record()?.holder).toBeNull();
  });
});

const seed = fc.nat();
const instant = (max: number) => fc.nat({ max });
const plan = (limits: { readonly trouble: number; readonly ttl: readonly number[] }): fc.Arbitrary<ActorPlan> =>
  fc.record({
    seed,
    starts: instant(60_000),
    works: instant(180_000),
    ttlMs: fc.constantFrom(...limits.ttl),
    wallOffset: fc.integer({ min: -600_000, max: 600_000 }),
    isWallFrozen: fc.boolean(),
    killedAt: fc.option(instant(150_000), { freq: 2 }),
    pause: fc.option(fc.record({ at: instant(200_000), lasts: instant(180_000) }), { freq: 2 }),
    trouble: instant(limits.trouble),
  });

describe('many, at random', () => {
  it('F06 takeover with clocks ±10 min apart: 1,000 schedules, 0 overlaps', async () => {
    const seen = { requests: 0, takeovers: 0, losses: 0 };
    const actors = fc.array(plan({ trouble: 40, ttl: [2_000, 20_000, 60_000] }), { minLength: 2, maxLength: 4 });

    await fc.assert(
      fc.asyncProperty(actors, async (plans) => {
        const { overlaps, requests, takeovers, losses } = await contend(plans);
        seen.requests += requests;
        seen.takeovers += takeovers;
        seen.losses += losses;
        expect(overlaps).toEqual([]);
      }),
      { numRuns: 1_000 },
    );

    // They did contend.
    expect(seen.requests).toBeGreaterThan(5_000);
    expect(seen.takeovers).toBeGreaterThan(100);
    expect(seen.losses).toBeGreaterThan(50);
  }, 120_000);

  it('F05 renewals fail or take twice the life: 500 runs, 0 late requests', async () => {
    const seen = { requests: 0, losses: 0 };
    const actor = plan({ trouble: 100, ttl: [2_000, 60_000] });

    await fc.assert(
      fc.asyncProperty(actor, async (one) => {
        const { late, requests, losses } = await contend([{ ...one, killedAt: null }]);
        seen.requests += requests;
        seen.losses += losses;
        expect(late).toEqual([]);
      }),
      { numRuns: 500 },
    );

    expect(seen.requests).toBeGreaterThan(5_000);
    expect(seen.losses).toBeGreaterThan(100);
  }, 120_000);

  it('F07 a holder that is killed at any moment: the next one writes within its life and 5 s', async () => {
    const waits: number[] = [];

    await fc.assert(
      fc.asyncProperty(seed, fc.constantFrom(2_000, 60_000, 600_000), async (number, ttlMs) => {
        const random = randomBy(number);
        const { time, object, acquire } = createBench();
        const isAlive = new AbortController();
        const monotonic = {
          now: time.now,
          async sleep(milliseconds: number, stop?: AbortSignal) {
            await time.sleep(milliseconds, stop);
            if (isAlive.signal.aborted) await new Promise(() => undefined);
          },
        };
        const longestRequestMs = longestRequest(ttlMs);
        await time.run(acquire('one', { ttlMs, longestRequestMs, monotonic }));
        await time.run(time.sleep(random() * 3 * ttlMs));
        isAlive.abort();
        const killed = time.now();
        // What it sent last may still be under way: who comes then sees a renewal, as from the living.
        await time.run(time.sleep(PROMPT.there));

        const next = await time.run(acquire('next', { ttlMs, longestRequestMs }));
        next.permit();

        waits.push((time.now() - killed - ttlMs) / 1000);
        expect(object.record()?.holder).toBe('next');
        expect(time.now() - killed).toBeLessThanOrEqual(ttlMs + 5_000);
        expect(time.now() - killed).toBeGreaterThanOrEqual(ttlMs);
      }),
      { numRuns: 200 },
    );

    expect(waits).toHaveLength(200);
  }, 60_000);
});
