import { expect, it } from 'vitest';
import { openEmbedded } from '../embedded/index.ts';
import { watchClock } from './watch-clock.ts';

const NOW = Date.UTC(2026, 10, 24, 10);
const STANDING = { TRUEUP_NOW: '2026-11-24T10:00:00Z' };

it.each([
  { clock: 'that stands still is moved on by what was waited', environment: STANDING, later: 60_000 },
  { clock: 'that runs by itself is left alone', environment: {}, later: 0 },
])('a clock $clock', async ({ environment, later }) => {
  const account = openEmbedded('memory', { now: () => NOW });
  const waited: number[] = [];
  const real = { now: () => 0, sleep: async (milliseconds: number) => void waited.push(milliseconds) };
  const clock = watchClock({ kind: 'embedded', account }, environment, real);
  expect(clock.now()).toBe(NOW);
  await clock.sleep(60_000);
  expect(waited).toEqual([60_000]);
  expect([clock.now() - NOW, account.now() - NOW]).toEqual([later, later]);
});

it('a clock is not moved on by a wait that was ended', async () => {
  const account = openEmbedded('memory', { now: () => NOW });
  const real = { now: () => 0, sleep: async () => undefined };
  await watchClock({ kind: 'embedded', account }, STANDING, real).sleep(60_000, AbortSignal.abort());
  expect(account.now()).toBe(NOW);
});
