import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { DeleteTopicCommand, SetTopicAttributesCommand } from '@aws-sdk/client-sns';
import {
  BUCKET,
  BUCKET_ARN,
  FUNCTION,
  OTHER,
  OWNER,
  QUEUE,
  TELLS,
  TOPIC,
  TO_TOPIC,
  openEventsBench,
  topicPolicy,
} from '../support/events-bench.ts';
import type { EventsBench } from '../support/events-bench.ts';

interface SnsEvent {
  readonly Records: readonly { readonly Sns: { readonly Message: string; readonly MessageId: string } }[];
}

interface S3Message {
  readonly Event?: string;
  readonly Records?: readonly {
    readonly eventName: string;
    readonly s3: { readonly object: Readonly<Record<string, unknown>> };
  }[];
}

function messageIn(event: unknown): S3Message {
  return JSON.parse((event as SnsEvent).Records[0]!.Sns.Message) as S3Message;
}

/** Names and keys of what the function was told, the test message apart. */
async function told({ account, got }: EventsBench): Promise<readonly string[]> {
  await account.settled();
  return (await got()).flatMap((event) =>
    (messageIn(event).Records ?? []).map(({ eventName, s3 }) => `${eventName} ${String(s3.object['key'])}`),
  );
}

async function openChain(permission: Parameters<EventsBench['deploy']>[1] = {}): Promise<EventsBench> {
  const bench = await openEventsBench();
  await bench.topic();
  await bench.deploy(TELLS, permission);
  return bench;
}

describe('an object that is written', () => {
  it('reaches a function through a topic, in the envelopes that AWS documents', async () => {
    const bench = await openChain();
    const subscription = await bench.subscribe(FUNCTION);
    await bench.notify(TO_TOPIC);
    // Invocations of one function have no order among them, as at AWS.
    await bench.account.settled();

    await bench.put('dir/a b+ü(1).txt', 'hello');
    await bench.account.settled();

    const [test, created] = await bench.got();
    expect(messageIn(test)).toMatchObject({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: BUCKET });
    expect(created).toEqual({
      Records: [
        {
          EventSource: 'aws:sns',
          EventVersion: '1.0',
          EventSubscriptionArn: subscription,
          Sns: {
            Type: 'Notification',
            MessageId: expect.stringMatching(/^[\da-f-]{36}$/) as string,
            TopicArn: TOPIC,
            Subject: 'Amazon S3 Notification',
            Message: expect.any(String) as string,
            Timestamp: '2026-11-24T10:01:00.000Z',
            SignatureVersion: '1',
            Signature: expect.any(String) as string,
            SigningCertUrl: expect.stringContaining('https://sns.eu-west-1.amazonaws.com/') as string,
            UnsubscribeUrl: expect.stringContaining(subscription) as string,
            MessageAttributes: {},
          },
        },
      ],
    });
    expect(messageIn(created)).toEqual({
      Records: [
        {
          eventVersion: '2.1',
          eventSource: 'aws:s3',
          awsRegion: 'eu-west-1',
          eventTime: '2026-11-24T10:01:00.000Z',
          eventName: 'ObjectCreated:Put',
          userIdentity: { principalId: expect.stringMatching(/^AWS:/) as string },
          requestParameters: { sourceIPAddress: '127.0.0.1' },
          responseElements: {
            'x-amz-request-id': expect.stringMatching(/^[\dA-F]{16}$/) as string,
            'x-amz-id-2': expect.any(String) as string,
          },
          s3: {
            s3SchemaVersion: '1.0',
            configurationId: 'all',
            bucket: {
              name: BUCKET,
              ownerIdentity: { principalId: expect.stringMatching(/^[\da-f]{64}$/) as string },
              arn: BUCKET_ARN,
            },
            object: {
              key: 'dir/a+b%2B%C3%BC%281%29.txt',
              size: 5,
              eTag: '5d41402abc4b2a76b9719d911017c592',
              sequencer: expect.stringMatching(/^[\dA-F]+$/) as string,
            },
          },
        },
      ],
    });
  });

  it('is told again when it is removed, without size and ETag; one that was not there is not', async () => {
    const bench = await openChain();
    await bench.subscribe(FUNCTION);
    await bench.notify(TO_TOPIC);
    await bench.put('a');
    await bench.account.settled();

    await bench.s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'a' }));
    await bench.s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'a' }));

    expect(await told(bench)).toEqual(['ObjectCreated:Put a', 'ObjectRemoved:Delete a']);
    const removed = messageIn((await bench.got()).at(-1)).Records?.[0]?.s3.object;
    expect(Object.keys(removed ?? {})).toEqual(['key', 'sequencer']);
  });

  it('has a sequencer that grows, filled up at its right end, and is not always as long', async () => {
    const bench = await openChain();
    await bench.subscribe(FUNCTION);
    await bench.notify(TO_TOPIC);

    for (let index = 0; index < 40; index += 1) await bench.put('a');
    await bench.account.settled();

    const found = (await bench.got()).flatMap((event) => messageIn(event).Records ?? []);
    const sequencers = found.map(({ s3 }) => String(s3.object['sequencer']));
    expect(sequencers).toHaveLength(40);
    const length = Math.max(...sequencers.map((one) => one.length));
    const filled = sequencers.map((one) => one.padEnd(length, '0'));
    expect(new Set(filled).size).toBe(40);
    expect(new Set(sequencers.map((one) => one.length)).size).toBeGreaterThan(1);
  });

  it.each([
    ['prefix', 'docs/', ['docs/a.txt', 'docs/b.pdf']],
    ['prefix', 'a%20b', []],
    ['prefix', 'a+b', ['a b.txt']],
    ['suffix', '.txt', ['docs/a.txt', 'a b.txt']],
  ] as const)('is told where its encoded key fits the %s %s', async (Name, Value, expected) => {
    const bench = await openChain();
    await bench.subscribe(FUNCTION);
    const Filter = { Key: { FilterRules: [{ Name, Value }] } };
    await bench.notify({ TopicConfigurations: [{ TopicArn: TOPIC, Events: ['s3:ObjectCreated:Put'], Filter }] });

    for (const key of ['docs/a.txt', 'docs/b.pdf', 'a b.txt']) await bench.put(key);

    const keys = (await told(bench)).map((one) => decodeURIComponent(one.split(' ')[1]!.replaceAll('+', ' ')));
    expect(keys.sort()).toEqual([...expected].sort());
  });

  it('reaches functions and queues without a topic too', async () => {
    const bench = await openEventsBench();
    await bench.deploy(TELLS, { Principal: 's3.amazonaws.com', SourceArn: BUCKET_ARN, SourceAccount: OWNER });
    await bench.queue('s3.amazonaws.com', { ArnEquals: { 'aws:SourceArn': BUCKET_ARN } });
    await bench.notify({
      LambdaFunctionConfigurations: [{ LambdaFunctionArn: FUNCTION, Events: ['s3:ObjectCreated:*'] }],
      QueueConfigurations: [{ QueueArn: QUEUE, Events: ['s3:ObjectRemoved:*'] }],
    });
    await bench.put('a');
    await bench.s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'a' }));
    await bench.account.settled();

    expect(await bench.got()).toMatchObject([{ Records: [{ eventName: 'ObjectCreated:Put' }] }]);
    const letters = (await bench.letters()).map((body) => JSON.parse(body) as S3Message);
    expect(letters).toMatchObject([{ Event: 's3:TestEvent' }, { Records: [{ eventName: 'ObjectRemoved:Delete' }] }]);
  });
});

