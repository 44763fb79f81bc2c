import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/engine/types.ts';
import { DOCUMENT, EVENT, NETWORK, RECORDS, createMirrorBench, sharedMirrorBench } from '../support/mirror-bench.ts';
import type { MirrorBench } from '../support/mirror-bench.ts';

const THROUGH = [NETWORK, 'via: lambda'];
const NEW = 'new 300 A 10.0.0.9';

function effectOf(plan: Plan): Record<string, unknown> {
  return plan.documents[0]!.effects.find(({ code }) => code === 'dns.records')!.data;
}

function codesOf(plan: Plan): string[] {
  return plan.documents[0]!.findings.map(({ code }) => code);
}

/** Who wrote records, by the names of their sessions. */
function writers({ estate }: MirrorBench): string[] {
  const writes = estate.account.events().filter(({ eventName }) => eventName === 'ChangeResourceRecordSets');
  return writes.map(({ userIdentity }) => userIdentity.arn.split('/').at(-1) ?? '');
}

describe('T64 a primary that only the function reaches', () => {
  const shared = sharedMirrorBench({ spec: THROUGH, undeployed: true });

  it('before there is a function: the plan is complete and says what it could not see', async () => {
    const bench = shared();
    const plan = await bench.estate.plan();

    expect([plan.complete, codesOf(plan)]).toEqual([true, ['source-not-reachable-yet']]);
    expect(bench.primary.asked()).toEqual([]);
  });

  it('the first apply makes everything and mirrors through the function; the plan after it is empty', async () => {
    const bench = shared();
    const result = await bench.estate.apply(await bench.estate.plan());

    expect(result).toMatchObject({
      outcome: 'applied',
      failed: [],
      skipped: [],
      replan: { summary: { create: 0, update: 0 } },
    });
    expect(await bench.serial()).toBe(5);
    expect(await bench.sets()).toHaveLength(RECORDS.length);
    expect(new Set(writers(bench))).toEqual(new Set([await bench.estate.functionName('Mirror')]));
    expect((await bench.estate.plan({ full: true })).actions).toEqual([]);
  });

  it('is planned through the function that only looks, and applied through the one that mirrors', async () => {
    const bench = shared();
    bench.primary.serve(6, [...RECORDS.slice(1), NEW]);

    const plan = await bench.estate.plan();
    expect(plan.complete).toBe(true);
    expect(effectOf(plan)).toMatchObject({ serial: { from: 5, to: 6 }, add: 1, remove: 1, live: true });
    expect(await bench.lines('Plan')).not.toEqual([]);
    const before = writers(bench).length;
    expect((await bench.estate.apply(plan)).outcome).toBe('applied');

    expect(await bench.serial()).toBe(6);
    const names = new Set(writers(bench).slice(before));
    expect(names).toEqual(new Set([await bench.estate.functionName('Mirror')]));
    expect((await bench.lines()).at(-1)).toMatchObject({ outcome: 'mirrored', action: 'mirror' });
  });

  it('that breaks is unknown: nothing is written, and the function’s words are said', async () => {
    const bench = shared();
    const writes = bench.estate.writes();
    bench.primary.serve(7, RECORDS);
    bench.primary.misbehave(() => ['reset']);

    const plan = await bench.estate.plan();
    expect(plan.complete).toBe(false);
    expect(JSON.stringify(plan.documents[0]!.findings)).toContain('ended before');
    expect((await bench.estate.apply()).outcome).toBe('partial');
    expect((await bench.estate.drift()).complete).toBe(false);
    expect(bench.estate.writes()).toBe(writes);
    bench.primary.misbehave(undefined);
  });

  it('guards hold at the function too, where it runs for apply', async () => {
    const bench = shared();
    const writes = bench.estate.writes();
    bench.primary.serve(4, RECORDS);

    expect(codesOf(await bench.estate.plan())).toContain('serial-went-backwards');
    expect((await bench.estate.apply()).outcome).toBe('refused');
    expect((await bench.invoke(EVENT)).answer).toMatchObject({ outcome: 'blocked' });
    expect(bench.estate.writes()).toBe(writes);
  });
});

describe('T64 a reviewed mirror that only the function reaches', () => {
  const shared = sharedMirrorBench({ spec: [...THROUGH, 'records: reviewed'], undeployed: true });

  it('the first apply makes everything, and says that the records wait for a review', async () => {
    const { estate } = shared();
    const plan = await estate.plan();
    expect(plan.actions.map(({ id }) => id)).not.toContain(`${DOCUMENT}/Records`);

    const first = await estate.apply(plan);
    expect(first).toMatchObject({
      outcome: 'applied',
      failed: [],
      replan: { summary: { create: 0, update: 1 } },
    });
    expect((await estate.apply(await estate.plan())).outcome).toBe('applied');
    expect(await shared().serial()).toBe(5);
  });

  it('a scheduled run only reports', async () => {
    const bench = shared();
    await bench.tick();
    bench.primary.serve(6, [...RECORDS, NEW]);

    const { line, spent } = await bench.tick();

    expect(line).toMatchObject({ outcome: 'reported', Added: 1, Blocked: 0, serialFrom: 5, serialTo: 6 });
    expect([spent['route-53']?.writes ?? 0, await bench.serial(), await bench.alarm()]).toEqual([0, 5, 'OK']);
  });

  it('what was reviewed is written', async () => {
    const bench = shared();
    const plan = await bench.estate.plan();

    expect((await bench.estate.apply(plan)).outcome).toBe('applied');
    expect(await bench.serial()).toBe(6);
    expect((await bench.estate.plan()).actions).toEqual([]);
  });

  it('a source that moved after the review is refused, nothing is written', async () => {
    const bench = shared();
    bench.primary.serve(7, RECORDS);
    const plan = await bench.estate.plan();
    bench.primary.serve(8, RECORDS.slice(1));
    const writes = bench.estate.writes();

    expect((await bench.estate.apply(plan)).outcome).toBe('stale');
    const { after } = plan.actions[0]!.changes[0]!;
    expect((await bench.invoke({ ...EVENT, expect: after })).answer).toMatchObject({
      outcome: 'blocked',
      findings: [{ code: 'moved-since-review' }],
    });
    expect([bench.estate.writes(), await bench.serial()]).toEqual([writes, 6]);
  });
});

describe('T64 a change that is larger than a function’s answer', () => {
  it('is counted whole and listed in part', async () => {
    const bench = await createMirrorBench({ spec: THROUGH });
    const { estate } = bench;
    bench.declare(THROUGH, estate.primary);
    // The functions learn of the other primary first.
    await estate.apply();
    const text = `"${'x'.repeat(250)}" `.repeat(15);
    const texts = Array.from({ length: 1400 }, (_, index) => `t${index} TXT ${text}`);
    estate.serve('z.test', 6, ['ns1 A 10.0.0.1', 'www A 10.0.0.2', 'vpn A 10.0.0.3', ...texts].join('\n'));

    const plan = await estate.plan();

    expect(codesOf(plan)).toContain('records-truncated');
    const { records, ...counts } = effectOf(plan);
    expect(counts).toMatchObject({ add: 1400, remove: 0, serial: { from: 5, to: 6 } });
    expect((records as unknown[]).length).toBeLessThan(1400);
    expect((records as unknown[]).length).toBeGreaterThan(1200);
  });
});
