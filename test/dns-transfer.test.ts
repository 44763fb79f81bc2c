import { afterEach, describe, expect, it } from 'vitest';

import { RR } from '../src/dns/rr-types.ts';
import { transferZone, type TransferOptions, type TransferResult } from '../src/dns/transfer/transfer.ts';
import { frame } from '../src/dns/wire/frames.ts';
import type { Message } from '../src/dns/wire/message.ts';
import { type Script, type ScriptedPrimary, startScriptedPrimary } from './support/scripted-primary.ts';
import { failureOf } from './support/transfer-failure.ts';
import { fastTimers } from './support/timers.ts';
import { record, reply, soa } from './support/wire.ts';

const NS = record('@ 300 NS ns1');
const A = record('www 300 A 192.0.2.1');

let primary: ScriptedPrimary | undefined;

afterEach(async () => {
  await primary?.close();
  primary = undefined;
});

/** A whole zone of version 1, framed. */
function whole(query: Message, closing = soa(1)): Buffer {
  return Buffer.concat([frame(reply(query, [soa(1), NS])), frame(reply(query, [A, closing]))]);
}

async function transferFrom(script: Script, options: Partial<TransferOptions> = {}): Promise<TransferResult> {
  primary = await startScriptedPrimary(script);
  return transferZone({ zone: 'z.test', host: primary.host, port: primary.port, ...options });
}

/** Pauses between attempts pass at once, and no budget with them. */
const UNHURRIED = {
  timers: fastTimers,
  budgets: { connect: Infinity, firstByte: Infinity, idle: Infinity, total: Infinity },
};

describe('transferZone', () => {
  it('gives the zone and what it cost', async () => {
    const progress: number[] = [];
    const result = await transferFrom((query) => [whole(query)], {
      onProgress: ({ records }) => progress.push(records),
    });

    expect(result).toMatchObject({ serial: 1, records: 3, messages: 2, mode: 'axfr' });
    expect(result.zone.rrsets.map(({ type }) => type)).toEqual([RR.NS, RR.SOA, RR.A]);
    expect(progress).toEqual([2, 3]);
    await primary?.idle();
    expect(primary?.open).toBe(0);
  });

  it('says what time it took, to the millisecond', async () => {
    let now = 0;
    const answer = (query: Message): Buffer[] => {
      now += 1234.5678;
      return [whole(query)];
    };

    const { seconds } = await transferFrom(answer, { timers: { ...fastTimers, now: () => now } });

    expect(seconds).toBe(1.235);
  });

  it('takes the zone by its name in wire form too', async () => {
    const result = await transferFrom((query) => [whole(query)], { zone: '\x01Z\x04test\0' });

    expect(result.zone.origin).toBe('\x01z\x04test\0');
  });

  it('takes a stream that comes octet by octet', async () => {
    const result = await transferFrom((query) => [...whole(query)].map((octet) => Buffer.from([octet])));

    expect(result.records).toBe(3);
  });

  it('F28 succeeds when only the first attempt is cut', async () => {
    const result = await transferFrom((query, attempt) =>
      attempt === 1 ? [whole(query).subarray(0, 60), 'end'] : [whole(query)],
    );

    expect(result.records).toBe(3);
    expect(primary?.attempts).toBe(2);
  });

  it('F28 gives the zone once it stands still', async () => {
    const result = await transferFrom((query, attempt) => [whole(query, soa(attempt < 3 ? 2 : 1))], UNHURRIED);

    expect(result.serial).toBe(1);
    expect(primary?.attempts).toBe(3);
  });

  it('says where, from whom, what arrived and what to look at', async () => {
    const error = await failureOf(
      transferFrom((query) => [frame(reply(query, [soa(1), NS])), frame(reply(query, [], { flags: 0x8405 }))]),
    );

    const { port } = primary!;
    expect(error).toMatchObject({
      code: 'rcode',
      stage: 'axfr',
      primary: `127.0.0.1:${port}`,
      zone: 'z.test.',
      rcode: 'REFUSED',
      messages: 2,
      records: 2,
    });
    expect(error.bytes).toBeGreaterThan(100);
    expect(error.message).toBe(`Zone z.test. did not arrive from 127.0.0.1:${port}: the primary answers REFUSED.`);
    expect(error.hints).not.toEqual([]);
  });

  it('says connection when nothing listens', async () => {
    const gone = await startScriptedPrimary(() => []);
    await gone.close();

    const error = await failureOf(transferZone({ zone: 'z.test', host: gone.host, port: gone.port }));
    expect(error).toMatchObject({ code: 'connection', stage: 'connect', messages: 0, bytes: 0 });
    expect(error.message).toContain('ECONNREFUSED');
  });

  it('T85 says BADKEY before it connects when the key is unusable', async () => {
    const tsig = { name: 'k', algorithm: 'hmac-md5', secret: Buffer.from('canary') };
    const error = await failureOf(transferFrom((query) => [whole(query)], { tsig }));

    expect(error).toMatchObject({ code: 'tsig', tsigError: 'BADKEY', stage: 'connect' });
    expect(primary?.attempts).toBe(0);
  });

  it('T80 takes no unsigned answer to a signed query, and does not ask again without the key', async () => {
    const signed: boolean[] = [];
    const tsig = { name: 'k', algorithm: 'hmac-sha256', secret: Buffer.from('canary-secret') };
    const error = await failureOf(
      transferFrom(
        (query) => {
          signed.push(query.tsig !== undefined);
          return [whole(query)];
        },
        { tsig },
      ),
    );

    expect(error).toMatchObject({ code: 'tsig', tsigError: 'UNSIGNED' });
    expect(signed).toEqual([true]);
    expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain('canary');
  });
});
