import { resourceAddress } from './address.ts';
import { appliedOf } from './applied.ts';
import { dependenciesOf, inDependencyOrder } from './order.ts';
import { isOurs, ownershipOf } from './ownership.ts';
import type { Claim, Ownership } from './ownership.ts';
import { equal, hash, refsOf, resolve, resolveKnown } from './value.ts';
import { typeOf } from './world.ts';
import type { World } from './world.ts';
import type { Address, Desired, Document, Draft, Observation, Target, Value } from './types.ts';

/** One desired resource beside what was found of it. */
export interface Seen {
  readonly desired: Desired;
  readonly address: Address;
  readonly draft: Draft;
  /**
   * Undefined while a reference is not known by which the object is found (`ResourceType.foundBy`). One of a target by which
   * it is not may be symbolic still.
   */
  readonly target: Target | undefined;
  readonly observation: Observation;
  /** Whose it is; undefined when it could not be looked at. */
  readonly ownership: Ownership | undefined;
  /** It hangs on an object that is not ours: nothing of it is looked at, compared or said (threats T29). */
  readonly withheld: boolean;
  /** Attributes it refers to, as they resolved; null: not known yet. */
  readonly bound: Readonly<Record<string, Value>>;
  readonly attributes: Readonly<Record<string, Value>>;
}

/** The desired resource as its type sees it, with the attributes of what it refers to. */
export function draftOf(world: Pick<World, 'estate' | 'formerOwners'>, document: Document, desired: Desired): Draft {
  const [first] = document.formerly;
  return {
    address: resourceAddress(document, desired.id),
    ...(first !== undefined && { named: resourceAddress({ kind: document.kind, name: first }, desired.id) }),
    owner: world.estate.owner,
    ...ownersOf(world),
    place: desired.place,
    properties: desired.properties,
  };
}

/** Whose names and markers count beside today's owner's. */
export function ownersOf({
  estate,
  formerOwners,
}: Pick<World, 'estate' | 'formerOwners'>): Pick<Draft, 'firstOwner' | 'formerOwners'> {
  const { owner, firstOwner } = estate;
  return { ...(firstOwner !== owner && { firstOwner }), ...(formerOwners.length > 0 && { formerOwners }) };
}

export function targetOf(
  world: Pick<World, 'estate' | 'formerOwners' | 'types'>,
  document: Document,
  desired: Desired,
  seal: string,
  attributeOf: (id: string, attribute: string) => Value | undefined,
): Target | undefined {
  const properties = resolve(desired.properties, attributeOf) as Record<string, Value> | undefined;
  return properties && targetWith(world, document, desired, seal, properties);
}

/** What can be looked for already, though not all of what it is to be is known. */
function soughtOf(
  world: Pick<World, 'estate' | 'formerOwners' | 'types'>,
  document: Document,
  desired: Desired,
  seal: string,
  attributeOf: (id: string, attribute: string) => Value | undefined,
): Target | undefined {
  const { foundBy } = typeOf(world, desired.type);
  if (!foundBy) return undefined;
  const properties = resolveKnown(desired.properties, attributeOf) as Record<string, Value>;
  const isFindable = foundBy.every((name) => refsOf(properties[name]).length === 0);
  return isFindable ? targetWith(world, document, desired, seal, properties) : undefined;
}

function targetWith(
  world: Pick<World, 'estate' | 'formerOwners' | 'types'>,
  document: Document,
  desired: Desired,
  seal: string,
  properties: Readonly<Record<string, Value>>,
): Target {
  const draft = draftOf(world, document, desired);
  return {
    ...draft,
    properties,
    token: hash([draft.address, seal]).slice(0, 16),
    applied: appliedOf(typeOf(world, desired.type).managed, properties, document),
    protect: document.protect,
    ...(document.onRemove && { onRemove: document.onRemove }),
  };
}

