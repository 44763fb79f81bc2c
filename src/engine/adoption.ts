import { observeDocument } from './observe.ts';
import type { Seen } from './observe.ts';
import { planResource } from './plan-resource.ts';
import { kindOf } from './world.ts';
import type { World } from './world.ts';
import type { Address, Calls, Change, Document, Finding } from './types.ts';

/** An object that a document would take over. */
export interface Adoptable {
  /** Address of the resource that it would be. */
  readonly id: Address;
  readonly type: string;
  /** Physical name or id. */
  readonly resource: string;
  readonly account: string;
  readonly region: string;
  /** The owner whose marker it carries, a former one of ours; null: none. */
  readonly owner: string | null;
  /** What the apply after the takeover would change: managed properties only. */
  readonly changes: readonly Change[];
}

/** `trueup/adopt@1`. */
export interface AdoptResult {
  readonly format: 'trueup/adopt@1';
  /** `kind/name`. */
  readonly document: Address;
  /** Relative to the working directory; and the line, 1-based, with which the document begins. */
  readonly file: string;
  readonly line: number;
  /** False: something could not be looked at. */
  readonly complete: boolean;
  /** The document says `metadata.adopt: true`, now or before. */
  readonly declared: boolean;
  /** It does since now. */
  readonly written: boolean;
  readonly objects: readonly Adoptable[];
  /** Resources that hang on those objects and show only once they are ours. */
  readonly withheld: readonly Address[];
  readonly findings: readonly Finding[];
  readonly calls: Calls;
}

/** What of a takeover can be seen before it. */
export type Adoption = Pick<AdoptResult, 'complete' | 'objects' | 'withheld' | 'findings'>;

/**
 * What the document would take over if it said so. Of an object that is not ours only managed properties are told, and
 * nothing of what hangs on it is looked at (threats T29).
 */
export async function adoptionOf(world: World, document: Document): Promise<Adoption> {
  const asking = { ...document, adopt: true };
  const resources = kindOf(world, asking).compile(asking, world.estate);
  const looked = await observeDocument(world, asking, resources, '');
  const seen = [...looked].sort((a, b) => resources.indexOf(a.desired) - resources.indexOf(b.desired));
  const parts = await Promise.all(seen.map((resource) => partOf(world, asking, resource)));
  return {
    complete: seen.every(({ observation }) => observation.state !== 'unknown'),
    objects: parts.flatMap(({ object }) => object ?? []),
    withheld: seen.filter(({ withheld }) => withheld).map(({ address }) => address),
    findings: parts.flatMap(({ findings }) => findings),
  };
}

interface Part {
  readonly object?: Adoptable;
  readonly findings: readonly Finding[];
}

async function partOf(world: World, document: Document, seen: Seen): Promise<Part> {
  const { observation, ownership, desired } = seen;
  const isOurs = ownership !== undefined && OURS.has(ownership.verdict);
  if (isOurs || seen.withheld) return { findings: [] };
  const planned = await within(seen);
  if (observation.state !== 'present' || planned.action?.action !== 'adopt') return { findings: planned.findings };
  const after = await within({ ...seen, ownership: { verdict: 'ours' } });
  const owner = observation.marker?.slice(0, observation.marker.indexOf('/')) ?? null;
  return {
    object: {
      id: seen.address,
      type: desired.type,
      resource: observation.resource,
      account: desired.place.account,
      region: desired.place.region,
      owner,
      changes: after.action?.changes ?? [],
    },
    // What else there is to say of it may tell of what is not ours.
    findings: after.findings.filter(({ code }) => code === IMMUTABLE),
  };

  function within(as: Seen) {
    return world.schedule(desired.place, () => planResource(world, document, as));
  }
}

/** Nothing of it is to be taken over. */
const OURS: ReadonlySet<string> = new Set(['absent', 'ours', 'unfinished', 'renamed', 'inherited']);

/** After the takeover the document could not be applied: said before it. */
const IMMUTABLE = 'immutable-change';
