import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Aws } from '../../aws/clients.ts';
import { isAwsError } from '../../aws/errors.ts';
import type { Place } from '../../engine/types.ts';
import type { LedgerKey } from '../../fan-out/ledger-keys.ts';
import { ATTRIBUTES } from './rows.ts';
import type { Attribute, Item } from './rows.ts';

/** Where a ledger lies, and how its rows are written. */
export interface LedgerTable {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** When a row that is written now expires, in seconds since the epoch. */
  readonly expires: () => number;
  /** When a head does that says that its key is gone. */
  readonly deletionExpires: () => number;
}

const SECONDS_A_DAY = 86_400;
/**
 * No event comes later than this: SNS tries for 23 days (SNS Developer Guide, "Amazon SNS message delivery retries"), and a
 * dead letter lives for 14.
 */
const LATEST_EVENT_DAYS = 40;

/** @param now milliseconds since the epoch */
export async function openLedgerTable(
  aws: Aws,
  place: Place,
  { table, ttlDays }: { readonly table: string; readonly ttlDays: number },
  now: () => number,
): Promise<LedgerTable> {
  const client = await aws.client(DynamoDBClient, place);
  const inDays = (days: number): number => Math.floor(now() / 1000) + days * SECONDS_A_DAY;
  return {
    client,
    table,
    expires: () => inDays(ttlDays),
    deletionExpires: () => inDays(Math.max(ttlDays, LATEST_EVENT_DAYS)),
  };
}

export interface RowUpdate {
  readonly key: LedgerKey;
  /** Attributes with their values; undefined: removed. */
  readonly set: Readonly<Partial<Record<Attribute, AttributeValue | undefined>>>;
  /** One is added to it. */
  readonly raise?: Attribute;
  /** Goes into the open attempts. */
  readonly open?: string;
  /** Goes into the failed ones. */
  readonly failed?: string;
  /** Go out of both. */
  readonly close?: readonly string[];
  /** Default: as all rows do. */
  readonly expiry?: 'deletion' | 'never' | 'unchanged';
  /** A condition in which attributes are `#name` and values `:name`. */
  readonly condition: string;
  readonly values?: Readonly<Record<string, AttributeValue>>;
}

/** What the row is after the update; or what it was, where the condition did not hold (undefined: absent). */
export type RowUpdated =
  | { readonly holds: true; readonly item: Item }
  | { readonly holds: false; readonly item: Item | undefined };

/** One UpdateItem under a condition. */
export async function updateRow(rows: LedgerTable, update: RowUpdate): Promise<RowUpdated> {
  const { client, table } = rows;
  const { key, raise, open, failed, close, condition, values = {} } = update;
  const attempts = close ?? [open, failed].filter((one) => one !== undefined);
  const set = Object.entries({ ...update.set, ...expiryOf(rows, update.expiry) });
  const given = set.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  const removed = set.filter(([, value]) => value === undefined).map(([name]) => `#${name}`);
  const expression = [
    `SET ${given.map(([name]) => `#${name} = :set_${name}`).join(', ')}`,
    ...(removed.length > 0 ? [`REMOVE ${removed.join(', ')}`] : []),
    ...(raise ? [`ADD #${raise} :one`] : []),
    ...(open === undefined ? [] : ['ADD #attempts :attempts']),
    ...(failed === undefined ? [] : ['ADD #failures :attempts']),
    ...(close === undefined ? [] : ['DELETE #attempts :attempts, #failures :attempts']),
  ].join(' ');
  try {
    const { Attributes = {} } = await client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { pk: { S: key.pk }, sk: { S: key.sk } },
        UpdateExpression: expression,
        ConditionExpression: condition,
        ExpressionAttributeNames: namesIn(`${expression} ${condition}`),
        ExpressionAttributeValues: {
          ...Object.fromEntries(given.map(([name, value]) => [`:set_${name}`, value])),
          ...Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value])),
          ...(raise && { ':one': { N: '1' } }),
          ...(attempts.length > 0 && { ':attempts': { SS: [...attempts] } }),
        },
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return { holds: true, item: Attributes };
  } catch (error) {
    if (!isAwsError(error, 'ConditionalCheckFailedException')) throw error;
    return { holds: false, item: (error as { Item?: Item }).Item };
  }
}

function expiryOf({ expires, deletionExpires }: LedgerTable, expiry: RowUpdate['expiry']): RowUpdate['set'] {
  switch (expiry) {
    case 'unchanged':
      return {};
    case 'never':
      return { expires: undefined };
    case 'deletion':
      return { expires: { N: String(deletionExpires()) } };
    case undefined:
      return { expires: { N: String(expires()) } };
  }
}

function namesIn(expression: string): Record<string, string> {
  const used = new Set(Array.from(expression.matchAll(/#(\w+)/g), ([, name]) => name));
  const known: Readonly<Record<string, string>> = { ...ATTRIBUTES, pk: 'pk' };
  return Object.fromEntries(
    Object.entries(known).flatMap(([name, attribute]) => (used.has(name) ? [[`#${name}`, attribute]] : [])),
  );
}
