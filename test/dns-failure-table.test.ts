/**
 * The failure table of the specification of zone transfers, a describe for each row that a transfer alone decides. What
 * only a mirror can decide (a serial that went backwards, an empty source, a signed one …) is in the tests of mirrors.
 */
import { afterEach, describe, expect, it } from 'vitest';

import { parseName } from '../src/dns/name.ts';
import { RR } from '../src/dns/rr-types.ts';
import { transferZone, type TransferOptions, type TransferResult } from '../src/dns/transfer/transfer.ts';
import { frame } from '../src/dns/wire/frames.ts';
import type { Message } from '../src/dns/wire/message.ts';
import type { OutgoingMessage } from '../src/dns/wire/writer.ts';
import type { WireRecord } from '../src/dns/types.ts';
import { type Script, type ScriptedPrimary, type Step, startScriptedPrimary } from './support/scripted-primary.ts';
import { failureOf } from './support/transfer-failure.ts';
import { fastTimers } from './support/timers.ts';
import { record, reply, soa, ZONE } from './support/wire.ts';

const NS = record('@ 300 NS ns1');
const A = record('www 300 A 192.0.2.1');
const OTHER = parseName('y.test.', 'decimal');

let primary: ScriptedPrimary | undefined;

afterEach(async () => {
  await primary?.idle();
  await primary?.close();
  primary = undefined;
});

async function transferFrom(script: Script, options: Partial<TransferOptions> = {}): Promise<TransferResult> {
  primary = await startScriptedPrimary(script);
  return transferZone({ zone: 'z.test', host: primary.host, port: primary.port, ...options });
}

/** Pauses between attempts pass at once, and no budget with them. */
const UNHURRIED = {
  timers: fastTimers,
  budgets: { connect: Infinity, firstByte: Infinity, idle: Infinity, total: Infinity },
};

type Answer = (query: Message) => readonly Step[];

/** One message an array. */
function messages(...answers: readonly (readonly WireRecord[])[]): Answer {
  return (query) => answers.map((one) => frame(reply(query, one)));
}

function message(answers: readonly WireRecord[], changes: (query: Message) => Partial<OutgoingMessage>): Answer {
  return (query) => [frame(reply(query, answers, changes(query)))];
}

/** A good message but for what is done to its octets. */
function altered(change: (bytes: Buffer, firstAnswer: number) => void): Answer {
  return (query) => {
    const bytes = reply(query, [soa(1), A, soa(1)]);
    change(bytes, 12 + ZONE.length + 4);
    return [frame(bytes)];
  };
}

describe('no closing SOA, FIN inside a frame, zero-length frame, close at once', () => {
  it.each<{ what: string; answer: Answer; messages: number; records: number }>([
    {
      what: 'no closing SOA',
      answer: (query) => [...messages([soa(1), NS], [A])(query), 'end'],
      messages: 2,
      records: 3,
    },
    {
      what: 'FIN inside a frame',
      answer: (query) => [frame(reply(query, [soa(1), A, soa(1)])).subarray(0, 40), 'end'],
      messages: 0,
      records: 0,
    },
    {
      what: 'FIN inside the length of a frame',
      answer: (query) => [...messages([soa(1)])(query), Buffer.of(1), 'end'],
      messages: 1,
      records: 1,
    },
    {
      what: 'a zero-length frame',
      answer: (query) => [...messages([soa(1)])(query), Buffer.alloc(2)],
      messages: 1,
      records: 1,
    },
    { what: 'close at once', answer: () => ['end'], messages: 0, records: 0 },
    { what: 'reset at once', answer: () => ['reset'], messages: 0, records: 0 },
  ])('$what: transfer-truncated with counts, retried once', async ({ answer, messages: count, records }) => {
    const error = await failureOf(transferFrom((query) => answer(query)));

    expect(error).toMatchObject({ code: 'transfer-truncated', stage: 'axfr', messages: count, records });
    expect(primary?.attempts).toBe(2);
  });
});