/**
 * Observes a document's resources, each as soon as what it refers to is known: a child of an absent parent is
 * absent without a call, of an unknown parent unknown.
 */
export async function observeDocument(
  world: World,
  document: Document,
  resources: readonly Desired[],
  seal: string,
): Promise<readonly Seen[]> {
  const looks = new Map<string, Promise<Seen>>();

  async function look(desired: Desired): Promise<Seen> {
    const parents = new Map<string, Seen>();
    for (const id of dependenciesOf(desired)) {
      const parent = await looks.get(id);
      if (parent) parents.set(id, parent);
    }
    const attributeOf = (id: string, attribute: string): Value | undefined => parents.get(id)?.attributes[attribute];
    const type = typeOf(world, desired.type);
    const whole = targetOf(world, document, desired, seal, attributeOf);
    const target = whole ?? soughtOf(world, document, desired, seal, attributeOf);
    const withheld = [...parents.values()].some((parent) => parent.withheld || !isOurs(parent.ownership));
    const unknownParent = [...parents.values()].find((parent) => parent.observation.state === 'unknown');
    const observation = await observe();
    const bound = Object.fromEntries(
      refsOf(desired.properties).map(([id, name]) => [`${id}.${name}`, attributeOf(id, name) ?? null]),
    );
    const predicted = whole && type.predict ? type.predict(whole) : {};
    const found = observation.state === 'present' ? observation.attributes : {};
    return {
      desired,
      address: resourceAddress(document, desired.id),
      draft: draftOf(world, document, desired),
      target,
      observation,
      ownership:
        observation.state === 'unknown' ? undefined : ownershipOf(observation, claimOf(world, document, desired)),
      withheld,
      bound,
      attributes: { ...predicted, ...found } as Record<string, Value>,
    };

    async function observe(): Promise<Observation> {
      if (unknownParent) {
        return {
          state: 'unknown',
          reason: 'parent-unknown',
          detail: `${unknownParent.address} could not be looked at`,
        };
      }
      if (!target || withheld) return { state: 'absent' };
      return world.schedule(target.place, () => type.observe(target));
    }
  }

  for (const desired of inDependencyOrder(resources)) looks.set(desired.id, look(desired));
  return Promise.all(looks.values());
}

/** What makes an object of this name ours. */
export function claimOf(world: World, document: Document, desired: Desired): Claim {
  const { marker } = typeOf(world, desired.type);
  return {
    owner: world.estate.owner,
    formerOwners: world.formerOwners,
    address: resourceAddress(document, desired.id),
    formerAddresses: document.formerly.map((name) => resourceAddress({ kind: document.kind, name }, desired.id)),
    adopt: document.adopt,
    stamped: marker === 'tag' || marker === 'companion',
    declared: (address) => world.estate.document(address.slice(0, address.lastIndexOf('/'))) !== undefined,
  };
}

/** What must not have moved between review and apply: the object's own id, marker, protection and risk. */
export function basisOf(observation: Observation): string {
  if (observation.state !== 'present') return hash(observation.state);
  const { resource, marker, protected: isProtected, risk } = observation;
  return hash({ resource, marker: marker ?? null, protected: isProtected, risk: risk ?? null });
}

/** Structural comparison of the managed properties that the document names. */
export function structuralDifferences(
  type: { readonly fields?: { readonly [key: string]: 'immutable' | 'initial' | undefined } },
  draft: Draft,
  target: Target,
  found: Readonly<Record<string, Value | undefined>>,
): { path: string; before: Value; after: Value; replaces?: true }[] {
  return Object.keys(target.properties).flatMap((path) => {
    const mode = type.fields?.[path];
    const before = found[path] ?? null;
    const wanted = target.properties[path] ?? null;
    if (mode === 'initial' || equal(before, wanted)) return [];
    const after = (draft.properties as Record<string, Value>)[path] ?? null;
    return [{ path, before, after, ...(mode === 'immutable' && { replaces: true as const }) }];
  });
}
