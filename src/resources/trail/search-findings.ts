import { documentOf } from '../../engine/address.ts';
import type { Address, Finding, Place } from '../../engine/types.ts';
import { EVENTS_A_PAGE, LOOKUPS_A_PLACE, PAGES_AN_OBJECT, TRAIL_PERMISSIONS } from './reader.ts';
import type { Search } from './reader.ts';

const NEEDED = TRAIL_PERMISSIONS.map(({ action, resource }) => `${action} on ${resource}`).join(', ');

/** One search, and where it was made. */
export interface Searched {
  readonly id: Address;
  /** Undefined: there is none. */
  readonly place: Place | undefined;
  readonly search: Search;
}

/** What nobody could say of who changed the objects, and why: never silence where somebody was looked for. */
export function searchFindings(searched: readonly Searched[]): readonly Finding[] {
  return [...refused(searched), ...spent(searched), ...cut(searched), ...never(searched)];
}

function refused(searched: readonly Searched[]): readonly Finding[] {
  return byPlace(searched, 'refused').map(([where, list]) => {
    const [first] = list;
    const why = first?.search.state === 'refused' ? `${first.search.reason}: ${first.search.detail}` : '';
    return {
      document: '',
      code: 'who-not-asked',
      severity: 'warning',
      message: `who changed ${objects(list)} is not known: CloudTrail in ${where} could not be asked (${why})`,
      hint: `allow ${NEEDED} to whoever runs this; what differs was found without it`,
    };
  });
}

function spent(searched: readonly Searched[]): readonly Finding[] {
  return byPlace(searched, 'spent').map(([where, list]) => ({
    document: '',
    code: 'who-not-asked',
    severity: 'warning',
    message: `who changed ${objects(list)} was not looked up: ${LOOKUPS_A_PLACE} lookups in ${where} are as many as one run makes`,
    hint: 'trueup drift --only GLOB looks at a part of the estate',
  }));
}

function cut(searched: readonly Searched[]): readonly Finding[] {
  return searched
    .filter(({ search }) => search.state === 'cut')
    .map(({ id }) => ({
      document: documentOf(id),
      code: 'who-not-told',
      severity: 'info',
      message: `the newest ${EVENTS_A_PAGE * PAGES_AN_OBJECT} events of ${id} in CloudTrail do not tell who changed it`,
    }));
}

function never(searched: readonly Searched[]): readonly Finding[] {
  return searched.flatMap(({ id, search }) => {
    if (search.state !== 'never') return [];
    const why =
      search.why === 'no events'
        ? 'writes to single objects and items are data events, which its history never shows'
        : 'it is asked by an id, and that went with the object';
    const message = `who changed ${id} cannot be looked up in CloudTrail: ${why}`;
    return [{ document: documentOf(id), code: 'who-never-visible', severity: 'warning', message }];
  });
}

function byPlace(searched: readonly Searched[], state: Search['state']): readonly (readonly [string, Searched[]])[] {
  const found = new Map<string, Searched[]>();
  for (const one of searched) {
    if (one.search.state !== state || !one.place) continue;
    const where = `${one.place.region} of ${one.place.account}`;
    found.set(where, [...(found.get(where) ?? []), one]);
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}

function objects(list: readonly Searched[]): string {
  return list.length === 1 ? (list[0]?.id ?? '') : `${list.length} objects`;
}
