import { describe, expect, it } from 'vitest';
import { EVENT, NETWORK, TSIG, createMirrorBench } from '../support/mirror-bench.ts';

const PUBLIC = 'hostedZone: { private: false }';

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
