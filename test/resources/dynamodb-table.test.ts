import {
  CreateTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  ListTagsOfResourceCommand,
  PutItemCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/embedded/index.ts';
import type { Desired, Value } from '../../src/engine/types.ts';
import { createTableType } from '../../src/resources/aws-dynamodb-table.ts';
import { objectName } from '../../src/resources/names.ts';
import { HERE, OWNER } from '../support/fake-world.ts';
import { testPermissions } from '../support/permission-laws.ts';
import { locateObject, observeObject, removeObject } from '../support/removal.ts';
import { BENCH_MARKER, IT, createTypeBench } from '../support/type-bench.ts';
import { testTypeLaws } from '../support/type-laws.ts';

const TYPE = 'AWS::DynamoDB::Table';
const TableName = 'corp-ledger';
const HOUR_MS = 3600_000;
const SCHEMA = {
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
} as const;
const PROPERTIES = {
  TableName,
  ...SCHEMA,
  BillingMode: 'PAY_PER_REQUEST',
  DeletionProtectionEnabled: false,
  Tags: [{ Key: 'team', Value: 'network' }],
};
const EXPIRING = { ...PROPERTIES, TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true } };

function arnOf(name: string): string {
  return `arn:aws:dynamodb:eu-west-1:111122223333:table/${name}`;
}

const ResourceArn = arnOf(TableName);

function createBench(properties: Readonly<Record<string, Value>> = PROPERTIES, faults: readonly Fault[] = []) {
  return createTypeBench(DynamoDBClient, createTableType, properties, faults);
}

type Bench = ReturnType<typeof createBench>;

async function applied(properties: Readonly<Record<string, Value>> = PROPERTIES, faults: readonly Fault[] = []) {
  const bench = createBench(properties, faults);
  expect(await bench.apply()).toMatchObject({ outcome: 'applied', failed: [] });
  return bench;
}

