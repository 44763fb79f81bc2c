import type {
  FilterLogEventsRequest,
  FilterLogEventsResponse,
  GetLogEventsRequest,
  GetLogEventsResponse,
} from '@aws-sdk/client-cloudwatch-logs';
import { rowKey } from '../row-key.ts';
import { firstNotBefore } from '../store/database.ts';
import type { CallContext } from '../service.ts';
import { readFilter } from './filter-pattern.ts';
import {
  checkStreamName,
  constraint,
  eventKeyFrom,
  expiry,
  identifiedGroup,
  invalid,
  logEvents,
  notFound,
  streams,
} from './model.ts';
import type { StoredEvent, StoredGroup } from './model.ts';
import { EVENT_OVERHEAD_BYTES } from './put-events.ts';

/** GetLogEvents and FilterLogEvents: 1 MB or 10,000 events a page. */
const MAX_PAGE = 10_000;
const MAX_PAGE_BYTES = 1_048_576;

interface KeptEvent extends StoredEvent {
  readonly key: string;
}

/** Events of a group from one moment up to another, oldest first, without those that have passed its retention. */
function eventsOf(
  group: StoredGroup,
  [from, to]: readonly [number, number],
  { data, now, caller, region }: CallContext,
): readonly KeptEvent[] {
  const table = logEvents(rowKey(group.name, { caller, region }));
  const keys = data.keys(table);
  const first = firstNotBefore(keys, eventKeyFrom(Math.max(from, expiry(group, now))));
  const last = Number.isFinite(to) ? firstNotBefore(keys, eventKeyFrom(to)) : keys.length;
  return keys.slice(first, last).flatMap((key) => {
    const event = data.get(table, key);
    return event === undefined ? [] : [{ ...event, key }];
  });
}

function pageSize(limit: number | undefined): number {
  if (limit !== undefined && (limit < 1 || limit > MAX_PAGE)) throw constraint('limit', limit, `1 to ${MAX_PAGE}`);
  return limit ?? MAX_PAGE;
}

/** The first events that fit a page. */
function firstPage(events: readonly KeptEvent[], size: number): readonly KeptEvent[] {
  let bytes = 0;
  const end = events.findIndex(({ message }, index) => {
    bytes += Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES;
    return index >= size || (bytes > MAX_PAGE_BYTES && index > 0);
  });
  return end < 0 ? events : events.slice(0, end);
}

const TOKEN = /^([fb])\/([\d.]*)$/;

/** "If you have reached the end of the stream, it returns the same token you passed in." */
export function getLogEvents(input: GetLogEventsRequest, context: CallContext): GetLogEventsResponse {
  const group = identifiedGroup(input, context);
  const stream = checkStreamName(input.logStreamName);
  if (context.data.get(streams(rowKey(group.name, context)), stream) === undefined) {
    throw notFound('The specified log stream does not exist.');
  }
  const [, way, place = ''] = input.nextToken === undefined ? [] : (TOKEN.exec(input.nextToken) ?? [undefined, 'bad']);
  if (way === 'bad') throw invalid('The specified nextToken is invalid.');
  const range = [input.startTime ?? 0, input.endTime ?? Number.POSITIVE_INFINITY] as const;
  const events = eventsOf(group, range, context).filter((event) => event.stream === stream);
  const size = pageSize(input.limit);
  const isForward = way === undefined ? input.startFromHead === true : way === 'f';
  const beyond = way === undefined ? events : events.filter(({ key }) => (isForward ? key > place : key < place));
  const page = isForward ? firstPage(beyond, size) : firstPage(beyond.toReversed(), size).toReversed();
  return {
    events: page.map(({ timestamp, message, ingested }) => ({ timestamp, message, ingestionTime: ingested })),
    nextForwardToken: `f/${page.at(-1)?.key ?? place}`,
    nextBackwardToken: `b/${page[0]?.key ?? place}`,
  };
}

const EVENT_ID_DIGITS = 56;

export function filterLogEvents(input: FilterLogEventsRequest, context: CallContext): FilterLogEventsResponse {
  const group = identifiedGroup(input, context);
  const { logStreamNames: names, logStreamNamePrefix: prefix } = input;
  if (names !== undefined && prefix !== undefined) {
    throw invalid('Specify either logStreamNames or logStreamNamePrefix, but not both.');
  }
  const matches = readFilter(input.filterPattern ?? '');
  const [, way, place = ''] = input.nextToken === undefined ? [] : (TOKEN.exec(input.nextToken) ?? [undefined, 'bad']);
  if (way === 'bad') throw invalid('The specified nextToken is invalid.');
  const isForward = way === undefined ? input.startFromHead !== false : way === 'f';
  // The end is inclusive here, as it is not in GetLogEvents.
  const range = [input.startTime ?? 0, (input.endTime ?? Number.POSITIVE_INFINITY) + 1] as const;
  const found = eventsOf(group, range, context)
    .filter(({ stream }) => names?.includes(stream) ?? stream.startsWith(prefix ?? ''))
    .filter(({ message }) => matches(message));
  const ordered = isForward ? found : found.toReversed();
  const rest = way === undefined ? ordered : ordered.filter(({ key }) => (isForward ? key > place : key < place));
  const page = firstPage(rest, pageSize(input.limit));
  const last = page.at(-1);
  return {
    events: page.map(({ key, stream, timestamp, message, ingested }) => ({
      logStreamName: stream,
      timestamp,
      message,
      ingestionTime: ingested,
      eventId: key.replaceAll('.', '').padStart(EVENT_ID_DIGITS, '0'),
    })),
    searchedLogStreams: [],
    ...(last !== undefined && page.length < rest.length && { nextToken: `${isForward ? 'f' : 'b'}/${last.key}` }),
  };
}
