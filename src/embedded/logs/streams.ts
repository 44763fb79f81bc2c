import type {
  CreateLogStreamRequest,
  DescribeLogStreamsRequest,
  DescribeLogStreamsResponse,
  LogStream,
} from '@aws-sdk/client-cloudwatch-logs';
import { pageOf } from '../paging.ts';
import { rowKey } from '../row-key.ts';
import type { CallContext } from '../service.ts';
import {
  alreadyExists,
  checkStreamName,
  constraint,
  eventKeyFrom,
  groupArn,
  identifiedGroup,
  invalid,
  ownGroup,
  streams,
} from './model.ts';
import type { StoredGroup, StoredStream } from './model.ts';

/** DescribeLogStreams, limit. */
const MAX_PAGE = 50;

export function createLogStream(input: CreateLogStreamRequest, context: CallContext): object {
  const group = rowKey(ownGroup(input.logGroupName, context).name, context);
  const name = checkStreamName(input.logStreamName);
  if (context.data.get(streams(group), name) !== undefined) throw alreadyExists('log stream');
  context.data.put(streams(group), name, { name, created: context.now });
  return {};
}

export function describeLogStreams(input: DescribeLogStreamsRequest, context: CallContext): DescribeLogStreamsResponse {
  const group = identifiedGroup(input, context);
  const { logStreamNamePrefix: prefix, orderBy = 'LogStreamName', descending = false, limit = MAX_PAGE } = input;
  if (orderBy === 'LastEventTime' && prefix !== undefined) {
    throw invalid('Cannot order by LastEventTime with a logStreamNamePrefix.');
  }
  if (limit < 1 || limit > MAX_PAGE) throw constraint('limit', limit, `1 to ${MAX_PAGE}`);
  const named = [...context.data.entries(streams(rowKey(group.name, context)))]
    .map(([, stream]) => stream)
    .filter(({ name }) => name.startsWith(prefix ?? ''))
    .sort((left, right) => compare(sortKey(left, orderBy), sortKey(right, orderBy)) * (descending ? -1 : 1))
    .map((stream, index) => ({ stream, place: String(index).padStart(9, '0') }));
  const refuse = (): Error => invalid('The specified nextToken is invalid.');
  const { items, next } = pageOf(named, ({ place }) => place, { token: input.nextToken, size: limit }, refuse);
  return {
    logStreams: items.map(({ stream }) => shownStream(stream, group)),
    ...(next !== undefined && { nextToken: next }),
  };
}

function sortKey({ name, lastEvent }: StoredStream, orderBy: string): string {
  return orderBy === 'LastEventTime' ? `${eventKeyFrom(lastEvent ?? 0)} ${name}` : name;
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function shownStream(stream: StoredStream, group: StoredGroup): LogStream {
  return {
    logStreamName: stream.name,
    creationTime: stream.created,
    ...(stream.firstEvent !== undefined && { firstEventTimestamp: stream.firstEvent }),
    ...(stream.lastEvent !== undefined && { lastEventTimestamp: stream.lastEvent }),
    ...(stream.lastIngestion !== undefined && { lastIngestionTime: stream.lastIngestion }),
    arn: `${groupArn(group)}:log-stream:${stream.name}`,
    storedBytes: 0,
  };
}
