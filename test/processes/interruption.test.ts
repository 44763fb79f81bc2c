import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createDesk, inPairs, latency } from '../support/cli-process.ts';
import type { Desk, Ended } from '../support/cli-process.ts';

/** Promised in threats F18. */
const CALLS_END_MS = 5_000;
const POLL_MS = 3;

/** How many lines an account file has: each write that a service takes adds one. */
function linesOf(desk: Desk, file: string): number {
  try {
    return readFileSync(join(desk.directory, file), 'utf8').split('\n').length;
  } catch {
    return 0;
  }
}

/** Waits until so many writes were taken since the account was made, or the process has ended. */
async function untilWritten(desk: Desk, file: string, writes: number, ended: Promise<Ended>): Promise<void> {
  const empty = 5;
  const done = ended.then(() => true);
  while (linesOf(desk, file) < empty + writes) {
    if (await Promise.race([done, sleep(POLL_MS, false)])) return;
  }
}

function temporaryFiles(desk: Desk): readonly string[] {
  return readdirSync(desk.directory).filter((name) => name.endsWith('.tmp'));
}

describe('F18 a signal', () => {
  const POINTS = Array.from({ length: 30 }, (_, index) => index + 1);

  it('F18 SIGINT or SIGTERM at 30 points of an apply: calls in flight end, the report is written, 30/30 converge', async () => {
    const desk = await createDesk();

    const ends = await inPairs(POINTS, async (point) => {
      const [account, report] = [`account-${point}.json`, `report-${point}.json`];
      const signal = point % 2 === 0 ? 'SIGTERM' : 'SIGINT';
      const { child, ended } = desk.start(
        `apply --endpoint embedded:${account} --yes --format json --out ${report} --quiet`,
        { env: latency(20) },
      );
      await untilWritten(desk, account, point, ended);
      const at = performance.now();
      child.kill(signal);
      const { exit, stdout } = await ended;
      const { outcome, calls } = JSON.parse(stdout) as { outcome: string; calls: object };
      return {
        exit: [signal, exit],
        outcome,
        isReported: desk.read(report) === stdout && Object.keys(calls).length > 0,
        isInTime: performance.now() - at < CALLS_END_MS,
        ...(await desk.converge(account)),
      };
    });

    const expected = { outcome: 'interrupted', isReported: true, isInTime: true, converged: true, left: 0 };
    expect(ends).toEqual(
      POINTS.map((point) => ({ exit: point % 2 === 0 ? ['SIGTERM', 143] : ['SIGINT', 130], ...expected })),
    );
    expect(temporaryFiles(desk)).toEqual([]);
  }, 120_000);

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'F18 a second one, %s, ends at once with %i: no report, and the next apply converges',
    async (signal, code) => {
      const desk = await createDesk();
      const { child, ended } = desk.start(
        'apply --endpoint embedded:account.json --yes --format json --out report.json',
        {
          // Sent with the first writes, and the rest waits for it: when others are written it is under way.
          env: latency(60_000, 'CreateRole'),
        },
      );
      await untilWritten(desk, 'account.json', 6, ended);

      child.kill('SIGINT');
      const isRunning = await Promise.race([ended.then(() => false), sleep(700, true)]);
      const at = performance.now();
      child.kill(signal);
      const { exit, stdout, stderr } = await ended;

      expect([isRunning, exit, stdout]).toEqual([true, code, '']);
      expect(stderr).toContain('SIGINT: calls in flight end, nothing new starts');
      expect(performance.now() - at).toBeLessThan(CALLS_END_MS);
      expect([temporaryFiles(desk), readdirSync(desk.directory).includes('report.json')]).toEqual([[], false]);
      expect(await desk.converge()).toEqual({ converged: true, left: 0 });
    },
    60_000,
  );
});

describe('F03 SIGKILL', () => {
  /** 200 take three minutes of one core; measured 2026-11. */
  const KILLS = process.env['TRUEUP_THOROUGH'] ? 200 : 40;

  it(`F03 at a random moment of an apply: the next one converges, ${KILLS}/${KILLS}`, async () => {
    const desk = await createDesk();
    const rounds = Array.from({ length: KILLS }, (_, index) => `account-${index}.json`);

    const ends = await inPairs(rounds, async (account) => {
      const { child, ended } = desk.start(`apply --endpoint embedded:${account} --yes --quiet`);
      await untilWritten(desk, account, 0, ended);
      await Promise.race([ended, sleep(Math.random() * 300)]);
      child.kill('SIGKILL');
      const { signal } = await ended;
      return { signal, ...(await desk.converge(account)) };
    });

    expect(ends.map(({ converged, left }) => ({ converged, left }))).toEqual(
      rounds.map(() => ({ converged: true, left: 0 })),
    );
    // Some may have been done before their moment came.
    expect(ends.filter(({ signal }) => signal === 'SIGKILL').length).toBeGreaterThan(KILLS / 2);
  }, 1_200_000);
});
