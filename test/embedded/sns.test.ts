import {
  AuthorizationErrorException,
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  InvalidParameterException,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  NotFoundException,
  PublishCommand,
  ResourceNotFoundException,
  SNSClient,
  TagLimitExceededException,
  TagResourceCommand,
  UntagResourceCommand,
  paginateListTopics,
} from '@aws-sdk/client-sns';
import type { CreateTopicInput, PublishInput } from '@aws-sdk/client-sns';
import { GetResourcesCommand, ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { describe, expect, it } from 'vitest';
import { openEmbedded } from '../../src/embedded/index.ts';
import { allow, createIamBench } from '../support/embedded-iam.ts';
import { errorOf } from '../support/embedded-zone.ts';

const ACCOUNT = '111122223333';
const REGION = { region: 'eu-west-1' };
const ARN = `arn:aws:sns:eu-west-1:${ACCOUNT}:ops`;
const TEAM = { Key: 'team', Value: 'network' };

function open() {
  const account = openEmbedded('memory');
  const client = account.client(SNSClient, REGION);
  return {
    account,
    client,
    create: (Name: string, rest: Partial<CreateTopicInput> = {}) =>
      client.send(new CreateTopicCommand({ Name, ...rest })),
    look: (TopicArn: string) => client.send(new GetTopicAttributesCommand({ TopicArn })),
    async tags(ResourceArn = ARN) {
      return (await client.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags;
    },
  };
}

describe('a topic', () => {
  it('is made once, however often it is asked for, and looked at by its ARN', async () => {
    const { create, look, client } = open();

    expect((await create('ops', { Attributes: { DisplayName: 'Ops' }, Tags: [TEAM] })).TopicArn).toBe(ARN);
    expect((await create('ops', { Tags: [TEAM] })).TopicArn).toBe(ARN);
    expect((await create('ops')).TopicArn).toBe(ARN);

    expect((await client.send(new ListTopicsCommand({}))).Topics).toEqual([{ TopicArn: ARN }]);
    const { Attributes } = await look(ARN);
    expect(Attributes).toMatchObject({
      TopicArn: ARN,
      Owner: ACCOUNT,
      DisplayName: 'Ops',
      SubscriptionsConfirmed: '0',
    });
    expect(JSON.parse(Attributes?.['Policy'] ?? '')).toMatchObject({ Statement: [{ Resource: ARN }] });
  });

  it.each<[string, Partial<CreateTopicInput>, RegExp]>([
    ['another tag', { Tags: [{ Key: 'team', Value: 'other' }] }, /^Invalid parameter: Tags .* different tags$/],
    ['a further tag', { Tags: [TEAM, { Key: 'a', Value: 'b' }] }, /different tags$/],
    ['another name to show', { Attributes: { DisplayName: 'Other' } }, /Attributes .* different attributes$/],
  ])('is not made again with %s', async (_what, rest, message) => {
    const { create, tags } = open();
    await create('ops', { Tags: [TEAM] });

    const error = await errorOf(create('ops', rest));

    expect(error).toBeInstanceOf(InvalidParameterException);
    expect(error).toMatchObject({ Code: 'InvalidParameter', message: expect.stringMatching(message) as string });
    expect(await tags()).toEqual([TEAM]);
  });

  it.each(['', 'a b', 'a.b', 'x'.repeat(257)])('is not called %j', async (name) => {
    expect(await errorOf(open().create(name))).toBeInstanceOf(InvalidParameterException);
  });

  it.each<[string, string, Partial<CreateTopicInput>]>([
    ['FIFO', 'ops.fifo', {}],
    ['KmsMasterKeyId', 'ops', { Attributes: { KmsMasterKeyId: 'alias/aws/sns' } }],
    ['data protection', 'ops', { DataProtectionPolicy: '{}' }],
  ])('with what is not embedded is refused by name: %s', async (named, name, rest) => {
    const { create, client } = open();

    expect(await errorOf(create(name, rest))).toMatchObject({
      name: 'NotEmbedded',
      message: expect.stringContaining(named) as string,
    });
    expect((await client.send(new ListTopicsCommand({}))).Topics).toEqual([]);
  });

  it('that does not exist is NotFound, and deleting it is no error', async () => {
    const { create, look, client } = open();
    await create('ops');
    await client.send(new DeleteTopicCommand({ TopicArn: ARN }));
    await client.send(new DeleteTopicCommand({ TopicArn: ARN }));

    const error = await errorOf(look(ARN));

    expect(error).toBeInstanceOf(NotFoundException);
    expect(error).toMatchObject({ Code: 'NotFound', $metadata: { httpStatusCode: 404 } });
  });

  it.each([
    ['ops', InvalidParameterException],
    [`arn:aws:sqs:eu-west-1:${ACCOUNT}:ops`, InvalidParameterException],
    [`arn:aws:sns:us-east-1:${ACCOUNT}:ops`, InvalidParameterException],
    ['arn:aws:sns:eu-west-1:444455556666:ops', AuthorizationErrorException],
  ])('is not looked for behind %s', async (arn, expected) => {
    const { look, account } = open();
    await account.client(SNSClient, { region: 'us-east-1' }).send(new CreateTopicCommand({ Name: 'ops' }));
    await account
      .client(SNSClient, { ...REGION, account: '444455556666' })
      .send(new CreateTopicCommand({ Name: 'ops' }));

    expect(await errorOf(look(arn))).toBeInstanceOf(expected);
  });

  it('is listed in pages of 100, in its own account and region', async () => {
    const { account, create, client } = open();
    for (let index = 0; index < 201; index += 1) await create(`t${String(index).padStart(3, '0')}`);
    await account.client(SNSClient, { region: 'us-east-1' }).send(new CreateTopicCommand({ Name: 'other' }));

    const pages: string[][] = [];
    for await (const { Topics = [] } of paginateListTopics({ client }, {})) {
      pages.push(Topics.map(({ TopicArn = '' }) => TopicArn));
    }

    expect(pages.map(({ length }) => length)).toEqual([100, 100, 1]);
    expect(new Set(pages.flat()).size).toBe(201);
    expect(await errorOf(client.send(new ListTopicsCommand({ NextToken: 'never' })))).toBeInstanceOf(
      InvalidParameterException,
    );
  });
});

describe('tags of a topic', () => {
  it('are written, replaced and taken away, and the tagging API lists them', async () => {
    const { account, create, client, tags } = open();
    await create('ops', { Tags: [TEAM] });
    await create('bare');
    const Tags = [
      { Key: 'team', Value: 'other' },
      { Key: 'a', Value: 'b' },
    ];
    await client.send(new TagResourceCommand({ ResourceArn: ARN, Tags }));
    expect(await tags()).toEqual([{ Key: 'a', Value: 'b' }, Tags[0]]);

    await client.send(new UntagResourceCommand({ ResourceArn: ARN, TagKeys: ['team', 'none'] }));

    expect(await tags()).toEqual([{ Key: 'a', Value: 'b' }]);
    const tagging = account.client(ResourceGroupsTaggingAPIClient, REGION);
    const { ResourceTagMappingList } = await tagging.send(new GetResourcesCommand({ ResourceTypeFilters: ['sns'] }));
    expect(ResourceTagMappingList).toEqual([{ ResourceARN: ARN, Tags: [{ Key: 'a', Value: 'b' }] }]);
  });

  it('need a topic', async () => {
    const { client, tags } = open();

    expect(await errorOf(tags())).toBeInstanceOf(ResourceNotFoundException);
    const tag = client.send(new TagResourceCommand({ ResourceArn: ARN, Tags: [TEAM] }));
    expect(await errorOf(tag)).toBeInstanceOf(ResourceNotFoundException);
    const untag = client.send(new UntagResourceCommand({ ResourceArn: ARN, TagKeys: ['team'] }));
    expect(await errorOf(untag)).toBeInstanceOf(ResourceNotFoundException);
  });

  it('are 50 at most', async () => {
    const { create, client, tags } = open();
    const Tags = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: 'v' }));
    await create('ops', { Tags });

    const error = await errorOf(client.send(new TagResourceCommand({ ResourceArn: ARN, Tags: [TEAM] })));

    expect(error).toBeInstanceOf(TagLimitExceededException);
    expect(await tags()).toHaveLength(50);
  });
});

