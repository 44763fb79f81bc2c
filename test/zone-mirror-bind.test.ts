import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseMasterFile } from '../src/dns/master-file.ts';
import { formatName, isAtOrBelow, parseName } from '../src/dns/name.ts';
import { foldRdata, formatRdata } from '../src/dns/rdata.ts';
import { RR, typeName } from '../src/dns/rr-types.ts';
import type { RRset, Zone } from '../src/dns/types.ts';
import { exportZone } from '../src/operations/zone-export.ts';
import { startBind } from './support/bind.ts';
import type { BindBed } from './support/bind.ts';
import { describeWith } from './support/counterparts.ts';
import { createEstate, mirror } from './support/estate.ts';

/** Route 53 Developer Guide, "Supported DNS record types". Written here anew, so that the source's list is checked. */
const HELD = 'A AAAA CAA CNAME DS HTTPS MX NAPTR NS PTR SPF SRV SSHFP SVCB TLSA TXT'.split(' ');

interface Case {
  readonly domain: string;
  readonly key?: string;
  /** Names that Route 53 cannot hold, or that lie below a delegation: the specification leaves them out. */
  readonly without?: readonly string[];
}

// 4,000 characters is what a Value may have with its quotes: txt4000 of octets.test has them, txt-4000 of all.test has more.
const CASES: readonly Case[] = [
  { domain: 'all.test', without: ['txt-4000', 'txt-4001', 'deep.below.child'] },
  { domain: 'octets.test', key: 'xfr-sha256' },
  { domain: 'tsig.test', key: 'xfr-sha512' },
  { domain: 'tsigbig.test', key: 'xfr-sha256' },
  { domain: '2.0.192.in-addr.arpa' },
  { domain: '128/25.2.0.192.in-addr.arpa' },
  { domain: '8.b.d.0.1.0.0.2.ip6.arpa' },
  { domain: 'xn--fbr-rla0g.test' },
];

describeWith('bind', 'a zone from BIND in Route 53', () => {
  let bind: BindBed;

  beforeAll(async () => {
    bind = await startBind();
  });

  afterAll(async () => {
    await bind.stop();
  });

  describe.each(CASES)('$domain (key: $key)', ({ domain, key, without = [] }) => {
    it('is record by record what dig gets, and the second plan is empty and wrote nothing', async () => {
      const estate = await createEstate();
      const tsig = key ? bind.key(key) : undefined;
      if (tsig)
        estate.account.putSecret('ssm:/bed', Buffer.from(tsig.secret).toString('base64'), { region: 'eu-west-1' });
      const spec = [
        tsig ? `tsig: { name: ${tsig.name}, algorithm: ${tsig.algorithm}, secret: ssm:/bed }` : 'tsig: none',
        'unsupportedTypes: skip',
        'partial: true',
      ];
      estate.account.setQuotas({ recordSetsPerZone: 30_000 });
      estate.write(
        'corp.yaml',
        mirror(estate, spec, 'corp', domain).replace(estate.primary, `${bind.host}:${bind.port}`),
      );

      // A new zone has the default quota: one that is larger is made first, and filled by the second apply.
      await estate.apply(await estate.plan());
      const result = await estate.apply();

      expect(['applied', 'nothing']).toContain(result.outcome);
      expect(result).toMatchObject({ failed: [], refused: [] });
      const project = await estate.load();
      const { zone } = await exportZone(project, 'corp', { endpoint: { kind: 'embedded', account: estate.account } });
      const dug = parseMasterFile(bind.dig(...(key ? ['-y', dumpKey(bind, key)] : []), domain, 'AXFR'));
      expect(linesOf(zone)).toEqual(linesOf(dug, without));

      const writes = estate.writes();
      const again = await estate.plan({ full: true });
      expect(again.actions).toEqual([]);
      expect((await estate.apply()).outcome).toBe('nothing');
      expect(estate.writes()).toBe(writes);
    });
  });
});

function dumpKey(bind: BindBed, name: string): string {
  const { algorithm, secret } = bind.key(name);
  return `${algorithm}:${name}:${Buffer.from(secret).toString('base64')}`;
}

/** One line a record, comparable by meaning; without the apex NS and SOA, and without what Route 53 cannot hold. */
function linesOf(zone: Zone, without: readonly string[] = []): readonly string[] {
  const left = without.map((name) => parseName(name, 'decimal', zone.origin));
  const isHeld = ({ name, type }: RRset): boolean => {
    const isApex = name === zone.origin && (type === RR.NS || type === RR.SOA);
    return !isApex && HELD.includes(typeName(type)) && !left.some((other) => isAtOrBelow(name, other));
  };
  return zone.rrsets.filter(isHeld).flatMap(({ name, type, ttl, rdata }) => {
    const owner = formatName(name, 'decimal');
    return rdata.map(
      (value) => `${owner} ${ttl} ${typeName(type)} ${formatRdata(type, foldRdata(type, value), 'decimal')}`,
    );
  });
}
