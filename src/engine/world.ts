import pLimit from 'p-limit';
import type { LimitFunction } from 'p-limit';
import type { Calls, Clock, Document, Estate, Kind, Place, ResourceType } from './types.ts';

/** Everything the engine is handed: it constructs none of it. */
export interface World {
  readonly kinds: ReadonlyMap<string, Kind>;
  readonly types: ReadonlyMap<string, ResourceType>;
  readonly estate: Estate;
  /** Earlier owners whose markers may be re-marked, from `Settings.formerly`. */
  readonly formerOwners: readonly string[];
  readonly clock: Clock;
  readonly schedule: Scheduler;
  /** API calls made so far. */
  calls(): Calls;
}

/** Runs a task within the bounds of its place. */
export type Scheduler = <Result>(place: Place, task: () => Promise<Result>) => Promise<Result>;

/** design §4: AWS throttles an account and region long before 100 parallel callers help. */
const PARALLEL_PER_PLACE = 10;
const PARALLEL_IN_ALL = 100;

/** Bounds concurrency by place, not globally, so that one slow account does not hold back the others. */
export function createScheduler(concurrency = PARALLEL_PER_PLACE): Scheduler {
  const everywhere = pLimit(PARALLEL_IN_ALL);
  const places = new Map<string, LimitFunction>();
  return function schedule(place, task) {
    const key = `${place.account}/${place.region}`;
    const here = places.get(key) ?? pLimit(concurrency);
    places.set(key, here);
    return here(() => everywhere(task));
  };
}

export function typeOf(world: World, name: string): ResourceType {
  const type = world.types.get(name);
  if (!type) throw new Error(`no resource type ${name} is registered`);
  return type;
}

/** Of any properties: the engine hands each type the targets that it made for that type, and looks into none. */
export function erasedType<Properties, Attributes>(type: ResourceType<Properties, Attributes>): ResourceType {
  return type as unknown as ResourceType;
}

export function kindOf(world: World, document: Document): Kind {
  const kind = world.kinds.get(document.kind);
  if (!kind) throw new Error(`no kind ${document.kind} is registered`);
  return kind;
}
