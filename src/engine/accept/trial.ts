import { documentAddress } from '../address.ts';
import { ConfigError } from '../config/config-error.ts';
import { targetOf } from '../observe.ts';
import type { Seen } from '../observe.ts';
import type { PlannedInternals } from '../plan.ts';
import { compare } from '../plan-resource.ts';
import type { Address, Change, Comparison, Desired, Document, Present, ResourceType, Target } from '../types.ts';
import { kindOf, typeOf } from '../world.ts';
import type { World } from '../world.ts';
import { differingPairs } from './spellings.ts';
import type { Pair } from './spellings.ts';

/** A change of the world that is to be accepted. */
export interface Goal {
  readonly id: Address;
  /** Name of the property. */
  readonly path: string;
  readonly change: Change;
}

/** What a document compiles to, held against what was seen before it was edited. Nothing is looked at anew. */
export interface Trial {
  readonly resources: readonly Desired[];
  /** The resource at an address, as it is wanted. */
  desired(id: Address): Desired | undefined;
  /** What still has to move so that a goal is as it was found; undefined: this cannot be told. */
  open(goal: Goal): Promise<readonly Pair[] | undefined>;
  /** Entries of bulk content that would be changed. */
  moving(id: Address): Promise<number>;
}

/** A world as it was seen of one document. */
export interface Looked {
  readonly world: World;
  readonly internals: PlannedInternals;
}

/** Undefined: a document that its kind refuses. */
export function tryDocument(looked: Looked, document: Document): Trial | undefined {
  const { world, internals } = looked;
  const resources = compileValid(world, document);
  if (!resources) return undefined;
  const address = documentAddress(document);
  const byId = new Map(resources.map((desired) => [`${address}/${desired.id}`, desired]));
  const seenById = new Map(internals.seen.map((seen) => [seen.address, seen]));

  async function open({ id, path }: Goal): Promise<readonly Pair[] | undefined> {
    const at = placeOf(id);
    if (!at) return undefined;
    const { type, target, found } = at;
    if (type.managed.length === 0) return type.decided?.(target, found);
    const pairs = differingPairs(target.properties[path] ?? null, found.properties[path] ?? null);
    if (pairs.length > 0) return pairs;
    const comparison = await compared(id);
    return comparison?.differences.some((difference) => difference.path === path) === false ? [] : undefined;
  }

  async function moving(id: Address): Promise<number> {
    const comparison = await compared(id);
    return (comparison?.differences ?? []).reduce(
      (sum, { extent }) => sum + (extent ? extent.create + extent.update + extent.delete : 1),
      0,
    );
  }

  async function compared(id: Address): Promise<Comparison | undefined> {
    const at = placeOf(id);
    const comparison = at && (await compare(at.type, at.seen, at.target, at.found));
    return comparison && 'state' in comparison ? undefined : comparison;
  }

  function placeOf(id: Address): Place | undefined {
    const [desired, seen] = [byId.get(id), seenById.get(id)];
    if (!desired || seen?.observation.state !== 'present') return undefined;
    const attributeOf = (parent: string, attribute: string) =>
      seenById.get(`${address}/${parent}`)?.attributes[attribute];
    const target = targetOf(world, document, desired, internals.seal, attributeOf);
    return target && { type: typeOf(world, desired.type), seen, target, found: seen.observation };
  }

  return { resources, desired: (id) => byId.get(id), open, moving };
}

/** A guess may name an account that there is not, or what its kind cannot read. */
function compileValid(world: World, document: Document): readonly Desired[] | undefined {
  const kind = kindOf(world, document);
  try {
    const faults = kind.faults?.(document, world.estate) ?? [];
    return faults.some(({ warning }) => !warning) ? undefined : kind.compile(document, world.estate);
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

interface Place {
  readonly type: ResourceType;
  readonly seen: Seen;
  readonly target: Target;
  readonly found: Present;
}
