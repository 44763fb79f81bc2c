import { addressesOf, documentOf, resourceAddress } from './address.ts';
import { ownersOf } from './observe.ts';
import { splitMarker } from './ownership.ts';
import { refsOf } from './value.ts';
import { kindOf, typeOf } from './world.ts';
import type { Found, Unseen, World } from './world.ts';
import type {
  Address,
  Desired,
  Document,
  Estate,
  Located,
  MarkedObject,
  Orphan,
  Place,
  Present,
  ResourceType,
  Target,
  Unknown,
} from './types.ts';

/** An object that is ours and that nothing declares. */
export interface Candidate {
  readonly address: Address;
  /** `kind/name` of its marker. */
  readonly document: Address;
  readonly place: Place;
  readonly type: ResourceType;
  readonly target: Target;
  readonly seen: Present;
  /** Only a tag shows that it is ours (`Located.byTag`). */
  readonly byTag?: true;
}

/** What the documents declare, as far as objects are told apart by it. */
export interface Declared {
  readonly document: Document;
  readonly resources: readonly (readonly [address: Address, desired: Desired, resource: string | undefined])[];
}

export interface Undeclared {
  /** Confirmed by the service that owns them. */
  readonly candidates: readonly Candidate[];
  /** With our marker, declared nowhere, and not surely ours: never pruned. */
  readonly strays: readonly Orphan[];
  readonly unseen: readonly Unseen[];
  readonly marked: Marked;
}

/**
 * All that carries our marker or an earlier owner's, declared or not, copies included, by its address. Hints only: lists
 * are late.
 */
export type Marked = ReadonlyMap<Address, readonly MarkedObject[]>;

export const NOTHING_FOUND: Undeclared = { candidates: [], strays: [], unseen: [], marked: new Map() };

/** Names that belong to no document: the estate's own objects, such as the bucket of leases. */
const ESTATE_KIND = 'Settings';

/**
 * Everything with our marker or an earlier owner's, as lists have it; nothing of it is confirmed.
 *
 * @param earlier places of what was declared before: something may be left there.
 */
export async function findMarked(
  world: World,
  declared: readonly Declared[],
  earlier: readonly Place[] = [],
): Promise<Pick<Undeclared, 'marked' | 'unseen'>> {
  if (!world.inventory) return NOTHING_FOUND;
  const names = new Set(declared.flatMap(({ resources }) => resources.map(([, { type }, name]) => `${type} ${name}`)));
  const places = declared.flatMap(({ resources }) => resources.map(([, { place }]) => place));
  const found: Found = await world.inventory([...places, ...earlier], (type, resource) =>
    names.has(`${type} ${resource}`),
  );
  const owners = [world.estate.owner, ...world.formerOwners];
  const marked = new Map<Address, MarkedObject[]>();
  for (const object of found.objects) {
    const { owner, address } = splitMarker(object.marker);
    if (!owners.includes(owner) || address.startsWith(`${ESTATE_KIND}/`)) continue;
    marked.set(address, [...(marked.get(address) ?? []), object]);
  }
  return { marked, unseen: found.unseen };
}

/**
 * Everything with our marker that no document declares: proposed by lists, confirmed one by one.
 *
 * @param isAsked by address: only of these it is wanted.
 */
export async function findUndeclared(
  world: World,
  declared: readonly Declared[],
  earlier: readonly Place[] = [],
  isAsked: (address: Address) => boolean = () => true,
): Promise<Undeclared> {
  const { marked, unseen } = await findMarked(world, declared, earlier);
  const ours = [...marked].flatMap(([address, objects]) => objects.map((object) => ({ object, address })));
  const undeclared = ours.filter(({ object, address }) => isAsked(address) && !isDeclared(object, address));
  const judged = await Promise.all(
    undeclared.map(async ({ object, address }) => {
      const { owner } = splitMarker(object.marker);
      const one = await judge(world, object, address);
      return owner === world.estate.owner || !('candidate' in one)
        ? one
        : { stray: inheritedStray(one.candidate, owner) };
    }),
  );
  return {
    candidates: judged.flatMap((one) => ('candidate' in one ? one.candidate : [])).sort(byAddress),
    strays: judged.flatMap((one) => ('stray' in one ? one.stray : [])),
    unseen: [...unseen, ...judged.flatMap((one) => ('unseen' in one ? one.unseen : []))],
    marked,
  };

  /** Is it the very object that a document asks for? One of another name only carries a copy of its marker. */
  function isDeclared(object: MarkedObject, address: Address): boolean {
    const isFormer = splitMarker(object.marker).owner !== world.estate.owner;
    return declared.some(({ document, resources }) =>
      resources.some(([other, desired, name]) => {
        const isAddressed = isFormer ? addressesOf(document, desired.id).includes(address) : other === address;
        return isAddressed && isIn(object, desired.place) && (name === undefined || isNamed(object.arn, name));
      }),
    );
  }
}

