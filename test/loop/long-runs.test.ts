import { describe, expect, it, vi } from 'vitest';
import { RESOURCES_A_DOCUMENT, createManySchedules } from '../support/many-schedules.ts';
import { invocation, invocations } from '../support/loop-runs.ts';
import { memoryCell } from '../../src/operations/file-cell.ts';

/** TRUEUP_SCALE=1 takes 10,000 resources, which is some minutes of one core. */
const IS_LARGE = Boolean(process.env['TRUEUP_SCALE']);
const DOCUMENTS = IS_LARGE ? 1_250 : 100;
/**
 * An invocation looks at one slice. Of the large estate it must look at some: a chain has twelve invocations at most, as
 * Lambda ends one after sixteen. That is done by its time: four minutes, at twelve calls a second.
 */
const SLICES = IS_LARGE ? 4 : 1;
const left = (calls: number): number => (IS_LARGE ? 4 * 60_000 - (calls / 12) * 1_000 : 0);
vi.setConfig({ testTimeout: 20 * 60_000 });

describe('a run that is too long for one invocation', () => {
  it(`${DOCUMENTS * RESOURCES_A_DOCUMENT} resources: position kept, lease held, nothing twice`, async () => {
    const estate = await createManySchedules(DOCUMENTS);
    const state = memoryCell();
    expect(await invocation(estate, { state })).toMatchObject({ outcome: 'in-line', documents: DOCUMENTS });
    await estate.tamper([3, DOCUMENTS >> 1, DOCUMENTS - 2]);
    expect(await estate.wrongRules()).toHaveLength(3);

    const { answers, leases, attempts } = await invocations(estate, { state, left });

    const slices = Math.ceil((DOCUMENTS * RESOURCES_A_DOCUMENT) / 248);
    expect(answers.length).toBeGreaterThanOrEqual(Math.ceil(slices / SLICES));
    expect(answers.slice(0, -1).every(({ outcome }) => outcome === 'goes-on')).toBe(true);
    expect(answers.at(-1)).toMatchObject({
      outcome: 'healed',
      invocation: answers.length,
      documents: DOCUMENTS,
      differences: 3,
      open: 0,
      healed: 3,
      failed: [],
    });
    expect(attempts.filter(({ command }) => command === 'PutRule')).toHaveLength(3);
    expect(await estate.wrongRules()).toEqual([]);
    // Held from the first write to the end, by one token, and given back then.
    expect(new Set(leases.map(({ token }) => token)).size).toBe(1);
    expect(leases.map(({ holder }) => holder !== null)).toEqual(answers.map(({ outcome }) => outcome === 'goes-on'));
  });
});
