import pLimit from 'p-limit';
import type { LimitFunction } from 'p-limit';
import type { Calls, Clock, Document, Estate, Kind, MarkedObject, Place, ResourceType, Unknown } from './types.ts';

/** Everything the engine is handed: it constructs none of it. */
export interface World {
  readonly kinds: ReadonlyMap<string, Kind>;
  readonly types: ReadonlyMap<string, ResourceType>;
  readonly estate: Estate;
  /** Earlier owners whose markers may be re-marked, from `Settings.formerly`. */
  readonly formerOwners: readonly string[];
  readonly clock: Clock;
  readonly schedule: Scheduler;
  /** Looks for everything that carries our marker. Absent: nothing is looked for, and nothing is ever pruned. */
  readonly inventory?: Inventory;
  /** API calls made so far. */
  calls(): Calls;
}

/**
 * Everything with our marker, wherever it may be; what could not be listed is said.
 *
 * @param declared places of what is declared; there may be more.
 * @param isDeclared by type and physical name: those need not be asked for one by one.
 */
export type Inventory = (
  declared: readonly Place[],
  isDeclared: (type: string, resource: string) => boolean,
) => Promise<Found>;

export interface Found {
  readonly objects: readonly MarkedObject[];
  readonly unseen: readonly Unseen[];
}

/** A place, or a service of it, that could not be listed. */
export interface Unseen {
  /** `what is tagged in eu-west-1 of 111122223333`, for people. */
  readonly what: string;
  readonly unknown: Unknown;
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

export function typeOf(world: Pick<World, 'types'>, name: string): ResourceType {
  const type = world.types.get(name);
  if (!type) throw new Error(`no resource type ${name} is registered`);
  return type;
}

/** Of any properties: the engine hands each type the targets that it made for that type, and looks into none. */
export function erasedType<Properties, Attributes>(type: ResourceType<Properties, Attributes>): ResourceType {
  return type as unknown as ResourceType;
}

export function kindOf(world: Pick<World, 'kinds'>, document: Document): Kind {
  const kind = world.kinds.get(document.kind);
  if (!kind) throw new Error(`no kind ${document.kind} is registered`);
  return kind;
}