describe('a message on its way', () => {
  it('is lost where the topic’s policy has changed, or the topic is gone', async () => {
    const bench = await openChain();
    await bench.subscribe(FUNCTION);
    await bench.notify(TO_TOPIC);
    const AttributeValue = JSON.stringify(topicPolicy({ StringEquals: { 'aws:SourceAccount': OTHER } }));
    await bench.sns.send(new SetTopicAttributesCommand({ TopicArn: TOPIC, AttributeName: 'Policy', AttributeValue }));
    await bench.put('a');
    expect(await told(bench)).toEqual([]);

    await bench.sns.send(new DeleteTopicCommand({ TopicArn: TOPIC }));
    await bench.put('b');
    await bench.account.settled();

    expect(bench.account.messages(TOPIC).map(({ message }) => message)).toHaveLength(1);
  });

  it('is a dead letter of the subscription where the function’s policy does not admit the topic', async () => {
    const bench = await openChain();
    await bench.queue();
    await bench.subscribe(FUNCTION, { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: QUEUE }) });
    await bench.notify(TO_TOPIC);
    await bench.account.settled();
    await bench.lambda.send(new RemovePermissionCommand({ FunctionName: 'copier', StatementId: 's' }));

    await bench.put('a');
    await bench.account.settled();

    const [letter, ...others] = await bench.letters();
    expect(others).toEqual([]);
    const envelope = JSON.parse(letter!) as { readonly Message: string };
    expect(envelope).toMatchObject({ Type: 'Notification', TopicArn: TOPIC });
    expect(JSON.parse(envelope.Message)).toMatchObject({ Records: [{ eventName: 'ObjectCreated:Put' }] });
    expect(await told(bench)).toEqual([]);
  });

  it.each([
    ['another topic', { SourceArn: `${TOPIC}-2` }],
    ['another service', { Principal: 'events.amazonaws.com' }],
    ['nobody', 'nobody'],
  ] as const)('is lost without such a queue where the function admits %s', async (_who, permission) => {
    const bench = await openChain(permission);
    await bench.subscribe(FUNCTION);
    await bench.notify(TO_TOPIC);

    await bench.put('a');

    expect(await told(bench)).toEqual([]);
  });

  it('is delivered once though the function fails for good: that is the function’s own affair', async () => {
    const bench = await openEventsBench();
    await bench.topic();
    await bench.queue();
    await bench.deploy('export const handler = async () => { console.log("GOT {}"); throw new Error("never"); };');
    await bench.subscribe(FUNCTION, { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: QUEUE }) });
    await bench.notify(TO_TOPIC, true);

    await bench.put('a');
    await bench.account.settled();

    expect(await bench.got()).toHaveLength(1);
    expect(await bench.letters()).toEqual([]);
  });

  it('T67 runs in a loop no longer than Lambda lets it', async () => {
    const bench = await openEventsBench();
    await bench.topic();
    await bench.deploy(`import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
      const client = new S3Client({});
      client.middlewareStack.use(globalThis[Symbol.for('trueup.embedded')].plugin);
      export const handler = async (event) => {
        console.log('GOT ' + JSON.stringify(event));
        await client.send(new PutObjectCommand({ Bucket: '${BUCKET}', Key: 'again', Body: 'x' }));
      };`);
    await bench.subscribe(FUNCTION);
    await bench.notify(TO_TOPIC, true);

    await bench.put('a');
    await bench.account.settled();

    expect(await bench.got()).toHaveLength(16);
  });
});
