import { UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBClient, TimeToLiveStatus } from '@aws-sdk/client-dynamodb';
import { isAwsError } from '../aws/errors.ts';
import type { TimeToLive } from './table-properties.ts';

/** A table's time to live as it was seen. */
interface FoundTimeToLive extends Partial<TimeToLive> {
  readonly status: TimeToLiveStatus | undefined;
}

/**
 * Turns a table's time to live on or off. DynamoDB takes "up to one hour" for each change and none in between (API
 * reference, UpdateTimeToLive), which no apply waits for; another attribute takes two changes.
 *
 * @throws Error that says what is left to do, and when.
 */
export async function setTimeToLive(
  client: DynamoDBClient,
  table: string,
  found: FoundTimeToLive,
  wanted: TimeToLive,
): Promise<void> {
  if (found.status === 'ENABLING' || found.status === 'DISABLING') {
    throw new Error(inProgress(table));
  }
  const isMoved = wanted.Enabled && found.Enabled === true;
  const { AttributeName } = isMoved || !wanted.Enabled ? found : wanted;
  const Enabled = wanted.Enabled && !isMoved;
  const command = new UpdateTimeToLiveCommand({
    TableName: table,
    TimeToLiveSpecification: { AttributeName, Enabled },
  });
  await client.send(command).catch((error: unknown) => {
    if (isRefused(error, 'modified multiple times')) throw new Error(inProgress(table), { cause: error });
    // The reply to an earlier try was lost.
    if (!isRefused(error, 'is already')) throw error;
  });
  if (isMoved) {
    throw new Error(
      `the time to live of table ${table} by ${found.AttributeName ?? ''} was turned off, before it can be turned on by ${wanted.AttributeName ?? ''}: ${LATER}`,
    );
  }
}

function inProgress(table: string): string {
  return `an earlier change of the time to live of table ${table} is in progress: ${LATER}`;
}

function isRefused(error: unknown, words: string): boolean {
  return error instanceof Error && isAwsError(error, 'ValidationException') && error.message.includes(words);
}

const LATER = 'DynamoDB takes up to an hour for it; apply again then';
