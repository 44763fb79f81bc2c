import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  InvalidAddress,
  InvalidAttributeName,
  InvalidAttributeValue,
  ListDeadLetterSourceQueuesCommand,
  ListQueueTagsCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  PurgeQueueInProgress,
  QueueDeletedRecently,
  QueueDoesNotExist,
  QueueNameExists,
  SQSClient,
  SendMessageCommand,
  SetQueueAttributesCommand,
  TagQueueCommand,
  UntagQueueCommand,
  paginateListQueues,
} from '@aws-sdk/client-sqs';
import type { CreateQueueRequest } from '@aws-sdk/client-sqs';
import { GetResourcesCommand, ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { describe, expect, it } from 'vitest';
import { openEmbedded } from '../../src/embedded/index.ts';
import { errorOf } from '../support/embedded-zone.ts';

const ACCOUNT = '111122223333';
const REGION = { region: 'eu-west-1' };
const URL_OF = (name: string, region = 'eu-west-1'): string => `https://sqs.${region}.amazonaws.com/${ACCOUNT}/${name}`;
const ARN_OF = (name: string): string => `arn:aws:sqs:eu-west-1:${ACCOUNT}:${name}`;
const NOW = Date.parse('2026-11-24T10:00:30Z');

function open() {
  const account = openEmbedded('memory', { now: () => NOW });
  const client = account.client(SQSClient, REGION);
  return {
    account,
    client,
    create: (QueueName: string, rest: Partial<CreateQueueRequest> = {}) =>
      client.send(new CreateQueueCommand({ QueueName, ...rest })),
    set: (name: string, Attributes: Record<string, string>) =>
      client.send(new SetQueueAttributesCommand({ QueueUrl: URL_OF(name), Attributes })),
    async look(name: string) {
      const command = new GetQueueAttributesCommand({ QueueUrl: URL_OF(name), AttributeNames: ['All'] });
      return (await client.send(command)).Attributes ?? {};
    },
  };
}

describe('a queue', () => {
  it('is made once, and has the default of each attribute that nobody gave', async () => {
    const { create, look } = open();

    expect(await create('work', { Attributes: { VisibilityTimeout: '90' } })).toMatchObject({
      QueueUrl: URL_OF('work'),
    });
    expect(await create('work', { Attributes: { VisibilityTimeout: '90', DelaySeconds: '0' } })).toMatchObject({
      QueueUrl: URL_OF('work'),
    });

    expect(await look('work')).toEqual({
      QueueArn: ARN_OF('work'),
      CreatedTimestamp: String(Math.floor(NOW / 1000)),
      LastModifiedTimestamp: String(Math.floor(NOW / 1000)),
      DelaySeconds: '0',
      MaximumMessageSize: '1048576',
      MessageRetentionPeriod: '345600',
      ReceiveMessageWaitTimeSeconds: '0',
      VisibilityTimeout: '90',
      SqsManagedSseEnabled: 'true',
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      ApproximateNumberOfMessagesDelayed: '0',
    });
  });

  it('is not made again with another value', async () => {
    const { create } = open();
    await create('work');

    const error = await errorOf(create('work', { Attributes: { DelaySeconds: '5' } }));

    expect(error).toBeInstanceOf(QueueNameExists);
    expect(error).toMatchObject({
      Code: 'QueueAlreadyExists',
      message: expect.stringMatching(/DelaySeconds$/) as string,
    });
  });

  it.each(['', 'a b', 'a.b', 'x'.repeat(81), 'a.fifo'])('is not called %j', async (name) => {
    expect(await errorOf(open().create(name))).toBeInstanceOf(Error);
  });

  it.each<[string, string]>([
    ['VisibilityTimeout', '43201'],
    ['VisibilityTimeout', '-1'],
    ['DelaySeconds', '901'],
    ['MaximumMessageSize', '1023'],
    ['MessageRetentionPeriod', 'long'],
    ['SqsManagedSseEnabled', 'yes'],
    ['Policy', '{"Statement":'],
    ['Policy', '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:*","Resource":"*"}]}'],
    ['RedrivePolicy', '[]'],
    ['RedrivePolicy', '{"maxReceiveCount":3}'],
    ['RedrivePolicy', `{"deadLetterTargetArn":"${ARN_OF('gone')}","maxReceiveCount":3}`],
    ['RedrivePolicy', `{"deadLetterTargetArn":"${ARN_OF('work')}","maxReceiveCount":0}`],
    ['RedriveAllowPolicy', '{"redrivePermission":"byQueue"}'],
    ['RedriveAllowPolicy', '{"redrivePermission":"allowAll","sourceQueueArns":["a"]}'],
  ])('does not take %s %s', async (name, value) => {
    const { create, set } = open();
    await create('work');

    expect(await errorOf(set('work', { [name]: value }))).toBeInstanceOf(InvalidAttributeValue);
  });

  it('knows its attributes by name, and sets and takes away what may go', async () => {
    const { create, set, look, client } = open();
    await create('work');
    await create('dead');
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: ARN_OF('dead'), maxReceiveCount: '3' });

    await set('work', { RedrivePolicy, DelaySeconds: '7' });
    expect(await look('work')).toMatchObject({ RedrivePolicy, DelaySeconds: '7' });
    const sources = await client.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: URL_OF('dead') }));
    expect(sources.queueUrls).toEqual([URL_OF('work')]);
    await set('work', { RedrivePolicy: '' });

    expect(await look('work')).not.toHaveProperty('RedrivePolicy');
    expect(await errorOf(set('work', { Colour: 'red' }))).toBeInstanceOf(InvalidAttributeName);
    const some = new GetQueueAttributesCommand({ QueueUrl: URL_OF('work'), AttributeNames: ['DelaySeconds'] });
    expect((await client.send(some)).Attributes).toEqual({ DelaySeconds: '7' });
    const none = new GetQueueAttributesCommand({ QueueUrl: URL_OF('work') });
    expect((await client.send(none)).Attributes).toBeUndefined();
  });

  it('is a dead-letter queue of those alone that it allows', async () => {
    const { create, set, look } = open();
    await create('dead', { Attributes: { RedriveAllowPolicy: '{"redrivePermission":"denyAll"}' } });
    await create('work');
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: ARN_OF('dead'), maxReceiveCount: 3 });

    expect(await errorOf(set('work', { RedrivePolicy }))).toBeInstanceOf(InvalidAttributeValue);
    await set('dead', {
      RedriveAllowPolicy: JSON.stringify({ redrivePermission: 'byQueue', sourceQueueArns: [ARN_OF('work')] }),
    });
    await set('work', { RedrivePolicy });
    expect(await look('work')).toMatchObject({ RedrivePolicy });
  });

  it('is found by its name, and by none other', async () => {
    const { create, client } = open();
    await create('work');

    expect((await client.send(new GetQueueUrlCommand({ QueueName: 'work' }))).QueueUrl).toBe(URL_OF('work'));
    const error = await errorOf(client.send(new GetQueueUrlCommand({ QueueName: 'other' })));
    expect(error).toBeInstanceOf(QueueDoesNotExist);
    expect(error).toMatchObject({ Code: 'AWS.SimpleQueueService.NonExistentQueue', Type: 'Sender' });
  });

  it('has an address in its region alone', async () => {
    const { account, create } = open();
    await create('work');
    const abroad = account.client(SQSClient, { region: 'eu-central-1' });

    const look = (QueueUrl: string) => errorOf(abroad.send(new PurgeQueueCommand({ QueueUrl })));

    expect(await look(URL_OF('work'))).toBeInstanceOf(InvalidAddress);
    expect(await look(URL_OF('work', 'eu-central-1'))).toBeInstanceOf(QueueDoesNotExist);
  });

  it('is listed by the beginning of its name, page by page', async () => {
    const { create, client } = open();
    for (const name of ['b', 'a-2', 'a-1', 'a-3']) await create(name);

    const pages: (readonly string[] | undefined)[] = [];
    for await (const { QueueUrls } of paginateListQueues({ client }, { QueueNamePrefix: 'a-', MaxResults: 2 })) {
      pages.push(QueueUrls);
    }

    expect(pages).toEqual([[URL_OF('a-1'), URL_OF('a-2')], [URL_OF('a-3')]]);
    expect((await client.send(new ListQueuesCommand({ QueueNamePrefix: 'c' }))).QueueUrls).toBeUndefined();
  });

  it('takes its messages along when it is deleted, and its name is free a minute later', async () => {
    const { account, create, client, look } = open();
    await create('work');
    await client.send(new SendMessageCommand({ QueueUrl: URL_OF('work'), MessageBody: 'one' }));

    await client.send(new DeleteQueueCommand({ QueueUrl: URL_OF('work') }));
    expect(await errorOf(look('work'))).toBeInstanceOf(QueueDoesNotExist);
    expect(await errorOf(create('work'))).toBeInstanceOf(QueueDeletedRecently);
    account.elapse(60_000);
    await create('work');

    expect(await look('work')).toMatchObject({ ApproximateNumberOfMessages: '0' });
  });

  it('is emptied once a minute at most', async () => {
    const { account, create, client, look } = open();
    await create('work');
    const purge = () => client.send(new PurgeQueueCommand({ QueueUrl: URL_OF('work') }));
    await client.send(new SendMessageCommand({ QueueUrl: URL_OF('work'), MessageBody: 'one' }));

    await purge();
    expect(await look('work')).toMatchObject({ ApproximateNumberOfMessages: '0' });
    expect(await errorOf(purge())).toBeInstanceOf(PurgeQueueInProgress);
    account.elapse(60_000);
    expect(await purge()).toBeDefined();
  });

  it('carries tags, which the tagging API knows', async () => {
    const { account, create, client } = open();
    await create('work', { tags: { team: 'network', old: '1' } });
    const QueueUrl = URL_OF('work');

    await client.send(new TagQueueCommand({ QueueUrl, Tags: { stage: 'test' } }));
    await client.send(new UntagQueueCommand({ QueueUrl, TagKeys: ['old'] }));

    const Tags = { team: 'network', stage: 'test' };
    expect((await client.send(new ListQueueTagsCommand({ QueueUrl }))).Tags).toEqual(Tags);
    const tagging = account.client(ResourceGroupsTaggingAPIClient, REGION);
    const { ResourceTagMappingList: listed } = await tagging.send(
      new GetResourcesCommand({ ResourceTypeFilters: ['sqs'] }),
    );
    expect(listed).toEqual([
      {
        ResourceARN: ARN_OF('work'),
        Tags: [
          { Key: 'stage', Value: 'test' },
          { Key: 'team', Value: 'network' },
        ],
      },
    ]);
  });
});
