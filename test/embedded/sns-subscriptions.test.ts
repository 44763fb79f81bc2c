import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import {
  AuthorizationErrorException,
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  InvalidParameterException,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  NotFoundException,
  PublishCommand,
  SNSClient,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import type { PublishInput, SubscribeInput } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import { allow, createIamBench } from '../support/embedded-iam.ts';
import { errorOf } from '../support/embedded-zone.ts';
import {
  FUNCTION,
  OTHER,
  OWNER,
  QUEUE,
  REGION,
  TELLS,
  TOPIC,
  openEventsBench,
  topicPolicy,
} from '../support/events-bench.ts';
import type { EventsBench } from '../support/events-bench.ts';

async function open(): Promise<EventsBench> {
  const bench = await openEventsBench();
  await bench.topic();
  await bench.queue();
  return bench;
}

const redrive = (deadLetterTargetArn: unknown) => JSON.stringify({ deadLetterTargetArn });

async function attributes({ sns }: EventsBench, SubscriptionArn: string) {
  return (await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes;
}

function set({ sns }: EventsBench, SubscriptionArn: string, AttributeName: string, AttributeValue?: string) {
  return sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }));
}

async function publish(bench: EventsBench, input: Partial<PublishInput> = {}): Promise<void> {
  await bench.sns.send(new PublishCommand({ TopicArn: TOPIC, Message: 'hello', ...input }));
  await bench.account.settled();
}