describe('closing SOA ≠ opening SOA (all of RDATA)', () => {
  it.each([
    { what: 'serial', closing: soa(2) },
    { what: 'MNAME', closing: record('@ 300 SOA ns2 hostmaster 1 3600 600 1209600 300') },
    { what: 'RNAME', closing: record('@ 300 SOA ns1 other 1 3600 600 1209600 300') },
    { what: 'refresh', closing: record('@ 300 SOA ns1 hostmaster 1 3601 600 1209600 300') },
    { what: 'retry', closing: record('@ 300 SOA ns1 hostmaster 1 3600 601 1209600 300') },
    { what: 'expire', closing: record('@ 300 SOA ns1 hostmaster 1 3600 600 1209601 300') },
    { what: 'minimum', closing: record('@ 300 SOA ns1 hostmaster 1 3600 600 1209600 301') },
  ])('in its $what: zone-changed-during-transfer, retried up to 3 times', async ({ closing }) => {
    const error = await failureOf(transferFrom((query) => messages([soa(1), NS, A, closing])(query), UNHURRIED));

    expect(error).toMatchObject({ code: 'zone-changed-during-transfer', stage: 'axfr', records: 3 });
    expect(primary?.attempts).toBe(4);
  });
});

describe('what breaks the protocol', () => {
  it.each<{ what: string; answer: Answer }>([
    { what: 'origin SOA in the middle', answer: messages([soa(1), NS, soa(1), A, soa(1)]) },
    { what: 'records after the end, in the message', answer: messages([soa(1), NS, soa(1), A]) },
    { what: 'records after the end, in the next message', answer: messages([soa(1), NS, soa(1)], [A]) },
    {
      what: 'octets after the end',
      answer: (query) => [Buffer.concat([frame(reply(query, [soa(1), soa(1)])), Buffer.alloc(1)])],
    },
    { what: 'first RR not SOA', answer: messages([NS, soa(1), soa(1)]) },
    { what: 'no RR', answer: messages([]) },
    { what: 'TC set', answer: message([soa(1), soa(1)], () => ({ flags: 0x8600 })) },
    { what: 'QR clear', answer: message([soa(1), soa(1)], () => ({ flags: 0x0400 })) },
    { what: 'other id', answer: message([soa(1), soa(1)], ({ id }) => ({ id: id ^ 1 })) },
    { what: 'other opcode', answer: message([soa(1), soa(1)], () => ({ flags: 0xa400 })) },
    {
      what: 'other question: name',
      answer: message([soa(1), soa(1)], () => ({ question: { name: OTHER, type: RR.AXFR, class: 1 } })),
    },
    {
      what: 'other question: type',
      answer: message([soa(1), soa(1)], () => ({ question: { name: ZONE, type: RR.SOA, class: 1 } })),
    },
    { what: 'no question', answer: message([soa(1), soa(1)], () => ({ question: undefined })) },
    { what: 'class not IN', answer: altered((bytes, at) => bytes.writeUInt16BE(3, at + ZONE.length + 2)) },
    { what: 'out-of-zone owner', answer: messages([soa(1), { ...A, name: OTHER }, soa(1)]) },
    { what: 'SOA below the apex', answer: messages([soa(1), { ...soa(1), name: A.name }, soa(1)]) },
    {
      what: 'RDLENGTH too long by one',
      answer: altered((bytes, at) => bytes.writeUInt16BE(soa(1).rdata.length + 1, at + ZONE.length + 8)),
    },
    {
      what: 'RDLENGTH too short by one',
      answer: altered((bytes, at) => bytes.writeUInt16BE(soa(1).rdata.length - 1, at + ZONE.length + 8)),
    },
    { what: 'looping pointer', answer: altered((bytes, at) => bytes.writeUInt16BE(0xc000 | at, at)) },
    { what: 'pointer forward', answer: altered((bytes, at) => bytes.writeUInt16BE(0xc000 | (at + 20), at)) },
    { what: 'ANCOUNT too high', answer: altered((bytes) => bytes.writeUInt16BE(4, 6)) },
    { what: 'ANCOUNT too low', answer: altered((bytes) => bytes.writeUInt16BE(2, 6)) },
    { what: 'no message at all', answer: () => [frame(Buffer.from('no message'))] },
  ])('$what: protocol, no retry', async ({ answer }) => {
    const error = await failureOf(transferFrom((query) => answer(query)));

    expect(error).toMatchObject({ code: 'protocol', stage: 'axfr' });
    expect(primary?.attempts).toBe(1);
  });
});

