import { resourceAddress } from './address.ts';
import { LeaseLostError } from './lease.ts';
import { basisOf, claimOf, targetOf } from './observe.ts';
import { dependenciesOf, inDependencyOrder } from './order.ts';
import { ownershipOf } from './ownership.ts';
import { PENDING_BUDGET_MS, SETTLE_BUDGET_MS, createPatience, growingPauses } from './patience.ts';
import type { PlannedInternals } from './plan.ts';
import { compare } from './plan-resource.ts';
import { canonical } from './value.ts';
import { typeOf } from './world.ts';
import type { World } from './world.ts';
import type {
  Action,
  Change,
  Address,
  Desired,
  Difference,
  Document,
  Observation,
  Progress,
  Target,
  Value,
} from './types.ts';

/** How one planned action ended. */
export type Ending =
  | { readonly id: Address; readonly state: 'done' }
  | { readonly id: Address; readonly state: 'failed'; readonly error: string }
  | { readonly id: Address; readonly state: 'skipped'; readonly why: string; readonly interrupted?: true };

export interface Execution {
  /** Aborted: calls in flight end, nothing new starts. Its reason may be a sentence. */
  readonly stop: AbortSignal;
  onStep(id: Address, text: string): void;
  onEnd(ending: Ending): void;
}

/** The last write. */
interface Written {
  readonly progress: Progress;
  /** How the object looked before it. */
  readonly look: string;
  /** Between looks that find it as it was. */
  readonly pauses: () => number;
  /** Was it given time to show? */
  readonly isAwaited: boolean;
}

interface Settled {
  readonly ending: Ending;
  readonly attributes: Readonly<Record<string, Value>>;
}

/** Why nothing new starts. */
export function whyStopped({ stop }: Execution): string {
  return typeof stop.reason === 'string' ? stop.reason : 'interrupted';
}

/** Runs tasks with one key one after the other. */
export type Exclusive = <Result>(key: string | undefined, task: () => Promise<Result>) => Promise<Result>;

export function createExclusive(): Exclusive {
  const tails = new Map<string, Promise<unknown>>();
  return function exclusive(key, task) {
    if (key === undefined) return task();
    const result = (tails.get(key) ?? Promise.resolve()).then(task);
    tails.set(
      key,
      result.catch(() => undefined),
    );
    return result;
  };
}

/** Runs one document's actions along its dependencies; a failure stops its dependents only. */
export async function executeDocument(
  world: World,
  planned: PlannedInternals,
  actions: readonly Action[],
  exclusive: Exclusive,
  execution: Execution,
): Promise<readonly Ending[]> {
  const byId = new Map(actions.map((action) => [action.id, action]));
  const seenById = new Map(planned.seen.map((seen) => [seen.desired.id, seen]));
  const runs = new Map<string, Promise<Settled>>();

  async function run(desired: Desired): Promise<Settled> {
    const id = resourceAddress(planned.document, desired.id);
    const parents = new Map<string, Settled>();
    for (const dependency of dependenciesOf(desired)) {
      const parent = await runs.get(dependency);
      if (parent) parents.set(dependency, parent);
    }
    const action = byId.get(id);
    if (!action) return { ending: { id, state: 'done' }, attributes: seenById.get(desired.id)?.attributes ?? {} };
    const ending = await attempt();
    execution.onEnd(ending.ending);
    return ending;

    async function attempt(): Promise<Settled> {
      const broken = [...parents.values()].find((parent) => parent.ending.state !== 'done');
      if (broken) {
        const interrupted = broken.ending.state === 'skipped' && broken.ending.interrupted;
        const why = interrupted ? whyStopped(execution) : `${broken.ending.id} was not done`;
        return { ending: { id, state: 'skipped', why, ...(interrupted && { interrupted: true }) }, attributes: {} };
      }
      const attributeOf = (parent: string, name: string): Value | undefined => parents.get(parent)?.attributes[name];
      const target = targetOf(world, planned.document, desired, planned.seal, attributeOf);
      if (!target || !action) {
        return { ending: { id, state: 'failed', error: 'something it refers to is still not known' }, attributes: {} };
      }
      const key = typeOf(world, desired.type).exclusive?.(target);
      return exclusive(key, () =>
        world.schedule(target.place, () => settle(world, planned.document, desired, target, action, execution)),
      );
    }
  }

  for (const desired of inDependencyOrder(planned.resources)) runs.set(desired.id, run(desired));
  const settled = await Promise.all(runs.values());
  return settled.map(({ ending }) => ending).filter(({ id }) => byId.has(id));
}

