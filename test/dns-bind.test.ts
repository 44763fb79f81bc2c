import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { parseMasterFile } from '../src/dns/master-file.ts';
import { formatName, parseName } from '../src/dns/name.ts';
import { RR, typeName } from '../src/dns/rr-types.ts';
import { querySoa } from '../src/dns/transfer/soa-query.ts';
import { transferZone } from '../src/dns/transfer/transfer.ts';
import type { TsigKey } from '../src/dns/tsig/tsig-key.ts';
import type { RRsetList, Zone } from '../src/dns/types.ts';
import { startPrimary } from '../src/embedded/primary.ts';
import { type BindBed, digAt, startBind } from './support/bind.ts';
import { describeWith } from './support/counterparts.ts';
import { failureOf } from './support/transfer-failure.ts';

/** Records as text that a failing comparison can show. */
function listed(rrsets: RRsetList): string[] {
  const records = rrsets.map(({ name, type, ttl, rdata }) =>
    rdata.map((value) => {
      const hex = Buffer.from(value, 'latin1').toString('hex');
      return `${formatName(name, 'decimal')} ${ttl} ${typeName(type)} ${hex}`;
    }),
  );
  return records.flat();
}

describeWith('bind', 'a transfer from BIND', () => {
  let bed: BindBed;

  beforeAll(async () => {
    bed = await startBind();
  });

  afterAll(async () => {
    await bed.stop();
  });

  function expected(zone: string, ...options: readonly string[]): Zone {
    return parseMasterFile(bed.dig(...options, zone, 'AXFR'), { origin: `${zone}.` });
  }

  function transfer(zone: string, options: { tsig?: TsigKey; localAddress?: string; now?: () => number } = {}) {
    return transferZone({ zone, host: bed.host, port: bed.port, ...options });
  }

  it.each([
    'all.test',
    '2.0.192.in-addr.arpa',
    '128/25.2.0.192.in-addr.arpa',
    '8.b.d.0.1.0.0.2.ip6.arpa',
    'xn--fbr-rla0g.test',
    'signed.test',
    'empty.test',
    'big100k.test',
  ])('gives the records of %s that dig gets', async (zone) => {
    const result = await transfer(zone);

    const wanted = expected(zone);
    expect(listed(result.zone.rrsets)).toEqual(listed(wanted.rrsets));
    expect(result).toMatchObject({ serial: wanted.soa.serial, records: wanted.records, mode: 'axfr' });
  });

  it('keeps names apart that differ by an escaped dot, a high octet or a literal star', async () => {
    const { zone } = await transfer('all.test');

    const owners = new Set(zone.rrsets.map(({ name }) => name));
    const texts = ['dot\\.in\\.label', 'dot.in.label', 'f\\252bar', 'f\\195\\188bar', 'bin\\000\\001\\255', '*'];
    const origin = parseName('all.test.', 'decimal');
    expect(texts.filter((text) => !owners.has(parseName(text, 'decimal', origin)))).toEqual([]);
  });

  it('takes one record a message', async () => {
    const result = await transfer('all.test', { localAddress: '127.0.0.2' });

    expect(result.messages).toBeGreaterThan(result.records);
    expect(listed(result.zone.rrsets)).toEqual(listed(expected('all.test').rrsets));
  });

  it('asks for the serial alone', async () => {
    const soa = await querySoa({ zone: 'all.test.', host: bed.host, port: bed.port });

    expect(soa.serial).toBe(2024010101);
    expect(formatName(soa.rname, 'decimal')).toBe('host\\.master.all.test.');
  });

  describe('with TSIG', () => {
    it.each(['xfr-md5', 'xfr-sha1', 'xfr-sha224', 'xfr-sha256', 'xfr-sha384', 'xfr-sha512', 'xfr-trunc'])(
      'verifies the answer signed with %s',
      async (name) => {
        const { zone } = await transfer('tsig.test', { tsig: { ...bed.key(name), allowMd5: true } });

        expect(zone.soa.serial).toBe(7);
      },
    );

    it('verifies a chain of many messages', async () => {
      const key = bed.key('xfr-sha256');
      const result = await transfer('tsigbig.test', { tsig: key });

      const secret = Buffer.from(key.secret).toString('base64');
      const wanted = expected('tsigbig.test', '-y', `${key.algorithm}:${key.name}:${secret}`);
      expect(result.messages).toBeGreaterThan(10);
      expect(listed(result.zone.rrsets)).toEqual(listed(wanted.rrsets));
    });

    it('signs the query for the serial too', async () => {
      const soa = await querySoa({ zone: 'tsig.test', host: bed.host, port: bed.port, tsig: bed.key('xfr-sha512') });

      expect(soa.serial).toBe(7);
    });

    it('T80 the query may be signed where no key is needed', async () => {
      const { zone } = await transfer('all.test', { tsig: bed.key('xfr-other') });

      expect(zone.rrsets.some(({ type }) => type === RR.SOA)).toBe(true);
    });
  });

  describe('that BIND refuses', () => {
    const unknown = { name: 'nobody', algorithm: 'hmac-sha256', secret: Buffer.from('canary-secret-0123456789') };

    it.each([
      { what: 'a zone closed to all', zone: 'refuse.test', code: 'rcode', rcode: 'REFUSED' },
      { what: 'a zone that wants a key', zone: 'tsig.test', code: 'rcode', rcode: 'REFUSED' },
      { what: 'a zone that it does not serve', zone: 'nowhere.test', code: 'rcode', rcode: 'NOTAUTH' },
      { what: 'a name inside a zone', zone: 'a.all.test', code: 'rcode', rcode: 'NOTAUTH' },
    ])('names the response code for $what', async ({ zone, code, rcode }) => {
      const error = await failureOf(transfer(zone));

      expect(error).toMatchObject({ code, rcode, stage: 'axfr', zone: `${zone}.`, primary: `127.0.0.1:${bed.port}` });
      expect(error.hints).not.toEqual([]);
    });

    it('names the response code for a key that the zone does not admit', async () => {
      const error = await failureOf(transfer('tsig.test', { tsig: bed.key('xfr-other') }));

      expect(error).toMatchObject({ code: 'rcode', rcode: 'REFUSED', tsigError: undefined });
    });

    it('T85 says BADKEY for a key that BIND does not know', async () => {
      const error = await failureOf(transfer('tsig.test', { tsig: unknown }));

      expect(error).toMatchObject({ code: 'tsig', rcode: 'NOTAUTH', tsigError: 'BADKEY' });
      expect(JSON.stringify([error.message, error.hints])).not.toContain('canary');
    });

    it('T85 says BADKEY for another algorithm than the key has', async () => {
      const tsig = { ...bed.key('xfr-sha256'), algorithm: 'hmac-sha512' };

      expect(await failureOf(transfer('tsig.test', { tsig }))).toMatchObject({ code: 'tsig', tsigError: 'BADKEY' });
    });

    it('T85 says BADSIG for another secret than the key has', async () => {
      const error = await failureOf(transfer('tsig.test', { tsig: { ...unknown, name: 'xfr-sha256' } }));

      expect(error).toMatchObject({ code: 'tsig', rcode: 'NOTAUTH', tsigError: 'BADSIG' });
    });

    it.each([-3600, 3600])('F16 prints both clocks when they are %i s apart', async (difference) => {
      const now = Date.now() + difference * 1000;
      const error = await failureOf(transfer('tsig.test', { tsig: bed.key('xfr-sha256'), now: () => now }));

      expect(error).toMatchObject({ code: 'tsig', rcode: 'NOTAUTH', tsigError: 'BADTIME' });
      const clocks = error.hints[0]?.match(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g) ?? [];
      expect(clocks).toHaveLength(2);
      expect(clocks[0]).toBe(new Date(Math.floor(now / 1000) * 1000).toISOString().replace('.000Z', 'Z'));
    });
  });
});

describeWith('bind', "a transfer from trueup's own primary by dig", () => {
  it('gives the same records, signed and unsigned', async () => {
    const zones = fileURLToPath(new URL('bind/zones', import.meta.url));
    const text = readFileSync(`${zones}/all.test.zone`, 'latin1');
    const zone = parseMasterFile(text, { origin: 'all.test.' });
    const key = { name: 'k', algorithm: 'hmac-sha512', secret: Buffer.from('secret') };
    const primary = await startPrimary({ zones: [zone], port: 0, keys: [key] });

    const signature = ['-y', `hmac-sha512:k:${key.secret.toString('base64')}`];
    for (const options of [[], signature]) {
      // Not synchronously: the primary that dig asks lives in this process.
      const answer = await digAt(primary.port, ...options, 'all.test', 'AXFR');
      expect(listed(parseMasterFile(answer, { origin: 'all.test.' }).rrsets)).toEqual(listed(zone.rrsets));
    }
    await primary.close();
  });
});
