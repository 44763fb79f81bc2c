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

/** An instance that carries the tags of two documents is claimed by both. */
export function rivalsOf(document: InstanceSchedule, estate: Estate): readonly Rival[] {
  const own = new Set(placesOf(document, estate).map(keyOf));
  return estate
    .documents(KIND)
    .filter((other) => documentAddress(other) !== documentAddress(document))
    .flatMap((other) => {
      const schedule = other as InstanceSchedule;
      const places = placesOf(schedule, estate).filter((place) => own.has(keyOf(place)));
      return places.length === 0 ? [] : [{ document: documentAddress(other), tagKey: schedule.spec.tagKey, places }];
    });
}

function keyOf({ account, region }: Place): string {
  return `${account}/${region}`;
}
