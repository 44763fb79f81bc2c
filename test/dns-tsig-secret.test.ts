import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';

import { transferZone } from '../src/dns/transfer/transfer.ts';
import { openKey } from '../src/dns/tsig/key.ts';
import { checkRequest } from '../src/dns/tsig/serve.ts';
import { appendTsig } from '../src/dns/tsig/sign.ts';
import type { TsigKey } from '../src/dns/tsig/tsig-key.ts';
import { frame } from '../src/dns/wire/frames.ts';
import { buildZone } from '../src/dns/zone.ts';
import { type Script, type ScriptedPrimary, startScriptedPrimary } from './support/scripted-primary.ts';
import { failureOf } from './support/transfer-failure.ts';
import { record, reply, soa, ZONE } from './support/wire.ts';

const SECRET = Buffer.from('canary-secret-that-nobody-may-print!!');
const KEY: TsigKey = { name: 'xfr.key', algorithm: 'hmac-sha256', secret: SECRET };
const BASE = buildZone(ZONE, [soa(5), record('@ 300 NS ns1')]);

let primary: ScriptedPrimary | undefined;

afterEach(async () => {
  await primary?.close();
  primary = undefined;
});

/** Signs the answer as a primary with this key and clock does. */
function signedBy(key: TsigKey, skew = 0): Script {
  return (query, _attempt, bytes) => {
    const now = Math.floor(Date.now() / 1000) + skew;
    const { sign } = checkRequest(bytes, query.tsig!, [openKey(key)], now);
    return [frame(sign(reply(query, [soa(1), soa(1)])))];
  };
}

/** Answers with a TSIG that is nothing but an error. */
function tsigError(error: number): Script {
  return (query) => {
    const { time } = query.tsig!;
    const fields = { time, fudge: 300, error, other: Buffer.alloc(0), mac: Buffer.alloc(0) };
    return [frame(appendTsig(reply(query, [], { flags: 0x8409 }), openKey(KEY), fields))];
  };
}

const unsigned: Script = (query) => [frame(reply(query, [soa(1), soa(1)]))];

/** Every text that an error may become. */
function saidBy(error: Error): string {
  return [error.message, error.stack, JSON.stringify(error), inspect(error, { depth: 9, showHidden: true })].join('\n');
}

describe('T85 the secret of a key', () => {
  it.each([
    { what: 'an unsigned answer', script: unsigned, wanted: { tsigError: 'UNSIGNED' } },
    {
      what: 'an unsigned REFUSED',
      script: ((query) => [frame(reply(query, [], { flags: 0x8405 }))]) as Script,
      wanted: { rcode: 'REFUSED', tsigError: 'UNSIGNED' },
    },
    {
      what: 'a primary with another secret',
      script: signedBy({ ...KEY, secret: Buffer.from('other') }),
      wanted: { tsigError: 'BADSIG' },
    },
    {
      what: 'a primary with another algorithm',
      script: signedBy({ ...KEY, algorithm: 'hmac-sha512' }),
      wanted: { tsigError: 'BADKEY' },
    },
    { what: 'a clock that is wrong', script: signedBy(KEY, 4000), wanted: { tsigError: 'BADTIME' } },
    { what: 'BADSIG', script: tsigError(16), wanted: { tsigError: 'BADSIG' } },
    { what: 'BADKEY', script: tsigError(17), wanted: { tsigError: 'BADKEY' } },
    { what: 'BADTRUNC', script: tsigError(22), wanted: { tsigError: 'BADTRUNC' } },
    { what: 'a connection that ends', script: (() => ['end']) as Script, wanted: { code: 'transfer-truncated' } },
    {
      what: 'MD5 without the flag',
      script: unsigned,
      key: { ...KEY, algorithm: 'hmac-md5' },
      wanted: { tsigError: 'BADKEY' },
    },
    {
      what: 'an unknown algorithm',
      script: unsigned,
      key: { ...KEY, algorithm: 'hmac-none' },
      wanted: { tsigError: 'BADKEY' },
    },
  ])('is in no error: $what', async ({ script, wanted, key = KEY }) => {
    primary = await startScriptedPrimary(script);
    const options = { zone: 'z.test', host: primary.host, port: primary.port, tsig: key };
    const error = await failureOf(transferZone(options));
    const since = await failureOf(transferZone({ ...options, base: BASE }));

    expect(error).toMatchObject(wanted);
    expect(since).toMatchObject(wanted);
    const said = saidBy(error) + saidBy(since);
    const encodings = (['latin1', 'hex', 'base64', 'base64url'] as const).map((encoding) => SECRET.toString(encoding));
    // As `inspect` prints octets.
    const spaced = SECRET.toString('hex')
      .replaceAll(/(..)(?!$)/g, '$1 ')
      .slice(0, 30);
    expect([...encodings, spaced, 'canary'].filter((text) => said.includes(text))).toEqual([]);
  });

  it('is not in the reason why a base was of no use', async () => {
    primary = await startScriptedPrimary((query, attempt, bytes) =>
      attempt === 1 ? unsigned(query, attempt, bytes) : signedBy(KEY)(query, attempt, bytes),
    );
    const result = await transferZone({
      zone: 'z.test',
      host: primary.host,
      port: primary.port,
      tsig: KEY,
      base: BASE,
    });

    expect(result.ixfrFailed).toContain('xfr.key is not signed');
    expect(JSON.stringify(result)).not.toContain('canary');
  });
});