/** What an earlier owner has and nobody declares is said, and stays: only what is declared is marked anew. */
function inheritedStray({ address, type, seen, place }: Candidate, owner: string): Orphan {
  const why = `it carries the marker of the earlier owner ${owner}: declare it, and it is marked anew`;
  return { id: address, type: type.type, resource: seen.resource, ...place, action: 'none', why };
}

/** Does it live there? What belongs to no region is everywhere in its account. */
export function isIn({ arn, place }: MarkedObject, { account, region }: Place): boolean {
  const ownRegion = arn.split(':')[3] ?? '';
  return place.account === account && (ownRegion === '' || ownRegion === region);
}

/** Is it what an ARN ends in, as a whole? */
function isNamed(arn: string, name: string): boolean {
  return arn.endsWith(`:${name}`) || arn.endsWith(`/${name}`);
}

function byAddress(a: Candidate, b: Candidate): number {
  return keyOf(a) < keyOf(b) ? -1 : 1;
}

function keyOf({ address, place }: Candidate): string {
  return `${address} ${place.account}/${place.region}`;
}

/** Where documents had their objects. */
export function placesBefore(world: World, { documents, estate }: Before): readonly Place[] {
  return documents.flatMap((document) =>
    kindOf(world, document)
      .compile(document, estate)
      .map(({ place }) => place),
  );
}

/** Objects that say themselves whose they are, as documents declared them before: in these accounts, or in all others. */
export function declaredBefore(
  world: World,
  { documents, estate }: Before,
  accounts: readonly string[],
): { readonly known: readonly Placed[]; readonly lost: readonly Placed[] } {
  const all = documents.flatMap((document) =>
    kindOf(world, document)
      .compile(document, estate)
      .filter(({ type }) => isFound(typeOf(world, type)))
      .map((desired) => ({ desired, address: resourceAddress(document, desired.id) })),
  );
  const isKnown = ({ desired }: Placed): boolean => accounts.includes(desired.place.account);
  return { known: all.filter(isKnown), lost: all.filter((one) => !isKnown(one)) };
}

interface Placed {
  readonly desired: Desired;
  readonly address: Address;
}

/** Documents as they were before a change, in the estate that they were in. */
export interface Before {
  readonly documents: readonly Document[];
  readonly estate: Estate;
}

/**
 * What documents declared before and do not declare now: looked up by name, so that no list need have it yet. Types
 * without a mark of their own go with what holds them. Accounts that Settings do not have any more cannot be entered.
 */
export async function findDropped(
  world: World,
  before: Before,
  declared: readonly Declared[],
  accounts: readonly string[],
): Promise<Pick<Undeclared, 'candidates' | 'unseen'>> {
  const resources = declared.flatMap((one) => one.resources);
  const kept = new Set(
    resources.flatMap(([address, { type, place }, name]) => [
      placed(typeOf(world, type), address, place),
      // Whatever its marker says: what a document has is not dropped.
      ...(name === undefined ? [] : [placed(typeOf(world, type), `${type} ${name}`, place)]),
    ]),
  );
  const dropped = declaredBefore(world, before, accounts).known.filter(
    ({ desired: { type, place }, address }) => !kept.has(placed(typeOf(world, type), address, place)),
  );
  const looked = await Promise.all(
    dropped.map(async ({ desired, address }) => {
      const type = typeOf(world, desired.type);
      const target = targetOf(world, desired, address, { properties: literals(desired), witnessed: true });
      const seen = await world.schedule(desired.place, () => type.observe(target));
      if (seen.state === 'unknown') return { unseen: { what: address, unknown: seen } };
      const isOurs = seen.state === 'present' && seen.witness && seen.marker === `${before.estate.owner}/${address}`;
      if (!isOurs || seen.twins?.length) return {};
      if (kept.has(placed(type, `${type.type} ${seen.resource}`, desired.place))) return {};
      return { candidate: { address, document: documentOf(address), place: desired.place, type, target, seen } };
    }),
  );
  return {
    candidates: looked.flatMap(({ candidate }) => candidate ?? []).sort(byAddress),
    unseen: looked.flatMap(({ unseen }) => unseen ?? []),
  };
}

