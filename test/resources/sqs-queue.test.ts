import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListQueueTagsCommand,
  SQSClient,
  SendMessageCommand,
  SetQueueAttributesCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/embedded/index.ts';
import type { Value } from '../../src/engine/types.ts';
import { createQueueType } from '../../src/resources/aws-sqs-queue.ts';
import { objectName } from '../../src/resources/names.ts';
import { OWNER } from '../support/fake-world.ts';
import { observeObject, removeObject } from '../support/removal.ts';
import { BENCH_MARKER, IT, createTypeBench } from '../support/type-bench.ts';
import { testTypeLaws } from '../support/type-laws.ts';

const NAME = 'corp-work';
const DEAD = 'corp-dead';
const OTHER_DEAD = 'corp-dead-2';
const PROPERTIES = {
  QueueName: NAME,
  DelaySeconds: 5,
  MaximumMessageSize: 65_536,
  MessageRetentionPeriod: 1_209_600,
  ReceiveMessageWaitTimeSeconds: 10,
  VisibilityTimeout: 1_800,
  SqsManagedSseEnabled: true,
  Tags: [{ Key: 'team', Value: 'network' }],
};

function arnOf(name: string): string {
  return `arn:aws:sqs:eu-west-1:111122223333:${name}`;
}

function urlOf(name: string): string {
  return `https://sqs.eu-west-1.amazonaws.com/111122223333/${name}`;
}

const QueueUrl = urlOf(NAME);

function createBench(properties: Readonly<Record<string, Value>> = PROPERTIES, faults: readonly Fault[] = []) {
  return createTypeBench(SQSClient, createQueueType, properties, faults);
}

type Bench = ReturnType<typeof createBench>;

async function attributesOf({ client }: Bench): Promise<Readonly<Record<string, string>>> {
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
  const { LastModifiedTimestamp: _moves, ...attributes } = (await client.send(command)).Attributes!;
  return attributes;
}

testTypeLaws({
  type: 'AWS::SQS::Queue',
  properties: PROPERTIES,
  others: {
    DelaySeconds: 0,
    MaximumMessageSize: 1_024,
    MessageRetentionPeriod: 60,
    ReceiveMessageWaitTimeSeconds: 0,
    VisibilityTimeout: 0,
    SqsManagedSseEnabled: false,
    Tags: [{ Key: 'team', Value: 'operations' }],
  },
  service: 'sqs',
  create: 'CreateQueue',
  look: 'GetQueueAttributes',
  listTags: 'ListQueueTags',
  removal: ['DeleteQueue'],
  name: { property: 'QueueName', ofMarker: objectName(IT) },
  arn: async (_bench, name) => arnOf(name),
  otherArns: [arnOf(`${NAME}.fifo`), 'arn:aws:sns:eu-west-1:111122223333:corp-work', `${arnOf(NAME)}:x`],
  bench: createBench,
  tags: async ({ client }) => (await client.send(new ListQueueTagsCommand({ QueueUrl }))).Tags ?? {},
  tag: async ({ client }, Tags) => {
    await client.send(new TagQueueCommand({ QueueUrl, Tags }));
  },
  untag: async ({ client }, keys) => {
    await client.send(new UntagQueueCommand({ QueueUrl, TagKeys: [...keys] }));
  },
  makeForeign: async ({ client }) => {
    await client.send(
      new CreateQueueCommand({ QueueName: NAME, Attributes: { VisibilityTimeout: '7' }, tags: { theirs: 'yes' } }),
    );
  },
  snapshot: attributesOf,
});

const WHICH = { type: 'AWS::SQS::Queue', properties: PROPERTIES, address: BENCH_MARKER.slice(OWNER.length + 1) };

