import { whyStopped } from './execute.ts';
import type { Ending, Exclusive, Execution } from './execute.ts';
import { LeaseLostError } from './lease.ts';
import { PENDING_BUDGET_MS, SETTLE_BUDGET_MS, SETTLE_PAUSE_MS, createPatience } from './patience.ts';
import { basisOf } from './observe.ts';
import type { Removal } from './prune.ts';
import { typeOf } from './world.ts';
import type { World } from './world.ts';
import type { Address, Observation, Present, Progress } from './types.ts';

/**
 * Removes or releases what nothing declares: references first, after everything that their documents still declare.
 *
 * @param before how the actions on declared resources ended.
 */
export async function executeRemovals(
  world: World,
  removals: readonly Removal[],
  before: readonly Ending[],
  exclusive: Exclusive,
  execution: Execution,
): Promise<readonly Ending[]> {
  const endings = new Map(before.map((ending): [Address, Promise<Ending>] => [ending.id, Promise.resolve(ending)]));
  const byId = new Map(removals.map((removal) => [removal.action.id, removal]));

  function run(removal: Removal): Promise<Ending> {
    const { id } = removal.action;
    const known = endings.get(id);
    if (known) return known;
    const ending = follow(removal);
    endings.set(id, ending);
    return ending;
  }

  async function follow(removal: Removal): Promise<Ending> {
    const { action, target, place } = removal;
    const { id } = action;
    for (const dependency of action.dependsOn) {
      const other = byId.get(dependency);
      const ending = await (other ? run(other) : endings.get(dependency));
      if (!ending || ending.state === 'done') continue;
      const interrupted = ending.state === 'skipped' && ending.interrupted === true;
      const why = interrupted ? whyStopped(execution) : `${dependency} was not done`;
      return end({ id, state: 'skipped', why, ...(interrupted && { interrupted }) });
    }
    const key = typeOf(world, removal.type).exclusive?.(target);
    return end(await exclusive(key, () => world.schedule(place, () => settle(world, removal, execution))));
  }

  function end(ending: Ending): Ending {
    execution.onEnd(ending);
    return ending;
  }

  return Promise.all(removals.map(run));
}

/** Look, take one crash-safe step, look again, until it is gone or let go. */
async function settle(world: World, { action, type: name, target }: Removal, execution: Execution): Promise<Ending> {
  const type = typeOf(world, name);
  const { id } = action;
  const pending = createPatience(world.clock, PENDING_BUDGET_MS, execution.stop);
  const settling = createPatience(world.clock, SETTLE_BUDGET_MS, execution.stop);
  let isFirst = true;
  let wasWritten = false;
  let written: Progress = { done: false, waiting: '', again: 0 };
  for (;;) {
    if (execution.stop.aborted) return stopped();
    try {
      const observation = await type.observe(target);
      if (observation.state === 'unknown') return failed(`could not be looked at: ${observation.detail}`);
      if (isOver(observation)) return { id, state: 'done' };
      const found = observation as Present;
      const refusal = isFirst ? await refuse(found) : undefined;
      if (refusal) return failed(refusal);
      isFirst = false;
      if (isAnother(found)) {
        return wasWritten ? { id, state: 'done' } : failed('what is there now is not ours: plan again');
      }
      if (written.done) {
        if (!(await settling.wait(SETTLE_PAUSE_MS))) return failed('the write succeeded but does not show');
        written = { done: false, waiting: '', again: 0 };
        continue;
      }
      written = await step(found);
      wasWritten ||= written.done;
      if (written.done) continue;
      execution.onStep(id, written.waiting);
      if (!(await pending.wait(written.again))) return failed(`gave up waiting: ${written.waiting}`);
    } catch (error) {
      if (error instanceof LeaseLostError) return stopped();
      return failed(error instanceof Error ? error.message : String(error));
    }
  }

  /** Gone, or not ours any more. */
  function isOver(observation: Exclude<Observation, { state: 'unknown' }>): boolean {
    if (observation.state === 'absent') return true;
    return action.action === 'release' && !isFirst && observation.marker === undefined;
  }

  /** Between two steps somebody may have made another one of its name: that is never written to. */
  function isAnother({ resource, marker }: Present): boolean {
    return resource !== action.resource || marker !== `${target.owner}/${target.address}`;
  }

  /** The read right before the first write must show what the plan saw: whose it is, its protection, and what goes with it. */
  async function refuse(found: Present): Promise<string | undefined> {
    if (basisOf(found) !== action.basis) return 'it moved after it was planned: plan again';
    if (action.action !== 'delete') return undefined;
    const losses = (await type.losses?.(target, found)) ?? [];
    const grown = losses.find(({ path, extent }) => {
      const planned = action.changes.find((change) => change.path === path)?.extent?.delete ?? 0;
      return (extent?.delete ?? 0) > planned;
    });
    return grown && `${grown.path} would lose more than was planned: plan again`;
  }

  function step(found: Present): Promise<Progress> {
    const progress = action.action === 'release' ? type.release?.(target, found) : type.remove?.(target, found);
    if (!progress) throw new Error(`${type.type} cannot be ${action.action === 'release' ? 'released' : 'deleted'}`);
    return progress;
  }

  function stopped(): Ending {
    return { id, state: 'skipped', why: whyStopped(execution), interrupted: true };
  }

  function failed(error: string): Ending {
    return { id, state: 'failed', error };
  }
}
