import { DescribeTableCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { AwsError, isAwsError } from '../../aws/errors.ts';
import { MAX_ATTRIBUTE_BYTES, attributeOf, bytesOf, textOf } from './row-text.ts';
import type { Cell } from './types.ts';

/**
 * One row of a table, written under conditions. The table is the user's: its partition key is a string of any name, and
 * it has no sort key. Writing throws AwsError TU3018 for a text that no row can hold.
 *
 * @param row the value of its partition key
 * @throws AwsError TU3014 for a table that cannot hold a lease
 */
export async function dynamoDbCell(client: DynamoDBClient, table: string, row: string): Promise<Cell> {
  const key = await partitionKeyOf(client, table);
  const id = { [key]: { S: row } };

  async function put(text: string, condition: Pick<PutItem, 'ConditionExpression' | 'values'>) {
    const version = crypto.randomUUID();
    const record = attributeOf(text);
    if (bytesOf(record) > MAX_ATTRIBUTE_BYTES) throw tooLarge(table, row, bytesOf(record));
    try {
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: { ...id, version: { S: version }, record },
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
      return { text: textOf(Item['record']), version: Item['version']?.S ?? '' };
    },
    create: (text) => put(text, { ConditionExpression: 'attribute_not_exists(#at)' }),
    replace: (text, version) =>
      put(text, { ConditionExpression: '#at = :before', values: { ':before': { S: version } } }),
  };
}

interface PutItem {
  readonly ConditionExpression: string;
  readonly values?: Readonly<Record<string, { readonly S: string }>>;
}

function tooLarge(table: string, row: string, bytes: number): AwsError {
  const kilobytes = (size: number): string => `${Math.ceil(size / 1024).toLocaleString('en')} KB`;
  return new AwsError(
    'TU3018',
    `the row ${row} of the table ${table} would take ${kilobytes(bytes)}, compressed, and DynamoDB takes ${kilobytes(MAX_ATTRIBUTE_BYTES)}`,
    { hint: 'name a bucket in spec.lease of Settings, or none: an object holds more; or divide the estate' },
  );
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
