import type { Located, MarkedObject, Present, ResourceType, Target, Value } from '../../src/engine/types.ts';
import type { Desired } from '../../src/engine/types.ts';
import { HERE, OWNER } from './fake-world.ts';
import type { ResourceBench } from './resource-bench.ts';

/** More than any removal of a test takes. */
const MOST_STEPS = 40;

/** Which object: of a type, by what it was declared with or found by. */
export interface Which {
  readonly type: string;
  readonly properties: Readonly<Record<string, Value>>;
  readonly address: string;
}

export function whichOf({ id, type, properties }: Desired): Which {
  return { type, properties: properties as Readonly<Record<string, Value>>, address: `Fake/app/${id}` };
}

function targetOf({ address, properties }: Which): Target {
  return { address, owner: OWNER, place: HERE, properties, token: '', applied: '', protect: false };
}

interface Found {
  readonly type: ResourceType;
  readonly target: Target;
  /** Undefined: it is not there. */
  readonly seen: Present | undefined;
}

/** A look by types that have seen nothing yet. */
async function find(bench: ResourceBench, which: Which): Promise<Found> {
  const type = bench.types().get(which.type)!;
  const target = targetOf(which);
  const seen = await type.observe(target);
  if (seen.state === 'unknown') throw new Error(seen.detail);
  return { type, target, seen: seen.state === 'absent' ? undefined : seen };
}

/** What is there; undefined: nothing is. */
export async function observeObject(bench: ResourceBench, which: Which): Promise<Present | undefined> {
  return (await find(bench, which)).seen;
}

/**
 * Deletes an object; each step is a command of its own, which knows nothing of the last one.
 *
 * @param failures how many steps may fail, as by an injected fault.
 * @returns how many steps failed.
 */
export async function removeObject(bench: ResourceBench, which: Which, failures = 0): Promise<number> {
  let failed = 0;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    try {
      const { type, target, seen } = await find(bench, which);
      if (!seen) return failed;
      const progress = await type.remove!(target, seen);
      if (!progress.done) bench.account.elapse(progress.again);
    } catch (error) {
      failed += 1;
      if (failed > failures) throw error;
    }
  }
  throw new Error(`${which.address} is still there after ${MOST_STEPS} steps`);
}

export async function releaseObject(bench: ResourceBench, which: Which): Promise<void> {
  const { type, target, seen } = await find(bench, which);
  const progress = seen && (await type.release!(target, seen));
  if (!progress?.done) throw new Error(`${which.address} is not released`);
}

export async function locateObject(
  bench: ResourceBench,
  type: string,
  found: Omit<MarkedObject, 'place'>,
): Promise<Located | undefined> {
  return bench.types().get(type)!.locate!({ ...found, place: HERE });
}