describe('a subscription', () => {
  it('is made once, shown, listed, and gone when it is taken away', async () => {
    const bench = await open();

    const arn = await bench.subscribe(QUEUE);
    expect(arn).toMatch(new RegExp(`^${TOPIC}:[\\da-f-]{36}$`));
    expect(await bench.subscribe(QUEUE)).toBe(arn);
    expect(await attributes(bench, arn)).toEqual({
      SubscriptionArn: arn,
      TopicArn: TOPIC,
      Owner: OWNER,
      Protocol: 'sqs',
      Endpoint: QUEUE,
      SubscriptionPrincipal: expect.stringContaining(`arn:aws:iam::${OWNER}:`) as string,
      ConfirmationWasAuthenticated: 'true',
      PendingConfirmation: 'false',
      RawMessageDelivery: 'false',
    });
    const entry = { SubscriptionArn: arn, Owner: OWNER, Protocol: 'sqs', Endpoint: QUEUE, TopicArn: TOPIC };
    const byTopic = () => bench.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: TOPIC }));
    expect((await byTopic()).Subscriptions).toEqual([entry]);
    expect((await bench.sns.send(new ListSubscriptionsCommand({}))).Subscriptions).toEqual([entry]);
    const counted = await bench.sns.send(new GetTopicAttributesCommand({ TopicArn: TOPIC }));
    expect(counted.Attributes).toMatchObject({ SubscriptionsConfirmed: '1' });

    await bench.sns.send(new UnsubscribeCommand({ SubscriptionArn: arn }));
    await bench.sns.send(new UnsubscribeCommand({ SubscriptionArn: arn }));

    expect((await byTopic()).Subscriptions).toEqual([]);
    expect(await errorOf(attributes(bench, arn))).toBeInstanceOf(NotFoundException);
  });

  it('goes with its topic, and is not back with a new one of that name', async () => {
    const bench = await open();
    const arn = await bench.subscribe(QUEUE);
    await bench.sns.send(new DeleteTopicCommand({ TopicArn: TOPIC }));
    await bench.topic();

    expect(await errorOf(attributes(bench, arn))).toBeInstanceOf(NotFoundException);
    await publish(bench);
    expect(await bench.letters()).toEqual([]);
  });

  it('is listed in pages of 100, and not under a topic whose name begins alike', async () => {
    const bench = await open();
    await bench.sns.send(new CreateTopicCommand({ Name: 'originals-2' }));
    for (let index = 0; index < 101; index += 1) await bench.subscribe(`${QUEUE}-${index}`);
    const list = (TopicArn: string, NextToken?: string) =>
      bench.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn, NextToken }));

    const first = await list(TOPIC);
    const second = await list(TOPIC, first.NextToken);

    expect([first.Subscriptions?.length, second.Subscriptions?.length, second.NextToken]).toEqual([100, 1, undefined]);
    expect((await list(`${TOPIC}-2`)).Subscriptions).toEqual([]);
  });

  it('has attributes that are changed one by one, and taken away by an empty object', async () => {
    const bench = await open();
    const filter = '{"Records":{"eventName":["x"]}}';
    const arn = await bench.subscribe(QUEUE, { FilterPolicyScope: 'MessageBody', FilterPolicy: filter });
    await set(bench, arn, 'RawMessageDelivery', 'true');
    await set(bench, arn, 'RedrivePolicy', redrive(`${QUEUE}-dead`));

    expect(await attributes(bench, arn)).toMatchObject({
      FilterPolicy: filter,
      FilterPolicyScope: 'MessageBody',
      RawMessageDelivery: 'true',
      RedrivePolicy: redrive(`${QUEUE}-dead`),
    });
    await set(bench, arn, 'FilterPolicy', '{}');
    await set(bench, arn, 'RedrivePolicy', '');
    const left = await attributes(bench, arn);
    expect(left).not.toHaveProperty('FilterPolicy');
    expect(left).not.toHaveProperty('FilterPolicyScope');
    expect(left).not.toHaveProperty('RedrivePolicy');
    expect(left).toMatchObject({ RawMessageDelivery: 'true' });
  });

  it.each<[string, Partial<SubscribeInput>, string]>([
    ['e-mail', { Protocol: 'email', Endpoint: 'a@b.example' }, 'NotEmbedded'],
    ['an account that would have to confirm', { Endpoint: QUEUE.replace(OWNER, OTHER) }, 'NotEmbedded'],
    ['another attribute', { Attributes: { DeliveryPolicy: '{}' } }, 'NotEmbedded'],
    ['a queue that is none', { Endpoint: FUNCTION }, 'InvalidParameterException'],
    ['a function that is none', { Protocol: 'lambda' }, 'InvalidParameterException'],
    ['a topic that is none', { TopicArn: 'originals' }, 'InvalidParameterException'],
    ['a topic elsewhere', { TopicArn: TOPIC.replace('west', 'east') }, 'InvalidParameterException'],
    ['a topic that is not there', { TopicArn: `${TOPIC}-2` }, 'NotFoundException'],
    ['a topic of another account', { TopicArn: TOPIC.replace(OWNER, OTHER) }, 'AuthorizationErrorException'],
    ['a scope that is none', { Attributes: { FilterPolicyScope: 'Body' } }, 'InvalidParameterException'],
    ['a filter that is none', { Attributes: { FilterPolicy: '{"a":1}' } }, 'InvalidParameterException'],
    ['a nested filter of attributes', { Attributes: { FilterPolicy: '{"a":{"b":[1]}}' } }, 'InvalidParameterException'],
    ['raw neither true nor false', { Attributes: { RawMessageDelivery: 'yes' } }, 'InvalidParameterException'],
    [
      'raw delivery to a function',
      { Protocol: 'lambda', Endpoint: FUNCTION, Attributes: { RawMessageDelivery: 'true' } },
      'InvalidParameterException',
    ],
    ['a function for dead letters', { Attributes: { RedrivePolicy: redrive(FUNCTION) } }, 'InvalidParameterException'],
    ['no queue for dead letters', { Attributes: { RedrivePolicy: 'null' } }, 'InvalidParameterException'],
    [
      'a queue for dead letters elsewhere',
      { Attributes: { RedrivePolicy: redrive(QUEUE.replace('west', 'east')) } },
      'InvalidParameterException',
    ],
    [
      'a queue for dead letters of another account',
      { Attributes: { RedrivePolicy: redrive(QUEUE.replace(OWNER, OTHER)) } },
      'InvalidParameterException',
    ],
  ])('for %s is refused', async (_what, input, expected) => {
    const { sns } = await open();

    const error = await errorOf(
      sns.send(new SubscribeCommand({ TopicArn: TOPIC, Protocol: 'sqs', Endpoint: QUEUE, ...input })),
    );

    expect(error.name).toBe(expected);
    expect((await sns.send(new ListSubscriptionsCommand({}))).Subscriptions).toEqual([]);
  });

  it('asked for again with other attributes is refused', async () => {
    const bench = await open();
    await bench.subscribe(QUEUE, { RawMessageDelivery: 'true' });

    const error = await errorOf(bench.subscribe(QUEUE));

    expect(error).toBeInstanceOf(InvalidParameterException);
    expect(error.message).toMatch(/already exists with different attributes/);
  });

  it('with a scope that its filter does not fit is refused', async () => {
    const bench = await open();
    const arn = await bench.subscribe(QUEUE, { FilterPolicyScope: 'MessageBody', FilterPolicy: '{"a":{"b":[1]}}' });

    expect(await errorOf(set(bench, arn, 'FilterPolicyScope', 'MessageAttributes'))).toBeInstanceOf(
      InvalidParameterException,
    );
    expect(await attributes(bench, arn)).toMatchObject({ FilterPolicyScope: 'MessageBody' });
  });

  it('is nobody’s but its owner’s', async () => {
    const bench = await open();
    const arn = await bench.subscribe(QUEUE);
    const stranger = bench.account.client(SNSClient, { ...REGION, account: OTHER });

    const calls = [
      stranger.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: arn })),
      stranger.send(
        new SetSubscriptionAttributesCommand({ SubscriptionArn: arn, AttributeName: 'RawMessageDelivery' }),
      ),
      stranger.send(new UnsubscribeCommand({ SubscriptionArn: arn })),
    ];

    for (const call of calls) expect(await errorOf(call)).toBeInstanceOf(AuthorizationErrorException);
    expect(await attributes(bench, arn)).toMatchObject({ Endpoint: QUEUE });
  });
});

