import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import type { Aws } from '../../aws/clients.ts';
import { AwsError, describeError, isServiceError, reasonOf } from '../../aws/errors.ts';
import type { Culprit, Permission, Place, UnknownReason, Who } from '../../engine/types.ts';
import { betterOf, judge } from './judge.ts';
import type { Ours } from './ours.ts';
import { readRecord } from './record.ts';
import { TRAIL_ROWS } from './rows.ts';
import type { Lookup, Subject, TrailRecord, TrailRow } from './types.ts';

/** LookupEvents, MaxResults: 50 at most. */
export const EVENTS_A_PAGE = 50;
/** Pages of one object (design §6). */
export const PAGES_AN_OBJECT = 2;
/** Lookups in one account and region (design §6): 20 seconds at the rate that AWS admits. */
export const LOOKUPS_A_PLACE = 40;

/** What it needs of IAM: the action knows no resources (Service Authorization Reference, "AWS CloudTrail"). */
export const TRAIL_PERMISSIONS: readonly Permission[] = [{ action: 'cloudtrail:LookupEvents', resource: '*' }];

/** What became of the search for whoever changed one object. */
export type Search =
  | { readonly state: 'told'; readonly who: Who }
  /** Nothing was ever done to it that the trail still has: it may never have been there. */
  | { readonly state: 'nothing' }
  /** More events than are read. */
  | { readonly state: 'cut' }
  /** CloudTrail has no name for it, or no events. */
  | { readonly state: 'never'; readonly why: 'no name' | 'no events' }
  /** As many lookups as are made there were made. */
  | { readonly state: 'spent' }
  | { readonly state: 'refused'; readonly reason: UnknownReason; readonly detail: string };

export interface TrailOptions {
  /** Milliseconds since the epoch: everything was as it should be then. */
  readonly since?: number;
  readonly ours: (account: string) => Ours;
}

export interface TrailReader {
  /** Where the events of a subject are; undefined: nowhere. */
  placeOf(subject: Subject): Place | undefined;
  search(subject: Subject): Promise<Search>;
}

const NOT_VISIBLE_YET: Who = { actor: null, event: null, at: null, confidence: 'not visible yet' };

/**
 * Asks the event history who changed objects. Lookups are counted for each account and region; one that is refused is
 * the last there, and fails nothing else.
 */
export function createTrailReader(aws: Aws, { since, ours }: TrailOptions): TrailReader {
  const places = new Map<string, { calls: number; refusal?: Search }>();

  function stateOf({ account, region }: Place): { calls: number; refusal?: Search } {
    const key = `${account}/${region}`;
    const state = places.get(key) ?? { calls: 0 };
    places.set(key, state);
    return state;
  }

  function placeOf(subject: Subject): Place | undefined {
    const row = TRAIL_ROWS.get(subject.type);
    if (!row) return undefined;
    return row.global ? { ...subject.place, region: homeOf(subject.place.region) } : subject.place;
  }

  async function search(subject: Subject): Promise<Search> {
    const row = TRAIL_ROWS.get(subject.type);
    const place = placeOf(subject);
    if (!row || !place) return { state: 'never', why: 'no events' };
    const lookups = row.lookups(subject);
    if (lookups.every(({ names }) => names.length === 0)) return { state: 'never', why: 'no name' };
    const found: (Search | Culprit)[] = [];
    for (const lookup of lookups) found.push(await look(row, subject, lookup, place));
    const culprit = found.reduce<Culprit | undefined>(
      (best, one) => betterOf(best, 'state' in one ? undefined : one),
      undefined,
    );
    if (culprit) return { state: 'told', who: culprit };
    const searches = found.filter((one) => 'state' in one);
    return searches.find(({ state }) => state !== 'told' && state !== 'nothing') ?? searches[0] ?? { state: 'nothing' };
  }

  async function look(row: TrailRow, subject: Subject, lookup: Lookup, place: Place): Promise<Search | Culprit> {
    const records = new Map<string, TrailRecord>();
    const pages: { readonly name: string; readonly token?: string }[] = lookup.names.map((name) => ({ name }));
    let verdict = judge([], { row, subject, lookup, ours: ours(place.account) });
    for (let read = 0; read < PAGES_AN_OBJECT; read += 1) {
      const page = pages.shift();
      if (!page) break;
      const answer = await ask(page, place);
      if ('state' in answer) return verdict.culprit ?? answer;
      for (const record of answer.records) records.set(record.eventId, record);
      verdict = judge(newestFirst([...records.values()]), { row, subject, lookup, ours: ours(place.account) });
      if (verdict.settled || verdict.culprit?.confidence === 'exact') break;
      if (answer.token !== undefined) pages.unshift({ name: page.name, token: answer.token });
    }
    if (verdict.culprit) return verdict.culprit;
    if (!verdict.settled && pages.some(({ token }) => token !== undefined)) return { state: 'cut' };
    if (subject.missing && !verdict.known) return { state: 'nothing' };
    return { state: 'told', who: NOT_VISIBLE_YET };
  }

  async function ask(
    { name, token }: { readonly name: string; readonly token?: string },
    place: Place,
  ): Promise<{ readonly records: readonly TrailRecord[]; readonly token?: string } | Search> {
    const state = stateOf(place);
    if (state.refusal) return state.refusal;
    if (state.calls >= LOOKUPS_A_PLACE) return { state: 'spent' };
    state.calls += 1;
    try {
      const client = await aws.client(CloudTrailClient, place);
      const { Events = [], NextToken } = await client.send(
        new LookupEventsCommand({
          LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: name }],
          MaxResults: EVENTS_A_PAGE,
          ...(since !== undefined && { StartTime: new Date(since) }),
          ...(token !== undefined && { NextToken: token }),
        }),
      );
      const records = Events.flatMap(({ CloudTrailEvent: json }) => readRecord(json) ?? []);
      return { records, ...(NextToken !== undefined && { token: NextToken }) };
    } catch (error) {
      const reason = reasonOf(error);
      if (reason === 'failed' && !(error instanceof AwsError) && !isServiceError(error)) throw error;
      state.refusal = { state: 'refused', reason, detail: describeError(error) };
      return state.refusal;
    }
  }

  return { placeOf, search };
}

/** As LookupEvents gives them; several names may have been asked. */
function newestFirst(records: readonly TrailRecord[]): readonly TrailRecord[] {
  return [...records].sort((one, other) => (one.at > other.at ? -1 : one.at < other.at ? 1 : 0));
}

/** Where the services without regions are (AWS General Reference, "Global services"), in each partition. */
function homeOf(region: string): string {
  if (region.startsWith('cn-')) return 'cn-northwest-1';
  return region.startsWith('us-gov-') ? 'us-gov-west-1' : 'us-east-1';
}
