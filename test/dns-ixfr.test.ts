import { afterEach, describe, expect, it } from 'vitest';

import { RR } from '../src/dns/rr-types.ts';
import { TransferError } from '../src/dns/transfer/errors.ts';
import { transferZone, type TransferOptions, type TransferResult } from '../src/dns/transfer/transfer.ts';
import type { WireRecord, Zone } from '../src/dns/types.ts';
import { frame } from '../src/dns/wire/frames.ts';
import type { Message } from '../src/dns/wire/message.ts';
import { buildZone } from '../src/dns/zone.ts';
import { type ScriptedPrimary, type Step, startScriptedPrimary } from './support/scripted-primary.ts';
import { fastTimers, manualTimers } from './support/timers.ts';
import { record, reply, soa, ZONE } from './support/wire.ts';

const NS = record('@ 300 NS ns1');
const A = record('www 300 A 192.0.2.1');
const B = record('b 300 A 192.0.2.2');

function zoneOf(serial: number, ...records: readonly WireRecord[]): Zone {
  return buildZone(ZONE, [soa(serial), NS, ...records]);
}

const BASE = zoneOf(5, A);
const CURRENT = zoneOf(6, B);
const DIFFERENCES = [soa(6), soa(5), A, soa(6), B, soa(6)];

let primary: ScriptedPrimary | undefined;
/** What was asked, in order. */
let asked: (number | undefined)[] = [];

afterEach(async () => {
  await primary?.close();
  primary = undefined;
  asked = [];
});

function whole(query: Message): Buffer {
  return frame(reply(query, [soa(6), NS, B, soa(6)]));
}

/** Answers AXFR with the current zone, IXFR as the test says. */
async function transfer(
  differences: (query: Message, bytes: Buffer) => readonly Step[],
  options: Partial<TransferOptions> = {},
): Promise<TransferResult> {
  primary = await startScriptedPrimary((query, _attempt, bytes) => {
    asked.push(query.question?.type);
    return query.question?.type === RR.IXFR ? differences(query, bytes) : [whole(query)];
  });
  return transferZone({ zone: 'z.test', host: primary.host, port: primary.port, base: BASE, ...options });
}

