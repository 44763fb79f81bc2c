import { describe, expect, it } from 'vitest';
import { DOCUMENT, EVENT, NETWORK, RECORDS, TSIG, sharedMirrorBench } from '../support/mirror-bench.ts';
import type { MirrorBench } from '../support/mirror-bench.ts';

const CANARY = 'canary-4711';
const RULE = { ...EVENT, scheduled: true };

/** The event of the function from 2016, as it would have to be. */
async function originalOf({ primary, zoneId }: MirrorBench): Promise<Record<string, unknown>> {
  return { Domain: 'z.test', MasterDns: primary.address, ZoneId: await zoneId(), IgnoreTTL: 'False', ZoneSerial: '' };
}

/** One field that is wrong or missing; undefined: missing. */
const WRONG_ORIGINALS: readonly Record<string, unknown>[] = [
  { MasterDns: '10.6.6.6' },
  { MasterDns: '127.0.0.1' },
  { MasterDns: `${CANARY}.example:53` },
  { MasterDns: '' },
  { MasterDns: undefined },
  { MasterDns: ['127.0.0.1'] },
  { ZoneId: 'Z9999999999' },
  { ZoneId: CANARY },
  { ZoneId: '' },
  { ZoneId: undefined },
  { Domain: `${CANARY}.test` },
  { Domain: 'sub.z.test' },
  { Domain: '' },
  { Domain: undefined },
  { IgnoreTTL: CANARY },
  { IgnoreTTL: undefined },
  { ZoneSerial: CANARY },
  { ZoneSerial: undefined },
];

const WRONG_OWN: readonly unknown[] = [
  { ...RULE, document: 'ZoneMirror/other' },
  { ...RULE, document: CANARY },
  { ...RULE, document: undefined },
  { ...RULE, action: CANARY },
  { ...RULE, action: 'delete' },
  { ...RULE, primaries: [CANARY] },
  { ...RULE, zoneId: 'Z9999999999' },
  { ...RULE, spec: { primaries: [CANARY] } },
  { action: 'plan', document: DOCUMENT, listing: CANARY },
  { action: 'verify', document: CANARY },
  { Records: [{ body: CANARY }] },
  {},
  [],
  CANARY,
  null,
  42,
];

describe('an event for somebody else', () => {
  const shared = sharedMirrorBench({ spec: [NETWORK, TSIG] });

  it('T84 T71 is refused by either function: no connection, no call, counted, the alarm stays quiet, nothing of it is logged', async () => {
    const bench = shared();
    const { account } = bench.estate;
    await bench.tick();
    bench.primary.serve(6, [...RECORDS, 'new 300 A 10.0.0.9']);
    const original = await originalOf(bench);
    const events = [...WRONG_ORIGINALS.map((wrong) => ({ ...original, ...wrong })), ...WRONG_OWN];
    const { connections } = bench.primary;
    const [serial, known] = [await bench.serial(), (await bench.lines()).length];
    const calls = account.calls();
    const answers: unknown[] = [];

    for (const event of events) {
      for (const id of ['Mirror', 'Plan'] as const) {
        const { answer, functionError } = await bench.invoke(event, id);
        expect([event, id, answer, functionError]).toMatchObject([event, id, { outcome: 'refused-event' }, undefined]);
        answers.push(answer);
      }
    }

    expect(bench.primary.connections).toBe(connections);
    const { ['route-53']: spent, ssm } = account.calls();
    expect([spent, ssm]).toEqual([calls['route-53'], calls['ssm']]);
    const lines = (await bench.lines()).slice(known);
    expect(lines).toHaveLength(events.length);
    for (const line of lines) {
      expect(line).toMatchObject({ outcome: 'refused-event', RefusedEvents: 1, calls: {} });
      expect(line).not.toHaveProperty('Blocked');
    }
    await account.advance(60_000);
    expect(await bench.alarm()).toBe('OK');
    expect(await bench.refusedEvents()).toBe(2 * events.length);
    const told = [...(await bench.log()), ...(await bench.log('Plan')), JSON.stringify(answers)].join('\n');
    for (const word of [CANARY, '10.6.6.6', 'Z9999999999', 'sub.z.test']) expect(told).not.toContain(word);
    expect(await bench.serial()).toBe(serial);
  });

  it('the right event of the original is a pass, and is answered with the counts', async () => {
    const bench = shared();
    bench.primary.serve(7, [...RECORDS.slice(1), 'new 300 A 10.0.0.9', 'newer 300 A 10.0.0.10']);

    const { answer } = await bench.invoke({ ...(await originalOf(bench)), IgnoreTTL: 'TRUE', ZoneSerial: '5' });

    expect(answer).toMatchObject({
      outcome: 'mirrored',
      document: DOCUMENT,
      serial: { from: 5, to: 7 },
      add: 2,
      change: 0,
      remove: 1,
      unchanged: 2,
    });
    expect(await bench.serial()).toBe(7);
    expect((await bench.invoke(await originalOf(bench))).answer).toMatchObject({ outcome: 'unchanged' });
  });

  it('T64 the function that only looks is asked to mirror: refused, nothing is written', async () => {
    const bench = shared();
    const { estate, primary } = bench;
    primary.serve(8, RECORDS);
    const [writes, { connections }] = [estate.writes(), primary];

    for (const event of [EVENT, RULE, { ...EVENT, expect: { serial: 8 } }, await originalOf(bench)]) {
      expect((await bench.invoke(event, 'Plan')).answer).toMatchObject({ outcome: 'refused-event' });
    }
    expect([estate.writes(), primary.connections]).toEqual([writes, connections]);
  });
});
