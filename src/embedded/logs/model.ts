import type { LogGroupClass } from '@aws-sdk/client-cloudwatch-logs';
import { serviceError } from '../errors.ts';
import { rowKey } from '../row-key.ts';
import type { CallContext } from '../service.ts';
import { table } from '../store/database.ts';
import type { Table } from '../store/database.ts';
import type { Tags } from '../tags.ts';

export interface StoredGroup {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  readonly logGroupClass: LogGroupClass;
  /** Undefined: events are kept for ever. */
  readonly retentionInDays?: number;
  readonly tags: Tags;
}

export interface StoredStream {
  readonly name: string;
  readonly created: number;
  readonly firstEvent?: number;
  readonly lastEvent?: number;
  readonly lastIngestion?: number;
}

export interface StoredEvent {
  readonly stream: string;
  /** Milliseconds since the epoch, as is `ingested`. */
  readonly timestamp: number;
  readonly ingested: number;
  readonly message: string;
}

export const groups = table<StoredGroup>('logs/groups');

/** Streams of one group by name. */
export function streams(group: string): Table<StoredStream> {
  return table(`logs/streams ${group}`);
}

/** Events of one group in the order of their keys: timestamp, batch, place in the batch. */
export function logEvents(group: string): Table<StoredEvent> {
  return table(`logs/events ${group}`);
}

const TIMESTAMP_DIGITS = 13;
const BATCH_DIGITS = 12;
const INDEX_DIGITS = 5;

/** The least key of an event at a timestamp or after it. */
export function eventKeyFrom(timestamp: number): string {
  return String(Math.max(0, Math.ceil(timestamp))).padStart(TIMESTAMP_DIGITS, '0');
}

export function eventKey(timestamp: number, batch: number, index: number): string {
  return `${eventKeyFrom(timestamp)}.${digits(batch, BATCH_DIGITS)}.${digits(index, INDEX_DIGITS)}`;
}

function digits(value: number, length: number): string {
  return String(value).padStart(length, '0');
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Events before this moment have passed the group's retention. */
export function expiry({ retentionInDays }: StoredGroup, now: number): number {
  return retentionInDays === undefined ? Number.NEGATIVE_INFINITY : now - retentionInDays * DAY_MS;
}

/** CreateLogGroup: 1 to 512 of these characters, not beginning with `aws/`. */
const GROUP_NAME = /^[.\-_/#A-Za-z0-9]{1,512}$/;
const RESERVED_GROUP = /^aws\//;
/** CreateLogStream: 1 to 512 characters without `:` and `*`. */
const STREAM_NAME = /^[^:*]{1,512}$/;

export function checkGroupName(name: string | undefined): string {
  if (!GROUP_NAME.test(name ?? '')) throw constraint('logGroupName', name, '[\\.\\-_/#A-Za-z0-9]+, 1 to 512');
  if (RESERVED_GROUP.test(name ?? '')) throw invalid('Log group names starting with aws/ are reserved for AWS.');
  return name ?? '';
}

export function checkStreamName(name: string | undefined): string {
  if (!STREAM_NAME.test(name ?? '')) throw constraint('logStreamName', name, '[^:*]*, 1 to 512');
  return name ?? '';
}

/** Without the trailing `:*`, as the tagging API takes it. */
export function groupArn(group: Pick<StoredGroup, 'account' | 'region' | 'name'>): string {
  return `arn:aws:logs:${group.region}:${group.account}:log-group:${group.name}`;
}

export function ownGroupArn(name: string | undefined, { caller, region }: CallContext): string {
  return groupArn({ account: caller.account, region, name: name ?? '' });
}

/** @throws ResourceNotFoundException */
export function ownGroup(name: string | undefined, context: CallContext): StoredGroup {
  const group = context.data.get(groups, rowKey(checkGroupName(name), context));
  if (group === undefined) throw notFound('The specified log group does not exist.');
  return group;
}

/** How calls that read name a group. */
export interface GroupReference {
  readonly logGroupName?: string | undefined;
  readonly logGroupIdentifier?: string | undefined;
}

/** The group that a name or an ARN means; exactly one of the two must be given. */
export function identifiedGroup(
  { logGroupName, logGroupIdentifier }: GroupReference,
  context: CallContext,
): StoredGroup {
  if ((logGroupName === undefined) === (logGroupIdentifier === undefined)) {
    throw invalid('Specify either logGroupName or logGroupIdentifier, but not both.');
  }
  return ownGroup(logGroupName ?? nameOf(logGroupIdentifier, context), context);
}

/** The name in an ARN of an own group, or the name itself. */
export function nameOf(identifier: string | undefined, context: CallContext): string | undefined {
  const prefix = ownGroupArn('', context);
  return identifier?.startsWith(prefix) === true ? identifier.slice(prefix.length) : identifier;
}

export function invalid(message: string): Error {
  return serviceError('InvalidParameterException', message);
}

export function notFound(message: string): Error {
  return serviceError('ResourceNotFoundException', message);
}

export function alreadyExists(what: string): Error {
  return serviceError('ResourceAlreadyExistsException', `The specified ${what} already exists`);
}

/** A value outside the API model, in the words of AWS's request validator. */
export function constraint(member: string, value: unknown, rule: string): Error {
  return invalid(
    `1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: ${rule}`,
  );
}
