import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTagsForResourceCommand,
  SNSClient,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SubscribeCommand,
  TagResourceCommand,
} from '@aws-sdk/client-sns';
import { CreateQueueCommand, SQSClient, TagQueueCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import type { EmbeddedOptions } from '../../src/embedded/index.ts';
import type { Desired, Document, Value } from '../../src/engine/types.ts';
import { erasedType } from '../../src/engine/world.ts';
import { createSubscriptionType } from '../../src/resources/aws-sns-subscription.ts';
import { createTopicPolicyType } from '../../src/resources/aws-sns-topic-policy.ts';
import { createTopicType } from '../../src/resources/aws-sns-topic.ts';
import { createMarkedTopics } from '../../src/resources/marked-topics.ts';
import { objectName } from '../../src/resources/names.ts';
import { HERE, OWNER, fakeDocument } from '../support/fake-world.ts';
import { testPermissions } from '../support/permission-laws.ts';
import { locateObject, observeObject, removeObject, whichOf } from '../support/removal.ts';
import { createResourceBench } from '../support/resource-bench.ts';
import type { ResourceBench } from '../support/resource-bench.ts';

const TopicName = 'acme-invoices-fanout';
const TopicArn = `arn:aws:sns:eu-west-1:111122223333:${TopicName}`;
const COPY = { owner: OWNER, kind: 'Fake', name: 'app', logicalId: 'Copy' };
const QUEUE = objectName(COPY);
const Endpoint = `arn:aws:sqs:eu-west-1:111122223333:${QUEUE}`;
const DEAD = 'arn:aws:sqs:eu-west-1:111122223333:dead';

type Properties = Record<string, Value>;

function policyOf(Bucket: string): Value {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Bucket',
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: TopicArn,
        Condition: {
          ArnEquals: { 'aws:SourceArn': `arn:aws:s3:::${Bucket}` },
          StringEquals: { 'aws:SourceAccount': '111122223333' },
        },
      },
    ],
  };
}

const SUBSCRIPTION: Properties = {
  TopicArn,
  Protocol: 'sqs',
  Endpoint,
  FilterPolicy: { Records: { s3: { object: { key: [{ prefix: '2026/' }] } } } },
  FilterPolicyScope: 'MessageBody',
  RedrivePolicy: { deadLetterTargetArn: DEAD },
};

interface Wanted {
  readonly policy?: Value;
  readonly subscription?: Properties;
}

function resources({ policy = policyOf('acme-invoices'), subscription = {} }: Wanted = {}): Desired[] {
  const base = { place: HERE, after: ['Topic'] };
  return [
    { id: 'Topic', type: 'AWS::SNS::Topic', place: HERE, properties: { TopicName } },
    {
      ...base,
      id: 'TopicPolicy',
      type: 'AWS::SNS::TopicInlinePolicy',
      properties: { TopicArn, PolicyDocument: policy },
    },
    {
      ...base,
      id: 'CopySubscription',
      type: 'AWS::SNS::Subscription',
      properties: { ...SUBSCRIPTION, ...subscription },
    },
  ];
}

interface Bench extends ResourceBench {
  readonly sns: SNSClient;
  want(wanted?: Wanted, rest?: Partial<Document>): void;
}

function createBench(options: EmbeddedOptions = {}): Bench {
  const bench = createResourceBench(
    (aws) => {
      const topics = createMarkedTopics(aws);
      return [
        erasedType(createTopicType(aws)),
        erasedType(createTopicPolicyType(aws)),
        erasedType(createSubscriptionType(aws, topics)),
      ];
    },
    resources(),
    options,
  );
  return Object.assign(bench, {
    sns: bench.account.client(SNSClient, HERE),
    want(wanted?: Wanted, rest: Partial<Document> = {}) {
      bench.documents = [fakeDocument('app', resources(wanted), rest)];
    },
  });
}

async function applied(options: EmbeddedOptions = {}): Promise<Bench> {
  const bench = createBench(options);
  expect(await bench.apply()).toMatchObject({ outcome: 'applied', failed: [] });
  return bench;
}

async function changed(bench: Bench): Promise<unknown[]> {
  const { actions } = await bench.plan();
  return actions.map(({ id, action, reason, changes }) =>
    [id.replace('Fake/app/', ''), action, reason, ...changes.map(({ path }) => path)].join(' '),
  );
}

async function policyIn({ sns }: Bench): Promise<Record<string, unknown>> {
  const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
  return JSON.parse(Attributes!['Policy']!) as Record<string, unknown>;
}

