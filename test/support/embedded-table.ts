import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type {
  AttributeValue,
  CreateTableInput,
  DeleteItemInput,
  GetItemInput,
  PutItemInput,
  UpdateItemInput,
} from '@aws-sdk/client-dynamodb';
import { openEmbedded } from '../../src/embedded/index.ts';
import type { EmbeddedOptions } from '../../src/embedded/index.ts';

export const TableName = 'leases';
export const REGION = 'eu-west-1';

type Attributes = Record<string, AttributeValue>;

/** A table on demand with the partition key `pk`, a string; with the sort key `sk`, a number, if asked. */
export function tableInput({ sorted = false, ...rest }: Partial<CreateTableInput> & { sorted?: boolean } = {}) {
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      ...(sorted ? [{ AttributeName: 'sk', KeyType: 'RANGE' } as const] : []),
    ],
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      ...(sorted ? [{ AttributeName: 'sk', AttributeType: 'N' } as const] : []),
    ],
    ...rest,
  } satisfies CreateTableInput;
}

/** A table in an embedded account in memory, for one test. */
export async function createEmbeddedTable(
  options: EmbeddedOptions & { readonly table?: Parameters<typeof tableInput>[0] } = {},
) {
  const { table, ...rest } = options;
  const account = openEmbedded('memory', rest);
  const client = account.client(DynamoDBClient, { region: REGION });
  await client.send(new CreateTableCommand(tableInput(table)));

  return {
    account,
    client,
    put: (Item: Attributes, input: Partial<PutItemInput> = {}) =>
      client.send(new PutItemCommand({ TableName, Item, ...input })),
    remove: (Key: Attributes, input: Partial<DeleteItemInput> = {}) =>
      client.send(new DeleteItemCommand({ TableName, Key, ...input })),
    update: (Key: Attributes, UpdateExpression: string, input: Partial<UpdateItemInput> = {}) =>
      client.send(new UpdateItemCommand({ TableName, Key, UpdateExpression, ...input })),
    async get(Key: Attributes, input: Partial<GetItemInput> = {}) {
      return (await client.send(new GetItemCommand({ TableName, Key, ...input }))).Item;
    },
  };
}