describe('what is published', () => {
  it('reaches a queue in an envelope', async () => {
    const bench = await open();
    const arn = await bench.subscribe(QUEUE);

    await publish(bench, { Subject: 'S', MessageAttributes: { a: { DataType: 'String', StringValue: 'x' } } });

    const letters = (await bench.letters()).map((body) => JSON.parse(body) as unknown);
    expect(letters).toEqual([
      {
        Type: 'Notification',
        MessageId: bench.account.messages(TOPIC)[0]?.messageId,
        TopicArn: TOPIC,
        Subject: 'S',
        Message: 'hello',
        Timestamp: '2026-11-24T10:00:00.000Z',
        SignatureVersion: '1',
        Signature: expect.any(String) as string,
        SigningCertURL: expect.any(String) as string,
        UnsubscribeURL: expect.stringContaining(arn) as string,
        MessageAttributes: { a: { Type: 'String', Value: 'x' } },
      },
    ]);
  });

  it('reaches a queue as it is where delivery is raw, with its attributes', async () => {
    const bench = await open();
    await bench.subscribe(QUEUE, { RawMessageDelivery: 'true' });

    await publish(bench, { MessageAttributes: { a: { DataType: 'String', StringValue: 'x' } } });

    const { Messages = [] } = await bench.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: `https://sqs.eu-west-1.amazonaws.com/${OWNER}/letters`,
        MessageAttributeNames: ['All'],
      }),
    );
    expect(Messages).toMatchObject([
      { Body: 'hello', MessageAttributes: { a: { DataType: 'String', StringValue: 'x' } } },
    ]);
  });

  it('reaches whom its attributes or its body fit', async () => {
    const bench = await open();
    await bench.deploy(TELLS);
    await bench.subscribe(QUEUE, { RawMessageDelivery: 'true', FilterPolicy: '{"to":["queue"]}' });
    await bench.subscribe(FUNCTION, { FilterPolicyScope: 'MessageBody', FilterPolicy: '{"to":[{"prefix":"func"}]}' });
    const attribute = { to: { DataType: 'String', StringValue: 'queue' } };

    await publish(bench, { Message: 'first', MessageAttributes: attribute });
    await publish(bench, { Message: '{"to":"function"}' });
    await publish(bench, { Message: '{"to":"queue"}' });

    expect(await bench.letters()).toEqual(['first']);
    expect(await bench.got()).toMatchObject([{ Records: [{ Sns: { Message: '{"to":"function"}', Subject: null } }] }]);
  });

  it('is a dead letter where a queue does not admit the topic or is not there', async () => {
    const bench = await open();
    await bench.sqs.send(new CreateQueueCommand({ QueueName: 'closed' }));
    const Attributes = { RawMessageDelivery: 'true', RedrivePolicy: redrive(QUEUE) };
    await bench.subscribe(QUEUE.replace('letters', 'closed'), Attributes);
    await bench.subscribe(QUEUE.replace('letters', 'none'), Attributes);

    await publish(bench);

    expect(await bench.letters()).toEqual(['hello', 'hello']);
  });
});

