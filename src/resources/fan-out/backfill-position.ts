import { DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { isAwsError } from '../../aws/errors.ts';
import type { LedgerKey } from '../../fan-out/ledger-keys.ts';
import type { LedgerTable } from './row-update.ts';
import { number, text } from './rows.ts';

/** How far a backfill of one destination has come. */
export interface BackfillPosition {
  /** Last key that was handed over; empty: none. */
  readonly after: string;
  /** Objects that were handed over so far, by all its runs. */
  readonly sent: number;
  /** When its first run began, in milliseconds since the epoch. */
  readonly began: number;
  /** When this was written, in milliseconds since the epoch. */
  readonly at: number;
}

/** `absent`: no run is unfinished; `no-table`: there is no ledger. One request. */
export async function readPosition(
  { client, table }: LedgerTable,
  key: LedgerKey,
): Promise<BackfillPosition | 'absent' | 'no-table'> {
  try {
    const Key = { pk: text(key.pk), sk: text(key.sk) };
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
    if (!Item) return 'absent';
    return {
      after: Item['source']?.S ?? '',
      sent: Number(Item['sent']?.N ?? 0),
      began: Number(Item['began']?.N ?? 0),
      at: Number(Item['at']?.N ?? 0),
    };
  } catch (error) {
    if (isAwsError(error, 'ResourceNotFoundException')) return 'no-table';
    throw error;
  }
}

/** A run's hold on the row: whoever takes it later has it, and the one before is told. */
export interface HeldPosition {
  /** @returns false: another run has it */
  write(position: BackfillPosition): Promise<boolean>;
  /** The backfill is done. @returns false: another run has it */
  remove(): Promise<boolean>;
}

/** @param run not to be guessed, and of this run alone */
export async function takePosition(
  { client, table, expires }: LedgerTable,
  key: LedgerKey,
  first: BackfillPosition,
  run: string,
): Promise<HeldPosition> {
  const Key = { pk: text(key.pk), sk: text(key.sk) };
  const condition = {
    ConditionExpression: '#run = :run',
    ExpressionAttributeNames: { '#run': 'run' },
    ExpressionAttributeValues: { ':run': text(run) },
  };

  function put({ after, sent, began, at }: BackfillPosition): PutItemCommand['input'] {
    return {
      TableName: table,
      Item: {
        ...Key,
        source: text(after),
        sent: number(sent),
        began: number(began),
        at: number(at),
        run: text(run),
        expires: number(expires()),
      },
    };
  }

  async function holds(call: Promise<unknown>): Promise<boolean> {
    try {
      await call;
      return true;
    } catch (error) {
      if (isAwsError(error, 'ConditionalCheckFailedException')) return false;
      throw error;
    }
  }

  await client.send(new PutItemCommand(put(first)));
  return {
    write: (position) => holds(client.send(new PutItemCommand({ ...put(position), ...condition }))),
    remove: () => holds(client.send(new DeleteItemCommand({ TableName: table, Key, ...condition }))),
  };
}
