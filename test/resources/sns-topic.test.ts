import {
  CreateTopicCommand,
  GetTopicAttributesCommand,
  ListTagsForResourceCommand,
  SNSClient,
  SetTopicAttributesCommand,
  SubscribeCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/embedded/index.ts';
import type { Value } from '../../src/engine/types.ts';
import { createTopicType } from '../../src/resources/aws-sns-topic.ts';
import { objectName } from '../../src/resources/names.ts';
import { locateObject, removeObject } from '../support/removal.ts';
import { BENCH_MARKER, IT, createTypeBench } from '../support/type-bench.ts';
import { testTypeLaws } from '../support/type-laws.ts';

const NAME = 'acme-invoices-fanout';
const TopicArn = `arn:aws:sns:eu-west-1:111122223333:${NAME}`;
const PROPERTIES = {
  TopicName: NAME,
  DisplayName: 'acme-invoices',
  Tags: [
    { Key: 'team', Value: 'billing' },
    { Key: 'app', Value: 'invoices' },
  ],
};

function createBench(properties: Readonly<Record<string, Value>> = PROPERTIES, faults: readonly Fault[] = []) {
  return createTypeBench(SNSClient, createTopicType, properties, faults);
}

type Bench = ReturnType<typeof createBench>;

async function tagsOf({ client }: Bench): Promise<Record<string, string>> {
  const { Tags = [] } = await client.send(new ListTagsForResourceCommand({ ResourceArn: TopicArn }));
  return Object.fromEntries(Tags.map(({ Key, Value: value }) => [Key!, value!]));
}

async function attributesOf({ client }: Bench) {
  return (await client.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes;
}

async function tag({ client }: Bench, tags: Readonly<Record<string, string>>): Promise<void> {
  const Tags = Object.entries(tags).map(([Key, value]) => ({ Key, Value: value }));
  await client.send(new TagResourceCommand({ ResourceArn: TopicArn, Tags }));
}

async function makeForeign({ client }: Bench): Promise<void> {
  const Attributes = { DisplayName: PROPERTIES.DisplayName };
  await client.send(new CreateTopicCommand({ Name: NAME, Attributes, Tags: [{ Key: 'theirs', Value: 'yes' }] }));
}

testTypeLaws({
  type: 'AWS::SNS::Topic',
  properties: PROPERTIES,
  others: {
    DisplayName: 'invoices',
    Tags: [
      { Key: 'team', Value: 'operations' },
      { Key: 'app', Value: 'invoices' },
    ],
  },
  service: 'sns',
  create: 'CreateTopic',
  look: 'GetTopicAttributes',
  removal: ['DeleteTopic'],
  name: { property: 'TopicName', ofMarker: objectName(IT) },
  arn: async (_bench, name) => TopicArn.replace(NAME, name),
  otherArns: [`${TopicArn}:2bcfbf39-05c3-41de-beaa-fcfcc21c8f55`, `${TopicArn}.fifo`, TopicArn.replace('sns', 'sqs')],
  bench: createBench,
  tags: tagsOf,
  tag,
  untag: async ({ client }, keys) => {
    await client.send(new UntagResourceCommand({ ResourceArn: TopicArn, TagKeys: [...keys] }));
  },
  makeForeign,
  snapshot: attributesOf,
});

describe('a topic', () => {
  const which = {
    type: 'AWS::SNS::Topic',
    properties: { TopicName: NAME },
    address: BENCH_MARKER.slice(BENCH_MARKER.indexOf('/') + 1),
  };

  it('stays while others have subscribed to it, and says how to go on', async () => {
    const bench = createBench();
    await bench.apply();
    const Endpoint = 'arn:aws:sqs:eu-west-1:111122223333:theirs';
    const { SubscriptionArn } = await bench.client.send(
      new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, ReturnSubscriptionArn: true }),
    );

    await expect(removeObject(bench.resources, which)).rejects.toThrow(
      `the topic ${TopicArn} has subscriptions that are not ours: sqs ${Endpoint}; take them away, then it is deleted: aws sns unsubscribe --subscription-arn ${SubscriptionArn}`,
    );
    expect(await attributesOf(bench)).toMatchObject({ TopicArn });
  });

  it('T68 is witnessed by the id of its policy, since users name topics: a tag alone says nothing', async () => {
    const bench = createBench();
    await makeForeign(bench);
    await tag(bench, { 'trueup:owner': BENCH_MARKER });
    const found = { marker: BENCH_MARKER, arn: TopicArn };
    const locate = () => locateObject(bench.resources, which.type, found);
    const setPolicyId = async (Id: string): Promise<void> => {
      const Statement = [{ Sid: 's', Effect: 'Allow', Principal: '*', Action: 'sns:Publish', Resource: TopicArn }];
      const AttributeValue = JSON.stringify({ Version: '2012-10-17', Id, Statement });
      const AttributeName = 'Policy';
      await bench.client.send(new SetTopicAttributesCommand({ TopicArn, AttributeName, AttributeValue }));
    };
    expect(await locate()).toMatchObject({ witnessed: false });

    await setPolicyId(objectName({ ...IT, name: 'other', logicalId: 'Other' }));
    expect(await locate()).toMatchObject({ witnessed: false });

    await setPolicyId(objectName(IT));
    expect(await locate()).toEqual({ properties: { TopicName: NAME }, witnessed: true });

    // The policy of another document's topic looks like that of an earlier name, until the topic says that it had one.
    await setPolicyId(objectName({ ...IT, name: 'former' }));
    expect(await locate()).toMatchObject({ witnessed: false });
    await tag(bench, { 'trueup:adopted': NAME });
    expect(await locate()).toEqual({ properties: { TopicName: NAME }, witnessed: true });
  });

  it('keeps a display name that nobody declares', async () => {
    const bench = createBench({ TopicName: NAME });
    await bench.apply();
    await bench.client.send(
      new SetTopicAttributesCommand({ TopicArn, AttributeName: 'DisplayName', AttributeValue: 'theirs' }),
    );

    expect(await bench.actions()).toEqual([]);
  });
});
