import { expect, it, vi } from 'vitest';
import { documentAddress } from '../../src/engine/address.ts';
import type * as Slices from '../../src/operations/loop/slices.ts';
import { memoryCell } from '../../src/operations/file-cell.ts';
import { invocation, invocations } from '../support/loop-runs.ts';
import { createManySchedules } from '../support/many-schedules.ts';

vi.setConfig({ testTimeout: 120_000 });

// A document is a slice: fourteen of them are a long run.
vi.mock('../../src/operations/loop/slices.ts', (): typeof Slices => ({
  slicesOf: (documents) => documents.map((document) => [documentAddress(document)]),
}));

it('a run that goes on twelve times gives the lease back, and the next scheduled run goes on', async () => {
  const estate = await createManySchedules(14);
  const state = memoryCell();
  expect(await invocation(estate, { state })).toMatchObject({ outcome: 'in-line' });
  await estate.tamper([0, 13]);

  // None has time for more than one.
  const { answers, leases } = await invocations(estate, { state });

  expect(answers.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 12 }, () => 'goes-on'));
  expect(leases.map(({ holder }) => holder !== null)).toEqual([...Array.from({ length: 11 }, () => true), false]);
  expect(await invocation(estate, { state })).toMatchObject({ outcome: 'healed', invocation: 13, healed: 2 });
  expect(await estate.wrongRules()).toEqual([]);
});
