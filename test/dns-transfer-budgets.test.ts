import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';

import type { Timers } from '../src/dns/transfer/timers.ts';
import { transferZone, type TransferOptions, type TransferResult } from '../src/dns/transfer/transfer.ts';
import { frame } from '../src/dns/wire/frames.ts';
import type { Message } from '../src/dns/wire/message.ts';
import { type Script, type ScriptedPrimary, type Step, startScriptedPrimary } from './support/scripted-primary.ts';
import { fastTimers, manualTimers } from './support/timers.ts';
import { failureOf } from './support/transfer-failure.ts';
import { record, reply, soa } from './support/wire.ts';

const NS = record('@ 300 NS ns1');
const A = record('www 300 A 192.0.2.1');

let primary: ScriptedPrimary | undefined;

afterEach(async () => {
  await primary?.close();
  primary = undefined;
});

async function transferFrom(script: Script, options: Partial<TransferOptions> = {}): Promise<TransferResult> {
  primary = await startScriptedPrimary(script);
  return transferZone({ zone: 'z.test', host: primary.host, port: primary.port, ...options });
}

/** A whole zone of version 1, framed. */
function whole(query: Message, closing = soa(1)): Buffer {
  return Buffer.concat([frame(reply(query, [soa(1), NS])), frame(reply(query, [A, closing]))]);
}

/** Records without end. */
async function* endless(query: Message): AsyncGenerator<Step> {
  yield frame(reply(query, [soa(1)]));
  const many = frame(
    reply(
      query,
      Array.from({ length: 200 }, (_, host) => record(`h${host} 300 A 192.0.2.1`)),
    ),
  );
  for (;;) yield many;
}

/** One octet each second of `fastTimers`. */
async function* slow(octets: Buffer): AsyncGenerator<Step> {
  for (const octet of octets) {
    yield Buffer.of(octet);
    await wait(20);
  }
}

describe('budgets', () => {
  it.each([
    { name: 'bytes', budgets: { bytes: 100 } },
    { name: 'records', budgets: { records: 2 } },
  ])('T82 names "$name" and leaves no connection', async ({ name, budgets }) => {
    const error = await failureOf(transferFrom((query) => [whole(query)], { budgets }));

    expect(error).toMatchObject({ code: 'budget', budget: name });
    expect(error.message).toContain(`"${name}"`);
    expect(primary?.attempts).toBe(1);
    await primary?.idle();
  });

  it.each([
    { name: 'first-byte', sends: false, turn: 60_000, budgets: {} },
    { name: 'idle', sends: true, turn: 60_000, budgets: {} },
    { name: 'min-rate', sends: true, turn: 30_000, budgets: { minRateWindow: 30_000 } },
    { name: 'total', sends: true, turn: 45_000, budgets: { total: 45_000 } },
    { name: 'out-of-time', sends: true, turn: 45_000, budgets: {}, deadline: 45_000 },
    { name: 'out-of-time', sends: false, turn: 45_000, budgets: {}, deadline: 45_000 },
  ])(
    'T82 a primary that stalls meets "$name" when the clock is turned',
    async ({ name, sends, turn, budgets, deadline }) => {
      const timers = manualTimers();
      let transfer: Promise<unknown> = Promise.resolve();
      await new Promise<void>((resolve) => {
        const started = transferFrom(
          (query) => {
            if (!sends) resolve();
            return sends ? [frame(reply(query, [soa(1)]))] : [];
          },
          { timers, budgets, deadline, onProgress: () => resolve() },
        );
        transfer = failureOf(started);
      });
      timers.advance(turn - 1);
      expect(timers.waiting).toBe(1);
      timers.advance(1);

      expect(await transfer).toMatchObject({ code: 'budget', budget: name, stage: 'axfr' });
      await primary?.idle();
      expect(timers.waiting).toBe(0);
    },
  );

  it('T82 a connection that does not come to stand meets "connect"', async () => {
    const timers = manualTimers();
    primary = await startScriptedPrimary(() => []);
    const transfer = failureOf(transferZone({ zone: 'z.test', host: primary.host, port: primary.port, timers }));
    // Before the event loop has had a turn: the connection is not there yet.
    timers.advance(10_000);

    expect(await transfer).toMatchObject({ code: 'budget', budget: 'connect', stage: 'connect', bytes: 0 });
    expect(timers.waiting).toBe(0);
    await primary.idle();
    expect(primary.attempts).toBe(0);
  });

  it('T82 one octet a second, all in one message, meets "min-rate"', async () => {
    const budgets = { minRateWindow: 10_000 };
    const error = await failureOf(transferFrom((query) => slow(whole(query)), { timers: fastTimers, budgets }));

    expect(error).toMatchObject({ code: 'budget', budget: 'min-rate', stage: 'axfr', messages: 0 });
    expect(error.bytes).toBeGreaterThan(0);
    await primary?.idle();
  });

  it.each([
    { name: 'bytes', options: { budgets: { bytes: 1_000_000 } } },
    { name: 'records', options: { budgets: { records: 10_000 } } },
    { name: 'total', options: { budgets: { total: 25_000 } } },
    { name: 'out-of-time', options: {}, left: 25_000 },
  ])('T82 a stream without end meets "$name"', async ({ name, options, left }) => {
    const deadline = left === undefined ? undefined : fastTimers.now() + left;
    const error = await failureOf(transferFrom(endless, { timers: fastTimers, ...options, deadline }));

    expect(error).toMatchObject({ code: 'budget', budget: name, stage: 'axfr' });
    expect([error.messages, error.records, error.bytes].every((count) => count > 1)).toBe(true);
    await primary?.idle();
    expect(primary?.attempts).toBe(1);
  });

  it('T82 a primary that never closes gives its zone, and keeps no connection', async () => {
    const result = await transferFrom((query) => [whole(query)]);

    expect(result.records).toBe(3);
    await primary?.idle();
  });
});

