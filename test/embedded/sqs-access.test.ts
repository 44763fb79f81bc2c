import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueUrlCommand,
  ListQueueTagsCommand,
  ReceiveMessageCommand,
  SQSClient,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { describe, expect, it } from 'vitest';
import { sendForService } from '../../src/embedded/sqs/deliver.ts';
import type { ServiceMessage } from '../../src/embedded/sqs/deliver.ts';
import { Account } from '../../src/embedded/account.ts';
import { administratorCredentials } from '../../src/embedded/caller.ts';
import { memoryStore } from '../../src/embedded/store/store.ts';
import { ACCOUNT, REGION, allow, createIamBench, document } from '../support/embedded-iam.ts';
import { errorOf } from '../support/embedded-zone.ts';

const OTHER = '444455556666';
const ARN = `arn:aws:sqs:eu-west-1:${ACCOUNT}:work`;
const QueueUrl = `https://sqs.eu-west-1.amazonaws.com/${ACCOUNT}/work`;

async function open() {
  const bench = createIamBench();
  const own = bench.account.client(SQSClient, REGION);
  await own.send(new CreateQueueCommand({ QueueName: 'work', tags: { team: 'a' } }));
  const arn = await bench.role('sender');
  const actor = await bench.assume(arn);
  return {
    ...bench,
    own,
    arn,
    sender: actor.client(SQSClient),
    grant: (...statements: readonly object[]) => bench.grant('sender', ...statements),
    policy: (Policy: string) => own.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } })),
  };
}

const send = (client: SQSClient) => client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'one' }));
const Entries = [{ Id: 'a', MessageBody: 'one' }];

describe('who may use a queue', () => {
  it('in its account is said by the caller’s own policies', async () => {
    const { sender, grant } = await open();

    const error = await errorOf(send(sender));
    expect(error).toMatchObject({ name: 'AccessDeniedException', message: expect.stringContaining(ARN) as string });
    await grant(allow('sqs:SendMessage', ARN, { StringEquals: { 'aws:ResourceTag/team': 'a' } }));

    expect(await send(sender)).toHaveProperty('MessageId');
    expect(await sender.send(new SendMessageBatchCommand({ QueueUrl, Entries }))).toMatchObject({ Failed: [] });
    expect(await errorOf(sender.send(new ReceiveMessageCommand({ QueueUrl })))).toMatchObject({
      message: expect.stringContaining('sqs:ReceiveMessage') as string,
    });
  });

  it('in its account is said by its own policy as well', async () => {
    const { sender, policy, arn } = await open();

    await policy(document({ Effect: 'Allow', Principal: { AWS: arn }, Action: 'sqs:SendMessage', Resource: ARN }));
    expect(await send(sender)).toHaveProperty('MessageId');
    await policy(document({ Effect: 'Deny', Principal: '*', Action: 'sqs:*', Resource: ARN }));

    expect(await errorOf(send(sender))).toMatchObject({ message: expect.stringContaining('explicit deny') as string });
  });

  it('from another account must be said by both', async () => {
    const { account, own, policy } = await open();
    const foreign = account.client(SQSClient, { ...REGION, account: OTHER });

    expect(await errorOf(send(foreign))).toMatchObject({ name: 'AccessDeniedException' });
    await policy(document({ Effect: 'Allow', Principal: { AWS: OTHER }, Action: 'sqs:*', Resource: ARN }));

    expect(await send(foreign)).toHaveProperty('MessageId');
    const found = await foreign.send(new GetQueueUrlCommand({ QueueName: 'work', QueueOwnerAWSAccountId: ACCOUNT }));
    expect(found.QueueUrl).toBe(QueueUrl);
    // Cross-account permissions do not apply to these.
    for (const command of [new DeleteQueueCommand({ QueueUrl }), new ListQueueTagsCommand({ QueueUrl })]) {
      expect(await errorOf(foreign.send(command))).toMatchObject({
        name: 'AccessDeniedException',
      });
    }
    expect(await own.send(new ListQueueTagsCommand({ QueueUrl }))).toMatchObject({ Tags: { team: 'a' } });
  });

  it('gives it tags needs the permission to tag beside the one to create', async () => {
    const { sender, grant } = await open();
    const create = () => sender.send(new CreateQueueCommand({ QueueName: 'mine', tags: { team: 'b' } }));
    await grant(allow('sqs:CreateQueue'));

    expect(await errorOf(create())).toMatchObject({ message: expect.stringContaining('sqs:TagQueue') as string });
    await grant(allow(['sqs:CreateQueue', 'sqs:TagQueue'], '*', { StringEquals: { 'aws:RequestTag/team': 'b' } }));

    expect(await create()).toHaveProperty('QueueUrl');
  });
});

describe('the trail of a queue', () => {
  it('shows what was done with it, and no messages', async () => {
    const { account, own } = await open();
    await send(own);
    await own.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    const trail = account.client(CloudTrailClient, REGION);

    const { Events = [] } = await trail.send(
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: 'EventSource', AttributeValue: 'sqs.amazonaws.com' }],
      }),
    );

    expect(Events.map(({ EventName }) => EventName)).toEqual(['CreateQueue']);
    expect(Events[0]?.Resources).toEqual([{ ResourceType: 'AWS::SQS::Queue', ResourceName: 'work' }]);
    const parameters = account
      .events()
      .flatMap(({ eventName, requestParameters }) => (eventName.startsWith('SendMessage') ? [requestParameters] : []));
    expect(parameters).toEqual([
      { queueUrl: QueueUrl, messageBody: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
      { queueUrl: QueueUrl, entries: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
    ]);
  });
});

describe('a service that puts a message into a queue', () => {
  const TOPIC = `arn:aws:sns:eu-west-1:${ACCOUNT}:changes`;
  const MESSAGE: ServiceMessage = {
    queue: ARN,
    body: 'from a topic',
    principal: 'sns.amazonaws.com',
    sourceArn: TOPIC,
    sourceAccount: ACCOUNT,
  };
  const statement = (condition: object) => ({
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: ARN,
    Condition: condition,
  });

  async function openBeside() {
    const account = new Account(memoryStore(), { now: () => 0, sleep: async () => {}, crash() {} }, []);
    const client = new SQSClient({ ...REGION, credentials: administratorCredentials(ACCOUNT) });
    client.middlewareStack.use(account.plugin);
    await client.send(new CreateQueueCommand({ QueueName: 'work' }));
    return {
      policy: (...statements: readonly object[]) =>
        client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: document(...statements) } })),
      deliver: (message: Partial<ServiceMessage> = {}) =>
        account.change((data, now) => sendForService({ ...MESSAGE, ...message }, data, now)),
      async received() {
        const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
        return Messages.map(({ Body }) => Body);
      },
    };
  }

  it('is let in by the queue’s policy alone, and for its source', async () => {
    const { policy, deliver, received } = await openBeside();

    expect(deliver()).toBe('refused');
    await policy(statement({ ArnEquals: { 'aws:SourceArn': TOPIC }, StringEquals: { 'aws:SourceAccount': ACCOUNT } }));

    expect(deliver()).toBe('sent');
    expect(deliver({ sourceArn: `${TOPIC}-2` })).toBe('refused');
    expect(deliver({ sourceAccount: OTHER })).toBe('refused');
    expect(deliver({ principal: 's3.amazonaws.com' })).toBe('refused');
    expect(deliver({ queue: `${ARN}-2` })).toBe('absent');
    expect(deliver({ body: 'x'.repeat(1_048_577) })).toBe('refused');
    expect(await received()).toEqual(['from a topic']);
  });
});
