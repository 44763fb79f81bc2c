import { onTestFinished } from 'vitest';
import { RR, typeName } from '../../src/dns/rr-types.ts';
import { openKey } from '../../src/dns/tsig/key.ts';
import { checkRequest } from '../../src/dns/tsig/serve.ts';
import type { WireRecord } from '../../src/dns/types.ts';
import { frame } from '../../src/dns/wire/frames.ts';
import type { Message } from '../../src/dns/wire/message.ts';
import { SECRET } from './estate.ts';
import { type Step, startScriptedPrimary } from './scripted-primary.ts';
import { record, reply, soa } from './wire.ts';

/** A primary of `z.test` that signs where it is asked with the estate's key, that remembers what it was asked, and offers the way from its version before to the one it serves. */
export interface ZonePrimary {
  /** `127.0.0.1:port`. */
  readonly address: string;
  /** Names of the query types since the last call, in order. */
  asked(): readonly string[];
  /** Connections so far. */
  readonly connections: number;
  /** Serves another version: records as `record` reads them, beside the SOA and one NS. */
  serve(serial: number, records: readonly string[]): void;
  /** Answers as the test says instead; undefined from the script: as usual. */
  misbehave(script: ((query: Message) => readonly Step[] | undefined) | undefined): void;
}

interface Version {
  readonly serial: number;
  readonly records: readonly string[];
}

/** QR and AA, with the response code. */
const NOTAUTH = 0x8409;

const NS = '@ 300 NS ns1';

/** @param onFinished who ends it; default: the end of the test. */
export async function startZonePrimary(
  onFinished: (end: () => Promise<void>) => void = onTestFinished,
): Promise<ZonePrimary> {
  let before: Version | undefined;
  let now: Version = { serial: 5, records: [] };
  let asked: string[] = [];
  let script: Parameters<ZonePrimary['misbehave']>[0];
  const keys = [openKey({ name: 'xfr-key', algorithm: 'hmac-sha256', secret: SECRET })];
  const server = await startScriptedPrimary((query, _attempt, bytes) => {
    const type = query.question?.type ?? 0;
    asked.push(typeName(type));
    const answers = type === RR.SOA ? [soa(now.serial)] : type === RR.IXFR ? difference(before, now) : whole(now);
    const scripted = script?.(query);
    if (scripted || !query.tsig) return scripted ?? [frame(reply(query, answers))];
    const check = checkRequest(bytes, query.tsig, keys, Math.floor(Date.now() / 1000));
    const answer = check.error === 0 ? reply(query, answers) : reply(query, [], { flags: NOTAUTH });
    return [frame(check.sign(answer))];
  });
  onFinished(() => server.close());
  return {
    address: `${server.host}:${server.port}`,
    asked() {
      const taken = asked;
      asked = [];
      return taken;
    },
    get connections() {
      return server.connections;
    },
    serve(serial, records) {
      before = now;
      now = { serial, records };
    },
    misbehave(next) {
      script = next;
    },
  };
}

function whole({ serial, records }: Version): readonly WireRecord[] {
  return [soa(serial), ...[NS, ...records].map(record), soa(serial)];
}

/** RFC 1995 §4: what goes behind the old SOA, what comes behind the new one. */
function difference(from: Version | undefined, to: Version): readonly WireRecord[] {
  if (!from) return whole(to);
  const only = (one: Version, other: Version): WireRecord[] =>
    one.records.filter((text) => !other.records.includes(text)).map(record);
  return [soa(to.serial), soa(from.serial), ...only(from, to), soa(to.serial), ...only(to, from), soa(to.serial)];
}
