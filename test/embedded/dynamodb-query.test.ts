import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  QueryCommand,
  ScanCommand,
  paginateQuery,
  paginateScan,
} from '@aws-sdk/client-dynamodb';
import type { AttributeValue, QueryInput, ScanInput, WriteRequest } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, allow, createIamBench } from '../support/embedded-iam.ts';
import { REGION, TableName, createEmbeddedTable, tableInput } from '../support/embedded-table.ts';
import { errorOf } from '../support/embedded-zone.ts';

type Attributes = Record<string, AttributeValue>;

const ARN = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${TableName}`;
const ROWS: readonly Attributes[] = [
  ...[10, 9, 1, -2.5].map((sk) => ({ pk: { S: 'a' }, sk: { N: String(sk) }, odd: { BOOL: sk % 2 !== 0 } })),
  { pk: { S: 'a"' }, sk: { N: '3' } },
  { pk: { S: 'ab' }, sk: { N: '4' } },
];

async function open(rows: readonly Attributes[] = ROWS) {
  const bench = await createEmbeddedTable({ table: { sorted: true } });
  for (const row of rows) await bench.put(row);
  const { client } = bench;
  return {
    ...bench,
    query: (KeyConditionExpression: string, values: Attributes, rest: Partial<QueryInput> = {}) =>
      client.send(new QueryCommand({ TableName, KeyConditionExpression, ExpressionAttributeValues: values, ...rest })),
    scan: (rest: Partial<ScanInput> = {}) => client.send(new ScanCommand({ TableName, ...rest })),
    batchWrite: (...writes: readonly WriteRequest[]) =>
      client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: [...writes] } })),
  };
}

const A = { ':p': { S: 'a' } };
const numbers = (items: readonly Attributes[] | undefined) => items?.map((item) => Number(item['sk']?.N));

describe('a query', () => {
  it('reads one partition in the order of its sort key', async () => {
    const { query } = await open();

    const up = await query('pk = :p', A);
    expect(numbers(up.Items)).toEqual([-2.5, 1, 9, 10]);
    expect(up).toMatchObject({ Count: 4, ScannedCount: 4 });
    expect(up.LastEvaluatedKey).toBeUndefined();
    expect(numbers((await query('pk = :p', A, { ScanIndexForward: false })).Items)).toEqual([10, 9, 1, -2.5]);
    expect((await query('pk = :p', { ':p': { S: 'a"' } })).Count).toBe(1);
    expect((await query('pk = :p', { ':p': { S: 'none' } })).Items).toEqual([]);
  });

  it.each<[string, number[]]>([
    ['sk = :v', [9]],
    ['sk < :v', [-2.5, 1]],
    ['sk <= :v', [-2.5, 1, 9]],
    ['sk > :v', [10]],
    ['sk >= :v', [9, 10]],
    ['sk BETWEEN :v AND :v', [9]],
  ])('takes the condition %s', async (condition, expected) => {
    const { query } = await open();

    const values = { ...A, ':v': { N: '9' } };
    expect(numbers((await query(`pk = :p AND ${condition}`, values)).Items)).toEqual(expected);
    expect(numbers((await query(`${condition} AND (pk = :p)`, values)).Items)).toEqual(expected);
  });

  it('filters after it has read, projects, and counts', async () => {
    const { query } = await open();
    const filter = { FilterExpression: 'odd = :yes' };
    const values = { ...A, ':yes': { BOOL: true } };

    const odd = await query('pk = :p', values, { ...filter, ProjectionExpression: 'sk' });
    expect(odd).toMatchObject({
      Items: [{ sk: { N: '-2.5' } }, { sk: { N: '1' } }, { sk: { N: '9' } }],
      ScannedCount: 4,
    });
    const counted = await query('pk = :p', values, { ...filter, Select: 'COUNT' });
    expect(counted).toMatchObject({ Count: 3, ScannedCount: 4 });
    expect(counted.Items).toBeUndefined();
    // The limit is one of what is read, not of what is shown.
    const limited = await query('pk = :p', values, { ...filter, Limit: 4, ScanIndexForward: false });
    expect(limited).toMatchObject({ Count: 3, LastEvaluatedKey: { pk: { S: 'a' }, sk: { N: '-2.5' } } });
  });

  it.each([1, 2, 3, 4, 5])('goes on where a page of %i ended, in both directions', async (Limit) => {
    const { client } = await open();

    for (const ScanIndexForward of [true, false]) {
      const pages: number[] = [];
      const input = {
        TableName,
        KeyConditionExpression: 'pk = :p',
        ExpressionAttributeValues: A,
        Limit,
        ScanIndexForward,
      };
      for await (const { Items } of paginateQuery({ client }, input)) pages.push(...(numbers(Items) ?? []));
      expect(pages).toEqual(ScanIndexForward ? [-2.5, 1, 9, 10] : [10, 9, 1, -2.5]);
    }
  });

  it('orders strings by their octets, and knows how they begin', async () => {
    const names = fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }), {
      minLength: 1,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(names, async (texts) => {
        const { client } = await createEmbeddedTable();
        await client.send(
          new CreateTableCommand({
            ...tableInput({ sorted: true }),
            TableName: 'texts',
            AttributeDefinitions: [
              { AttributeName: 'pk', AttributeType: 'S' },
              { AttributeName: 'sk', AttributeType: 'S' },
            ],
          }),
        );
        const writes = texts.map((S) => ({ PutRequest: { Item: { pk: { S: 'a' }, sk: { S } } } }));
        await client.send(new BatchWriteItemCommand({ RequestItems: { texts: writes } }));
        const query = async (condition: string, values: Attributes) => {
          const input = { TableName: 'texts', KeyConditionExpression: condition, ExpressionAttributeValues: values };
          const { Items = [] } = await client.send(new QueryCommand(input));
          return Items.map((item) => item['sk']?.S);
        };

        const inOrder = [...texts].sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
        expect(await query('pk = :p', A)).toEqual(inOrder);
        const S = String.fromCodePoint(texts[0]!.codePointAt(0)!);
        const beginning = await query('pk = :p AND begins_with(sk, :b)', { ...A, ':b': { S } });
        expect(beginning).toEqual(inOrder.filter((text) => text.startsWith(S)));
      }),
      { numRuns: 30 },
    );
  });

  it.each<[string, Attributes, Partial<QueryInput>, RegExp]>([
    ['sk = :p', { ':p': { N: '1' } }, {}, /missed key schema element: pk/],
    ['pk > :p', A, {}, /not supported/],
    ['pk = :p AND pk = :p', A, {}, /one condition per key/],
    ['pk = :p AND colour = :p', A, {}, /missed key schema element: sk/],
    ['pk = :p AND sk <> :v', { ...A, ':v': { N: '1' } }, {}, /missed key schema element: sk/],
    ['pk = :p AND sk = :p', A, {}, /does not match schema type/],
    ['pk = :p AND (sk = :v OR sk = :v)', { ...A, ':v': { N: '1' } }, {}, /missed key schema element: sk/],
    ['pk = :p', A, { FilterExpression: 'attribute_exists(sk)' }, /non-primary key attributes/],
    ['pk = :p', A, { Limit: 0 }, /limit/],
    ['pk = :p', A, { Select: 'SPECIFIC_ATTRIBUTES' }, /SPECIFIC_ATTRIBUTES/],
    ['pk = :p', A, { Select: 'COUNT', ProjectionExpression: 'sk' }, /COUNT/],
    ['pk = :p', A, { ExclusiveStartKey: { pk: { S: 'b' }, sk: { N: '1' } } }, /outside query boundaries/],
    ['pk = :p', A, { ExclusiveStartKey: { pk: { S: 'a' } } }, /starting key is invalid/],
  ])('refuses %s with %j %j', async (condition, values, rest, message) => {
    const { query } = await open();

    const error = await errorOf(query(condition, values, rest));

    expect(error).toMatchObject({ name: 'ValidationException', message: expect.stringMatching(message) as string });
  });

  it('sees what was written a moment ago, and not what is gone', async () => {
    const { query, put, remove } = await open();

    await put({ pk: { S: 'a' }, sk: { N: '5' } });
    await remove({ pk: { S: 'a' }, sk: { N: '9' } });
    expect(numbers((await query('pk = :p', A)).Items)).toEqual([-2.5, 1, 5, 10]);
    await put({ pk: { S: 'a' }, sk: { N: '9' } });

    expect(numbers((await query('pk = :p', A, { ConsistentRead: true })).Items)).toEqual([-2.5, 1, 5, 9, 10]);
  });
});

describe('a scan', () => {
  it('reads every item once, page by page', async () => {
    const { client, scan } = await open();

    for (const Limit of [1, 2, 4, 10]) {
      const seen: unknown[] = [];
      for await (const { Items = [] } of paginateScan({ client }, { TableName, Limit })) seen.push(...Items);
      expect(seen).toHaveLength(ROWS.length);
      expect(seen).toEqual(expect.arrayContaining([...ROWS]));
    }
    const filter = { FilterExpression: 'pk = :p', ExpressionAttributeValues: A, Select: 'COUNT' } as const;
    expect(await scan(filter)).toMatchObject({ Count: 4, ScannedCount: 6 });
  });

  it('ends a page at a megabyte', async () => {
    const { client, put, scan } = await open([]);
    for (let sk = 0; sk < 7; sk += 1) {
      await put({ pk: { S: 'a' }, sk: { N: String(sk) }, body: { S: 'x'.repeat(300_000) } });
    }

    expect(await scan({ Select: 'COUNT' })).toMatchObject({ Count: 4 });
    let count = 0;
    for await (const page of paginateScan({ client }, { TableName, Select: 'COUNT' })) count += page.Count ?? 0;
    expect(count).toBe(7);
  });

  it('goes on behind a key that is gone', async () => {
    const { scan, remove } = await open();
    const { LastEvaluatedKey: key } = await scan({ Limit: 3 });
    await remove(key!);

    expect((await scan({ ExclusiveStartKey: key })).Count).toBe(3);
  });
});

describe('a batch', () => {
  it('writes and deletes, and reads what is there', async () => {
    const { client, batchWrite } = await open();
    const key = (sk: number) => ({ pk: { S: 'a' }, sk: { N: String(sk) } });

    await batchWrite({ PutRequest: { Item: { ...key(7), x: { S: 'y' } } } }, { DeleteRequest: { Key: key(9) } });
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({
        RequestItems: { [TableName]: { Keys: [key(7), key(9), key(1)], ProjectionExpression: 'sk, x' } },
      }),
    );

    expect(Responses).toEqual({ [TableName]: [{ sk: { N: '7' }, x: { S: 'y' } }, { sk: { N: '1' } }] });
    expect(UnprocessedKeys).toEqual({});
  });

  it('is bounded, and names no item twice', async () => {
    const { client, batchWrite } = await open();
    const write = (sk: number): WriteRequest => ({ PutRequest: { Item: { pk: { S: 'z' }, sk: { N: String(sk) } } } });
    const get = (count: number) => {
      const Keys = Array.from({ length: count }, (_, sk) => ({ pk: { S: 'a' }, sk: { N: String(sk % 100) } }));
      return client.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys } } }));
    };

    expect((await errorOf(batchWrite(...Array.from({ length: 26 }, (_, sk) => write(sk))))).message).toMatch(
      /Too many/,
    );
    expect((await errorOf(batchWrite(write(1), write(1)))).message).toMatch(/duplicates/);
    expect((await errorOf(get(101))).message).toMatch(/Too many/);
    expect((await get(100)).Responses?.[TableName]).toHaveLength(3);
  });
});

describe('who may read many items', () => {
  it('may be kept to partitions of his own', async () => {
    const bench = createIamBench();
    const own = bench.account.client(DynamoDBClient, { region: REGION });
    await own.send(new CreateTableCommand(tableInput({ sorted: true })));
    const actor = await bench.assume(await bench.role('reader'));
    const reader = actor.client(DynamoDBClient);
    const condition = { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['a'] } };
    await bench.grant(
      'reader',
      allow(['dynamodb:Query', 'dynamodb:BatchGetItem', 'dynamodb:BatchWriteItem'], ARN, condition),
    );
    const query = (S: string) =>
      reader.send(
        new QueryCommand({ TableName, KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': { S } } }),
      );
    const get = (...names: readonly string[]) => {
      const Keys = names.map((S) => ({ pk: { S }, sk: { N: '1' } }));
      return reader.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys } } }));
    };
    const put = (S: string) =>
      reader.send(
        new BatchWriteItemCommand({
          RequestItems: { [TableName]: [{ PutRequest: { Item: { pk: { S }, sk: { N: '1' } } } }] },
        }),
      );

    expect((await query('a')).Count).toBe(0);
    await put('a');
    expect((await get('a')).Responses?.[TableName]).toHaveLength(1);
    for (const call of [query('b'), get('a', 'b'), put('b'), reader.send(new ScanCommand({ TableName }))]) {
      expect(await errorOf(call)).toMatchObject({ name: 'AccessDeniedException' });
    }
  });

  it('leaves keys in the trail, and no values', async () => {
    const { account, query, batchWrite } = await open();
    await query('pk = :p', A, { Limit: 2 });
    await batchWrite({ PutRequest: { Item: { pk: { S: 'a' }, sk: { N: '1' }, secret: { S: 'hidden' } } } });

    expect(
      account
        .events()
        .slice(-2)
        .map(({ requestParameters }) => requestParameters),
    ).toEqual([{ tableName: TableName, limit: 2 }, { requestItems: { [ARN]: [{ pk: 'a', sk: '1' }] } }]);
  });
});
