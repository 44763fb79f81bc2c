import { afterEach, describe, expect, it } from 'vitest';

import { RR } from '../src/dns/rr-types.ts';
import { queryRRset } from '../src/dns/transfer/rrset-query.ts';
import { querySoa } from '../src/dns/transfer/soa-query.ts';
import { frame } from '../src/dns/wire/frames.ts';
import { type Script, type ScriptedPrimary, startScriptedPrimary } from './support/scripted-primary.ts';
import { failureOf } from './support/transfer-failure.ts';
import { record, reply, soa } from './support/wire.ts';

const A = record('www 300 A 192.0.2.1');

let primary: ScriptedPrimary | undefined;

afterEach(async () => {
  await primary?.close();
  primary = undefined;
});

describe('querySoa', () => {
  it('gives the SOA', async () => {
    primary = await startScriptedPrimary((query) => [frame(reply(query, [soa(42)]))]);

    const found = await querySoa({ zone: 'z.test', host: primary.host, port: primary.port });
    expect(found).toMatchObject({ serial: 42, refresh: 3600 });
  });

  it.each([
    { what: 'no records', answers: [] },
    { what: 'another record', answers: [A] },
    { what: 'the SOA of another name', answers: [{ ...soa(1), name: A.name }] },
  ])('says protocol for $what', async ({ answers }) => {
    primary = await startScriptedPrimary((query) => [frame(reply(query, answers))]);

    const error = await failureOf(querySoa({ zone: 'z.test', host: primary.host, port: primary.port }));
    expect(error).toMatchObject({ code: 'protocol', stage: 'soa' });
  });
});

describe('queryRRset', () => {
  async function ask(script: Script, name = 'WWW.z.test', type: number = RR.A) {
    primary = await startScriptedPrimary(script);
    return queryRRset({ host: primary.host, port: primary.port }, name, type);
  }

  it('asks for recursion and gives the set, duplicates merged, in canonical order, with its lowest TTL', async () => {
    let flags = 0;
    const set = await ask((query, _attempt, bytes) => {
      flags = bytes.readUInt16BE(2);
      const answers = [record('www 60 A 192.0.2.9'), A, A, record('b 1 A 192.0.2.3'), record('www 1 TXT "x"')];
      return [frame(reply(query, answers, { flags: 0x8180 }))];
    });

    expect(flags).toBe(0x0100);
    expect(set).toEqual({
      name: A.name,
      type: RR.A,
      ttl: 60,
      rdata: [A.rdata, record('www 60 A 192.0.2.9').rdata],
    });
  });

  it.each([
    { what: 'NXDOMAIN', answers: [], flags: 0x8183 },
    { what: 'no records', answers: [], flags: 0x8180 },
    {
      what: 'an alias and what it leads to',
      answers: [record('www 1 CNAME b'), record('b 1 A 192.0.2.3')],
      flags: 0x8180,
    },
  ])('gives nothing for $what', async ({ answers, flags }) => {
    expect(await ask((query) => [frame(reply(query, answers, { flags }))])).toBeUndefined();
  });

  it.each([
    { what: 'REFUSED', changes: { flags: 0x8185 }, wanted: { code: 'rcode', rcode: 'REFUSED' } },
    { what: 'SERVFAIL', changes: { flags: 0x8182, question: undefined }, wanted: { code: 'rcode', rcode: 'SERVFAIL' } },
    { what: 'NXDOMAIN to no question', changes: { flags: 0x8183, question: undefined }, wanted: { code: 'protocol' } },
    { what: 'TC', changes: { flags: 0x8380 }, wanted: { code: 'protocol' } },
  ])('says what is wrong with $what', async ({ changes, wanted }) => {
    const error = await failureOf(ask((query) => [frame(reply(query, [A], changes))]));

    expect(error).toMatchObject({ ...wanted, stage: 'rrset', zone: 'www.z.test.' });
    expect(error.hints.join(' ')).not.toContain('transfer');
    expect(error.message).toContain(`The answer for www.z.test. did not arrive from 127.0.0.1:${primary?.port}: `);
  });

  it('tries once more when the connection ends early', async () => {
    const set = await ask((query, attempt) => (attempt === 1 ? ['end'] : [frame(reply(query, [A]))]));

    expect(set?.rdata).toEqual([A.rdata]);
    expect(primary?.attempts).toBe(2);
  });

  it('is signed, and refuses an answer that is not', async () => {
    primary = await startScriptedPrimary((query) => [frame(reply(query, [A], { flags: 0x8183 }))]);
    const tsig = { name: 'k', algorithm: 'hmac-sha256', secret: Buffer.from('canary-secret') };

    const error = await failureOf(queryRRset({ host: primary.host, port: primary.port, tsig }, 'www.z.test', RR.A));
    expect(error).toMatchObject({ code: 'tsig', tsigError: 'UNSIGNED' });
  });
});
