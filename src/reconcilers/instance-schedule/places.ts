import { documentAddress } from '../../engine/address.ts';
import type { Address, Document, Estate, Place } from '../../engine/types.ts';
import type { InstanceScheduleSpec } from './spec.gen.ts';

export type InstanceSchedule = Document<InstanceScheduleSpec>;

export const KIND = 'InstanceSchedule';

/** Where the function lives. */
export function homeOf({ spec }: InstanceSchedule, estate: Estate): Place {
  return estate.place(spec.account, spec.region);
}

/** Twelve digits each, once each, in the order of the document. */
export function accountsOf({ spec }: InstanceSchedule, estate: Estate): readonly string[] {
  const accounts = spec.accounts ?? [spec.account];
  return [...new Set(accounts.map((account) => estate.place(account).account))];
}

export function regionsOf(document: InstanceSchedule, estate: Estate): readonly string[] {
  return document.spec.regions ?? [homeOf(document, estate).region];
}

/** Every account and region in which instances are looked for. */
export function placesOf(document: InstanceSchedule, estate: Estate): readonly Place[] {
  const regions = regionsOf(document, estate);
  return accountsOf(document, estate).flatMap((account) => regions.map((region) => ({ account, region })));
}

/** Another document that looks for instances in some of the same places. */
export interface Rival {
  readonly document: Address;
  readonly tagKey: string;
  readonly places: readonly Place[];
}

/** An instance that carries the tags of two documents is claimed by both. By address. */
export function rivalsOf(document: InstanceSchedule, estate: Estate): readonly Rival[] {
  const address = documentAddress(document);
  const schedulers = schedulersOf(estate);
  const rivals = new Map<Address, { document: Address; tagKey: string; places: Place[] }>();
  for (const place of placesOf(document, estate)) {
    for (const [other, tagKey] of schedulers.get(keyOf(place)) ?? []) {
      if (other === address) continue;
      const rival = rivals.get(other);
      if (rival) rival.places.push(place);
      else rivals.set(other, { document: other, tagKey, places: [place] });
    }
  }
  return [...rivals.values()].sort((a, b) => (a.document < b.document ? -1 : 1));
}

/** By account and region: the documents that look for instances there, with their tag keys. */
type Schedulers = ReadonlyMap<string, readonly (readonly [document: Address, tagKey: string])[]>;

/** Every document asks for them, and they are the same for all of an estate. */
const known = new WeakMap<Estate, Schedulers>();

function schedulersOf(estate: Estate): Schedulers {
  const before = known.get(estate);
  if (before) return before;
  const schedulers = new Map<string, [Address, string][]>();
  for (const document of estate.documents(KIND) as readonly InstanceSchedule[]) {
    for (const place of placesOf(document, estate)) {
      const here = schedulers.get(keyOf(place)) ?? [];
      here.push([documentAddress(document), document.spec.tagKey]);
      schedulers.set(keyOf(place), here);
    }
  }
  known.set(estate, schedulers);
  return schedulers;
}

function keyOf({ account, region }: Place): string {
  return `${account}/${region}`;
}