describe('what is published', () => {
  const publish = async (rest: Partial<PublishInput>) => {
    const { account, client, create } = open();
    await create('ops');
    const send = client.send(new PublishCommand({ TopicArn: ARN, Message: 'hello', ...rest }));
    return { account, send };
  };

  it('is kept with its subject and attributes, the newest 100, and its words are in no trail', async () => {
    const { account, client, create } = open();
    await create('ops');
    for (let index = 0; index < 101; index += 1) {
      const { MessageId } = await client.send(
        new PublishCommand({
          TopicArn: ARN,
          Subject: 's'.repeat(99),
          Message: `message ${index}`,
          MessageAttributes: { event: { DataType: 'String', StringValue: 'applied' } },
        }),
      );
      expect(account.messages(ARN).at(-1)).toMatchObject({ messageId: MessageId, message: `message ${index}` });
    }
    const kept = account.messages(ARN);
    expect(kept).toHaveLength(100);
    expect(kept[0]).toMatchObject({ subject: 's'.repeat(99), message: 'message 1', attributes: { event: 'applied' } });
    expect(account.messages(ARN.replace('ops', 'other'))).toEqual([]);
    expect(JSON.stringify(account.events())).not.toMatch(/message 1|sss|"applied"/);
  });

  it.each<[string, Partial<PublishInput>, new (...args: never[]) => Error]>([
    ['without words', { Message: '' }, InvalidParameterException],
    ['with too many', { Message: 'x'.repeat(262_145) }, InvalidParameterException],
    ['with too many octets', { Message: 'é'.repeat(131_073) }, InvalidParameterException],
    ['with a long subject', { Subject: 'x'.repeat(100) }, InvalidParameterException],
    ['with two lines for a subject', { Subject: 'a\nb' }, InvalidParameterException],
    ['with an empty subject', { Subject: '' }, InvalidParameterException],
    [
      'with an empty attribute',
      { MessageAttributes: { a: { DataType: 'String', StringValue: '' } } },
      InvalidParameterException,
    ],
    [
      'with an attribute whose name is none',
      { MessageAttributes: { 'a b': { DataType: 'String', StringValue: 'x' } } },
      InvalidParameterException,
    ],
    ['on a topic that is not there', { TopicArn: `${ARN}-none` }, NotFoundException],
    ['on a topic of another region', { TopicArn: ARN.replace('west', 'east') }, InvalidParameterException],
    ['on a topic of another account', { TopicArn: ARN.replace('1111', '4444') }, AuthorizationErrorException],
  ])('%s is refused', async (_what, rest, expected) => {
    const { account, send } = await publish(rest);

    expect(await errorOf(send)).toBeInstanceOf(expected);
    expect(account.messages(ARN)).toEqual([]);
  });

  it.each<[string, Partial<PublishInput>]>([
    ['MessageStructure', { MessageStructure: 'json' }],
    ['TargetArn', { TargetArn: ARN }],
    ['Number', { MessageAttributes: { a: { DataType: 'Number', StringValue: '1' } } }],
  ])('with what is not embedded is refused by name: %s', async (named, rest) => {
    const { send } = await publish(rest);

    expect(await errorOf(send)).toMatchObject({
      name: 'NotEmbedded',
      message: expect.stringContaining(named) as string,
    });
  });
});