describe('transferZone with a base', () => {
  it('sends the SOA of the base and applies what comes', async () => {
    let query: Buffer = Buffer.alloc(0);
    const result = await transfer((message, bytes) => {
      query = bytes;
      return [frame(reply(message, DIFFERENCES))];
    });

    expect(result).toMatchObject({ mode: 'ixfr', serial: 6, records: 3, messages: 1, zone: CURRENT });
    expect(query.readUInt16BE(8)).toBe(1);
    expect(query.includes(Buffer.from(soa(5).rdata, 'latin1'))).toBe(true);
    expect(asked).toEqual([RR.IXFR]);
  });

  it('gives the base where nothing has changed', async () => {
    const result = await transfer((query) => [frame(reply(query, [soa(5)]))]);

    expect([result.mode, result.zone === BASE, result.ixfrFailed]).toEqual(['unchanged', true, undefined]);
    expect(asked).toEqual([RR.IXFR]);
  });

  it('takes a whole zone instead, which is no trouble', async () => {
    const result = await transfer((query) => [whole(query)]);

    expect([result.mode, result.zone, result.ixfrFailed]).toEqual(['axfr', CURRENT, undefined]);
    expect(asked).toEqual([RR.IXFR]);
  });

  it.each([
    { what: 'differences from another version', steps: [soa(6), soa(4), soa(6), soa(6)], says: 'chain of differences' },
    { what: 'a delete of a missing record', steps: [soa(6), soa(5), B, soa(6), soa(6)], says: 'deletes a record' },
    { what: 'an add of an existing record', steps: [soa(6), soa(5), soa(6), A, soa(6)], says: 'adds a record' },
    { what: 'the SOA of an older version', steps: [soa(4)], says: 'serial 4, the base at 5' },
    { what: 'nothing', steps: [], says: 'no records' },
  ])('transfers the whole zone at once after $what', async ({ steps, says }) => {
    const result = await transfer((query) => [frame(reply(query, steps))]);

    expect([result.mode, result.zone]).toEqual(['axfr', CURRENT]);
    expect(result.ixfrFailed).toContain(says);
    expect(asked).toEqual([RR.IXFR, RR.AXFR]);
  });

  const refused = (flags: number) => (query: Message) => [frame(reply(query, [], { flags }))];
  it.each([
    { what: 'SERVFAIL', steps: refused(0x8402), says: 'answers SERVFAIL' },
    { what: 'NOTIMP', steps: refused(0x8404), says: 'answers NOTIMP' },
    { what: 'REFUSED', steps: refused(0x8405), says: 'answers REFUSED' },
    {
      what: 'FORMERR without a question',
      steps: (query: Message) => [frame(reply(query, [], { flags: 0x8401, question: undefined }))],
      says: 'FORMERR',
    },
    {
      what: 'another id',
      steps: (query: Message) => [frame(reply(query, [soa(5)], { id: query.id ^ 1 }))],
      says: 'id',
    },
    { what: 'a message that is none', steps: () => [frame(Buffer.from('no message'))], says: 'malformed' },
    {
      what: 'octets after the end',
      steps: (query: Message) => [frame(reply(query, DIFFERENCES)), Buffer.alloc(3)],
      says: 'follow',
    },
    {
      what: 'an odd end',
      steps: (query: Message) => [frame(reply(query, DIFFERENCES.slice(0, 5))), 'end' as const],
      says: 'ended before',
    },
    { what: 'an end at once', steps: () => ['end' as const], says: 'ended before' },
    { what: 'a reset', steps: () => ['reset' as const], says: 'ended before' },
    { what: 'silence', steps: () => [], says: '"first-byte"' },
    { what: 'one newer SOA and silence', steps: (query: Message) => [frame(reply(query, [soa(6)]))], says: '"idle"' },
  ])('transfers the whole zone on a fresh connection after $what', async ({ steps, says }) => {
    const result = await transfer(steps, { timers: fastTimers, budgets: { firstByte: 5000, idle: 5000 } });

    expect([result.mode, result.zone]).toEqual(['axfr', CURRENT]);
    expect(result.ixfrFailed).toContain(says);
    expect(asked).toEqual([RR.IXFR, RR.AXFR]);
    await primary?.idle();
  });

  it('does not ask for what changed since another zone', async () => {
    const result = await transfer(() => [], { base: { ...BASE, origin: '\x01y\x04test\0', rrsets: [] } });

    expect([result.mode, result.ixfrFailed]).toEqual(['axfr', 'The base is of another zone: y.test.']);
    expect(asked).toEqual([RR.AXFR]);
  });

  it('T80 says what is wrong with both where the primary does not sign', async () => {
    const tsig = { name: 'k', algorithm: 'hmac-sha256', secret: Buffer.from('canary-secret') };
    const transfers = transfer((query) => [frame(reply(query, DIFFERENCES))], { tsig });

    await expect(transfers).rejects.toMatchObject({ code: 'tsig', tsigError: 'UNSIGNED', stage: 'axfr' });
    expect(asked).toEqual([RR.IXFR, RR.AXFR]);
  });

  it('does not try a whole transfer where nothing listens', async () => {
    const gone = await startScriptedPrimary(() => []);
    await gone.close();
    const options = { zone: 'z.test', host: gone.host, port: gone.port, base: BASE };

    const error: unknown = await transferZone(options).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TransferError);
    expect(error).toMatchObject({ code: 'connection', stage: 'connect' });
  });

  it('does not try a whole transfer where no connection came to stand', async () => {
    const timers = manualTimers();
    primary = await startScriptedPrimary((query) => [whole(query), 'end']);
    const transfers = transferZone({ zone: 'z.test', host: primary.host, port: primary.port, base: BASE, timers });
    // Before the event loop has had a turn; a second connection would be let stand.
    timers.advance(10_000);

    await expect(transfers).rejects.toMatchObject({ code: 'budget', budget: 'connect', stage: 'connect' });
  });

  it.each(['total', 'out-of-time'])('does not try a whole transfer when "%s" is over', async (budget) => {
    const limit = budget === 'total' ? { budgets: { total: 3000 } } : { deadline: fastTimers.now() + 3000 };
    const transfers = transfer(() => [], { timers: fastTimers, ...limit });

    await expect(transfers).rejects.toMatchObject({ code: 'budget', budget, stage: 'ixfr' });
    expect(asked).toEqual([RR.IXFR]);
    await primary?.idle();
  });
});
