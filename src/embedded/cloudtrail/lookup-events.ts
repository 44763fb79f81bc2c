import { createHash } from 'node:crypto';
import type { LookupAttribute, LookupEventsRequest, LookupEventsResponse } from '@aws-sdk/client-cloudtrail';
import { notEmbedded } from '../not-embedded.ts';
import type { CallContext } from '../service.ts';
import { throttling } from '../throttling.ts';
import type { TrailEvent, TrailView } from '../trail.ts';
import { isManagementEvent } from './data-events.ts';
import { lookupError } from './errors.ts';
import { recordedName, regionOf } from './parameters.ts';
import { resourcesOf } from './resources.ts';
import { shownEvent, usernameOf } from './shown.ts';

/** LookupEvents: "events that occurred in a Region within the last 90 days". */
const HISTORY_MS = 90 * 86_400_000;
/** LookupEvents, MaxResults: 1 to 50, default 50. */
const MAX_RESULTS = 50;
const SECOND_MS = 1000;
/** LookupEvents, AttributeValue: 1 to 2,000 characters. */
const MAX_VALUE = 2000;

type Matcher = (event: TrailEvent, value: string) => boolean;

const MATCHERS: Readonly<Record<string, Matcher>> = {
  EventId: ({ eventID }, value) => eventID === value,
  EventName: (event, value) => recordedName(event) === value,
  EventSource: ({ eventSource }, value) => eventSource === value,
  ReadOnly: ({ readOnly }, value) => String(readOnly) === value,
  ResourceName: (event, value) => resourcesOf(event).some(({ ResourceName }) => ResourceName === value),
  ResourceType: (event, value) => resourcesOf(event).some(({ ResourceType }) => ResourceType === value),
  Username: (event, value) => usernameOf(event) === value,
};

/** Management events of the caller's account in the call's region, newest first. */
export function lookupEvents(input: LookupEventsRequest, context: CallContext): LookupEventsResponse {
  const { trail, now } = context;
  if (trail === undefined) throw new Error('a call has no trail');
  if (input.EventCategory !== undefined) throw notEmbedded('Insights events of LookupEvents');
  throttle(trail, context);
  const size = input.MaxResults ?? MAX_RESULTS;
  if (size < 1 || size > MAX_RESULTS) {
    throw lookupError('InvalidMaxResultsException', `MaxResults must be from 1 to ${MAX_RESULTS}: ${size}`);
  }
  const matches = matcherOf(input.LookupAttributes ?? []);
  const { from, to } = windowOf(input, now);
  const visible = trail
    .events()
    .filter((event) => isInPlace(event, context) && isManagementEvent(event))
    .filter(({ eventTime }) => {
      const at = Date.parse(eventTime);
      return at >= from && at <= to && at + trail.delay <= now;
    })
    .filter(matches)
    .reverse();
  const start = startOf(input, visible);
  const page = visible.slice(start, start + size);
  const last = page.at(-1);
  const isEnd = start + size >= visible.length;
  return {
    Events: page.map(shownEvent),
    ...(!isEnd && last && { NextToken: tokenOf(input, last.eventID) }),
  };
}

function isInPlace(event: TrailEvent, { caller, region }: CallContext): boolean {
  return event.recipientAccountId === caller.account && regionOf(event) === region;
}

function throttle({ events, lookupsPerSecond }: TrailView, context: CallContext): void {
  if (lookupsPerSecond === undefined) return;
  const recent = events().filter(
    (event) =>
      event.eventName === 'LookupEvents' &&
      event.errorCode === undefined &&
      isInPlace(event, context) &&
      Date.parse(event.eventTime) > context.now - SECOND_MS,
  );
  if (recent.length >= lookupsPerSecond) throw throttling();
}

function matcherOf(attributes: readonly LookupAttribute[]): (event: TrailEvent) => boolean {
  const [attribute] = attributes;
  if (attribute === undefined) return () => true;
  if (attributes.length > 1) {
    throw lookupError('InvalidLookupAttributesException', 'You can use only one lookup attribute.');
  }
  const { AttributeKey: key = '', AttributeValue: value = '' } = attribute;
  if (value === '' || value.length > MAX_VALUE) {
    throw lookupError(
      'InvalidLookupAttributesException',
      `The value of ${key} must have 1 to ${MAX_VALUE} characters.`,
    );
  }
  if (key === 'AccessKeyId') throw notEmbedded('AccessKeyId of LookupEvents');
  const matches = MATCHERS[key];
  if (matches === undefined) throw lookupError('InvalidLookupAttributesException', `There is no attribute ${key}.`);
  return (event) => matches(event, value);
}

function windowOf(
  { StartTime, EndTime }: LookupEventsRequest,
  now: number,
): { readonly from: number; readonly to: number } {
  if (StartTime && EndTime && StartTime > EndTime) {
    throw lookupError('InvalidTimeRangeException', 'The start time must not be after the end time.');
  }
  const to = EndTime ? EndTime.getTime() : Number.POSITIVE_INFINITY;
  return { from: Math.max(now - HISTORY_MS, StartTime?.getTime() ?? 0), to };
}

/** A token belongs to the request that it was given for: "must be passed in with the same parameters". */
function tokenOf({ LookupAttributes, StartTime, EndTime }: LookupEventsRequest, eventId: string): string {
  const asked = JSON.stringify([LookupAttributes ?? [], StartTime ?? null, EndTime ?? null]);
  const sum = createHash('sha256').update(asked).digest('base64url').slice(0, 16);
  return Buffer.from(JSON.stringify([sum, eventId])).toString('base64url');
}

function startOf(input: LookupEventsRequest, visible: readonly TrailEvent[]): number {
  const { NextToken: token } = input;
  if (token === undefined) return 0;
  const id = /","([0-9a-f-]+)"]$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  const last = visible.findIndex(({ eventID }) => eventID === id);
  if (id === undefined || last === -1 || tokenOf(input, id) !== token) {
    throw lookupError('InvalidNextTokenException', 'The token is not one of this request.');
  }
  return last + 1;
}
