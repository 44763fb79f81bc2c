import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateTableCommand,
  paginateListTables,
  waitUntilTableExists,
  waitUntilTableNotExists,
} from '@aws-sdk/client-dynamodb';
import type { CreateTableInput } from '@aws-sdk/client-dynamodb';
import { GetResourcesCommand, ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { describe, expect, it } from 'vitest';
import { openEmbedded } from '../../src/embedded/index.ts';
import { ACCOUNT, allow, createIamBench } from '../support/embedded-iam.ts';
import { REGION, TableName, createEmbeddedTable, tableInput } from '../support/embedded-table.ts';
import { errorOf } from '../support/embedded-zone.ts';

const NOW = Date.parse('2026-11-25T10:00:00Z');
const ARN = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${TableName}`;

async function create(input: CreateTableInput) {
  const client = openEmbedded('memory').client(DynamoDBClient, { region: REGION });
  return client.send(new CreateTableCommand(input));
}

describe('a table', () => {
  it('is active at once, and described with its keys', async () => {
    const { client, put } = await createEmbeddedTable({ now: () => NOW, table: { sorted: true } });
    await put({ pk: { S: 'a' }, sk: { N: '1' } });

    const { Table } = await client.send(new DescribeTableCommand({ TableName }));

    expect(Table).toEqual({
      TableName,
      TableArn: ARN,
      TableId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      TableStatus: 'ACTIVE',
      CreationDateTime: new Date(NOW),
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'N' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      ProvisionedThroughput: { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST', LastUpdateToPayPerRequestDateTime: new Date(NOW) },
      ItemCount: 1,
      TableSizeBytes: 7,
      DeletionProtectionEnabled: false,
    });
    expect((await client.send(new DescribeTableCommand({ TableName: ARN }))).Table).toEqual(Table);
    await waitUntilTableExists({ client, minDelay: 1, maxWaitTime: 2 }, { TableName });
  });

  it('may have provisioned throughput', async () => {
    const { BillingMode: _mode, ...input } = tableInput();
    const { TableDescription: table } = await create({
      ...input,
      ProvisionedThroughput: { ReadCapacityUnits: 2, WriteCapacityUnits: 1 },
    });

    expect(table).toMatchObject({ ProvisionedThroughput: { ReadCapacityUnits: 2, WriteCapacityUnits: 1 } });
    expect(table).not.toHaveProperty('BillingModeSummary');
  });

  it('is gone with its items when it is deleted, and not while it is protected', async () => {
    const { client, put, get } = await createEmbeddedTable({ table: { DeletionProtectionEnabled: true } });
    await put({ pk: { S: 'a' } });
    const remove = () => client.send(new DeleteTableCommand({ TableName }));

    expect(await errorOf(remove())).toMatchObject({
      name: 'ValidationException',
      message:
        'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    });
    const open = new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false });
    expect((await client.send(open)).TableDescription).toMatchObject({ DeletionProtectionEnabled: false });
    expect((await remove()).TableDescription).toMatchObject({ TableStatus: 'DELETING', ItemCount: 1 });

    await waitUntilTableNotExists({ client, minDelay: 1, maxWaitTime: 2 }, { TableName });
    expect(await errorOf(remove())).toBeInstanceOf(ResourceNotFoundException);
    await client.send(new CreateTableCommand(tableInput()));
    expect(await get({ pk: { S: 'a' } })).toBeUndefined();
  });

  it('exists once in an account and region', async () => {
    const { account, client } = await createEmbeddedTable();
    const again = (place: { region: string; account?: string }) =>
      account.client(DynamoDBClient, place).send(new CreateTableCommand(tableInput()));

    const error = await errorOf(again({ region: REGION }));
    expect(error).toBeInstanceOf(ResourceInUseException);
    expect(error.message).toBe(`Table already exists: ${TableName}`);
    await again({ region: 'eu-central-1' });
    await again({ region: REGION, account: '444455556666' });
    expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual([TableName]);
  });

  it.each<[string, Partial<CreateTableInput>, string]>([
    [
      'a short name',
      { TableName: 'ab' },
      "Value 'ab' at 'tableName' failed to satisfy constraint: Member must have length",
    ],
    ['other characters', { TableName: 'a b c' }, 'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+'],
    ['a long name', { TableName: 'a'.repeat(256) }, 'Member must have length less than or equal to 255'],
    ['no key', { KeySchema: [] }, "at 'keySchema' failed to satisfy constraint"],
    ['a sort key alone', { KeySchema: [{ AttributeName: 'pk', KeyType: 'RANGE' }] }, 'is not a HASH key type'],
    [
      'two partition keys',
      {
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'b', KeyType: 'HASH' },
        ],
      },
      'is not a RANGE key type',
    ],
    ['a key that is not defined', { AttributeDefinitions: [] }, 'Some index key attributes are not defined'],
    [
      'more definitions than keys',
      {
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'b', AttributeType: 'S' },
        ],
      },
      'Number of attributes in KeySchema does not exactly match number of attributes defined',
    ],
    ['no throughput where it is provisioned', { BillingMode: 'PROVISIONED' }, 'must both be specified'],
    [
      'throughput where it is on demand',
      { ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } },
      'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified',
    ],
    [
      '51 tags',
      { Tags: Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' })) },
      'at most 50 tags',
    ],
  ])('is refused with %s', async (_what, change, message) => {
    const error = await errorOf(create({ ...tableInput(), ...change }));
    expect(error.name).toBe('ValidationException');
    expect(error.message).toContain(message);
  });

  it.each<Partial<CreateTableInput>>([
    { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' } },
    { SSESpecification: { Enabled: true } },
    { TableClass: 'STANDARD_INFREQUENT_ACCESS' },
  ])('is refused with what is not embedded: %j', async (change) => {
    expect((await errorOf(create({ ...tableInput(), ...change }))).name).toBe('NotEmbedded');
  });

  it('is changed from a planned capacity to none', async () => {
    const { client } = await createEmbeddedTable();
    const ProvisionedThroughput = { ReadCapacityUnits: 1, WriteCapacityUnits: 2 };
    const planned = {
      ...tableInput({ TableName: 'planned' }),
      BillingMode: 'PROVISIONED',
      ProvisionedThroughput,
    } as const;
    await client.send(new CreateTableCommand(planned));

    await client.send(new UpdateTableCommand({ TableName: 'planned', BillingMode: 'PAY_PER_REQUEST' }));

    expect((await client.send(new DescribeTableCommand({ TableName: 'planned' }))).Table).toMatchObject({
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
      DeletionProtectionEnabled: false,
    });
  });

  it('is changed in nothing but its protection, else', async () => {
    const { client } = await createEmbeddedTable();
    const change = (input: object) => client.send(new UpdateTableCommand({ TableName, ...input }));

    expect((await errorOf(change({ BillingMode: 'PROVISIONED' }))).name).toBe('NotEmbedded');
    expect((await errorOf(change({}))).name).toBe('ValidationException');
    expect(await errorOf(change({ TableName: 'other', DeletionProtectionEnabled: true }))).toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Requested resource not found: Table: other not found',
    });
  });

  it('is listed page by page, by name', async () => {
    const client = openEmbedded('memory').client(DynamoDBClient, { region: REGION });
    const names = Array.from({ length: 203 }, (_, index) => `t${String(index).padStart(3, '0')}`);
    for (const name of names.toReversed()) await client.send(new CreateTableCommand(tableInput({ TableName: name })));

    const pages: string[][] = [];
    for await (const { TableNames } of paginateListTables({ client }, {})) pages.push(TableNames!);

    expect(pages.map(({ length }) => length)).toEqual([100, 100, 3]);
    expect(pages.flat()).toEqual(names);
    const part = await client.send(new ListTablesCommand({ Limit: 1, ExclusiveStartTableName: 't100x' }));
    expect(part).toMatchObject({ TableNames: ['t101'], LastEvaluatedTableName: 't101' });
    expect((await errorOf(client.send(new ListTablesCommand({ Limit: 101 })))).name).toBe('ValidationException');
  });
});

describe('tags of a table', () => {
  it('are given, changed and taken away, and found by the tagging API', async () => {
    const { account, client } = await createEmbeddedTable({ table: { Tags: [{ Key: 'a', Value: '1' }] } });
    const tags = async () => (await client.send(new ListTagsOfResourceCommand({ ResourceArn: ARN }))).Tags;
    const tagging = account.client(ResourceGroupsTaggingAPIClient, { region: REGION });

    await client.send(new TagResourceCommand({ ResourceArn: ARN, Tags: [{ Key: 'b', Value: '2' }] }));
    expect(await tags()).toEqual([
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ]);
    await client.send(new UntagResourceCommand({ ResourceArn: ARN, TagKeys: ['a', 'unknown'] }));

    const found = await tagging.send(new GetResourcesCommand({ ResourceTypeFilters: ['dynamodb:table'] }));
    expect(found.ResourceTagMappingList).toEqual([{ ResourceARN: ARN, Tags: [{ Key: 'b', Value: '2' }] }]);
    const other = new ListTagsOfResourceCommand({ ResourceArn: `${ARN}2` });
    expect(await errorOf(client.send(other))).toBeInstanceOf(ResourceNotFoundException);
    const byName = new ListTagsOfResourceCommand({ ResourceArn: TableName });
    expect(await errorOf(client.send(byName))).toBeInstanceOf(ResourceNotFoundException);
  });
});

describe('permissions on tables', () => {
  it('name the table, and tags ask for their own', async () => {
    const { role, grant, assume } = createIamBench();
    const client = (await assume(await role('maker'))).client(DynamoDBClient);
    const make = (name: string, Tags?: { Key: string; Value: string }[]) =>
      client.send(new CreateTableCommand(tableInput({ TableName: name, ...(Tags && { Tags }) })));
    await grant('maker', allow('dynamodb:CreateTable', ARN));

    expect((await errorOf(make('other'))).message).toContain(
      `is not authorized to perform: dynamodb:CreateTable on resource: arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/other`,
    );
    const untaggable = await errorOf(make(TableName, [{ Key: 'a', Value: '1' }]));
    expect(untaggable.name).toBe('AccessDeniedException');
    expect(untaggable.message).toContain('dynamodb:TagResource');
    await make(TableName);
  });

  it('may depend on the tags of the table', async () => {
    const { role, grant, assume, account } = createIamBench();
    const administrator = account.client(DynamoDBClient, { region: REGION });
    for (const name of ['own', 'foreign']) {
      const Tags = [{ Key: 'owner', Value: name }];
      await administrator.send(new CreateTableCommand(tableInput({ TableName: name, Tags })));
    }
    const client = (await assume(await role('remover'))).client(DynamoDBClient);
    const isOwn = { StringEquals: { 'aws:ResourceTag/owner': 'own' } };
    await grant('remover', allow('dynamodb:DeleteTable', '*', isOwn));

    await client.send(new DeleteTableCommand({ TableName: 'own' }));
    const refused = await errorOf(client.send(new DeleteTableCommand({ TableName: 'foreign' })));
    expect(refused.name).toBe('AccessDeniedException');
  });
});
