import { afterAll, describe, expect, it } from 'vitest';
import { createEstate, mirror } from './support/estate.ts';
import type { TestEstate } from './support/estate.ts';
import { applyInTime } from './support/turned-time.ts';
import { serviceFault, tapped } from './support/wiretap.ts';
import type { Attempt } from './support/wiretap.ts';

/** Each of the calls takes two minutes of one core; measured 2026-11. As processes that are killed: test/cli.test.ts. */
const STEP = process.env['TRUEUP_THOROUGH'] ? 1 : 9;
const lines: string[] = [];

afterAll(() => {
  process.stdout.write(lines.join(''));
});

async function createOne(): Promise<TestEstate & { finish(): Promise<void> }> {
  let finish = async (): Promise<void> => undefined;
  const estate = await createEstate({ onFinished: (end) => (finish = end) });
  estate.serve('corp.test', 1, 'www A 192.0.2.1');
  estate.write('corp.yaml', mirror(estate));
  return { ...estate, finish };
}

/** Objects that were made, by the call that made them and in alphabetical order. */
function madeIn({ account }: TestEstate): readonly string[] {
  const made = account.events().filter(({ eventName, errorCode }) => eventName.startsWith('Create') && !errorCode);
  return made.map(({ eventName }) => eventName).toSorted();
}

interface CrashedApply {
  /** Which call the crash was at. */
  readonly nth: number;
  /** Did the apply come so far? */
  readonly isDead: boolean;
  readonly converged: boolean;
  /** What a whole plan still wants. */
  readonly actions: readonly unknown[];
  readonly made: readonly string[];
}

const LOOKS = /^(?:Get|List|Describe|Head|Lookup|Test|Simulate|Assume)/;

describe('F01 a crash of an apply that makes a ZoneMirror', () => {
  // A crash after a call that only looks is one before the next.
  it.each([
    ['before each call', 100, () => true],
    ['after each writing call', 30, ({ command }: Attempt) => !LOOKS.test(command)],
  ] as const)(
    'F01 %s: N/N re-runs converge, and make nothing twice',
    async (when, atLeast, counts) => {
      const whole = await createOne();
      const account = tapped(whole.account, () => undefined);
      const { outcome } = await applyInTime(whole, account);
      const [calls, made] = [account.attempts.filter(counts).length, madeIn(whole)];
      await whole.finish();
      expect([outcome, calls > atLeast, made.length > 5]).toEqual(['applied', true, true]);

      const ends: CrashedApply[] = [];
      for (let nth = 1; nth <= calls; nth += STEP) {
        const estate = await createOne();
        let count = 0;
        let isDead = false;
        function pass(attempt: Attempt, isStrike: boolean): void {
          if (isStrike && counts(attempt)) count += 1;
          isDead ||= count === nth;
          if (isDead) throw serviceFault('Crashed', 400);
        }
        const isBefore = when === 'before each call';
        const dying = tapped(estate.account, (attempt) => pass(attempt, isBefore), {
          answered: (attempt) => pass(attempt, !isBefore),
        });
        await applyInTime(estate, dying).catch(() => undefined);
        const again = await applyInTime(estate);
        const { actions } = await estate.plan({ full: true });
        const converged = /^(?:applied|nothing)$/.test(again.outcome);
        ends.push({ nth, isDead, converged, actions, made: madeIn(estate) });
        await estate.finish();
      }

      // Some runs of an apply make a call less than others.
      expect(ends.filter(({ isDead }) => isDead).length).toBeGreaterThan(ends.length - 5);
      expect(ends).toEqual(ends.map((end) => ({ ...end, converged: true, actions: [], made })));
      lines.push(`F01 ${when}: ${ends.length} crashes at ${calls} calls, all converge, nothing is made twice\n`);
    },
    1_200_000,
  );
});