/** Observe, take one crash-safe step, observe again, until there is nothing left to do. */
async function settle(
  world: World,
  document: Document,
  desired: Desired,
  target: Target,
  action: Action,
  execution: Execution,
): Promise<Settled> {
  const type = typeOf(world, desired.type);
  const { id } = action;
  const pending = createPatience(world.clock, PENDING_BUDGET_MS, execution.stop);
  const settling = createPatience(world.clock, SETTLE_BUDGET_MS, execution.stop);
  let isFirst = true;
  let written: Written | undefined;

  for (;;) {
    if (execution.stop.aborted) return stopped();
    try {
      const observation = await type.observe(target);
      if (observation.state === 'unknown') return failed(`could not be looked at: ${observation.detail}`);
      const stranger = whoseElse(observation);
      if (stranger) return failed(stranger);
      const rest = await remaining(observation);
      if (hasMoved(observation, rest)) {
        return failed(`it moved ${isFirst ? 'after it was planned' : 'while it was written'}: plan again`);
      }
      isFirst = false;
      if (rest === undefined) {
        return { ending: { id, state: 'done' }, attributes: attributesOf(observation) };
      }
      const look = lookOf(observation, rest);
      if (written?.look !== look) written = undefined;
      if (written?.progress.done) {
        // The write succeeded and does not show yet: it is looked at again, not written again.
        if (!(await settling.wait(written.pauses()))) return failed('the write succeeded but does not show');
        continue;
      }
      const pauses = written?.pauses ?? growingPauses();
      if (written && !written.isAwaited && showsLater(observation, written.progress)) {
        // It was made, or somebody else has the name, or its first step does not show yet: it does after a while, and
        // nothing is sent before another look.
        if (!(await pending.wait(pauses()))) return failed('what was written does not show');
        written = { ...written, isAwaited: true };
        continue;
      }
      const progress = await step(observation, rest ?? []);
      written = { progress, look, pauses, isAwaited: false };
      if (progress.done) {
        // What a renamed object is to become follows its new mark; what an adopted one is to become is the next plan's.
        if (action.action === 'adopt') return { ending: { id, state: 'done' }, attributes: {} };
        continue;
      }
      execution.onStep(id, progress.waiting);
      if (!(await pending.wait(progress.again))) return failed(`gave up waiting: ${progress.waiting}`);
    } catch (error) {
      if (error instanceof LeaseLostError) return stopped();
      return failed(error instanceof Error ? error.message : String(error));
    }
  }

  /** Somebody may have made or marked an object of this name since the plan: it is never written to. */
  function whoseElse(observation: Exclude<Observation, { state: 'unknown' }>): string | undefined {
    const { verdict } = ownershipOf(observation, claimOf(world, document, desired));
    const isTakenOver = action.action === 'adopt' || action.action === 'mark';
    const admitted = isTakenOver
      ? ['adoptable', 'renamed', 'inherited', 'ours', 'unfinished']
      : ['absent', 'ours', 'unfinished'];
    if (admitted.includes(verdict)) return undefined;
    return `what is there now is not ours (${verdict}): plan again`;
  }

  /** What is left to do; undefined: nothing. */
  async function remaining(
    observation: Exclude<Observation, { state: 'unknown' }>,
  ): Promise<readonly Difference[] | undefined> {
    if (observation.state === 'absent') return (await hasNoContent()) ? undefined : [];
    if (needsMark(observation)) return [];
    const comparison = await compare(type, { draft: { ...target } }, target, observation);
    if ('state' in comparison) throw new Error(`could not be looked at: ${comparison.detail}`);
    const { differences, findings = [] } = comparison;
    const blocking = findings.find(({ severity }) => severity === 'blocks');
    if (blocking) throw new Error(blocking.message);
    const grown = differences.find(({ path, extent }) => (extent?.delete ?? 0) > plannedDeletes(path));
    if (grown) throw new Error(`${grown.path} would lose more than was planned: plan again`);
    const isStamped = type.marker === 'tag' || type.marker === 'companion';
    // The stamp of what was applied comes last: without it nobody could tell tomorrow who moved what.
    const isUnfinished = isStamped && observation.applied !== target.applied;
    return differences.length > 0 || isUnfinished ? differences : undefined;
  }

  /** Is it of a type that is only content, and is there none to be? Then there is nothing to create. */
  async function hasNoContent(): Promise<boolean> {
    if (type.managed.length > 0 || !type.foresee) return false;
    const foreseen = await type.foresee({ ...target });
    if ('state' in foreseen) throw new Error(`could not be foreseen: ${foreseen.detail}`);
    return foreseen.differences.length === 0;
  }

  function needsMark(observation: Exclude<Observation, { state: 'unknown' }>): boolean {
    if (action.action === 'adopt') return true;
    const { verdict } = ownershipOf(observation, claimOf(world, document, desired));
    return verdict === 'renamed' || verdict === 'inherited';
  }

  function plannedDeletes(path: string): number {
    return action.changes.find((change) => change.path === path)?.extent?.delete ?? 0;
  }

  function step(
    observation: Exclude<Observation, { state: 'unknown' }>,
    differences: readonly Difference[],
  ): Promise<Progress> {
    if (observation.state === 'absent') return type.create(target);
    if (needsMark(observation)) {
      if (!type.adopt) throw new Error(`${type.type} cannot be marked`);
      return type.adopt(target, observation);
    }
    return type.update(target, observation, differences);
  }

  /**
   * The reads right before and after a write must show what the plan saw, or less of it (threats F14): who writes at the
   * same time is not overwritten where the service compares, and noticed where it does not. Our own writes move the
   * basis; content that is live, or is counted item by item, may move.
   */
  function hasMoved(observation: Observation, rest: readonly Difference[] | undefined): boolean {
    if (action.action === 'create') return false;
    if (isFirst && basisOf(observation) !== action.basis) return true;
    const planned = new Map(action.changes.map((change) => [change.path, change]));
    return (rest ?? []).some((difference) => {
      const change = planned.get(difference.path);
      if (difference.live || (!isFirst && difference.items)) return false;
      if (!change) return true;
      if (canonical(change.before) === canonical(difference.before)) return false;
      return isFirst || !isOnTheWay(change, difference.before);
    });
  }

  /** A list that we change item by item may be seen while some of them are changed. */
  function isOnTheWay({ before, after }: Change, now: Value): boolean {
    if (!Array.isArray(before) || !Array.isArray(after) || !Array.isArray(now)) return false;
    const known = new Set([...(before as Value[]), ...(after as Value[])].map(canonical));
    return now.every((item) => known.has(canonical(item)));
  }

  /** Is what was just seen older than the step that was taken? Content in bulk takes many steps that look alike. */
  function showsLater(observation: Observation, progress: Progress): boolean {
    if (observation.state === 'absent') return true;
    return type.managed.length > 0 && !progress.done && progress.again === 0;
  }

  /** All that tells whether a write shows. */
  function lookOf(observation: Observation, rest: readonly Difference[] | undefined): string {
    const applied = observation.state === 'present' ? observation.applied : undefined;
    return canonical([basisOf(observation), applied ?? null, (rest ?? null) as Value]);
  }

  function attributesOf(observation: Observation): Readonly<Record<string, Value>> {
    const predicted = type.predict?.(target) ?? {};
    return { ...predicted, ...(observation.state === 'present' ? observation.attributes : {}) } as Record<
      string,
      Value
    >;
  }

  function stopped(): Settled {
    return { ending: { id, state: 'skipped', why: whyStopped(execution), interrupted: true }, attributes: {} };
  }

  function failed(error: string): Settled {
    return { ending: { id, state: 'failed', error }, attributes: {} };
  }
}
