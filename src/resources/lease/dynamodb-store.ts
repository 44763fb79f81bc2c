import { DescribeTableCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { AwsError, isAwsError } from '../../aws/errors.ts';
import type { LeaseRecord, LeaseStore } from '../../engine/lease.ts';
import { parseLeaseRecord } from './record.ts';

/** The value of its partition key. */
export function leaseRow(owner: string): string {
  return `trueup/${owner}/lease`;
}

/**
 * One row of a table, written under conditions. The table is the user's: its partition key is a string of any name, and
 * it has no sort key.
 *
 * @throws AwsError TU3014 for a table that cannot hold a lease
 */
export async function dynamoDbLeaseStore(client: DynamoDBClient, table: string, owner: string): Promise<LeaseStore> {
  const key = await partitionKeyOf(client, table);
  const id = { [key]: { S: leaseRow(owner) } };

  async function put(record: LeaseRecord, condition: Pick<PutItem, 'ConditionExpression' | 'values'>) {
    const version = crypto.randomUUID();
    try {
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: { ...id, version: { S: version }, record: { S: JSON.stringify(record) } },
          ConditionExpression: condition.ConditionExpression,
          ExpressionAttributeNames: { '#at': condition.values ? 'version' : key },
          ...(condition.values && { ExpressionAttributeValues: condition.values }),
        }),
      );
      return version;
    } catch (error) {
      if (isAwsError(error, 'ConditionalCheckFailedException')) return undefined;
      throw error;
    }
  }

  return {
    async read() {
      const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: id, ConsistentRead: true }));
      if (!Item) return undefined;
      return { record: parseLeaseRecord(Item['record']?.S ?? ''), version: Item['version']?.S ?? '' };
    },
    create: (record) => put(record, { ConditionExpression: 'attribute_not_exists(#at)' }),
    replace: (record, version) =>
      put(record, { ConditionExpression: '#at = :before', values: { ':before': { S: version } } }),
  };
}

interface PutItem {
  readonly ConditionExpression: string;
  readonly values?: Readonly<Record<string, { readonly S: string }>>;
}

async function partitionKeyOf(client: DynamoDBClient, table: string): Promise<string> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: table })).catch((error: unknown) => {
    if (!isAwsError(error, 'ResourceNotFoundException')) throw error;
    throw new AwsError('TU3014', `the table ${table} of spec.lease does not exist`, {
      hint: `aws dynamodb create-table --table-name ${table} --attribute-definitions AttributeName=id,AttributeType=S --key-schema AttributeName=id,KeyType=HASH --billing-mode PAY_PER_REQUEST`,
      cause: error,
    });
  });
  const [hash, range] = Table?.KeySchema ?? [];
  const type = Table?.AttributeDefinitions?.find(({ AttributeName }) => AttributeName === hash?.AttributeName);
  if (hash?.AttributeName !== undefined && range === undefined && type?.AttributeType === 'S')
    return hash.AttributeName;
  throw new AwsError(
    'TU3014',
    `the table ${table} of spec.lease must have a string as its partition key and no sort key`,
  );
}