describe('rcode in a later message', () => {
  it('error, even after good records', async () => {
    const error = await failureOf(
      transferFrom((query) => [
        ...messages([soa(1), NS], [A])(query),
        frame(reply(query, [soa(1)], { flags: 0x8402 })),
      ]),
    );

    expect(error).toMatchObject({ code: 'rcode', rcode: 'SERVFAIL', messages: 3, records: 3 });
    expect(primary?.attempts).toBe(1);
  });
});

describe('what is unusual and right', () => {
  const B = record('www 300 A 192.0.2.2');
  it.each<{ what: string; answer: Answer; records: number; findings?: readonly string[] }>([
    { what: 'one RR a message', answer: messages([soa(1)], [NS], [A], [soa(1)]), records: 3 },
    {
      what: 'no question after the first',
      answer: (query) => [...messages([soa(1), NS])(query), frame(reply(query, [A, soa(1)], { question: undefined }))],
      records: 3,
    },
    { what: 'AA clear', answer: message([soa(1), NS, A, soa(1)], () => ({ flags: 0x8000 })), records: 3 },
    { what: 'SOA alone in the first message', answer: messages([soa(1)], [NS, A, soa(1)]), records: 3 },
    { what: 'SOA alone in the last message', answer: messages([soa(1), NS, A], [soa(1)]), records: 3 },
    {
      what: 'duplicates',
      answer: messages([soa(1), NS, A, NS, A, soa(1)]),
      records: 3,
      findings: ['duplicate-record', 'duplicate-record'],
    },
    { what: 'RRset spread over messages', answer: messages([soa(1), A], [NS], [B, soa(1)]), records: 4 },
    {
      what: 'two TTLs in a set',
      answer: messages([soa(1), A, { ...B, ttl: 60 }, soa(1)]),
      records: 3,
      findings: ['ttl-mismatch'],
    },
    {
      what: 'TTL ≥ 2^31',
      answer: messages([soa(1), { ...A, ttl: 2 ** 31 }, soa(1)]),
      records: 2,
      findings: ['ttl-out-of-range'],
    },
    { what: 'SOA only', answer: messages([soa(1), soa(1)]), records: 1 },
    { what: 'SOA and NS only', answer: messages([soa(1), NS, soa(1)]), records: 2 },
  ])('$what: accepted', async ({ answer, records, findings = [] }) => {
    const { zone } = await transferFrom((query) => answer(query));

    expect([zone.records, zone.findings.map(({ code }) => code)]).toEqual([records, findings]);
    const sets = zone.rrsets.map(({ name, type }) => `${name} ${type}`);
    expect(new Set(sets).size).toBe(sets.length);
    expect(primary?.attempts).toBe(1);
  });

  it.each([
    { what: 'two TTLs in a set → the lowest', others: [{ ...B, ttl: 60 }], ttl: 60 },
    { what: 'TTL ≥ 2^31 → 0', others: [{ ...B, ttl: 2 ** 31 }], ttl: 0 },
    { what: 'TTL 2^31 - 1 stays', others: [], first: 2 ** 31 - 1, ttl: 2 ** 31 - 1 },
  ])('$what', async ({ others, first = 300, ttl }) => {
    const { zone } = await transferFrom((query) => messages([soa(1), { ...A, ttl: first }, ...others, soa(1)])(query));

    expect(zone.rrsets.find(({ type }) => type === RR.A)?.ttl).toBe(ttl);
  });
});

describe('REFUSED, NOTAUTH, SERVFAIL…', () => {
  it.each([
    { flags: 0x8401, rcode: 'FORMERR' },
    { flags: 0x8402, rcode: 'SERVFAIL' },
    { flags: 0x8403, rcode: 'NXDOMAIN' },
    { flags: 0x8404, rcode: 'NOTIMP' },
    { flags: 0x8405, rcode: 'REFUSED' },
    { flags: 0x8409, rcode: 'NOTAUTH' },
    { flags: 0x840b, rcode: 'RCODE11' },
  ])('$rcode: named, with a list of hints, no retry', async ({ flags, rcode }) => {
    const error = await failureOf(transferFrom((query) => [frame(reply(query, [], { flags })), 'end']));

    expect(error).toMatchObject({ code: 'rcode', rcode });
    expect(error.hints.length).toBeGreaterThan(1);
    expect(primary?.attempts).toBe(1);
  });
});
