import { describe, expect, it } from 'vitest';
import { frame } from '../../src/dns/wire/frames.ts';
import { RR } from '../../src/dns/rr-types.ts';
import { EVENT, NETWORK, RECORDS, TSIG, createMirrorBench } from '../support/mirror-bench.ts';
import { record, reply, soa } from '../support/wire.ts';

const PUBLIC = 'hostedZone: { private: false }';
const NEW = 'new 300 A 10.0.0.9';
const NEWER = 'newer 300 A 10.0.0.10';
const LAST = 'last 300 A 10.0.0.11';
const [NS1, WWW] = RECORDS;

describe('a run that finds a newer version', () => {
  it('T142 lists, writes one request a phase and the SOA; then transfers increments in the warm environment', async () => {
    const bench = await createMirrorBench({ spec: [NETWORK] });
    bench.primary.serve(6, [NS1, WWW, NEW]);

    const first = await bench.tick();

    expect(first.line).toMatchObject({ outcome: 'mirrored', transfer: 'axfr', Added: 1, Changed: 0, Removed: 1 });
    expect(bench.primary.asked()).toEqual(['SOA', 'AXFR']);
    // SOA, listing, protections, and each phase's look whether it is in sync; two phases and the SOA.
    expect(first.line['calls']).toEqual({ Route53: first.spent['route-53'] });
    expect(first.spent['route-53']).toEqual({ reads: 12, writes: 3 });

    bench.primary.serve(7, [NS1, WWW, NEW, NEWER]);
    const second = await bench.tick();

    expect(second.line).toMatchObject({ outcome: 'mirrored', transfer: 'ixfr', serialFrom: 6, serialTo: 7, Added: 1 });
    expect(bench.primary.asked()).toEqual(['SOA', 'IXFR']);
    expect(await bench.sets()).toEqual([
      'new.z.test. A 10.0.0.9',
      'newer.z.test. A 10.0.0.10',
      'ns1.z.test. A 10.0.0.1',
      'www.z.test. A 10.0.0.2',
    ]);
    expect(await bench.serial()).toBe(7);
    expect((await bench.estate.plan({ full: true })).actions).toEqual([]);
  });

  it('T89 takes the whole zone where the increments do not fit, and mirrors that', async () => {
    const bench = await createMirrorBench({ spec: [NETWORK] });
    bench.primary.serve(6, [...RECORDS, NEW]);
    await bench.tick();
    bench.primary.serve(7, [...RECORDS, NEWER]);
    const lie = [soa(7), soa(6), record('nobody 300 A 10.0.0.1'), soa(7), soa(7)];
    bench.primary.misbehave((query) => (query.question?.type === RR.IXFR ? [frame(reply(query, lie))] : undefined));

    const { line } = await bench.tick();

    expect(line).toMatchObject({ outcome: 'mirrored', transfer: 'axfr', serialTo: 7 });
    expect(line['ixfrFailed']).toContain('deletes a record');
    expect((await bench.estate.plan({ full: true })).actions).toEqual([]);
  });

  it('T89 transfers the whole zone when that is due, and finds what increments have hidden', async () => {
    const bench = await createMirrorBench({ spec: [NETWORK, 'fullTransferEvery: 20m'] });
    bench.primary.serve(6, [...RECORDS, NEW]);
    await bench.tick();
    // Another content under the same serial, which no increment will ever tell.
    bench.primary.serve(6, [...RECORDS, NEWER]);

    const runs = [(await bench.tick()).line];
    while (runs.at(-1)?.outcome === 'unchanged' && runs.length < 5) runs.push((await bench.tick()).line);

    expect(runs.at(-1)).toMatchObject({
      outcome: 'mirrored',
      transfer: 'axfr',
      serialFrom: 6,
      serialTo: 6,
      Added: 1,
      Removed: 1,
      findings: [{ code: 'same-serial-other-content' }],
    });
    expect(await bench.sets()).toContain('newer.z.test. A 10.0.0.10');

    // The next increment stands on what the full transfer brought.
    bench.primary.serve(7, [...RECORDS, NEWER, LAST]);
    const { line } = await bench.tick();
    expect([line.outcome, line['transfer'], line['ixfrFailed']]).toEqual(['mirrored', 'ixfr', undefined]);
    expect((await bench.estate.plan({ full: true })).actions).toEqual([]);
  });
});

describe('T142 a run that finds nothing new', () => {
  it.each([
    ['in the VPC of the private zone, whose resolver answers', [NETWORK]],
    ['beside a public zone, whose name server answers', [PUBLIC]],
  ])('%s, costs one SOA query and no API call', async (_where, spec) => {
    const bench = await createMirrorBench({ spec });

    const { line, spent } = await bench.tick();

    expect(line).toMatchObject({ outcome: 'unchanged', Blocked: 0, serialFrom: 5, serialTo: 5, calls: {} });
    expect(spent).toEqual({});
    expect(bench.primary.asked()).toEqual(['SOA']);
    expect(await bench.alarm()).toBe('OK');
  });

  it('outside every VPC, of a private zone, costs one read of Route 53', async () => {
    const bench = await createMirrorBench();

    const { line, spent } = await bench.tick();

    expect(line).toMatchObject({ outcome: 'unchanged', Blocked: 0, calls: { Route53: { reads: 1, writes: 0 } } });
    expect(spent).toEqual({ 'route-53': { reads: 1, writes: 0 } });
    expect(bench.primary.asked()).toEqual(['SOA']);
  });

  it('with a key, reads that once in five minutes', async () => {
    const bench = await createMirrorBench({ spec: [NETWORK, TSIG] });
    const { account } = bench.estate;
    const run = async (): Promise<unknown> => (await bench.invoke(EVENT)).answer;
    const reads = (): number => account.calls()['ssm']?.reads ?? 0;
    const before = reads();

    for (let count = 0; count < 3; count++) expect(await run()).toMatchObject({ outcome: 'unchanged' });
    expect(reads() - before).toBe(1);
    account.elapse(5 * 60_000);
    await run();
    expect(reads() - before).toBe(2);
  });
});

describe('what a run tells', () => {
  it('T150 of records, their names only where somebody has to look; never what they hold', async () => {
    const canary = 'canary-4711';
    const bench = await createMirrorBench({ spec: [NETWORK] });
    bench.primary.serve(6, [...RECORDS, `new 300 TXT "${canary}"`]);
    expect((await bench.tick()).line.outcome).toBe('mirrored');
    bench.primary.serve(7, [...RECORDS, `_acme-challenge 300 TXT "${canary}"`, `sub 300 NS ${canary}.example.`]);
    expect((await bench.tick()).line.outcome).toBe('mirrored');
    bench.primary.serve(8, [
      ...RECORDS,
      `x 300 CNAME ${canary}.example.`,
      'x 300 A 10.0.0.1',
      `y 300 HINFO "${canary}" "b"`,
    ]);
    expect((await bench.tick()).line.outcome).toBe('blocked');
    await bench.invoke({ action: 'plan', document: EVENT.document, listing: 'always' }, 'Plan');

    expect([...(await bench.log()), ...(await bench.log('Plan'))].join('\n')).not.toContain(canary);
  });
});