/** Service Authorization Reference, "Amazon SNS": the right, its resource, and a call that needs it. */
const NEEDS: readonly (readonly [string, string, (client: SNSClient) => Promise<unknown>])[] = [
  ['sns:CreateTopic', ARN, (client) => client.send(new CreateTopicCommand({ Name: 'ops' }))],
  ['sns:DeleteTopic', ARN, (client) => client.send(new DeleteTopicCommand({ TopicArn: ARN }))],
  ['sns:GetTopicAttributes', ARN, (client) => client.send(new GetTopicAttributesCommand({ TopicArn: ARN }))],
  ['sns:Publish', ARN, (client) => client.send(new PublishCommand({ TopicArn: ARN, Message: 'x' }))],
  ['sns:ListTopics', '*', (client) => client.send(new ListTopicsCommand({}))],
  ['sns:ListTagsForResource', ARN, (client) => client.send(new ListTagsForResourceCommand({ ResourceArn: ARN }))],
  ['sns:TagResource', ARN, (client) => client.send(new TagResourceCommand({ ResourceArn: ARN, Tags: [TEAM] }))],
  ['sns:UntagResource', ARN, (client) => client.send(new UntagResourceCommand({ ResourceArn: ARN, TagKeys: ['a'] }))],
];

describe('what IAM is asked about topics', () => {
  it.each(NEEDS)('%s on %s', async (action, resource, call) => {
    const bench = createIamBench();
    await bench.account.client(SNSClient, REGION).send(new CreateTopicCommand({ Name: 'ops', Tags: [TEAM] }));
    const client = (await bench.assume(await bench.role('user'))).client(SNSClient);

    expect(await errorOf(call(client))).toBeInstanceOf(AuthorizationErrorException);
    await bench.grant('user', allow(action, `${ARN}-other`));
    expect(await errorOf(call(client))).toBeInstanceOf(AuthorizationErrorException);
    await bench.grant('user', allow(action, resource));
    await call(client);
  });

  it('tags of a new topic need sns:TagResource too', async () => {
    const bench = createIamBench();
    const client = (await bench.assume(await bench.role('user'))).client(SNSClient);
    const create = () => client.send(new CreateTopicCommand({ Name: 'ops', Tags: [TEAM] }));
    await bench.grant('user', allow('sns:CreateTopic'));

    expect((await errorOf(create())).message).toContain('sns:TagResource');
    await bench.grant('user', allow('sns:*', '*', { StringEquals: { 'aws:RequestTag/team': 'network' } }));
    expect((await create()).TopicArn).toBe(ARN);
  });

  it('what a topic carries counts', async () => {
    const bench = createIamBench();
    const administrator = bench.account.client(SNSClient, REGION);
    await administrator.send(new CreateTopicCommand({ Name: 'ops', Tags: [TEAM] }));
    await administrator.send(new CreateTopicCommand({ Name: 'other' }));
    const client = (await bench.assume(await bench.role('user'))).client(SNSClient);
    await bench.grant('user', allow('sns:*', '*', { StringEquals: { 'aws:ResourceTag/team': 'network' } }));
    const remove = (TopicArn: string) => client.send(new DeleteTopicCommand({ TopicArn }));

    expect(await errorOf(remove(ARN.replace('ops', 'other')))).toBeInstanceOf(AuthorizationErrorException);
    await remove(ARN);
  });
});
