import { afterEach, describe, expect, it } from 'vitest';

import { RR } from '../src/dns/rr-types.ts';
import { transferZone, type TransferOptions } from '../src/dns/transfer/transfer.ts';
import { openKey } from '../src/dns/tsig/key.ts';
import type { WireRecord } from '../src/dns/types.ts';
import { frame } from '../src/dns/wire/frames.ts';
import type { Message } from '../src/dns/wire/message.ts';
import { buildZone } from '../src/dns/zone.ts';
import { type ScriptedPrimary, startScriptedPrimary } from './support/scripted-primary.ts';
import { sparseSigner } from './support/sparse-signer.ts';
import { failureOf } from './support/transfer-failure.ts';
import { record, reply, soa, ZONE } from './support/wire.ts';

const NS = record('@ 300 NS ns1');
const A = record('www 300 A 192.0.2.1');
const B = record('b 300 A 192.0.2.2');
const TSIG = { name: 'k', algorithm: 'hmac-sha256', secret: Buffer.from('canary-secret') };

const WHOLE = [[soa(6), NS], [A], [B, soa(6)]];
const DIFFERENCES = [
  [soa(6), soa(5)],
  [A, soa(6)],
  [B, soa(6)],
];
const BASE = buildZone(ZONE, [soa(5), NS, A]);

let primary: ScriptedPrimary | undefined;

afterEach(async () => {
  await primary?.close();
  primary = undefined;
});

const SIGNINGS = ['no message signed', 'every message signed', 'the middle one not signed'] as const;
type Signing = (typeof SIGNINGS)[number];

/** The answer as it goes over the connection, a frame a message. */
function stream(query: Message, messages: readonly WireRecord[][], signing: Signing): Buffer {
  const signer = query.tsig && sparseSigner(openKey(TSIG), query.tsig.mac, query.tsig.time);
  const frames = messages.map((answers, index) => {
    const plain = reply(query, answers);
    const isSigned = signing === 'every message signed' || index !== 1;
    return frame(signer === undefined ? plain : signer[isSigned ? 'sign' : 'skip'](plain));
  });
  return Buffer.concat(frames);
}

describe.each(SIGNINGS)('F28 a transfer of 3 messages, %s', (signing) => {
  const options: Partial<TransferOptions> = signing === 'no message signed' ? {} : { tsig: TSIG };
  /** Octets of a whole answer; every one of the tests comes to know it. */
  let length = 0;
  let cut = Infinity;

  async function start(ending: 'end' | 'reset'): Promise<TransferOptions> {
    cut = Infinity;
    primary = await startScriptedPrimary((query) => {
      const isWhole = query.question?.type === RR.AXFR;
      const octets = stream(query, isWhole ? WHOLE : DIFFERENCES, signing);
      // Where the test is about differences, the whole zone always arrives.
      if (isWhole && isAboutDifferences) return [octets];
      length = octets.length;
      return [octets.subarray(0, cut), ending];
    });
    return { zone: 'z.test', host: primary.host, port: primary.port, ...options };
  }

  let isAboutDifferences = false;

  it.each(['end', 'reset'] as const)('cut at each octet with %s, gives an error and no zone', async (ending) => {
    isAboutDifferences = false;
    const transfer = await start(ending);
    expect((await transferZone(transfer)).messages).toBe(3);
    const codes = new Map<string, number>();
    for (cut = 0; cut < length; cut += 1) {
      const { code } = await failureOf(transferZone(transfer));
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }

    expect([...codes]).toEqual([['transfer-truncated', length]]);
    expect(length).toBeGreaterThan(signing === 'no message signed' ? 200 : 400);
    // The first one, and each cut one twice: a transfer that ends early is tried once more.
    expect(primary?.attempts).toBe(1 + 2 * length);
  });

  it('of differences, cut at each octet, becomes a whole transfer', async () => {
    isAboutDifferences = true;
    const transfer = { ...(await start('end')), base: BASE };
    const untouched = await transferZone(transfer);
    expect(untouched).toMatchObject({ mode: 'ixfr', messages: 3 });
    const modes = new Set<string>();
    for (cut = 0; cut < length; cut += 1) {
      const result = await transferZone(transfer);
      modes.add(`${result.mode} serial ${result.serial}, ${result.records} records`);
    }

    expect([...modes]).toEqual(['axfr serial 6, 4 records']);
  });
});