function placed({ global }: ResourceType, name: string, { account, region }: Place): string {
  return `${name} ${account}/${global ? '' : region}`;
}

/** Does the object itself say whose it is? */
export function isMarked({ marker }: ResourceType): boolean {
  return marker === 'tag' || marker === 'companion';
}

/** Is it found by itself where nothing declares it? What is not goes with what holds it. */
export function isFound(type: ResourceType): boolean {
  return isMarked(type) || type.list !== undefined;
}

/** Properties that refer to nothing: by those an object is found. */
function literals({ properties }: Desired): Target['properties'] {
  const known = Object.entries(properties).filter(([, value]) => refsOf(value).length === 0);
  return Object.fromEntries(known) as Target['properties'];
}

type Judged =
  | { readonly candidate: Candidate }
  | { readonly stray: Orphan }
  | { readonly unseen: Unseen }
  | { readonly ghost: true };

/** Is something that a list showed still there, and no copy? What cannot be looked at may be: then it counts as there. */
export async function isThere(
  world: World,
  object: MarkedObject,
  address: Address,
  type?: ResourceType,
): Promise<boolean> {
  const judged = await judge(world, object, address);
  if ('candidate' in judged) return type === undefined || judged.candidate.type === type;
  return 'unseen' in judged;
}

/** What is known of an object that nothing declares: who it is, and how to find it. */
function targetOf(
  world: World,
  { place, marker }: { readonly place: Place; readonly marker?: string },
  address: Address,
  { properties }: Located,
): Target {
  const owner = marker === undefined ? world.estate.owner : splitMarker(marker).owner;
  const known = properties as Target['properties'];
  return { address, owner, ...ownersOf(world), place, properties: known, token: '', applied: '', protect: false };
}

async function judge(world: World, object: MarkedObject, address: Address): Promise<Judged> {
  try {
    return await confirm(world, object, address);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { unseen: { what: address, unknown: { state: 'unknown', reason: 'failed', detail } } };
  }
}

async function confirm(world: World, object: MarkedObject, address: Address): Promise<Judged> {
  const { arn, place, marker } = object;
  const [type, located] = await locate(world, object);
  if (!type || !located) {
    return stray(arn.split(':')[2] ?? '', 'its marker was copied: trueup makes nothing of this kind');
  }
  const target = targetOf(world, object, address, located);
  const seen = await world.schedule(place, () => type.observe(target));
  // Lists are late: what they still show may be gone, or somebody else's by now.
  if (seen.state === 'absent' || (seen.state === 'present' && seen.marker !== marker)) return { ghost: true };
  if (seen.state === 'unknown') return { unseen: { what: address, unknown: seen } };
  if (!located.witnessed || !seen.witness) {
    return stray(type.type, 'its name does not follow from its marker: the marker was copied from another object');
  }
  if (seen.twins?.length) return stray(type.type, `it exists more than once: ${seen.twins.join(', ')} too`);
  // A tag alone is no proof. What has contents is let go at most; the rest is not touched.
  if (located.byTag && !type.stateful)
    return stray(type.type, 'only its tags say that it is ours, and its name does not');
  const byTag = located.byTag && { byTag: true as const };
  return { candidate: { address, document: documentOf(address), place, type, target, seen, ...byTag } };

  function stray(name: string, why: string): Judged {
    const resource = arn.slice(Math.max(arn.lastIndexOf('/'), arn.lastIndexOf(':')) + 1);
    return { stray: { id: address, type: name, resource, ...place, action: 'none', why } };
  }
}

async function locate(world: World, object: MarkedObject): Promise<readonly [ResourceType?, Located?]> {
  for (const type of world.types.values()) {
    const located = await type.locate?.({ ...object, formerOwners: world.formerOwners });
    if (located) return [type, located];
  }
  return [];
}

/** One sentence for something that was not seen. */
export function sayUnseen({ what, unknown }: { readonly what: string; readonly unknown: Unknown }): string {
  return `${what} could not be looked at (${unknown.reason}): ${unknown.detail}`;
}
