import { describe, expect, it } from 'vitest';
import { RR } from '../../src/dns/rr-types.ts';
import type { WireRecord } from '../../src/dns/types.ts';
import { frame } from '../../src/dns/wire/frames.ts';
import { EVENT, NETWORK, findingsOf, sharedMirrorBench } from '../support/mirror-bench.ts';
import type { MirrorBench } from '../support/mirror-bench.ts';
import { record, reply, soa } from '../support/wire.ts';

const HOSTS = Array.from({ length: 40 }, (_, index) => `h${index} 300 A 10.0.0.${index}`);
const ROOMY = 10_000;

/** Serves a zone as it is, whatever the type of the transfer. */
function serveWhole({ primary }: MirrorBench, serial: number, ...records: readonly WireRecord[]): void {
  primary.serve(serial, HOSTS);
  primary.misbehave((query) =>
    query.question?.type === RR.SOA ? undefined : [frame(reply(query, [soa(serial), ...records, soa(serial)]))],
  );
}

interface Poison {
  readonly what: string;
  readonly code: string;
  serve(bench: MirrorBench, serial: number): void;
}

const POISONS: readonly Poison[] = [
  {
    what: 'a quarter of the zone less',
    code: 'deletes',
    serve: ({ primary }, serial) => primary.serve(serial, HOSTS.slice(10)),
  },
  { what: 'the SOA only', code: 'empty-source', serve: (bench, serial) => serveWhole(bench, serial) },
  {
    what: 'SOA and NS only',
    code: 'empty-source',
    serve: (bench, serial) => serveWhole(bench, serial, record('@ 300 NS ns1')),
  },
  {
    what: 'an older serial',
    code: 'serial-went-backwards',
    serve: ({ primary }) => primary.serve(4, HOSTS.slice(1)),
  },
  {
    what: 'a serial 2^31 away',
    code: 'serial-went-backwards',
    serve: ({ primary }, serial) => primary.serve(serial - 1 + 2 ** 31, HOSTS.slice(1)),
  },
  {
    what: 'a signed zone',
    code: 'signed-source',
    serve: ({ primary }, serial) => primary.serve(serial, [...HOSTS, String.raw`@ 300 DNSKEY \# 5 0100030DAA`]),
  },
  {
    what: 'a type that Route 53 cannot hold',
    code: 'unsupported-type',
    serve: ({ primary }, serial) => primary.serve(serial, [...HOSTS, 'x 300 HINFO "a" "b"']),
  },
  {
    what: 'more than the zone may hold',
    code: 'zone-quota',
    serve({ estate, primary }, serial) {
      estate.account.setQuotas({ recordSetsPerZone: HOSTS.length + 2 });
      primary.serve(serial, [...HOSTS, 'x 300 A 10.0.1.1', 'y 300 A 10.0.1.2']);
    },
  },
];

describe('T83 a scheduled run is inside the guards', () => {
  const shared = sharedMirrorBench({ spec: [NETWORK], records: HOSTS });

  it.each(POISONS)(
    '$what: blocked, nothing is written, the alarm says so until a good run',
    async ({ code, serve }) => {
      const bench = shared();
      const { estate, primary } = bench;
      const [before, serial] = [await bench.sets(), await bench.serial()];
      serve(bench, serial + 1);

      const { line, spent } = await bench.tick();

      expect(line).toMatchObject({ outcome: 'blocked', Blocked: 1 });
      expect(findingsOf(line)[0]).toMatchObject({ code, severity: 'blocks' });
      expect(spent['route-53']?.writes ?? 0).toBe(0);
      expect([await bench.alarm(), await bench.serial()]).toEqual(['ALARM', serial]);
      expect(await bench.sets()).toEqual(before);

      primary.misbehave(undefined);
      estate.account.setQuotas({ recordSetsPerZone: ROOMY });
      primary.serve(serial + 2, HOSTS);
      expect((await bench.tick()).line).toMatchObject({ outcome: 'mirrored', Blocked: 0, Added: 0, Removed: 0 });
      expect([await bench.alarm(), await bench.serial()]).toEqual(['OK', serial + 2]);
    },
  );

  it('what was blocked is no base: the whole zone is transferred after it', async () => {
    const bench = shared();
    const serial = await bench.serial();
    serveWhole(bench, serial + 1);
    await bench.tick();
    bench.primary.misbehave(undefined);
    bench.primary.serve(serial + 2, HOSTS);

    expect((await bench.tick()).line).toMatchObject({ outcome: 'mirrored', transfer: 'axfr', Removed: 0 });
  });

  it('an event brings no acceptance', async () => {
    const bench = shared();
    const serial = await bench.serial();
    bench.primary.serve(4, HOSTS.slice(1));
    const writes = bench.estate.writes();

    for (const field of [{ acceptSerial: 4 }, { guards: { deletes: { percent: 100 } } }, { overrides: ['*'] }]) {
      expect((await bench.invoke({ ...EVENT, ...field })).answer).toMatchObject({ outcome: 'refused-event' });
    }
    const original = { Domain: 'z.test', MasterDns: bench.primary.address, ZoneId: await bench.zoneId() };
    const { answer } = await bench.invoke({ ...original, IgnoreTTL: 'False', ZoneSerial: '4' });
    expect(answer).toMatchObject({ outcome: 'blocked', findings: [{ code: 'serial-went-backwards' }] });
    expect((await bench.invoke({ ...EVENT, expect: { serial: 4 } })).answer).toMatchObject({ outcome: 'blocked' });
    expect([bench.estate.writes(), await bench.serial()]).toEqual([writes, serial]);
  });

  it('the document accepts: the function follows once that is applied', async () => {
    const bench = shared();
    const accepting = [NETWORK, 'acceptSerial: 4', 'guards: { deletes: { percent: 50 } }'];
    bench.primary.serve(await bench.serial(), HOSTS);
    bench.declare(accepting);
    expect(await bench.estate.apply()).toMatchObject({ outcome: 'applied' });
    bench.primary.serve(4, HOSTS.slice(10));

    expect((await bench.tick()).line).toMatchObject({ outcome: 'mirrored', Removed: 10, serialTo: 4 });
    expect((await bench.tick()).line).toMatchObject({ outcome: 'unchanged', Blocked: 0 });
    expect((await bench.estate.plan({ full: true })).actions).toEqual([]);
  });
});