async function tagsOf({ client }: Bench): Promise<Readonly<Record<string, string>>> {
  const { Tags = [] } = await client.send(new ListTagsOfResourceCommand({ ResourceArn }));
  return Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

async function makeByHand({ client }: Bench, billing: object = { BillingMode: 'PAY_PER_REQUEST' }): Promise<void> {
  const request = { TableName, ...SCHEMA, ...billing, Tags: [{ Key: 'theirs', Value: 'yes' }] };
  await client.send(new CreateTableCommand(request as never));
}

async function timeToLive({ client }: Bench): Promise<unknown> {
  return (await client.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription;
}

testTypeLaws({
  type: TYPE,
  properties: PROPERTIES,
  others: { DeletionProtectionEnabled: true, Tags: [{ Key: 'team', Value: 'operations' }] },
  service: 'dynamodb',
  create: 'CreateTable',
  look: 'DescribeTable',
  listTags: 'ListTagsOfResource',
  removal: ['DeleteTable'],
  name: { property: 'TableName', ofMarker: objectName(IT) },
  arn: async (_bench, name) => arnOf(name),
  otherArns: [`${ResourceArn}/index/by-name`, `${ResourceArn}/stream/2026-11-24T10:00:00.000`],
  bench: createBench,
  tags: tagsOf,
  tag: async ({ client }, tags) => {
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    await client.send(new TagResourceCommand({ ResourceArn, Tags }));
  },
  untag: async ({ client }, keys) => {
    await client.send(new UntagResourceCommand({ ResourceArn, TagKeys: [...keys] }));
  },
  makeForeign: (bench) => makeByHand(bench),
  snapshot: async ({ client }) => (await client.send(new DescribeTableCommand({ TableName }))).Table,
});

function desiredOf(properties: Readonly<Record<string, Value>>): Desired {
  return { id: 'It', type: TYPE, place: HERE, properties };
}

testPermissions({
  name: 'a table whose rows end',
  open: () => createBench(EXPIRING),
  resources: [desiredOf(EXPIRING)],
  updates: [
    {
      resources: [
        desiredOf({
          ...EXPIRING,
          TimeToLiveSpecification: { AttributeName: 'expires', Enabled: false },
          DeletionProtectionEnabled: true,
        }),
      ],
      rest: { protect: true },
    },
    { resources: [desiredOf({ ...EXPIRING, TimeToLiveSpecification: { AttributeName: 'expires', Enabled: false } })] },
  ],
  async prepare(bench) {
    bench.account.elapse(HOUR_MS);
  },
});

const WHICH = { type: TYPE, properties: PROPERTIES, address: BENCH_MARKER.slice(OWNER.length + 1) };

describe('a table', () => {
  it('is made with its key, on demand, and its rows end by their attribute', async () => {
    const bench = await applied(EXPIRING);

    const { Table } = await bench.client.send(new DescribeTableCommand({ TableName }));
    expect(Table).toMatchObject({ ...SCHEMA, BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' } });
    expect(await timeToLive(bench)).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expires' });
    expect(await bench.actions()).toEqual([]);
  });

  it.each(['lost-reply', 'throttle', 'crash-before', 'crash-after'] as const)(
    'survives a %s while its rows are made to end',
    async (fault) => {
      const bench = createBench(EXPIRING, [{ service: 'dynamodb', command: 'UpdateTimeToLive', fault }]);
      await bench.apply();

      if ((await bench.actions()).length > 0) await bench.apply();

      expect(await timeToLive(bench)).toMatchObject({ TimeToLiveStatus: 'ENABLED' });
      expect(await bench.actions()).toEqual([]);
    },
  );

  it('whose time to live was changed within the hour says when to apply again', async () => {
    const bench = await applied(EXPIRING);
    bench.declare({ ...EXPIRING, TimeToLiveSpecification: { AttributeName: 'expires', Enabled: false } });

    expect((await bench.apply()).failed).toMatchObject([
      { error: expect.stringMatching(/is in progress: .* up to an hour for it; apply again then$/) as string },
    ]);

    bench.account.elapse(HOUR_MS);
    expect(await bench.apply()).toMatchObject({ outcome: 'applied', failed: [] });
    expect(await timeToLive(bench)).toEqual({ TimeToLiveStatus: 'DISABLED' });
    expect(await bench.actions()).toEqual([]);
  });

  it('whose rows are to end by another attribute takes two applies, an hour apart, and says so', async () => {
    const bench = await applied(EXPIRING);
    bench.account.elapse(HOUR_MS);
    bench.declare({ ...EXPIRING, TimeToLiveSpecification: { AttributeName: 'until', Enabled: true } });
    expect(await bench.actions()).toEqual(['update declared TimeToLiveSpecification']);

    expect((await bench.apply()).failed).toMatchObject([
      { error: expect.stringMatching(/by expires was turned off, before it can be turned on by until/) as string },
    ]);
    expect(await timeToLive(bench)).toEqual({ TimeToLiveStatus: 'DISABLED' });

    bench.account.elapse(HOUR_MS);
    expect((await bench.apply()).outcome).toBe('applied');
    expect(await timeToLive(bench)).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'until' });
  });

  it('without a time to live is as declared, whichever attribute the declaration names', async () => {
    const bench = await applied({
      ...PROPERTIES,
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: false },
    });

    expect(await bench.actions()).toEqual([]);
    const specification = { AttributeName: 'other', Enabled: true };
    await bench.client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: specification }));
    expect(await bench.actions()).toEqual(['update drifted TimeToLiveSpecification']);
  });

  it('that was made with a planned capacity is on demand once it is taken over', async () => {
    const bench = createBench();
    const ProvisionedThroughput = { ReadCapacityUnits: 5, WriteCapacityUnits: 5 };
    await makeByHand(bench, { BillingMode: 'PROVISIONED', ProvisionedThroughput });
    bench.declare(PROPERTIES, { adopt: true });
    await bench.apply();

    expect(await bench.actions()).toEqual(['update unfinished BillingMode Tags']);
    await bench.apply();

    const { Table } = await bench.client.send(new DescribeTableCommand({ TableName }));
    expect(Table).toMatchObject({ BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' } });
    expect(await bench.actions()).toEqual([]);
  });

  it.each([
    ['KeySchema', { KeySchema: SCHEMA.KeySchema.slice(0, 1) }],
    [
      'AttributeDefinitions',
      { AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'N' }, SCHEMA.AttributeDefinitions[1]] },
    ],
  ])('cannot have its %s changed: that is refused, and no other one is made', async (path, rest) => {
    const bench = await applied();
    bench.declare({ ...PROPERTIES, ...rest });

    expect(await bench.findings()).toEqual(['immutable-change']);
    expect((await bench.plan()).documents[0]!.findings[0]!.message).toContain(path);
    expect(await bench.actions()).toEqual([]);
  });

  it('whose attributes are declared in another order is the same', async () => {
    const bench = await applied();
    bench.declare({ ...PROPERTIES, AttributeDefinitions: SCHEMA.AttributeDefinitions.toReversed() });

    expect((await bench.plan()).actions.flatMap(({ changes }) => changes)).toEqual([]);
  });
});

