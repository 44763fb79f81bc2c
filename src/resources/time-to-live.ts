import { UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBClient, TimeToLiveStatus } from '@aws-sdk/client-dynamodb';
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
    throw new Error(`an earlier change of the time to live of table ${table} is in progress: ${LATER}`);
  }
  const isMoved = wanted.Enabled && found.Enabled === true;
  const { AttributeName } = isMoved || !wanted.Enabled ? found : wanted;
  const Enabled = wanted.Enabled && !isMoved;
  const TimeToLiveSpecification = { AttributeName, Enabled };
  await client.send(new UpdateTimeToLiveCommand({ TableName: table, TimeToLiveSpecification }));
  if (isMoved) {
    throw new Error(
      `the time to live of table ${table} by ${found.AttributeName ?? ''} was turned off, before it can be turned on by ${wanted.AttributeName ?? ''}: ${LATER}`,
    );
  }
}

const LATER = 'DynamoDB takes up to an hour for it; apply again then';