async function setPolicy({ sns }: Bench, policy: object): Promise<void> {
  const AttributeValue = JSON.stringify(policy);
  await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue }));
}

async function subscriptionArn({ sns }: Bench): Promise<string | undefined> {
  const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
  return Subscriptions.find((one) => one.Endpoint === Endpoint)?.SubscriptionArn;
}

async function attributesIn(bench: Bench): Promise<Record<string, string>> {
  const SubscriptionArn = await subscriptionArn(bench);
  return (await bench.sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes!;
}

async function setAttribute(bench: Bench, AttributeName: string, value: unknown): Promise<void> {
  const AttributeValue = typeof value === 'string' ? value : JSON.stringify(value);
  const SubscriptionArn = await subscriptionArn(bench);
  await bench.sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }));
}

describe('a topic, its policy and a subscription', () => {
  it('are made, and then there is nothing to do', async () => {
    const bench = createBench();
    expect(await changed(bench)).toEqual([
      'CopySubscription create missing TopicArn Protocol Endpoint FilterPolicy FilterPolicyScope RedrivePolicy',
      'Topic create missing TopicName',
      'TopicPolicy create missing TopicArn PolicyDocument',
    ]);

    expect(await bench.apply()).toMatchObject({ outcome: 'applied', failed: [] });

    expect(await changed(bench)).toEqual([]);
    const writes = bench.writes('sns');
    expect((await bench.apply()).outcome).toBe('nothing');
    expect(bench.writes('sns')).toBe(writes);
    expect(await policyIn(bench)).toEqual({
      Id: objectName({ ...COPY, logicalId: 'Topic' }),
      ...(policyOf('acme-invoices') as object),
    });
    expect(await attributesIn(bench)).toMatchObject({
      Protocol: 'sqs',
      Endpoint,
      FilterPolicy: JSON.stringify(SUBSCRIPTION['FilterPolicy']),
      FilterPolicyScope: 'MessageBody',
      RedrivePolicy: JSON.stringify(SUBSCRIPTION['RedrivePolicy']),
    });
  });

  it.each(['lost-reply', 'throttle', 'server-error', 'crash-before', 'crash-after'] as const)(
    'survive a %s of each call',
    async (fault) => {
      const clean = await applied();
      const calls = Object.values(clean.account.calls()).reduce((sum, { writes }) => sum + writes, 0);
      for (let nth = 1; nth <= calls; nth += 1) {
        const faults = [
          {
            service: 'sns',
            command: ['CreateTopic', 'SetTopicAttributes', 'Subscribe', 'TagResource'][nth % 4]!,
            nth: Math.ceil(nth / 4),
            fault,
          },
        ];
        const bench = createBench({
          faults,
          crash() {
            throw new Error('crash');
          },
        });

        for (let tries = 0; tries < 3; tries += 1) await bench.apply();

        expect(await changed(bench)).toEqual([]);
        expect(await subscriptionArn(bench)).toBeDefined();
      }
    },
  );

  it('are nothing to us on a topic of somebody else', async () => {
    const bench = createBench();
    await bench.sns.send(new CreateTopicCommand({ Name: TopicName }));
    const before = await policyIn(bench);

    await bench.apply();

    expect(await policyIn(bench)).toEqual(before);
    expect(await subscriptionArn(bench)).toBeUndefined();
  });

  it('are not written to once the topic is somebody else’s', async () => {
    const bench = await applied();
    await bench.sns.send(new DeleteTopicCommand({ TopicArn }));
    const Tags = [{ Key: 'trueup:owner', Value: 'others/Fake/app/Topic' }];
    await bench.sns.send(new CreateTopicCommand({ Name: TopicName, Tags }));
    const types = bench.types();

    for (const { id, type, properties } of resources().slice(1)) {
      const target = {
        ...whichOf({ id, type, place: HERE, properties }),
        owner: OWNER,
        place: HERE,
        token: '',
        applied: '',
        protect: false,
      };
      await expect(types.get(type)!.create(target)).rejects.toThrow('is not ours (others/Fake/app/Topic): plan again');
    }
  });

  it('follow their document to another name', async () => {
    const bench = await applied();
    bench.documents = [fakeDocument('bills', resources(), { formerly: ['app'] })];
    await bench.apply();

    expect(await changed(bench)).toEqual([]);
    expect((await policyIn(bench))['Id']).toBe(objectName({ ...COPY, logicalId: 'Topic' }));
  });
});

