import { IAMClient } from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  LambdaClient,
  PutFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import type { AddPermissionRequest } from '@aws-sdk/client-lambda';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { NotificationConfiguration } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient, SetTopicAttributesCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { EmbeddedAccount } from '../../src/embedded/index.ts';
import { makeRole } from './function-role.ts';

export const REGION = { region: 'eu-west-1' };
export const OWNER = '111122223333';
export const OTHER = '444455556666';
export const BUCKET = 'acme-originals';
export const BUCKET_ARN = `arn:aws:s3:::${BUCKET}`;
export const TOPIC = `arn:aws:sns:eu-west-1:${OWNER}:originals`;
export const FUNCTION = `arn:aws:lambda:eu-west-1:${OWNER}:function:copier`;
export const QUEUE = `arn:aws:sqs:eu-west-1:${OWNER}:letters`;
const QUEUE_URL = `https://sqs.eu-west-1.amazonaws.com/${OWNER}/letters`;

const ROLE = `arn:aws:iam::${OWNER}:role/copier`;
const SETTINGS = {
  FunctionName: 'copier',
  Runtime: 'nodejs22.x',
  Handler: 'index.handler',
  Role: ROLE,
  Timeout: 900,
  MemorySize: 256,
} as const;

/** Writes its event into its log, behind a word to look for. */
export const TELLS = 'export const handler = async (event) => { console.log("GOT " + JSON.stringify(event)); };';

export const BEGIN = Date.parse('2026-11-24T10:00:00Z');

/** The same, once the account's clock shows another day; before it never ends. */
export const WAITS_FOR_TOMORROW = `export const handler = async (event) => {
  const { now } = globalThis[Symbol.for('trueup.embedded')];
  if (now() < ${BEGIN} + 86400000) await new Promise((resolve) => setTimeout(resolve, 800000));
  console.log('GOT ' + JSON.stringify(event));
};`;

/** Clients, and what is made with them, of one account. */
export interface EventsBench {
  readonly account: EmbeddedAccount;
  readonly s3: S3Client;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  readonly lambda: LambdaClient;
  /** A bucket; notifications of every created and removed object go to `target`, unless it says otherwise. */
  bucket(): Promise<void>;
  notify(configuration: NotificationConfiguration, skip?: boolean): Promise<void>;
  put(key: string, body?: string): Promise<void>;
  /** A topic, on which the bucket may publish. */
  topic(policy?: object): Promise<void>;
  subscribe(endpoint: string, attributes?: Record<string, string>): Promise<string>;
  /** A function, which the topic may invoke. */
  deploy(source: string, permission?: Partial<AddPermissionRequest> | 'nobody'): Promise<void>;
  /** A queue, into which `principal` may send. */
  queue(principal?: string, condition?: object): Promise<void>;
  /** Bodies of all messages in the queue, which are in flight from now on. */
  letters(): Promise<readonly string[]>;
  /** What the function got, oldest first. */
  got(): Promise<readonly unknown[]>;
}

/** @param bundle what makes the zip of a handler's source, and lets it run in this process */
export function eventsChain(
  account: EmbeddedAccount,
  bundle: (source: string) => Uint8Array | Promise<Uint8Array>,
): EventsBench {
  const s3 = account.client(S3Client, REGION);
  const sns = account.client(SNSClient, REGION);
  const sqs = account.client(SQSClient, REGION);
  const lambda = account.client(LambdaClient, REGION);
  const logs = account.client(CloudWatchLogsClient, REGION);
  return {
    account,
    s3,
    sns,
    sqs,
    lambda,
    async bucket() {
      await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    },
    async notify(NotificationConfiguration, skip) {
      const input = { Bucket: BUCKET, NotificationConfiguration, SkipDestinationValidation: skip };
      await s3.send(new PutBucketNotificationConfigurationCommand(input));
    },
    async put(Key, Body = 'body') {
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
    },
    async topic(policy = topicPolicy()) {
      await sns.send(new CreateTopicCommand({ Name: 'originals' }));
      const AttributeValue = JSON.stringify(policy);
      await sns.send(new SetTopicAttributesCommand({ TopicArn: TOPIC, AttributeName: 'Policy', AttributeValue }));
    },
    async subscribe(Endpoint, Attributes = {}) {
      const Protocol = Endpoint.split(':')[2];
      const { SubscriptionArn = '' } = await sns.send(
        new SubscribeCommand({ TopicArn: TOPIC, Protocol, Endpoint, Attributes, ReturnSubscriptionArn: true }),
      );
      return SubscriptionArn;
    },
    async deploy(source, permission = {}) {
      await makeRole(account.client(IAMClient, REGION), ROLE);
      const Code = { ZipFile: await bundle(source) };
      await lambda.send(new CreateFunctionCommand({ ...SETTINGS, Code }));
      await lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: 'copier', MaximumRetryAttempts: 0 }));
      account.elapse(60_000);
      if (permission === 'nobody') return;
      await lambda.send(
        new AddPermissionCommand({
          FunctionName: 'copier',
          StatementId: 's',
          Action: 'lambda:InvokeFunction',
          Principal: 'sns.amazonaws.com',
          SourceArn: TOPIC,
          ...permission,
        }),
      );
    },
    async queue(principal = 'sns.amazonaws.com', condition = { ArnEquals: { 'aws:SourceArn': TOPIC } }) {
      await sqs.send(new CreateQueueCommand({ QueueName: 'letters' }));
      const Policy = JSON.stringify({
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Principal: { Service: principal },
          Action: 'sqs:SendMessage',
          Resource: QUEUE,
          Condition: condition,
        },
      });
      await sqs.send(new SetQueueAttributesCommand({ QueueUrl: QUEUE_URL, Attributes: { Policy } }));
    },
    async letters() {
      const bodies: string[] = [];
      for (;;) {
        const request = { QueueUrl: QUEUE_URL, MaxNumberOfMessages: 10, VisibilityTimeout: 3600 };
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(request));
        if (Messages.length === 0) return bodies;
        bodies.push(...Messages.map(({ Body = '' }) => Body));
      }
    },
    async got() {
      const request = { logGroupName: '/aws/lambda/copier', filterPattern: 'GOT' };
      const found = await logs.send(new FilterLogEventsCommand(request)).catch((error: Error) => error.name);
      if (found === 'ResourceNotFoundException') return [];
      if (typeof found === 'string') throw new Error(found);
      return (found.events ?? []).map(({ message = '' }) => JSON.parse(message.slice(message.indexOf('{'))) as unknown);
    },
  };
}

/** Lets S3 publish for the bucket, and nobody else. */
export function topicPolicy(condition: object = FROM_BUCKET): object {
  const statement = {
    Effect: 'Allow',
    Principal: { Service: 's3.amazonaws.com' },
    Action: 'sns:Publish',
    Resource: TOPIC,
    Condition: condition,
  };
  return { Version: '2012-10-17', Statement: [statement] };
}

const FROM_BUCKET = { ArnLike: { 'aws:SourceArn': BUCKET_ARN }, StringEquals: { 'aws:SourceAccount': OWNER } };

/** Everything that happens to objects goes to the topic. */
export const TO_TOPIC: NotificationConfiguration = {
  TopicConfigurations: [{ Id: 'all', TopicArn: TOPIC, Events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'] }],
};
