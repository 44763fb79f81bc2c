import { describe, expect, it } from 'vitest';
import { virtualTime } from '../../test/support/virtual-time.ts';
import { createRetryStrategy } from './retry.ts';
import type { RetryStrategy } from './retry.ts';

const TIME_OUT_MS = 15_000;

/** A call that fails until it is let through. @returns its attempts' times, and whether it got there */
async function call(
  strategy: RetryStrategy,
  now: () => number,
  fails: () => string | undefined | Promise<string | undefined>,
): Promise<{ readonly at: readonly number[]; readonly isDone: boolean }> {
  const at: number[] = [];
  let token = await strategy.acquireInitialRetryToken();
  for (;;) {
    at.push(now());
    const errorType = await fails();
    if (errorType === undefined) {
      strategy.recordSuccess();
      return { at, isDone: true };
    }
    const next = await strategy.refreshRetryTokenForRetry(token, { errorType }).catch(() => undefined);
    if (!next) return { at, isDone: false };
    token = next;
  }
}

function open(stop?: AbortSignal, random: () => number = () => 0.5) {
  const time = virtualTime();
  const strategy = createRetryStrategy(time.clock(), random, stop);
  const failing = (errorType: string, until = Number.POSITIVE_INFINITY) =>
    call(strategy, time.now, () => (time.now() < until ? errorType : undefined));
  return { time, strategy, failing };
}

describe('what fails is sent again', () => {
  it.each([0, 0.5, 0.999])(
    'F08 throttled for 60 s, in at most twelve attempts; random numbers are %d',
    async (random) => {
      const { time, failing } = open(undefined, () => random);
      const { at, isDone } = await time.run(failing('THROTTLING', 60_000));

      expect([isDone, at.length <= 12, at.at(-1)! < 80_000]).toEqual([true, true, true]);
      expect(at[1]).toBeGreaterThanOrEqual(500);
    },
  );

  it('F08 fifty calls of one client that are throttled for 60 s', async () => {
    const { time, failing } = open();
    const ends = await time.run(Promise.all(Array.from({ length: 50 }, () => failing('THROTTLING', 60_000))));

    expect(ends.filter(({ isDone }) => !isDone)).toEqual([]);
  });

  it.each([
    ['THROTTLING', 120_000],
    ['TRANSIENT', 30_000],
  ])(
    'F09 %s for an hour: for %i ms, and then no call of this client more than once until one succeeds',
    async (type, ms) => {
      const { time, strategy, failing } = open();
      const first = await time.run(failing(type, 3_600_000));
      await time.run(time.sleep(20_000));
      const next = await time.run(failing(type, 3_600_000));
      strategy.recordSuccess();
      const afterwards = await time.run(failing(type, 3_600_000));

      expect([first.isDone, first.at.at(-1)! > ms - 20_000, first.at.at(-1)! <= ms]).toEqual([false, true, true]);
      expect(next.at).toHaveLength(1);
      expect(afterwards.at).toHaveLength(first.at.length);
    },
  );

  it('F09 one call that fails while others succeed is not repeated for longer', async () => {
    const { time, strategy } = open();
    const { at, isDone } = await time.run(
      call(strategy, time.now, () => {
        strategy.recordSuccess();
        return 'THROTTLING';
      }),
    );

    expect([isDone, at.at(-1)! <= 120_000, at.length < 15]).toEqual([false, true, true]);
  });

  it('time-outs count for the time that they take', async () => {
    const { time, strategy } = open();
    const { at } = await time.run(
      call(strategy, time.now, async () => {
        await time.sleep(TIME_OUT_MS);
        return 'TRANSIENT';
      }),
    );

    expect(at).toHaveLength(3);
  });

  it('a client that did not fail for a while begins anew', async () => {
    const { time, failing } = open();
    const { at } = await time.run(failing('TRANSIENT'));
    await time.run(time.sleep(61_000));

    expect((await time.run(failing('TRANSIENT'))).at).toHaveLength(at.length);
  });

  it.each(['CLIENT_ERROR', 'SERVER_ERROR'])('but not after %s', async (type) => {
    const { time, failing } = open();

    expect((await time.run(failing(type))).at).toHaveLength(1);
  });

  it('F18 and not when nobody waits any more, whose pause ends at once', async () => {
    const stop = new AbortController();
    const { time, failing } = open(stop.signal);
    void time.sleep(20_000).then(() => stop.abort());
    const { at, isDone } = await time.run(failing('THROTTLING'));

    expect([isDone, time.now()]).toEqual([false, 20_000]);
    expect(at.at(-1)).toBeLessThan(20_000);
  });
});
