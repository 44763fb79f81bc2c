import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ConditionalCheckFailedException,
  CreateTableCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ProvisionedThroughputExceededException,
  PutItemCommand,
  ResourceNotFoundException,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { AttributeValue, PutItemInput, ReturnValue } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { openEmbedded } from '../../src/embedded/index.ts';
import { ACCOUNT, allow, createIamBench } from '../support/embedded-iam.ts';
import { REGION, TableName, createEmbeddedTable, tableInput } from '../support/embedded-table.ts';
import { errorOf } from '../support/embedded-zone.ts';

const KEY = { pk: { S: 'a' } };
const ENVELOPE = '1 validation error detected: ';

async function refusal(call: Promise<unknown>): Promise<string> {
  const error = await errorOf(call);
  expect(error.name).toBe('ValidationException');
  return error.message;
}

describe('an item', () => {
  it('comes back with every type of value', async () => {
    const { put, get } = await createEmbeddedTable();
    const item: Record<string, AttributeValue> = {
      ...KEY,
      n: { N: '-12.5' },
      b: { B: new Uint8Array([0, 255, 1]) },
      yes: { BOOL: true },
      no: { BOOL: false },
      nothing: { NULL: true },
      empty: { S: '' },
      ss: { SS: ['b', 'a'] },
      ns: { NS: ['1', '2'] },
      bs: { BS: [new Uint8Array([1]), new Uint8Array([])] },
      l: { L: [{ S: 'x' }, { M: { deep: { B: new Uint8Array([7]) } } }, { L: [] }] },
      m: { M: { __proto__x: { S: 'y' }, none: { M: {} } } },
    };

    await put(item);

    const read = await get(KEY, { ConsistentRead: true });
    expect(read).toEqual(item);
    expect(read!['b']!.B).toBeInstanceOf(Uint8Array);
    expect(await get({ pk: { S: 'b' } })).toBeUndefined();
  });

  it('outlives the process, in the account file', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'trueup-dynamodb-'));
    const file = join(directory, 'account.json');
    const first = openEmbedded(file);
    const client = first.client(DynamoDBClient, { region: REGION });
    await client.send(new CreateTableCommand(tableInput()));
    const Item = { ...KEY, b: { B: new Uint8Array([200, 1]) }, n: { N: '1e3' } };
    await client.send(new PutItemCommand({ TableName, Item }));
    first.close();

    const second = openEmbedded(file);
    const again = second.client(DynamoDBClient, { region: REGION });
    const { Item: found } = await again.send(new GetItemCommand({ TableName, Key: KEY }));
    expect(found).toEqual({ ...Item, n: { N: '1000' } });
    second.close();
    rmSync(directory, { recursive: true });
  });

  it('is replaced as a whole, and shown as it was when asked', async () => {
    const { put, get } = await createEmbeddedTable();
    const old = { ...KEY, x: { S: '1' } };

    expect(await put(old, { ReturnValues: 'ALL_OLD' })).not.toHaveProperty('Attributes');
    expect((await put({ ...KEY, y: { S: '2' } }, { ReturnValues: 'ALL_OLD' })).Attributes).toEqual(old);
    expect(await put(old)).not.toHaveProperty('Attributes');
    expect(await get(KEY)).toEqual(old);
  });

  it('is deleted once; again does no harm', async () => {
    const { put, remove, get } = await createEmbeddedTable();
    await put(KEY);

    expect((await remove(KEY, { ReturnValues: 'ALL_OLD' })).Attributes).toEqual(KEY);
    expect(await remove(KEY, { ReturnValues: 'ALL_OLD' })).not.toHaveProperty('Attributes');
    expect(await get(KEY)).toBeUndefined();
  });

  it('is one by both keys; numbers are the same in every spelling', async () => {
    const { put, get } = await createEmbeddedTable({ table: { sorted: true } });
    await put({ ...KEY, sk: { N: '1' }, x: { S: 'one' } });
    await put({ ...KEY, sk: { N: '2' }, x: { S: 'two' } });
    await put({ ...KEY, sk: { N: '10e-1' }, x: { S: 'one again' } });

    expect(await get({ ...KEY, sk: { N: '1.00' } })).toEqual({ ...KEY, sk: { N: '1' }, x: { S: 'one again' } });
    expect(await get({ ...KEY, sk: { N: '2' } })).toMatchObject({ x: { S: 'two' } });
  });

  it('is read in part', async () => {
    const { put, get } = await createEmbeddedTable();
    await put({ ...KEY, m: { M: { a: { S: '1' }, b: { S: '2' } } }, l: { L: [{ N: '0' }, { N: '1' }, { N: '2' }] } });
    const read = (ProjectionExpression: string, names?: Record<string, string>) =>
      get(KEY, { ProjectionExpression, ...(names && { ExpressionAttributeNames: names }) });

    expect(await read('pk, m.a, l[2], l[0], absent.x')).toEqual({
      ...KEY,
      m: { M: { a: { S: '1' } } },
      l: { L: [{ N: '0' }, { N: '2' }] },
    });
    expect(await read('#b', { '#b': 'absent' })).toEqual({});
    expect(await refusal(read('m, m.a'))).toMatch(/^Invalid ProjectionExpression: Two document paths overlap/);
    expect(await refusal(read('pk', { '#b': 'b' }))).toBe(
      'Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}',
    );
  });
});

