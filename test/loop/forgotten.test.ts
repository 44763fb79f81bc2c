import { describe, expect, it, vi } from 'vitest';
import { BUCKET, createLoopEstate, loopYaml } from '../support/loop-estate.ts';
import type { LoopEstate } from '../support/loop-estate.ts';
import { paceOf, setPace } from '../support/rules.ts';
import { scheduleYaml } from '../support/schedule-estate.ts';

// A function is loaded anew for every account, and several tests run beside each other.
vi.setConfig({ testTimeout: 120_000 });

const BUNDLE = 'estate.tar.gz';
const APPROVAL = `${BUNDLE}.approval.json`;
const STATE = 'trueup/acme-network/loop/main.json';
const EMPTY = JSON.stringify({ format: 'trueup/loop@1', inLine: {} });

const every = (minutes: number): string => scheduleYaml([`every: rate(${minutes} minutes)`]);

/** Bundle, lease and state in one bucket. */
async function inOneBucket(mode: 'heal' | 'apply'): Promise<LoopEstate> {
  const estate = await createLoopEstate({ mode, documents: { 'office.yaml': every(10) } });
  estate.rewrite('settings.yaml', (yaml) => `${yaml}  lease: { bucket: ${BUCKET} }\n`);
  expect((await estate.apply(await estate.plan())).outcome).toBe('applied');
  await estate.publish(6);
  expect(await estate.run()).toMatchObject({ outcome: 'in-line', generation: 6 });
  return estate;
}

describe('T72 somebody who may write every object of the bucket', () => {
  it('T72 does not have an older bundle and its approval applied again, though the state is put back as well', async () => {
    const estate = await inOneBucket('apply');
    estate.write('office.yaml', every(20));
    await estate.publish(7);
    await estate.approve([await estate.plan()]);
    const [bundle, approval] = [await estate.object(BUNDLE), await estate.object(APPROVAL)];
    expect(await estate.run()).toMatchObject({ outcome: 'applied' });
    estate.write('office.yaml', every(10));
    await estate.publish(8);
    await estate.approve([await estate.plan()]);
    expect(await estate.run()).toMatchObject({ outcome: 'applied', generation: 8 });

    await estate.put(BUNDLE, bundle);
    await estate.put(APPROVAL, approval);
    await estate.put(STATE, Buffer.from(EMPTY));

    expect(await estate.run()).toMatchObject({ outcome: 'refused', refusal: { code: 'rolled-back' } });
    expect(await paceOf(estate, 'office-hours')).toBe('rate(10 minutes)');
  });

  it.each(['heal', 'apply'] as const)(
    'T72 in mode %s does not have a document made that nobody applied',
    async (mode) => {
      const estate = await inOneBucket(mode);
      estate.write('second.yaml', scheduleYaml(['every: rate(10 minutes)', 'tagKey: B'], 'second'));
      await estate.publish(7);
      expect(await estate.run()).toMatchObject({ healed: 0, left: [{ document: 'InstanceSchedule/second' }] });
      const state = JSON.parse(Buffer.from(await estate.object(STATE)).toString()) as {
        inLine: Record<string, string>;
      };
      const { documents } = await estate.plan();
      for (const { kind, name, seal } of documents) state.inLine[`${kind}/${name}`] = seal.slice(0, 24);
      await estate.put(STATE, Buffer.from(JSON.stringify(state)));

      expect(await estate.run()).toMatchObject({
        healed: 0,
        applied: 0,
        forgot: true,
        left: [{ document: 'InstanceSchedule/second', why: 'not-applied' }],
      });
      expect((await estate.lines()).at(-1)).toMatchObject({ Forgotten: 1 });
      expect(await paceOf(estate, 'second')).toBeUndefined();
      // Of what was seen since it is sure again.
      expect((await estate.lines()).filter(({ Forgotten }) => Forgotten === 1)).toHaveLength(1);
      await setPace(estate, 'office-hours', 'rate(7 days)');
      expect(await estate.run()).toMatchObject({ healed: 1 });
    },
  );

  it('T72 does not have it look at nothing', async () => {
    const estate = await inOneBucket('heal');
    const { digest: bundle } = await estate.publish(7);
    await setPace(estate, 'office-hours', 'rate(7 days)');
    const tally = { documents: 2, drifted: [], differences: 0, open: 0, healed: 0, applied: 0, left: [], leftAlone: 0 };
    const position = { id: 'x', until: 0, bundle, next: 99, invocations: 1, tally: { ...tally, failed: [] } };
    const state = JSON.parse(Buffer.from(await estate.object(STATE)).toString()) as object;
    await estate.put(STATE, Buffer.from(JSON.stringify({ ...state, position })));

    expect(await estate.run()).toMatchObject({ outcome: 'healed', healed: 1, forgot: true });
  });

  it('T72 does not keep it busy for ever', async () => {
    const estate = await inOneBucket('heal');
    const position = { id: 'x', until: 9e15, bundle: '', next: 0, invocations: 1, tally: {} };
    await estate.put(STATE, Buffer.from(JSON.stringify({ format: 'trueup/loop@1', inLine: {}, position })));

    expect(await estate.run()).toMatchObject({ outcome: 'in-line' });
  });
});

describe('a loop that is told less by its configuration than it was deployed with', () => {
  it('is about no more kinds than that', async () => {
    const estate = await inOneBucket('heal');
    estate.write('loop.yaml', loopYaml('heal', ['onlyKinds: [ZoneMirror]']));
    await estate.publish(7);
    await setPace(estate, 'office-hours', 'rate(7 days)');
    expect(await estate.run()).toMatchObject({ outcome: 'in-line', documents: 0, healed: 0 });

    estate.write('loop.yaml', loopYaml('heal', ['onlyKinds: [InstanceSchedule]']));
    await estate.publish(8);
    expect(await estate.run()).toMatchObject({ outcome: 'healed', documents: 1, healed: 1 });
  });

  it('does no more than that: what it was told may be older', async () => {
    const estate = await inOneBucket('heal');
    estate.write('loop.yaml', loopYaml('report'));
    await estate.publish(7);
    await setPace(estate, 'office-hours', 'rate(7 days)');

    expect(await estate.run()).toMatchObject({ outcome: 'drifted', mode: 'report', healed: 0, open: 1 });
  });
});
