import { CreateResourceRecordSetProtectionsCommand } from '@aws-sdk/client-route-53';
import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import { describe, expect, it } from 'vitest';
import { NETWORK, RECORDS, findingsOf, sharedMirrorBench } from '../support/mirror-bench.ts';
import type { Line, MirrorBench } from '../support/mirror-bench.ts';

const ACM = `_${'0123456789abcdef'.repeat(2)}.z.test`;

function plain(Name: string, Type: 'A' | 'CNAME' | 'TXT', Value: string, more: object = {}): ResourceRecordSet {
  return { Name, Type, TTL: 300, ResourceRecords: [{ Value }], ...more };
}

/** Sets that somebody else made in the mirror's zone, and how they are listed. */
const THEIRS: readonly (readonly [ResourceRecordSet, string])[] = [
  [
    {
      Name: 'alias.z.test',
      Type: 'A',
      AliasTarget: { HostedZoneId: '', DNSName: 'www.z.test', EvaluateTargetHealth: false },
    },
    'alias.z.test. A alias www.z.test.',
  ],
  [plain('weighted.z.test', 'A', '10.1.1.1', { SetIdentifier: 'blue', Weight: 1 }), 'weighted.z.test. A blue10.1.1.1'],
  [plain('protected.z.test', 'A', '10.1.1.2'), 'protected.z.test. A 10.1.1.2'],
  [plain(ACM, 'CNAME', '_x.abc.acm-validations.aws'), `${ACM}. CNAME _x.abc.acm-validations.aws`],
  [plain('_msdcs.z.test', 'TXT', '"excluded"'), '_msdcs.z.test. TXT "excluded"'],
];

/** Runs until the whole zone is transferred, which happens every fourth time. */
async function tickUntilFull(bench: MirrorBench): Promise<Line> {
  for (let run = 0; run < 5; run++) {
    const { line } = await bench.tick();
    if (line['transfer'] === 'axfr') return line;
  }
  throw new Error('there was no full transfer');
}

async function setSerial({ change }: MirrorBench, serial: number): Promise<void> {
  const Value = `ns-0.awsdns-00.com. awsdns-hostmaster.amazon.com. ${serial} 7200 900 1209600 300`;
  await change('UPSERT', { Name: 'z.test', Type: 'SOA', TTL: 900, ResourceRecords: [{ Value }] });
}

describe('T86 the zone reaches for what is not its own', () => {
  const exclude = 'exclude: [{ name: "_msdcs" }]';
  const shared = sharedMirrorBench({ spec: [NETWORK, exclude, 'fullTransferEvery: 20m'] });

  it('sets of others stay as they are, and the apex NS too', async () => {
    const bench = shared();
    const { client } = bench.estate;
    for (const [set] of THEIRS) {
      const own = set.AliasTarget && { AliasTarget: { ...set.AliasTarget, HostedZoneId: await bench.zoneId() } };
      await bench.change('CREATE', { ...set, ...own });
    }
    const Protections = [{ RecordName: 'protected.z.test', RecordType: 'A' as const }];
    await client.send(
      new CreateResourceRecordSetProtectionsCommand({ HostedZoneId: await bench.zoneId(), Protections }),
    );
    bench.primary.serve(6, [...RECORDS, 'new 300 A 10.0.0.9', '@ 300 NS evil.example.']);

    expect((await bench.tick()).line).toMatchObject({ outcome: 'mirrored', Added: 1, Removed: 0, Changed: 0 });
    const sets = await bench.sets();
    for (const [, listed] of THEIRS)
      expect(sets.map((text) => text.replace(/\.$/, ''))).toContain(listed.replace(/\.$/, ''));
    expect(await bench.apexNs()).not.toContain('evil.example.');
  });

  it.each([
    ['alias', 'alias 300 A 10.6.6.6'],
    ['weighted', 'weighted 300 A 10.6.6.6'],
    ['protected', 'protected 300 A 10.6.6.6'],
    ['ACM’s validation', `${ACM.replace('.z.test', '')} 300 CNAME evil.example.`],
  ])('a record of the source in the place of the %s set is blocked', async (_what, text) => {
    const bench = shared();
    const [before, serial] = [await bench.sets(), await bench.serial()];
    bench.primary.serve(serial + 1, [...RECORDS, 'new 300 A 10.0.0.9', text]);

    const { line, spent } = await bench.tick();

    expect(line).toMatchObject({ outcome: 'blocked', Blocked: 1 });
    expect(findingsOf(line).map(({ code }) => code)).toContain('kept-conflict');
    expect(spent['route-53']?.writes ?? 0).toBe(0);
    expect(await bench.sets()).toEqual(before);
  });

  it('new delegations and answers to ACME challenges are written, and shown', async () => {
    const bench = shared();
    const serial = await bench.serial();
    const more = [
      '_acme-challenge 300 TXT "x"',
      'sub 300 NS ns.example.',
      String.raw`sub 300 DS 1 13 2 ${'00'.repeat(32)}`,
    ];
    bench.primary.serve(serial + 1, [...RECORDS, ...more]);

    const { line } = await bench.tick();

    expect(line).toMatchObject({ outcome: 'mirrored', Added: 3, Removed: 1 });
    expect(findingsOf(line).map(({ code }) => code)).toEqual(['delegation-changed', 'acme-challenge']);
    expect(await bench.alarm()).toBe('OK');
  });

  it('the serial of the mirror, raised by hand: blocked and alarmed, and still compared when that is due', async () => {
    const bench = shared();
    const serial = await bench.serial();
    await setSerial(bench, serial + 100);

    expect((await bench.tick()).line).toMatchObject({
      outcome: 'blocked',
      findings: [{ code: 'serial-went-backwards' }],
    });
    expect(await bench.alarm()).toBe('ALARM');
    expect(await tickUntilFull(bench)).toMatchObject({ outcome: 'blocked', Blocked: 1, unchanged: expect.any(Number) });

    await setSerial(bench, serial);
    expect((await bench.tick()).line).toMatchObject({ Blocked: 0 });
  });

  it('the records of the mirror, changed by hand under the same serial: found by the full transfer', async () => {
    const bench = shared();
    await bench.change('UPSERT', plain('www.z.test', 'A', '10.6.6.6'));

    expect(await tickUntilFull(bench)).toMatchObject({
      outcome: 'mirrored',
      Changed: 1,
      findings: [{ code: 'same-serial-other-content' }],
    });
    expect(await bench.sets()).toContain('www.z.test. A 10.0.0.2');
  });
});
