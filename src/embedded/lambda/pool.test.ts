import { expect, it } from 'vitest';
import { ACCOUNT_CONCURRENCY } from './limits.ts';
import type { StoredFunction } from './model.ts';
import { createPool } from './pool.ts';

const PLACE = { account: '111122223333', region: 'eu-west-1' };

function fn(name: string, reservedConcurrency?: number): StoredFunction {
  const reserved = reservedConcurrency === undefined ? {} : { reservedConcurrency };
  return { ...PLACE, name, ...reserved } as Partial<StoredFunction> as StoredFunction;
}

/** Has the promise ended by now? */
async function hasEnded(promise: Promise<void> | undefined): Promise<boolean> {
  const ended = await Promise.race([promise?.then(() => true), new Promise((resolve) => setImmediate(resolve, false))]);
  return ended === true;
}

it('a function without concurrency has no turn to wait for', () => {
  expect(createPool().nextRelease(fn('loop', 0))).toBeUndefined();
});

it('a slot that was given back before anybody waited for it is there at once', async () => {
  const pool = createPool();
  const loop = fn('loop', 1);
  pool.admit(loop);
  expect(() => pool.admit(loop)).toThrow(expect.objectContaining({ name: 'TooManyRequestsException' }) as Error);
  pool.release(loop);

  expect(await hasEnded(pool.nextRelease(loop))).toBe(true);
});

it('all who wait are told of the next one', async () => {
  const pool = createPool();
  const loop = fn('loop', 1);
  pool.admit(loop);
  const turns = [pool.nextRelease(loop), pool.nextRelease(loop)];
  expect(await Promise.all(turns.map(hasEnded))).toEqual([false, false]);

  pool.release(loop);

  expect(await Promise.all(turns.map(hasEnded))).toEqual([true, true]);
});

it('where others use up what the account has, their end is waited for', async () => {
  const pool = createPool();
  const other = fn('other');
  for (let running = 0; running < ACCOUNT_CONCURRENCY; running += 1) pool.admit(other);
  const turn = pool.nextRelease(fn('loop'));
  expect(await hasEnded(turn)).toBe(false);

  pool.release(other);

  expect(await hasEnded(turn)).toBe(true);
});
