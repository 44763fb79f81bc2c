import type {
  InputLogEvent,
  PutLogEventsRequest,
  PutLogEventsResponse,
  RejectedLogEventsInfo,
} from '@aws-sdk/client-cloudwatch-logs';
import { recordMetric } from '../cloudwatch/metrics.ts';
import { rowKey } from '../row-key.ts';
import type { CallContext } from '../service.ts';
import { metricsIn } from './emf.ts';
import {
  checkStreamName,
  constraint,
  eventKey,
  expiry,
  invalid,
  logEvents,
  notFound,
  ownGroup,
  streams,
} from './model.ts';
import type { StoredEvent, StoredGroup, StoredStream } from './model.ts';

/** PutLogEvents: "The batch of events must satisfy the following constraints". */
const MAX_BATCH = 10_000;
export const MAX_BATCH_BYTES = 1_048_576;
export const EVENT_OVERHEAD_BYTES = 26;
const HOUR_MS = 60 * 60 * 1000;
const MAX_SPAN_MS = 24 * HOUR_MS;
const MAX_AGE_MS = 14 * 24 * HOUR_MS;
const MAX_AHEAD_MS = 2 * HOUR_MS;

/** The embedded account's own bound: a group keeps its newest events. */
export const MAX_KEPT_EVENTS = 10_000;

export function putLogEvents(input: PutLogEventsRequest, context: CallContext): PutLogEventsResponse {
  const group = ownGroup(input.logGroupName, context);
  const key = rowKey(group.name, context);
  const stream = context.data.get(streams(key), checkStreamName(input.logStreamName));
  if (stream === undefined) throw notFound('The specified log stream does not exist.');
  const batch = checkBatch(input.logEvents ?? []);
  const rejected = rejectedOf(batch, group, context.now);
  const accepted = batch.slice(
    Math.max(rejected?.tooOldLogEventEndIndex ?? 0, rejected?.expiredLogEventEndIndex ?? 0),
    rejected?.tooNewLogEventStartIndex ?? batch.length,
  );
  store(accepted, stream, key, context);
  return {
    nextSequenceToken: String(context.now),
    ...(rejected !== undefined && { rejectedLogEventsInfo: rejected }),
  };
}

interface LogLine {
  readonly timestamp: number;
  readonly message: string;
}

function checkBatch(events: readonly InputLogEvent[]): readonly LogLine[] {
  if (events.length === 0 || events.length > MAX_BATCH) {
    throw constraint('logEvents', events.length, `Member must have length 1 to ${MAX_BATCH}`);
  }
  const lines = events.map(({ timestamp = 0, message = '' }) => ({ timestamp, message }));
  if (lines.some(({ message }) => message === '')) throw invalid('Log event message must be at least 1 byte long.');
  const bytes = lines.reduce((sum, { message }) => sum + Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES, 0);
  if (bytes > MAX_BATCH_BYTES) {
    throw invalid(`Upload too large: ${bytes} bytes exceeds limit of ${MAX_BATCH_BYTES}`);
  }
  if (lines.some(({ timestamp }, index) => timestamp < (lines[index - 1]?.timestamp ?? timestamp))) {
    throw invalid('Log events in a single PutLogEvents request must be in chronological order.');
  }
  return lines;
}

/** @throws InvalidParameterException when the events that are not rejected span more than a day. */
function rejectedOf(batch: readonly LogLine[], group: StoredGroup, now: number): RejectedLogEventsInfo | undefined {
  const tooOld = batch.filter(({ timestamp }) => timestamp < now - MAX_AGE_MS).length;
  const expired = batch.filter(({ timestamp }) => timestamp < expiry(group, now)).length;
  const tooNew = batch.findIndex(({ timestamp }) => timestamp > now + MAX_AHEAD_MS);
  const valid = batch.slice(tooOld, tooNew < 0 ? batch.length : tooNew);
  if ((valid.at(-1)?.timestamp ?? 0) - (valid[0]?.timestamp ?? 0) > MAX_SPAN_MS) {
    throw invalid('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.');
  }
  if (tooOld === 0 && expired === 0 && tooNew < 0) return undefined;
  return {
    ...(tooNew >= 0 && { tooNewLogEventStartIndex: tooNew }),
    ...(tooOld > 0 && { tooOldLogEventEndIndex: tooOld }),
    ...(expired > 0 && { expiredLogEventEndIndex: expired }),
  };
}

function store(lines: readonly LogLine[], stream: StoredStream, group: string, context: CallContext): void {
  const { data, now, caller, region } = context;
  const [first, last] = [lines[0], lines.at(-1)];
  if (first === undefined || last === undefined) return;
  const table = logEvents(group);
  const excess = Math.max(0, data.size(table) + lines.length - MAX_KEPT_EVENTS);
  for (const key of excess > 0 ? data.firstKeys(table, excess) : []) data.delete(table, key);
  const batch = data.next('logs/batches');
  for (const [index, { timestamp, message }] of lines.entries()) {
    const event: StoredEvent = { stream: stream.name, timestamp, ingested: now, message };
    data.put(table, eventKey(timestamp, batch, index), event);
    for (const metric of metricsIn(message)) recordMetric(metric, { account: caller.account, region, now, data });
  }
  data.put(streams(group), stream.name, {
    ...stream,
    firstEvent: Math.min(stream.firstEvent ?? first.timestamp, first.timestamp),
    lastEvent: Math.max(stream.lastEvent ?? last.timestamp, last.timestamp),
    lastIngestion: now,
  });
}
