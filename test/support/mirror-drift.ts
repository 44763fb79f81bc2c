import { afterEach, expect } from 'vitest';
import { nameOf } from '../../src/reconcilers/function/names.ts';
import type { MirrorBench } from './mirror-bench.ts';

/** A string that somebody puts where it does not belong: no report repeats it. */
export const CANARY = 'canary-4711';

/** What is edited by hand, how, of which resource, and the field that drift names. */
export type Edit = readonly [what: string, edit: () => Promise<unknown>, id: string, field: string];

/** Physical name of a resource of the mirror, by its logical id. */
export async function physicalNameOf({ estate }: MirrorBench, id: string): Promise<string> {
  const { documents, estate: look } = await estate.load();
  const [corp] = documents;
  if (!corp) throw new Error('there is no document');
  return nameOf(corp, look, id);
}

/** Drift names the field and nothing else, a plan heals that alone, and the plan after it is empty. */
export async function expectHealed({ estate }: MirrorBench, [, edit, id, field]: Edit): Promise<void> {
  // Lambda takes no change while the one before is under way.
  estate.account.elapse(60_000);
  await edit();

  const found = await estate.drift();
  const plan = await estate.plan();

  expect(found.complete).toBe(true);
  expect(found.drifted.map((one) => [one.id, one.changes.map(({ path }) => path.split(/[./]/)[0])])).toEqual([
    [`ZoneMirror/corp/${id}`, [field]],
  ]);
  expect(plan.actions.map((one) => one.id)).toEqual([`ZoneMirror/corp/${id}`]);
  expect(JSON.stringify([found, plan])).not.toContain(CANARY);
  const none = { create: 0, update: 0, replace: 0, delete: 0, adopt: 0 };
  expect(await estate.apply(plan)).toMatchObject({ outcome: 'applied', failed: [], replan: { summary: none } });
}

/** What one test has left broken is mended before the next. */
export function healAfterFailure(shared: () => MirrorBench): void {
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await shared().estate.apply();
  });
}
