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

  it('T72 does not keep it busy for ever', async () => {
    const estate = await inOneBucket('heal');
    const position = { id: 'x', until: 9e15, bundle: '', next: 0, invocations: 1, tally: {} };
    await estate.put(STATE, Buffer.from(JSON.stringify({ format: 'trueup/loop@1', inLine: {}, position })));

    expect(await estate.run()).toMatchObject({ outcome: 'in-line' });
  });
});

describe('a loop that is told less by its configuration than it was deployed with', () => {
  it('does no more than that: what it was told may be older', async () => {
    const estate = await inOneBucket('heal');
    estate.write('loop.yaml', loopYaml('report'));
    await estate.publish(7);
    await setPace(estate, 'office-hours', 'rate(7 days)');

    expect(await estate.run()).toMatchObject({ outcome: 'drifted', mode: 'report', healed: 0, open: 1 });
  });
});