describe('the policy of a topic', () => {
  it('is all of it what git says, and who changed it is told', async () => {
    const bench = await applied();
    await setPolicy(bench, policyOf('acme-others') as object);
    expect(await changed(bench)).toEqual(['TopicPolicy update drifted PolicyDocument']);
    await bench.apply();
    expect(await changed(bench)).toEqual([]);

    bench.want({ policy: policyOf('acme-bills') });
    expect(await changed(bench)).toEqual(['TopicPolicy update declared PolicyDocument']);
    await bench.apply();
    expect(await policyIn(bench)).toMatchObject(policyOf('acme-bills') as object);
  });

  it('is the same in another order of words', async () => {
    const bench = await applied();
    const { Statement: statements, ...rest } = policyOf('acme-invoices') as { Statement: Record<string, unknown>[] };
    const [statement] = statements;
    await setPolicy(bench, { Statement: [{ ...statement, Action: ['SNS:Publish'] }], ...rest });

    expect(await changed(bench)).toEqual([]);
  });

  it('gives way to SNS’s own, which counts as none', async () => {
    const bench = await applied();
    const which = whichOf(resources()[1]!);

    await removeObject(bench, which);

    expect(await policyIn(bench)).toMatchObject({ Id: '__default_policy_ID' });
    expect(await observeObject(bench, which)).toBeUndefined();
    const { Tags = [] } = await bench.sns.send(new ListTagsForResourceCommand({ ResourceArn: TopicArn }));
    expect(Tags.map(({ Key }) => Key)).not.toContain('trueup:applied:policy');
    expect(await changed(bench)).toEqual(['TopicPolicy create missing TopicArn PolicyDocument']);
  });
});

describe('a subscription', () => {
  it.each<[string, unknown, unknown]>([
    ['FilterPolicy', { Records: { s3: { object: { key: [{ suffix: '.pdf' }] } } } }, { event: ['x'] }],
    ['RedrivePolicy', { deadLetterTargetArn: `${DEAD}-2` }, {}],
  ])('is updated in place, and put back: %s', async (name, other, drifted) => {
    const bench = await applied();
    const arn = await subscriptionArn(bench);
    bench.want({ subscription: { [name]: other as Value } });
    expect(await changed(bench)).toEqual([`CopySubscription update declared ${name}`]);
    await bench.apply();
    expect(JSON.parse((await attributesIn(bench))[name]!)).toEqual(other);

    await setAttribute(bench, name, drifted);
    expect(await changed(bench)).toEqual([`CopySubscription update declared ${name}`]);
    await bench.apply();
    expect(await changed(bench)).toEqual([]);
    expect(await subscriptionArn(bench)).toBe(arn);
  });

  it('goes from bodies to attributes and back: SNS holds the policy against the scope', async () => {
    const bench = await applied();
    bench.want({ subscription: { FilterPolicy: { event: ['x'] }, FilterPolicyScope: 'MessageAttributes' } });
    await bench.apply();
    expect(await changed(bench)).toEqual([]);
    expect(await attributesIn(bench)).toMatchObject({ FilterPolicyScope: 'MessageAttributes' });

    bench.want();
    expect(await bench.apply()).toMatchObject({ outcome: 'applied', failed: [] });
    expect(await changed(bench)).toEqual([]);
  });

  it('without a filter has no scope to speak of', async () => {
    const bench = await applied();
    bench.want({ subscription: { FilterPolicy: {}, RedrivePolicy: {} } });

    expect(await bench.apply()).toMatchObject({ outcome: 'applied', failed: [] });

    expect(await changed(bench)).toEqual([]);
    expect(Object.keys(await attributesIn(bench))).not.toContain('FilterPolicy');
  });

  it('means the same in another order of words', async () => {
    const bench = await applied();
    await setAttribute(bench, 'RedrivePolicy', ` { "deadLetterTargetArn" : "${DEAD}" } `);

    expect(await changed(bench)).toEqual([]);
  });

  it.each(['lost-reply', 'throttle', 'crash-before', 'crash-after'] as const)(
    'is removed in spite of a %s',
    async (fault) => {
      const bench = await applied({
        faults: [{ service: 'sns', command: 'Unsubscribe', fault }],
        crash() {
          throw new Error('crash');
        },
      });

      await removeObject(bench, whichOf(resources()[2]!), 1);

      expect(await subscriptionArn(bench)).toBeUndefined();
    },
  );

  it.each(['ListSubscriptionsByTopic', 'GetSubscriptionAttributes', 'ListTagsForResource'])(
    'is unknown, not absent, where %s is denied',
    async (command) => {
      const bench = await applied();
      const denied = createBench({ faults: [{ service: 'sns', command, times: 99, fault: 'access-denied' }] });
      await denied.sns.send(new CreateTopicCommand({ Name: TopicName, Tags: await ownTags(bench) }));
      await denied.sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));

      expect(await denied.plan()).toMatchObject({ complete: false });
      expect(await changed(denied)).not.toContainEqual(expect.stringContaining('CopySubscription'));
    },
  );
});

