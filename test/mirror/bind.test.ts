import { afterAll, beforeAll, expect, it } from 'vitest';
import { querySoa } from '../../src/dns/transfer/soa-query.ts';
import type { BindBed } from '../support/bind.ts';
import { startBind } from '../support/bind.ts';
import { describeWith } from '../support/counterparts.ts';
import { NETWORK, createMirrorBench } from '../support/mirror-bench.ts';

const DOMAIN = 'ixfr.test';

/** Hosts that come and go, a set that grows, a TTL that moves, a wildcard and a delegation in every second version. */
function version(serial: number): string {
  const hosts = Array.from({ length: 60 }, (_, index) => index + serial * 3);
  return [
    '$TTL 300',
    `@ IN SOA ns1 hostmaster ${serial} 3600 600 1209600 ${300 + serial}`,
    '@ IN NS ns1',
    'ns1 IN A 127.0.0.1',
    ...hosts.map((host) => `host-${host} ${host % 7 === 0 ? 60 * serial : 300} IN A 192.0.2.${host % 250}`),
    ...hosts.slice(0, serial).map((host) => `pool IN A 198.51.100.${host}`),
    `last IN TXT "serial ${serial}" "a\\"b"`,
    ...(serial % 2 === 0 ? ['*.wild IN CNAME ns1', 'sub IN NS ns.sub', 'ns.sub IN A 203.0.113.1'] : []),
    '',
  ].join('\n');
}

describeWith('bind', 'the mirror function with BIND as its primary', () => {
  let bed: BindBed;

  beforeAll(async () => {
    bed = await startBind();
  });

  afterAll(async () => {
    await bed.stop();
  });

  async function serve(serial: number): Promise<void> {
    bed.rewrite(DOMAIN, version(serial));
    const options = { zone: DOMAIN, host: bed.host, port: bed.port };
    while ((await querySoa(options)).serial !== serial) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  it('transfers the whole zone once and increments from then on; each time the mirror is what a full plan wants', async () => {
    await serve(2);
    const bench = await createMirrorBench({ domain: DOMAIN, undeployed: true });
    bench.declare([NETWORK], `${bed.host}:${bed.port}`);
    expect((await bench.estate.apply()).outcome).toBe('applied');
    const transfers: unknown[] = [];

    for (const serial of [3, 4, 5]) {
      await serve(serial);
      const { line } = await bench.tick();
      expect(line).toMatchObject({ outcome: 'mirrored', serialFrom: serial - 1, serialTo: serial });
      transfers.push(line['transfer']);
      expect((await bench.estate.plan({ full: true })).actions).toEqual([]);
    }

    expect(transfers).toEqual(['axfr', 'ixfr', 'ixfr']);
    expect((await bench.tick()).line).toMatchObject({ outcome: 'unchanged', calls: {} });
  });
});