describe('the policy of a topic', () => {
  const setPolicy = ({ sns }: EventsBench, policy: string) =>
    sns.send(new SetTopicAttributesCommand({ TopicArn: TOPIC, AttributeName: 'Policy', AttributeValue: policy }));
  const statement = (Action: string | string[], Principal: object = { AWS: OTHER }) =>
    JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Principal, Action, Resource: TOPIC } });

  it('is shown as it was given, also at the creation', async () => {
    const bench = await open();
    const shown = async (arn: string) =>
      (await bench.sns.send(new GetTopicAttributesCommand({ TopicArn: arn }))).Attributes?.['Policy'];
    expect(await shown(TOPIC)).toBe(JSON.stringify(topicPolicy()));

    const Policy = statement('sns:Publish').replace(TOPIC, `${TOPIC}-2`);
    const create = (rest: Record<string, string>) =>
      bench.sns.send(new CreateTopicCommand({ Name: 'originals-2', Attributes: { Policy, ...rest } }));
    await create({});
    await create({});
    expect(await shown(`${TOPIC}-2`)).toBe(Policy);
    expect(await errorOf(create({ Policy: statement('sns:Subscribe') }))).toBeInstanceOf(InvalidParameterException);
  });

  it('lets another account do what it names, and nothing else', async () => {
    const bench = await open();
    const stranger = bench.account.client(SNSClient, { ...REGION, account: OTHER });
    const say = () => stranger.send(new PublishCommand({ TopicArn: TOPIC, Message: 'from outside' }));
    const listen = () =>
      stranger.send(new SubscribeCommand({ TopicArn: TOPIC, Protocol: 'sqs', Endpoint: QUEUE.replace(OWNER, OTHER) }));
    expect(await errorOf(say())).toBeInstanceOf(AuthorizationErrorException);

    await setPolicy(bench, statement('sns:Publish'));
    await say();
    expect(bench.account.messages(TOPIC)).toMatchObject([{ message: 'from outside' }]);
    expect(await errorOf(listen())).toBeInstanceOf(AuthorizationErrorException);

    await setPolicy(bench, statement(['sns:Subscribe', 'sns:ListSubscriptionsByTopic']));
    const { SubscriptionArn } = await listen();
    expect(SubscriptionArn).toContain(TOPIC);
    const { Subscriptions } = await stranger.send(new ListSubscriptionsByTopicCommand({ TopicArn: TOPIC }));
    expect(Subscriptions).toMatchObject([{ Owner: OTHER }]);
    expect(await errorOf(say())).toBeInstanceOf(AuthorizationErrorException);
    // Whose topic it is may end it.
    await bench.sns.send(new UnsubscribeCommand({ SubscriptionArn }));
  });

  it('denies its own account too', async () => {
    const bench = await open();
    const deny = { Effect: 'Deny', Principal: '*', Action: 'sns:Publish', Resource: TOPIC };
    await setPolicy(bench, JSON.stringify({ Version: '2012-10-17', Statement: [deny] }));

    expect(await errorOf(publish(bench))).toBeInstanceOf(AuthorizationErrorException);
  });

  it.each<[string, string, RegExp]>([
    ['that is no JSON', '{', /invalid Json/],
    ['with a wildcard of actions', statement('sns:*'), /out of service scope/],
    ['of another service', statement('sqs:SendMessage'), /out of service scope/],
    ['with a principal that is none', statement('sns:Publish', { AWS: 'me' }), /Invalid principal/],
    ['that is too long', statement('sns:Publish', { AWS: Array.from({ length: 3000 }, () => OTHER) }), /too long/],
  ])('%s is refused', async (_what, policy, message) => {
    const error = await errorOf(setPolicy(await open(), policy));

    expect(error).toBeInstanceOf(InvalidParameterException);
    expect(error.message).toMatch(message);
  });

  it('other attributes than the policy and the name to show are refused by name', async () => {
    const bench = await open();
    const change = (AttributeName: string, AttributeValue: string) =>
      bench.sns.send(new SetTopicAttributesCommand({ TopicArn: TOPIC, AttributeName, AttributeValue }));

    await change('DisplayName', 'Originals');
    expect(await errorOf(change('KmsMasterKeyId', 'alias/aws/sns'))).toMatchObject({ name: 'NotEmbedded' });
    expect(await errorOf(change('DisplayName', 'x'.repeat(101)))).toBeInstanceOf(InvalidParameterException);

    const { Attributes } = await bench.sns.send(new GetTopicAttributesCommand({ TopicArn: TOPIC }));
    expect(Attributes).toMatchObject({ DisplayName: 'Originals' });
  });
});