describe('a condition', () => {
  const take = (owner: string, now: number): Partial<PutItemInput> => ({
    ConditionExpression: 'attribute_not_exists(pk) OR expires < :now OR #owner = :owner',
    ExpressionAttributeNames: { '#owner': 'owner' },
    ExpressionAttributeValues: { ':now': { N: String(now) }, ':owner': { S: owner } },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  const lease = (owner: string, expires: number) => ({
    ...KEY,
    owner: { S: owner },
    expires: { N: String(expires) },
  });

  it('makes a lease: one holder at a time, until it expires', async () => {
    const { put, get } = await createEmbeddedTable();
    await put(lease('one', 100), take('one', 10));

    const refused = await errorOf(put(lease('two', 110), take('two', 20)));
    expect(refused).toBeInstanceOf(ConditionalCheckFailedException);
    expect(refused).toMatchObject({ message: 'The conditional request failed', Item: lease('one', 100) });
    await put(lease('one', 200), take('one', 30));
    await put(lease('two', 300), take('two', 201));
    expect(await get(KEY)).toEqual(lease('two', 300));
  });

  it('shows the item only when asked, and when there is one', async () => {
    const { put, update, remove } = await createEmbeddedTable();
    await put(KEY);
    const fails = { ConditionExpression: 'attribute_exists(absent)' };
    const showing = { ...fails, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;

    expect(await errorOf(put(KEY, fails))).not.toHaveProperty('Item');
    expect(await errorOf(remove(KEY, showing))).toMatchObject({ Item: KEY });
    expect(await errorOf(update(KEY, 'REMOVE x', showing))).toMatchObject({ Item: KEY });
    expect(await errorOf(update({ pk: { S: 'b' } }, 'REMOVE x', showing))).not.toHaveProperty('Item');
  });

  it('leaves everything as it was when it fails', async () => {
    const { put, update, remove, get } = await createEmbeddedTable();
    const item = { ...KEY, n: { N: '1' } };
    await put(item);
    const fails = { ConditionExpression: 'n > :1', ExpressionAttributeValues: { ':1': { N: '1' } } };

    for (const call of [put({ ...KEY, n: { N: '9' } }, fails), remove(KEY, fails), update(KEY, 'SET n = :1', fails)]) {
      expect((await errorOf(call)).name).toBe('ConditionalCheckFailedException');
    }
    expect(await get(KEY)).toEqual(item);
  });
});

describe('an update', () => {
  it('counts exactly, beyond what a double can', async () => {
    const { put, update, get } = await createEmbeddedTable();
    await put({ ...KEY, fence: { N: '9007199254740993' } });

    const { Attributes } = await update(KEY, 'SET fence = fence + :1', {
      ExpressionAttributeValues: { ':1': { N: '1' } },
      ReturnValues: 'UPDATED_NEW',
    });

    expect(Attributes).toEqual({ fence: { N: '9007199254740994' } });
    expect(await get(KEY)).toEqual({ ...KEY, fence: { N: '9007199254740994' } });
  });

  it('makes the item that is not there', async () => {
    const { client, update, get } = await createEmbeddedTable();
    await update(KEY, 'ADD n :1', { ExpressionAttributeValues: { ':1': { N: '1' } } });
    await client.send(new UpdateItemCommand({ TableName, Key: { pk: { S: 'b' } } }));

    expect(await get(KEY)).toEqual({ ...KEY, n: { N: '1' } });
    expect(await get({ pk: { S: 'b' } })).toEqual({ pk: { S: 'b' } });
  });

  const before = { ...KEY, m: { M: { a: { S: '1' }, b: { S: '2' } } }, x: { S: 'x' } };
  it.each<[ReturnValue, object | undefined]>([
    ['NONE', undefined],
    ['ALL_OLD', before],
    ['ALL_NEW', { ...KEY, m: { M: { a: { S: 'new' }, b: { S: '2' } } }, y: { S: 'new' } }],
    ['UPDATED_OLD', { m: { M: { a: { S: '1' } } }, x: { S: 'x' } }],
    ['UPDATED_NEW', { m: { M: { a: { S: 'new' } } }, y: { S: 'new' } }],
  ])('shows %s', async (ReturnValues, shown) => {
    const { put, update } = await createEmbeddedTable();
    await put(before);

    const { Attributes } = await update(KEY, 'SET m.a = :v, y = :v REMOVE x', {
      ExpressionAttributeValues: { ':v': { S: 'new' } },
      ReturnValues,
    });

    expect(Attributes).toEqual(shown);
  });

  it('may not touch the key, nor grow too large, nor show what was not there', async () => {
    const { update, get } = await createEmbeddedTable();
    const value = (S: string) => ({ ExpressionAttributeValues: { ':v': { S } } });

    expect(await refusal(update(KEY, 'SET pk = :v', value('b')))).toBe(
      'One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key',
    );
    expect(await refusal(update(KEY, 'SET x = :v', value('x'.repeat(409_600))))).toBe(
      'Item size to update has exceeded the maximum allowed size',
    );
    expect(await refusal(update(KEY, 'SET x = absent'))).toBe(
      'The provided expression refers to an attribute that does not exist in the item',
    );
    expect(await get(KEY)).toBeUndefined();
    expect(await update(KEY, 'SET x = :v', { ...value('1'), ReturnValues: 'UPDATED_OLD' })).not.toHaveProperty(
      'Attributes',
    );
  });
});

describe('a request is refused', () => {
  it.each<[string, Record<string, AttributeValue>, string]>([
    ['no key', { x: { S: 'x' } }, 'One or more parameter values were invalid: Missing the key pk in the item'],
    [
      'a key of another type',
      { pk: { N: '1' } },
      'One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N',
    ],
    [
      'an empty key',
      { pk: { S: '' } },
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk',
    ],
    [
      'a long key',
      { pk: { S: 'x'.repeat(2049) } },
      'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes',
    ],
    ['a large item', { ...KEY, x: { S: 'x'.repeat(409_600) } }, 'Item size has exceeded the maximum allowed size'],
    ['no number', { ...KEY, n: { N: 'abc' } }, `${ENVELOPE}The parameter cannot be converted to a numeric value: abc`],
    [
      'a number too long',
      { ...KEY, n: { N: '1'.repeat(39) } },
      `${ENVELOPE}Attempting to store more than 38 significant digits in a Number`,
    ],
    [
      'an empty set',
      { ...KEY, s: { SS: [] } },
      `${ENVELOPE}One or more parameter values were invalid: An string set  may not be empty`,
    ],
    [
      'a set with repeats',
      { ...KEY, s: { NS: ['1', '1.0'] } },
      `${ENVELOPE}One or more parameter values were invalid: Input collection contains duplicates.`,
    ],
    [
      'a false null',
      { ...KEY, s: { NULL: false } },
      `${ENVELOPE}One or more parameter values were invalid: Null attribute value types must have the value of true`,
    ],
    [
      'an empty value',
      { ...KEY, s: {} as AttributeValue },
      `${ENVELOPE}Supplied AttributeValue is empty, must contain exactly one of the supported datatypes`,
    ],
  ])('that puts %s', async (_what, item, message) => {
    const { put, get } = await createEmbeddedTable();
    expect(await refusal(put(item))).toBe(message);
    expect(await get(KEY)).toBeUndefined();
  });

  it('that nests deeper than 32 levels', async () => {
    const { put } = await createEmbeddedTable();
    const nested = (levels: number): AttributeValue => (levels === 1 ? { S: 'x' } : { L: [nested(levels - 1)] });
    await put({ ...KEY, x: nested(32) });
    expect(await refusal(put({ ...KEY, x: nested(33) }))).toContain('Nesting Levels have exceeded supported limits');
  });

  it.each<[string, number]>([
    ['0', 1],
    ['100', 2],
    ['123', 3],
    ['-42', 3],
    ['1.5', 3],
    ['3.14159', 5],
    ['0.15', 2],
    ['100.5', 4],
    ['1E125', 2],
    ['12345678901234567890123456789012345678', 20],
  ])('that is an octet too large, where %s takes %i', async (N, size) => {
    const { put } = await createEmbeddedTable();
    const item = (total: number) => ({
      ...KEY,
      n: { N },
      p: { S: 'x'.repeat(total - 'pk'.length - 1 - 1 - size - 1) },
    });
    await put(item(409_600));
    expect(await refusal(put(item(409_601)))).toBe('Item size has exceeded the maximum allowed size');
  });

  it('counts lists and maps with what they need themselves', async () => {
    const { client, put } = await createEmbeddedTable();
    await put({ ...KEY, l: { L: [{ S: 'ab' }, { BOOL: true }] }, m: { M: { key: { NULL: true } } } });
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    expect(Table!.TableSizeBytes).toBe(3 + (1 + 3 + (2 + 1) + (1 + 1)) + (1 + 3 + (3 + 1 + 1)));
  });

  it.each<[string, Record<string, AttributeValue>]>([
    ['no attribute', {}],
    ['another attribute', { x: { S: 'a' } }],
    ['one more', { ...KEY, x: { S: 'a' } }],
    ['another type', { pk: { N: '1' } }],
  ])('by a key with %s', async (_what, key) => {
    const { get, remove, update } = await createEmbeddedTable();
    for (const call of [get(key), remove(key), update(key, 'REMOVE y')]) {
      expect(await refusal(call)).toBe('The provided key element does not match the schema');
    }
  });

  it.each<[Partial<PutItemInput>, string]>([
    [{ ConditionExpression: '' }, 'Invalid ConditionExpression: The expression can not be empty;'],
    [{ ConditionExpression: 'x =' }, 'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "="'],
    [
      { ConditionExpression: `attribute_exists(${'x'.repeat(4096)})` },
      'Invalid ConditionExpression: Expression size has exceeded the maximum allowed size; expression size: 4114',
    ],
    [
      { ExpressionAttributeValues: { ':v': { S: 'x' } } },
      'ExpressionAttributeValues can only be specified when using expressions',
    ],
    [
      { ExpressionAttributeNames: { '#n': 'x' } },
      'ExpressionAttributeNames can only be specified when using expressions',
    ],
    [{ ConditionExpression: 'x = :v', ExpressionAttributeValues: {} }, 'ExpressionAttributeValues must not be empty'],
    [
      { ConditionExpression: 'x = :v', ExpressionAttributeValues: { v: { S: 'x' } } },
      'ExpressionAttributeValues contains invalid key: Syntax error; key: "v"',
    ],
    [
      {
        ConditionExpression: 'x = :v',
        ExpressionAttributeValues: { ':v': { S: 'x' }, ':w': { S: 'x' }, ':u': { S: 'x' } },
      },
      'Value provided in ExpressionAttributeValues unused in expressions: keys: {:w, :u}',
    ],
    [
      { ConditionExpression: 'x = :v', ExpressionAttributeValues: { ':v': { N: '' } } },
      'The parameter cannot be converted to a numeric value: ',
    ],
  ])('with %j', async (input, message) => {
    const { put } = await createEmbeddedTable();
    expect(await refusal(put(KEY, input))).toBe(`${ENVELOPE}${message}`);
  });

  it('without its table, and with values that the command does not know', async () => {
    const { put, get } = await createEmbeddedTable();
    const missing = await errorOf(get(KEY, { TableName: 'other' }));
    expect(missing).toBeInstanceOf(ResourceNotFoundException);
    expect(missing.message).toBe('Requested resource not found');
    expect(await refusal(put(KEY, { ReturnValues: 'ALL_NEW' }))).toBe('ReturnValues can only be ALL_OLD or NONE');
    expect(await refusal(put(KEY, { TableName: 'a b' }))).toContain("at 'tableName' failed to satisfy constraint");
    expect((await errorOf(put(KEY, { Expected: { x: { Exists: false } } }))).name).toBe('NotEmbedded');
    expect((await errorOf(put(KEY, { ReturnConsumedCapacity: 'TOTAL' }))).name).toBe('NotEmbedded');
  });

  it('when it is throttled for good', async () => {
    const faults = [{ service: 'dynamodb', command: 'PutItem', fault: 'throttle', times: 100 } as const];
    const { put, get } = await createEmbeddedTable({ faults });
    expect(await errorOf(put(KEY))).toBeInstanceOf(ProvisionedThroughputExceededException);
    expect(await get(KEY)).toBeUndefined();
  });
});

describe('permissions on items', () => {
  it('name the table and may depend on the partition key', async () => {
    const { role, grant, assume, account } = createIamBench();
    await account.client(DynamoDBClient, { region: REGION }).send(new CreateTableCommand(tableInput()));
    const client = (await assume(await role('holder'))).client(DynamoDBClient);
    const own = { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['a'] } };
    const table = `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/${TableName}`;
    await grant('holder', allow(['dynamodb:PutItem', 'dynamodb:GetItem'], table, own));
    const put = (pk: string) => client.send(new PutItemCommand({ TableName, Item: { pk: { S: pk } } }));

    await put('a');
    await client.send(new GetItemCommand({ TableName, Key: KEY }));
    expect((await errorOf(put('b'))).message).toContain(`dynamodb:PutItem on resource: ${table}`);
    const remove = new DeleteItemCommand({ TableName, Key: KEY });
    expect((await errorOf(client.send(remove))).name).toBe('AccessDeniedException');
  });
});

describe('the trail', () => {
  it('has the table and the key of an item, and none of its values', async () => {
    const { account, put, update, remove, get } = await createEmbeddedTable({ table: { sorted: true } });
    const key = { ...KEY, sk: { N: '1' } };
    const secret = { ExpressionAttributeValues: { ':v': { S: 'secret' } } };
    await put({ ...key, x: { S: 'secret' } });
    await update(key, 'SET x = :v', secret);
    await errorOf(put({ ...key, x: { S: 'secret' } }, { ConditionExpression: 'x <> :v', ...secret }));
    await get(key);
    await remove(key);
    await errorOf(put({ pk: { BOOL: true }, x: { S: 'secret' } }));
    await errorOf(put({ ...key, x: { SS: ['secret', 'secret'] } }));
    await errorOf(put({ ...key, x: { N: 'secret' } }));

    const events = account.events().filter(({ eventName }) => eventName.endsWith('Item'));
    const recorded = { tableName: TableName, key: { pk: 'a', sk: '1' } };
    expect(events.map(({ eventName, requestParameters }) => [eventName, requestParameters])).toEqual([
      ['PutItem', recorded],
      ['UpdateItem', recorded],
      ['PutItem', recorded],
      ['GetItem', recorded],
      ['DeleteItem', recorded],
      ['PutItem', { tableName: TableName, key: {} }],
      ['PutItem', recorded],
      ['PutItem', recorded],
    ]);
    expect(events[2]).toMatchObject({
      eventSource: 'dynamodb.amazonaws.com',
      errorCode: 'ConditionalCheckFailedException',
      errorMessage: 'The conditional request failed',
    });
    expect(JSON.stringify(account.events())).not.toContain('secret');
  });

  it('hides the values of a caller whom nobody knows', async () => {
    const { account } = await createEmbeddedTable();
    const credentials = { accessKeyId: 'UNKNOWN', secretAccessKey: 'x' };
    const client = new DynamoDBClient({ ...account.clientOptions({ region: REGION }), credentials });
    client.middlewareStack.use(account.plugin);

    const Item = { ...KEY, x: { S: 'secret' } };
    expect((await errorOf(client.send(new PutItemCommand({ TableName, Item })))).name).toBe('InvalidClientTokenId');
    expect(JSON.stringify(account.events())).not.toContain('secret');
  });
});