describe('a deadline', () => {
  /** Timers of up to a second are due at once and turn the clock; longer ones never are. */
  function jumpingTimers(): Timers {
    let now = 0;
    return {
      now: () => now,
      after(milliseconds, run) {
        if (milliseconds > 1000) return () => undefined;
        now += milliseconds;
        setImmediate(run);
        return () => undefined;
      },
    };
  }

  it('that has passed lets nothing begin', async () => {
    const error = await failureOf(transferFrom((query) => [whole(query)], { timers: fastTimers, deadline: 0 }));

    expect(error).toMatchObject({ code: 'budget', budget: 'out-of-time', stage: 'connect', bytes: 0 });
    expect(error.hints).toEqual(['Whoever asked had no time left: give the function a longer timeout.']);
    await wait(50);
    expect([primary?.open, primary?.attempts]).toEqual([0, 0]);
  });

  it('lets nothing be tried again when it has passed, and says what had come', async () => {
    let now = 0;
    const timers = { now: () => now, after: () => () => undefined };
    const error = await failureOf(
      transferFrom(
        (query) => {
          now = 5000;
          return [frame(reply(query, [soa(1), A])), 'end'];
        },
        { timers, deadline: 5000 },
      ),
    );

    expect(error).toMatchObject({ code: 'budget', budget: 'out-of-time', stage: 'axfr', messages: 1, records: 2 });
    expect(primary?.attempts).toBe(1);
  });

  it.each([
    { name: 'out-of-time', limit: { deadline: 1100 } },
    { name: 'total', limit: { budgets: { total: 1100 } } },
  ])('ends the pause before another attempt: "$name"', async ({ name, limit }) => {
    const timers = jumpingTimers();
    const error = await failureOf(transferFrom((query) => [whole(query, soa(2))], { timers, ...limit }));

    expect(error).toMatchObject({ code: 'budget', budget: name, stage: 'axfr', messages: 2 });
    expect([timers.now(), primary?.attempts]).toEqual([1100, 1]);
  });

  it('beyond the total budget is not what strikes', async () => {
    const options = { timers: fastTimers, budgets: { total: 3000 }, deadline: fastTimers.now() + 1e6 };

    expect(await failureOf(transferFrom(() => [], options))).toMatchObject({ code: 'budget', budget: 'total' });
  });
});