/** Service Authorization Reference, "Amazon SNS": subscriptions are no resource. */
describe('what IAM is asked about subscriptions', () => {
  it.each<[string, string, (client: SNSClient, arn: string) => Promise<unknown>]>([
    [
      'sns:Subscribe',
      TOPIC,
      (client) => client.send(new SubscribeCommand({ TopicArn: TOPIC, Protocol: 'sqs', Endpoint: QUEUE })),
    ],
    [
      'sns:ListSubscriptionsByTopic',
      TOPIC,
      (client) => client.send(new ListSubscriptionsByTopicCommand({ TopicArn: TOPIC })),
    ],
    [
      'sns:SetTopicAttributes',
      TOPIC,
      (client) =>
        client.send(
          new SetTopicAttributesCommand({ TopicArn: TOPIC, AttributeName: 'DisplayName', AttributeValue: 'x' }),
        ),
    ],
    ['sns:ListSubscriptions', '*', (client) => client.send(new ListSubscriptionsCommand({}))],
    [
      'sns:GetSubscriptionAttributes',
      '*',
      (client, SubscriptionArn) => client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn })),
    ],
    [
      'sns:SetSubscriptionAttributes',
      '*',
      (client, SubscriptionArn) =>
        client.send(
          new SetSubscriptionAttributesCommand({
            SubscriptionArn,
            AttributeName: 'RawMessageDelivery',
            AttributeValue: 'true',
          }),
        ),
    ],
    ['sns:Unsubscribe', '*', (client, SubscriptionArn) => client.send(new UnsubscribeCommand({ SubscriptionArn }))],
  ])('%s on %s', async (action, resource, call) => {
    const bench = createIamBench();
    const administrator = bench.account.client(SNSClient, REGION);
    await administrator.send(new CreateTopicCommand({ Name: 'originals' }));
    const { SubscriptionArn = '' } = await administrator.send(
      new SubscribeCommand({ TopicArn: TOPIC, Protocol: 'sqs', Endpoint: QUEUE }),
    );
    const client = (await bench.assume(await bench.role('user'))).client(SNSClient);

    await bench.grant('user', allow(action, `${TOPIC}-2`));
    expect(await errorOf(call(client, SubscriptionArn))).toBeInstanceOf(AuthorizationErrorException);
    await bench.grant('user', allow(action, resource));
    await call(client, SubscriptionArn);
  });

  it('the protocol and the endpoint count', async () => {
    const bench = createIamBench();
    await bench.account.client(SNSClient, REGION).send(new CreateTopicCommand({ Name: 'originals' }));
    const client = (await bench.assume(await bench.role('user'))).client(SNSClient);
    await bench.grant(
      'user',
      allow('sns:Subscribe', TOPIC, { StringEquals: { 'sns:Protocol': 'sqs', 'sns:Endpoint': QUEUE } }),
    );
    const subscribe = (Protocol: string, Endpoint: string) =>
      client.send(new SubscribeCommand({ TopicArn: TOPIC, Protocol, Endpoint }));

    expect(await errorOf(subscribe('lambda', FUNCTION))).toBeInstanceOf(AuthorizationErrorException);
    expect(await errorOf(subscribe('sqs', `${QUEUE}-2`))).toBeInstanceOf(AuthorizationErrorException);
    await subscribe('sqs', QUEUE);
  });
});
