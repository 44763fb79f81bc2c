import { afterAll, beforeAll, expect, it } from 'vitest';

import { formatMasterFile, parseMasterFile } from '../src/dns/master-file.ts';
import { querySoa } from '../src/dns/transfer/soa-query.ts';
import { transferZone, type TransferOptions } from '../src/dns/transfer/transfer.ts';
import type { Zone } from '../src/dns/types.ts';
import { type BindBed, startBind } from './support/bind.ts';
import { describeWith } from './support/counterparts.ts';

/** Hosts that come and go, sets that grow and shrink, TTLs that move, a wildcard and a delegation. */
function version(serial: number): string {
  const hosts = Array.from({ length: 40 }, (_, index) => index + serial * 3);
  return [
    '$TTL 300',
    `@ IN SOA ns1 hostmaster ${serial} 3600 600 1209600 ${300 + serial}`,
    '@ IN NS ns1',
    'ns1 IN A 127.0.0.1',
    ...hosts.map((host) => `host-${host} ${host % 7 === 0 ? 60 * serial : 300} IN A 192.0.2.${host % 250}`),
    ...hosts.slice(0, serial).map((host) => `pool IN A 198.51.100.${host}`),
    `step-${serial} IN TXT "only in ${serial}"`,
    `last IN TXT "serial ${serial}" "a\\"b"`,
    ...(serial % 2 === 0 ? ['*.wild IN CNAME ns1', 'sub IN NS ns.sub', 'ns.sub IN A 203.0.113.1'] : []),
    '',
  ].join('\n');
}

const LAST = 6;

describeWith('bind', 'an incremental transfer from BIND', () => {
  let bed: BindBed;
  /** As full transfers gave them, by serial. */
  const versions = new Map<number, Zone>();

  beforeAll(async () => {
    bed = await startBind();
    for (let serial = 2; serial <= LAST; serial += 1) {
      bed.rewrite('ixfr.test', version(serial));
      await served(serial);
      versions.set(serial, (await transfer()).zone);
    }
  });

  afterAll(async () => {
    await bed.stop();
  });

  function transfer(options: Partial<TransferOptions> = {}) {
    return transferZone({ zone: 'ixfr.test', host: bed.host, port: bed.port, ...options });
  }

  async function served(serial: number): Promise<void> {
    const options = { zone: 'ixfr.test', host: bed.host, port: bed.port };
    while ((await querySoa(options)).serial !== serial) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  function baseOf(serial: number): Zone {
    const base = versions.get(serial);
    if (base === undefined) throw new Error(`no version ${serial}`);
    return base;
  }

  it.each([2, 3, 4, 5])('from version %i gives what a full transfer gives', async (serial) => {
    const base = baseOf(serial);
    const before = formatMasterFile(base);

    const result = await transfer({ base });

    expect([result.mode, result.serial, result.ixfrFailed]).toEqual(['ixfr', LAST, undefined]);
    expect(result.zone).toEqual(baseOf(LAST));
    expect(formatMasterFile(base)).toBe(before);
  });

  it('from a master file gives the bytes of a full transfer', async () => {
    const result = await transfer({ base: parseMasterFile(formatMasterFile(baseOf(3)), { origin: 'ixfr.test' }) });

    expect(result.mode).toBe('ixfr');
    expect(formatMasterFile(result.zone)).toBe(formatMasterFile(baseOf(LAST)));
  });

  it('takes differences that come one record a message', async () => {
    const result = await transfer({ base: baseOf(2), localAddress: '127.0.0.2' });

    expect(result.mode).toBe('ixfr');
    expect(result.messages).toBeGreaterThan(100);
    expect(result.zone).toEqual(baseOf(LAST));
  });

  it('takes differences that are signed', async () => {
    const result = await transfer({ base: baseOf(2), tsig: bed.key('xfr-sha256'), localAddress: '127.0.0.2' });

    expect([result.mode, result.zone]).toEqual(['ixfr', baseOf(LAST)]);
  });

  it.each([undefined, '127.0.0.2'])('gives the base where it is current, asked from %s', async (localAddress) => {
    const base = baseOf(LAST);
    const result = await transfer({ base, localAddress });

    expect(result).toMatchObject({ mode: 'unchanged', serial: LAST, messages: 1 });
    expect(result.zone).toBe(base);
  });

  it.each([undefined, '127.0.0.2'])('takes a whole zone from a primary without differences, and %s', async (other) => {
    const differences = { base: baseOf(2), localAddress: '127.0.0.3' };
    const unknown = {
      base: parseMasterFile(version(1).replace('SOA ns1 hostmaster 1 ', 'SOA ns1 hostmaster 0 '), {
        origin: 'ixfr.test',
      }),
      localAddress: other,
    };
    for (const options of [differences, unknown]) {
      const result = await transfer(options);

      expect([result.mode, result.ixfrFailed, result.zone]).toEqual(['axfr', undefined, baseOf(LAST)]);
    }
  });

  it('T89 transfers the whole zone where the base was altered', async () => {
    const altered = formatMasterFile(baseOf(4)).replace('192.0.2.12\n', '192.0.2.66\n');
    const result = await transfer({ base: parseMasterFile(altered, { origin: 'ixfr.test' }) });

    expect(result.mode).toBe('axfr');
    expect(result.ixfrFailed).toMatch(/the difference deletes a record that the base does not hold: host-/);
    expect(result.zone).toEqual(baseOf(LAST));
  });

  it('learns the serial of a primary that is behind the base', async () => {
    const ahead = formatMasterFile(baseOf(4)).replace(' 4 3600 ', ' 9 3600 ');
    const result = await transfer({ base: parseMasterFile(ahead, { origin: 'ixfr.test' }) });

    expect(result).toMatchObject({ mode: 'axfr', serial: LAST });
    expect(result.ixfrFailed).toContain('the primary is at serial 6, the base at 9');
  });
});