async function ownTags({ sns }: Bench) {
  return (await sns.send(new ListTagsForResourceCommand({ ResourceArn: TopicArn }))).Tags!;
}

describe('a subscription that nothing declares', () => {
  const type = 'AWS::SNS::Subscription';

  async function withQueue(marker: string, name = QUEUE): Promise<Bench> {
    const bench = await applied();
    const sqs = bench.account.client(SQSClient, HERE);
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
    await sqs.send(new TagQueueCommand({ QueueUrl, Tags: { 'trueup:owner': marker } }));
    return bench;
  }

  async function listed(bench: Bench, isDeclared: (resource: string) => boolean = () => false) {
    const found = [];
    for await (const one of bench.types().get(type)!.list!([OWNER], HERE, isDeclared)) found.push(one);
    return found;
  }

  it('is found by its topic and its endpoint, and goes', async () => {
    const bench = await withQueue(`${OWNER}/Fake/app/Copy`);
    const arn = (await subscriptionArn(bench))!;
    const marker = `${OWNER}/Fake/app/CopySubscription`;

    expect(await listed(bench)).toEqual([{ marker, arn, place: HERE }]);
    expect(await listed(bench, (resource) => arn.endsWith(`:${resource}`))).toEqual([]);

    const located = await locateObject(bench, type, { marker, arn });
    expect(located).toEqual({ properties: { TopicArn, Protocol: 'sqs', Endpoint }, witnessed: true });
    const which = { type, properties: located!.properties as Properties, address: 'Fake/app/CopySubscription' };
    expect(await observeObject(bench, which)).toMatchObject({ marker, witness: true, attributes: { Arn: arn } });
    await removeObject(bench, which);
    expect(await listed(bench)).toEqual([]);
  });

  it('T68 is none of ours where its endpoint is another document’s, or only carries a copied tag', async () => {
    expect(await listed(await withQueue(`${OWNER}/Fake/other/Copy`))).toEqual([]);
    expect(await listed(await withQueue('others/Fake/app/Copy'))).toEqual([]);

    const bench = await applied();
    const theirs = 'arn:aws:sqs:eu-west-1:111122223333:theirs';
    const { SubscriptionArn: arn = '' } = await bench.sns.send(
      new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: theirs, ReturnSubscriptionArn: true }),
    );
    const marker = `${OWNER}/Fake/app/CopySubscription`;
    expect(await locateObject(bench, type, { marker, arn })).toMatchObject({ witnessed: false });
  });

  it('is not taken for a topic, or for one that is gone', async () => {
    const bench = await applied();
    const marker = `${OWNER}/Fake/app/CopySubscription`;
    const arns = [TopicArn, `${TopicArn}:2bcfbf39-05c3-41de-beaa-fcfcc21c8f55`, Endpoint];

    const located = arns.map((arn) => locateObject(bench, type, { marker, arn }));

    expect(await Promise.all(located)).toEqual([undefined, undefined, undefined]);
  });

  it('of a topic without our marker is nobody’s business', async () => {
    const bench = await withQueue(`${OWNER}/Fake/app/Copy`);
    await bench.sns.send(
      new TagResourceCommand({
        ResourceArn: TopicArn,
        Tags: [{ Key: 'trueup:owner', Value: 'others/Fake/app/Topic' }],
      }),
    );

    expect(await listed(bench)).toEqual([]);
  });
});

testPermissions({
  name: 'a topic with its policy and a subscription',
  async open() {
    const bench = createBench();
    return { resources: bench };
  },
  resources: resources(),
  updates: [
    {
      resources: resources({
        policy: policyOf('acme-bills'),
        subscription: { RedrivePolicy: { deadLetterTargetArn: `${DEAD}-2` } },
      }),
      rest: { protect: true },
    },
    { resources: resources() },
  ],
});
