import type { InputLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import { reasonToRefuse } from '../iam/authorize.ts';
import { rowKey } from '../row-key.ts';
import type { CallContext } from '../service.ts';
import { createLogGroup } from './groups.ts';
import { groups, ownGroupArn, streams } from './model.ts';
import { EVENT_OVERHEAD_BYTES, MAX_BATCH_BYTES, putLogEvents } from './put-events.ts';
import { createLogStream } from './streams.ts';

/** Longer lines are cut. */
const MAX_LINE = 8192;
/** UTF-8 of one UTF-16 code unit. */
const MAX_BYTES_A_CHARACTER = 3;

/** Lines of one function, oldest first. */
export interface LogLines {
  readonly group: string;
  readonly stream: string;
  readonly lines: readonly { readonly timestamp: number; readonly message: string }[];
}

/**
 * Appends lines as Lambda does for a function: with the rights of the function's role (`context.caller`), in a stream
 * that is made where it is missing, in a group that is made where it is missing and the role may. Without the rights
 * nothing is written and nothing fails.
 *
 * @returns were the lines written?
 */
export function appendLogLines({ group, stream, lines }: LogLines, context: CallContext): boolean {
  const batches = batchesOf(lines);
  if (batches.length === 0) return true;
  const name = { logGroupName: group, logStreamName: stream };
  const { data } = context;
  const key = rowKey(group, context);
  const groupResource = `${ownGroupArn(group, context)}:log-stream:`;
  const streamResource = `${groupResource}${stream}`;
  const hasGroup = data.get(groups, key) !== undefined;
  const hasStream = hasGroup && data.get(streams(key), stream) !== undefined;
  const isAllowed =
    (hasGroup || may('CreateLogGroup', groupResource, context)) &&
    (hasStream || may('CreateLogStream', groupResource, context)) &&
    may('PutLogEvents', streamResource, context);
  if (!isAllowed) return false;
  if (!hasGroup) createLogGroup({ logGroupName: group }, context);
  if (!hasStream) createLogStream(name, context);
  for (const logEvents of batches) putLogEvents({ ...name, logEvents }, context);
  return true;
}

/** In order, without empty lines, none longer than an event may be, in batches that PutLogEvents takes. */
function batchesOf(lines: LogLines['lines']): InputLogEvent[][] {
  const sorted = lines
    .filter(({ message }) => message !== '')
    .map(({ timestamp, message }) => ({ timestamp, message: message.slice(0, MAX_LINE) }))
    .sort((left, right) => left.timestamp - right.timestamp);
  const size = Math.floor(MAX_BATCH_BYTES / (MAX_LINE * MAX_BYTES_A_CHARACTER + EVENT_OVERHEAD_BYTES));
  return Array.from({ length: Math.ceil(sorted.length / size) }, (_, batch) =>
    sorted.slice(batch * size, (batch + 1) * size),
  );
}

function may(command: string, resource: string, context: CallContext): boolean {
  return reasonToRefuse({ action: `logs:${command}`, resources: [resource], conditions: {} }, context) === undefined;
}