describe('a queue', () => {
  it('tells its addresses before it exists, and they are right', async () => {
    const bench = createBench();
    const type = bench.resources.types().get('AWS::SQS::Queue')!;
    const target = { properties: PROPERTIES, place: { account: '111122223333', region: 'eu-west-1' } };

    expect(type.predict!(target as never)).toEqual({ Arn: arnOf(NAME), QueueUrl, QueueName: NAME });
    await bench.apply();
    expect((await attributesOf(bench))['QueueArn']).toBe(arnOf(NAME));
  });

  it.each([
    ['cn-north-1', 'https://sqs.cn-north-1.amazonaws.com.cn/111122223333/corp-work', 'aws-cn'],
    ['us-gov-west-1', 'https://sqs.us-gov-west-1.amazonaws.com/111122223333/corp-work', 'aws-us-gov'],
  ])('has the addresses of its partition in %s', (region, url, partition) => {
    const type = createQueueType(undefined as never);
    const target = { properties: PROPERTIES, place: { account: '111122223333', region } };

    expect(type.predict!(target as never)).toEqual({
      Arn: `arn:${partition}:sqs:${region}:111122223333:corp-work`,
      QueueUrl: url,
      QueueName: NAME,
    });
  });

  it('is made anew under the name of a deleted one, after the minute that SQS keeps it', async () => {
    const bench = createBench();
    await bench.apply();
    await bench.client.send(new DeleteQueueCommand({ QueueUrl }));
    const before = bench.account.now();

    expect(await bench.apply()).toMatchObject({ outcome: 'applied', failed: [] });

    expect(bench.account.now() - before).toBeGreaterThanOrEqual(60_000);
    expect(await bench.actions()).toEqual([]);
  });

  it('gives what was received too often to another queue, and that is changed in place', async () => {
    const redrive = (name: string, maxReceiveCount: number) => ({
      ...PROPERTIES,
      RedrivePolicy: { deadLetterTargetArn: arnOf(name), maxReceiveCount },
    });
    const bench = createBench(redrive(DEAD, 5));
    for (const QueueName of [DEAD, OTHER_DEAD]) await bench.client.send(new CreateQueueCommand({ QueueName }));
    await bench.apply();
    expect(JSON.parse((await attributesOf(bench))['RedrivePolicy']!)).toEqual({
      deadLetterTargetArn: arnOf(DEAD),
      maxReceiveCount: 5,
    });
    expect(await bench.actions()).toEqual([]);

    bench.declare(redrive(OTHER_DEAD, 3));
    expect(await bench.actions()).toEqual(['update declared RedrivePolicy']);
    await bench.apply();

    expect(await bench.actions()).toEqual([]);
    expect(JSON.parse((await attributesOf(bench))['RedrivePolicy']!)).toMatchObject({ maxReceiveCount: 3 });
  });

  it('is the same where the count was written as text', async () => {
    const RedrivePolicy = { deadLetterTargetArn: arnOf(DEAD), maxReceiveCount: 5 };
    const bench = createBench({ ...PROPERTIES, RedrivePolicy });
    await bench.client.send(new CreateQueueCommand({ QueueName: DEAD }));
    await bench.apply();
    const text = JSON.stringify({ maxReceiveCount: '5', deadLetterTargetArn: arnOf(DEAD) });
    await bench.client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { RedrivePolicy: text } }));

    expect(await bench.actions()).toEqual([]);
  });

  it('keeps attributes and tags that nobody declares', async () => {
    const bench = createBench({ QueueName: NAME, VisibilityTimeout: 60 });
    await bench.apply();
    await bench.client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { DelaySeconds: '9' } }));
    await bench.client.send(new TagQueueCommand({ QueueUrl, Tags: { theirs: 'yes' } }));

    expect(await bench.actions()).toEqual([]);
    bench.declare({ QueueName: NAME, VisibilityTimeout: 90 });
    await bench.apply();

    expect(await attributesOf(bench)).toMatchObject({ DelaySeconds: '9', VisibilityTimeout: '90' });
  });

  it('that drifted is put back, and the drift is named', async () => {
    const bench = createBench();
    await bench.apply();
    await bench.client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '1' } }));

    expect(await bench.actions()).toEqual(['update drifted VisibilityTimeout']);
    await bench.apply();

    expect(await attributesOf(bench)).toMatchObject({ VisibilityTimeout: '1800' });
  });

  it('says how many messages would go with it, waiting or held back, and none where there is none', async () => {
    const bench = createBench({ QueueName: NAME });
    await bench.apply();
    const type = bench.resources.types().get('AWS::SQS::Queue')!;
    const lost = async () => type.losses!(undefined as never, (await observeObject(bench.resources, WHICH))!);
    expect(await lost()).toEqual([]);

    for (const DelaySeconds of [0, 0, 60]) {
      await bench.client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x', DelaySeconds }));
    }

    expect(await lost()).toEqual([
      { path: 'Messages', before: 3, after: 0, extent: { create: 0, update: 0, delete: 3, population: 3 } },
    ]);
    await removeObject(bench.resources, WHICH);
    expect(await observeObject(bench.resources, WHICH)).toBeUndefined();
  });

  it('is let go, not deleted, when nothing declares it and nothing is said', async () => {
    const bench = createBench({ ...PROPERTIES, QueueName: objectName(IT) });
    await bench.apply();
    bench.resources.documents = [];
    bench.resources.searches = true;

    const { actions } = await bench.plan();

    expect(actions).toMatchObject([{ action: 'release', reason: 'not-declared', resource: objectName(IT) }]);
  });
});