describe('a table with rows', () => {
  async function filled(rest: Readonly<Record<string, Value>> = {}): Promise<Bench> {
    const bench = await applied({ ...PROPERTIES, ...rest });
    for (const sk of ['a', 'b']) {
      const Item = { pk: { S: 'k' }, sk: { S: sk } };
      await bench.client.send(new PutItemCommand({ TableName, Item }));
    }
    return bench;
  }

  it('says how many would go with it', async () => {
    const bench = await filled();
    const type = bench.resources.types().get(TYPE)!;

    expect(await type.losses!(undefined as never, (await observeObject(bench.resources, WHICH))!)).toEqual([
      { path: 'Items', before: 2, after: 0, extent: { create: 0, update: 0, delete: 2, population: 2 } },
    ]);
  });

  it('that is protected is not deleted: the error names the command', async () => {
    const bench = await filled({ DeletionProtectionEnabled: true });

    await expect(removeObject(bench.resources, WHICH)).rejects.toThrow(
      'aws dynamodb update-table --table-name corp-ledger --no-deletion-protection-enabled',
    );

    await bench.client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
    await removeObject(bench.resources, WHICH);
    expect(await observeObject(bench.resources, WHICH)).toBeUndefined();
  });

  it.each([
    ['nothing is said', objectName(IT), {}, 'release'],
    ['its document said so', objectName(IT), { onRemove: 'delete' }, 'delete'],
    ['its document said so, and only a tag tells that it is ours', TableName, { onRemove: 'delete' }, 'release'],
  ] as const)('when nothing declares it any more and %s', async (_what, name, metadata, verb) => {
    const bench = createBench();
    bench.declare({ ...PROPERTIES, TableName: name }, metadata);
    await bench.apply();
    bench.resources.documents = [];
    bench.resources.searches = true;

    expect((await bench.plan()).actions).toMatchObject([
      { action: verb, reason: 'not-declared', resource: name, type: TYPE },
    ]);
  });
});

describe('a table whose name people chose', () => {
  it('carries its name, and is found by it; a copy of its tags is none', async () => {
    const bench = await applied();
    expect(await tagsOf(bench)).toMatchObject({ 'trueup:adopted': TableName });

    const found = { marker: BENCH_MARKER, arn: ResourceArn };
    expect(await locateObject(bench.resources, TYPE, found)).toEqual({
      properties: { TableName },
      witnessed: true,
      byTag: true,
    });

    const Tags = Object.entries(await tagsOf(bench)).map(([Key, Value]) => ({ Key, Value }));
    await bench.client.send(
      new CreateTableCommand({ ...SCHEMA, TableName: 'copy', BillingMode: 'PAY_PER_REQUEST', Tags } as never),
    );
    expect(await locateObject(bench.resources, TYPE, { ...found, arn: arnOf('copy') })).toMatchObject({
      witnessed: false,
    });
  });

  it('carries no such tag where its name follows from its marker', async () => {
    const name = objectName(IT);
    const bench = await applied({ ...PROPERTIES, TableName: name });
    const { Tags = [] } = await bench.client.send(new ListTagsOfResourceCommand({ ResourceArn: arnOf(name) }));

    expect(Tags.map(({ Key }) => Key)).not.toContain('trueup:adopted');
  });
});
