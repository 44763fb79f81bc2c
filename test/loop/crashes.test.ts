import { EventBridgeClient, ListRulesCommand, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { Continuation, LoopAnswer } from '../../src/operations/loop/types.ts';
import type { Cell } from '../../src/resources/cell/types.ts';
import { createEstate } from '../support/estate.ts';
import type { TestEstate } from '../support/estate.ts';
import { invocation } from '../support/loop-runs.ts';
import { memoryCell } from '../../src/operations/file-cell.ts';
import { scheduleYaml } from '../support/schedule-estate.ts';
import { skippingClock } from '../support/skipping-clock.ts';
import { serviceFault, tapped } from '../support/wiretap.ts';
import type { Attempt, TappedAccount } from '../support/wiretap.ts';

/** Every call, or one of some: each takes an estate of its own. */
const STEP = process.env['TRUEUP_THOROUGH'] ? 1 : 6;
const REGION = 'eu-west-1';
const LOOKS = /^(?:Get|List|Describe|Head|Lookup|Test|Simulate|Assume)/;
const lines: string[] = [];
vi.setConfig({ testTimeout: 10 * 60_000 });

afterAll(() => {
  process.stdout.write(lines.join(''));
});

interface Tampered extends TestEstate {
  readonly state: Cell;
  finish(): Promise<void>;
  every(): Promise<string | undefined>;
}

/** Seen in line, and then changed by hand. */
async function tampered(): Promise<Tampered> {
  let finish = async (): Promise<void> => undefined;
  const estate = await createEstate({ onFinished: (end) => (finish = end) });
  estate.write('office.yaml', scheduleYaml(['every: rate(10 minutes)']));
  const { outcome } = await estate.apply();
  const state = memoryCell();
  const { outcome: first } = await invocation(estate, { state });
  if (outcome !== 'applied' || first !== 'in-line') throw new Error(`${outcome}, ${first}`);
  const client = estate.account.client(EventBridgeClient, { region: REGION });
  const rule = async () => (await client.send(new ListRulesCommand({}))).Rules?.[0];
  await client.send(
    new PutRuleCommand({ Name: (await rule())!.Name, ScheduleExpression: 'rate(7 days)', State: 'ENABLED' }),
  );
  return { ...estate, state, finish, every: async () => (await rule())?.ScheduleExpression };
}

class Killed extends Error {}

/** A run that dies at its nth call, before it or after it is done: whatever it would do then is not done. */
async function dying(estate: Tampered, nth: number, when: 'before' | 'after'): Promise<boolean> {
  let isDead = false;
  const die = (): never => {
    isDead = true;
    throw new Killed('this process is dead');
  };
  let count = 0;
  const account = tapped(
    estate.account,
    () => {
      count += 1;
      if (isDead || (when === 'before' && count >= nth)) die();
    },
    {
      answered() {
        if (when === 'after' && count >= nth) die();
      },
    },
  );
  const alive = <Result>(work: () => Promise<Result>): Promise<Result> =>
    isDead ? Promise.reject(new Killed()) : work();
  const state: Cell = {
    read: () => alive(() => estate.state.read()),
    create: (text) => alive(() => estate.state.create(text)),
    replace: (text, version) => alive(() => estate.state.replace(text, version)),
  };
  await invocation(estate, { state, account, over: { leaseClock: skippingClock() } }).catch(() => undefined);
  return isDead;
}

async function rerun(estate: Tampered, account?: TappedAccount): Promise<LoopAnswer> {
  return invocation(estate, {
    state: estate.state,
    ...(account && { account }),
    over: { leaseClock: skippingClock() },
  });
}

async function expectConverged(estate: Tampered): Promise<void> {
  expect([(await estate.plan()).actions, await estate.every()]).toEqual([[], 'rate(10 minutes)']);
}

async function callsOfOneRun(): Promise<readonly Attempt[]> {
  const estate = await tampered();
  const account = tapped(estate.account, () => undefined);
  expect(await rerun(estate, account)).toMatchObject({ outcome: 'healed' });
  await estate.finish();
  return account.attempts;
}

describe('F01 a loop that is killed', () => {
  it.each(['before', 'after'] as const)(
    'F01 F07 %s each call: the next run converges, without a person',
    async (when) => {
      const attempts = await callsOfOneRun();
      const points = attempts.flatMap(({ command }, index) =>
        when === 'before' || !LOOKS.test(command) ? [index + 1] : [],
      );
      let tried = 0;
      for (const nth of points.filter((_, index) => when === 'after' || index % STEP === 0)) {
        const estate = await tampered();
        expect(await dying(estate, nth, when)).toBe(true);
        expect(['healed', 'in-line']).toContain((await rerun(estate)).outcome);
        await expectConverged(estate);
        await estate.finish();
        tried += 1;
      }
      lines.push(`loop: killed ${when} ${tried} of ${attempts.length} calls: ${tried}/${tried} converge\n`);
    },
  );

  it('F01 in a later part of a long run: nobody goes on before its time, and then where it stood', async () => {
    const estate = await tampered();
    let next: Continuation | undefined;
    const over = { left: () => 0, onward: async (onward: Continuation) => void (next = onward) };
    const stop = AbortSignal.abort();
    expect(await invocation(estate, { state: estate.state, over: { ...over, stop } })).toMatchObject({
      outcome: 'goes-on',
    });
    const part = next!;
    expect(part.part).toBe(2);
    // The part that goes on is taken, and its process dies.
    const dead = new Error('dead');
    await expect(
      invocation(estate, {
        state: estate.state,
        account: tapped(estate.account, () => Promise.reject(dead)),
        over: { continues: part },
      }),
    ).rejects.toThrow('dead');

    expect(await invocation(estate, { state: estate.state, over: { continues: part } })).toMatchObject({
      outcome: 'busy',
    });
    expect(await rerun(estate)).toMatchObject({ outcome: 'busy' });
    estate.account.elapse(21 * 60_000);
    expect(await rerun(estate)).toMatchObject({ outcome: 'healed' });
    await expectConverged(estate);
    await estate.finish();
  });
});

describe('a loop whose calls go wrong', () => {
  it('F08 30 % are throttled throughout: it heals all the same', async () => {
    const estate = await tampered();
    const calls = (await callsOfOneRun()).length;
    let seed = 7;
    const account = tapped(estate.account, () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      if (seed / 2 ** 31 < 0.3) throw serviceFault('ThrottlingException', 400);
    });
    expect(await rerun(estate, account)).toMatchObject({ outcome: 'healed' });
    expect(account.attempts.length).toBeLessThanOrEqual(3 * calls);
    await expectConverged(estate);
    await estate.finish();
  });

  it('F09 a service that is down: nothing is deleted, the run says so, and the next one converges', async () => {
    const estate = await tampered();
    const account = tapped(estate.account, ({ service }) => {
      if (service === 'EventBridge') throw serviceFault('InternalException', 500);
    });
    const answer = await rerun(estate, account);
    expect(answer).toMatchObject({ outcome: 'partial', healed: 0 });
    expect(account.attempts.filter(({ command }) => /^(?:Delete|Remove)/.test(command))).toEqual([]);
    expect(await rerun(estate)).toMatchObject({ outcome: 'healed' });
    await expectConverged(estate);
    await estate.finish();
  });

  it('F17 credentials expire at a call: nothing new starts, and the next run converges', async () => {
    const calls = (await callsOfOneRun()).length;
    for (let nth = 3; nth <= calls; nth += STEP * 2) {
      const estate = await tampered();
      const account = tapped(estate.account, ({ service }, number) => {
        if (number >= nth && service !== 'S3') throw serviceFault('ExpiredTokenException', 403);
      });
      const answer = await rerun(estate, account).catch((error: unknown) => error);
      expect(answer instanceof Error || (answer as LoopAnswer).outcome).not.toBe('in-line');
      // What was under way when it happened, and the look for new credentials.
      const after = account.attempts.slice(nth - 1).filter(({ service }) => service !== 'S3' && service !== 'STS');
      expect([nth, after.length <= 10]).toEqual([nth, true]);
      expect(['healed', 'in-line']).toContain((await rerun(estate)).outcome);
      await expectConverged(estate);
      await estate.finish();
    }
  });

  it('F18 its time is over at a call: what is in flight ends, and the next part goes on', async () => {
    const calls = (await callsOfOneRun()).length;
    for (let nth = 1; nth <= calls; nth += STEP) {
      const estate = await tampered();
      const time = new AbortController();
      const account = tapped(estate.account, (_, number) => {
        if (number === nth) time.abort();
      });
      let next: Continuation | undefined;
      const first = await invocation(estate, {
        state: estate.state,
        account,
        over: { stop: time.signal, onward: async (onward) => void (next = onward) },
      });
      if (first.outcome === 'goes-on') {
        const second = await invocation(estate, { state: estate.state, over: { continues: next! } });
        expect(['healed', 'in-line']).toContain(second.outcome);
      } else expect(first.outcome).toBe('healed');
      await expectConverged(estate);
      await estate.finish();
    }
  });

  it('F06 another holds the lease and renews it: nothing is written, and the next run heals', async () => {
    const estate = await tampered();
    const other = new AbortController();
    // Its lease is held for as long as it waits for its first write.
    let go = (): void => undefined;
    const waiting = new Promise<void>((resolve) => (go = resolve));
    let reached = (): void => undefined;
    const isHeld = new Promise<void>((resolve) => (reached = resolve));
    const slow = tapped(estate.account, async ({ command }) => {
      if (command !== 'PutRule') return;
      reached();
      await waiting;
    });
    const first = invocation(estate, { state: memoryCellInLine(estate), account: slow, over: { stop: other.signal } });
    await isHeld;
    const seen = tapped(estate.account, () => undefined);
    const second = await invocation(estate, { state: estate.state, account: seen });
    expect(second).toMatchObject({ outcome: 'busy' });
    expect(seen.attempts.filter(({ command, service }) => !LOOKS.test(command) && service !== 'S3')).toEqual([]);
    go();
    expect(await first).toMatchObject({ outcome: 'healed' });
    expect(await rerun(estate)).toMatchObject({ outcome: 'in-line' });
    await estate.finish();
  });
});

/** What another loop over the same estate remembers. */
function memoryCellInLine({ state }: Tampered): Cell {
  const own = memoryCell();
  return {
    ...own,
    read: async () => (await own.read()) ?? { text: (await state.read())!.text, version: 'none' },
    replace: (text, version) => (version === 'none' ? own.create(text) : own.replace(text, version)),
  };
}
