import { CloudWatchLogsClient, CreateLogGroupCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  LambdaClient,
  PutFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SetTopicAttributesCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { onTestFinished } from 'vitest';
import { openEmbedded } from '../../src/embedded/index.ts';
import type { EmbeddedAccount, EmbeddedOptions } from '../../src/embedded/index.ts';
import { encodeFunctionDocument } from '../../src/engine/function-document.ts';
import type { Head } from '../../src/fan-out/ledger.ts';
import { HEAD, keyHash, ledgerPartition } from '../../src/fan-out/ledger-keys.ts';
import { installedHandlers } from '../../src/operations/handlers.ts';
import { copyStatements } from '../../src/reconcilers/bucket-fan-out/policy.ts';
import { logStatement } from '../../src/reconcilers/function/policy.ts';
import type { FanOutDocument } from '../../src/reconcilers/bucket-fan-out/fan-out-document.ts';
import { readHead } from '../../src/resources/fan-out/rows.ts';
import { makeRole } from './function-role.ts';
import { ROLE, START } from './lambda.ts';

const ACCOUNT = '111122223333';
const REGION = 'eu-west-1';
export const SOURCE = 'acme-invoices';
export const DESTINATION = 'acme.invoices.us';
export const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:invoices-fanout`;
export const FUNCTION = 'fan-out-us';
const TABLE = 'fan-out';
const QUEUES = `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}`;
export const WORK_ARN = `arn:aws:sqs:${REGION}:${ACCOUNT}:work`;

/** What the kind lets the function do, and nothing else. */
export function rightsOf(document: FanOutDocument): readonly object[] {
  const queues = { work: WORK_ARN, deadLetters: `arn:aws:sqs:${REGION}:${ACCOUNT}:letters` };
  const functionArn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${FUNCTION}`;
  return [...copyStatements(document, { queues, functionArn }), logStatement(FUNCTION, document.place)];
}

export const DOCUMENT: FanOutDocument = {
  address: 'BucketFanOut/invoices',
  owner: 'acme',
  place: { account: ACCOUNT, region: REGION },
  source: { bucket: SOURCE, account: ACCOUNT, region: REGION },
  topicArn: TOPIC,
  configurationId: 'trueup-invoices',
  destination: { bucket: DESTINATION, account: ACCOUNT, region: 'us-east-1', prefix: 'from/' },
  key: {},
  filter: {},
  replicateDeletes: false,
  ledger: { table: TABLE, ttlDays: 90 },
  functionName: FUNCTION,
  workQueueUrl: `${QUEUES}/work`,
  deadLetterQueueUrl: `${QUEUES}/letters`,
};

/** One fan-out with one destination, in an embedded account: the chain from an object to its copy, with the deployed handler. */
export interface FanOutBench {
  readonly account: EmbeddedAccount;
  /** In the source's region. */
  readonly s3: S3Client;
  /** In the destination's. */
  readonly far: S3Client;
  readonly document: FanOutDocument;
  put(key: string, rest?: Partial<PutObjectCommandInput>): Promise<void>;
  /** Keys of the destination. */
  keys(): Promise<readonly string[]>;
  text(destinationKey: string): Promise<string>;
  look(destinationKey: string): ReturnType<typeof head>;
  /** Runs the function. */
  invoke(event: unknown): ReturnType<EmbeddedAccount['invoke']>;
  /** Of a destination's key. */
  head(destinationKey: string): Promise<Head | undefined>;
  /** The lines of all records, and of runs, as the function logged them. */
  lines(): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Outcomes of all records, in the order of the log. */
  outcomes(): Promise<readonly string[]>;
}

function head(s3: S3Client, Key: string) {
  return s3.send(new HeadObjectCommand({ Bucket: DESTINATION, Key, ChecksumMode: 'ENABLED' }));
}

export interface FanOutBenchOptions {
  readonly document?: Partial<FanOutDocument>;
  readonly isVersioned?: boolean;
  readonly embedded?: EmbeddedOptions;
}

export async function openFanOutBench(options: FanOutBenchOptions = {}): Promise<FanOutBench> {
  const account = openEmbedded('memory', { now: () => START, ...options.embedded });
  onTestFinished(() => account.close());
  const document = { ...DOCUMENT, ...options.document };
  const s3 = account.client(S3Client, { region: REGION });
  const far = account.client(S3Client, { region: 'us-east-1' });
  await s3.send(new CreateBucketCommand({ Bucket: SOURCE, CreateBucketConfiguration: { LocationConstraint: REGION } }));
  await far.send(new CreateBucketCommand({ Bucket: DESTINATION }));
  if (options.isVersioned) {
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await s3.send(new PutBucketVersioningCommand({ Bucket: SOURCE, VersioningConfiguration }));
    await far.send(new PutBucketVersioningCommand({ Bucket: DESTINATION, VersioningConfiguration }));
  }
  await makeLedger(account);
  await makeChain(account, document);
  const logs = account.client(CloudWatchLogsClient, { region: REGION });
  const table = account.client(DynamoDBClient, { region: REGION });

  async function lines(): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const { events = [] } = await logs.send(
      new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${FUNCTION}`, filterPattern: '"_aws"' }),
    );
    return events.map(({ message = '{}' }) => JSON.parse(message) as Readonly<Record<string, unknown>>);
  }

  return {
    account,
    s3,
    far,
    document,
    async put(Key, rest = {}) {
      await s3.send(new PutObjectCommand({ Bucket: SOURCE, Key, Body: 'body', ...rest }));
      await account.settled();
    },
    async keys() {
      const { Contents = [] } = await far.send(new ListObjectsV2Command({ Bucket: DESTINATION }));
      return Contents.flatMap(({ Key }) => Key ?? []);
    },
    async text(Key) {
      const { Body } = await far.send(new GetObjectCommand({ Bucket: DESTINATION, Key }));
      return (await Body?.transformToString()) ?? '';
    },
    look: (key) => head(far, key),
    invoke: (event) => account.invoke(FUNCTION, event, { region: REGION }),
    async head(key) {
      const Key = { pk: { S: ledgerPartition(DESTINATION, keyHash(key)) }, sk: { S: HEAD } };
      const { Item } = await table.send(new GetItemCommand({ TableName: TABLE, Key, ConsistentRead: true }));
      return Item && readHead(Item);
    },
    lines,
    outcomes: async () => (await lines()).flatMap(({ outcome }) => (typeof outcome === 'string' ? [outcome] : [])),
  };
}

async function makeLedger(account: EmbeddedAccount): Promise<void> {
  await account.client(DynamoDBClient, { region: REGION }).send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
    }),
  );
}

/** Queues, function, topic, subscription and notification entry. */
async function makeChain(account: EmbeddedAccount, document: FanOutDocument): Promise<void> {
  const place = { region: REGION };
  const sqs = account.client(SQSClient, place);
  for (const QueueName of ['work', 'letters']) await sqs.send(new CreateQueueCommand({ QueueName }));
  await makeRole(account.client(IAMClient, place), ROLE, rightsOf(document));
  const logs = account.client(CloudWatchLogsClient, place);
  await logs.send(new CreateLogGroupCommand({ logGroupName: `/aws/lambda/${FUNCTION}` }));
  const { sha256 } = installedHandlers().code('bucket-fan-out');
  const lambda = account.client(LambdaClient, place);
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: FUNCTION,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Role: ROLE,
      Code: { ZipFile: installedHandlers().zip(sha256) },
      Timeout: 300,
      MemorySize: 512,
      Environment: { Variables: { TRUEUP_DOCUMENT: encodeFunctionDocument(document) } },
    }),
  );
  await lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: FUNCTION, MaximumRetryAttempts: 2 }));
  account.elapse(60_000);
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: FUNCTION,
      StatementId: 'topic',
      Action: 'lambda:InvokeFunction',
      Principal: 'sns.amazonaws.com',
      SourceArn: TOPIC,
    }),
  );
  const sns = account.client(SNSClient, place);
  await sns.send(new CreateTopicCommand({ Name: 'invoices-fanout' }));
  const Statement = {
    Effect: 'Allow',
    Principal: { Service: 's3.amazonaws.com' },
    Action: 'sns:Publish',
    Resource: TOPIC,
  };
  const AttributeValue = JSON.stringify({ Version: '2012-10-17', Statement: [Statement] });
  await sns.send(new SetTopicAttributesCommand({ TopicArn: TOPIC, AttributeName: 'Policy', AttributeValue }));
  const Endpoint = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${FUNCTION}`;
  await sns.send(new SubscribeCommand({ TopicArn: TOPIC, Protocol: 'lambda', Endpoint }));
  await account.client(S3Client, place).send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: SOURCE,
      NotificationConfiguration: {
        TopicConfigurations: [
          { Id: document.configurationId, TopicArn: TOPIC, Events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'] },
        ],
      },
    }),
  );
  await account.settled();
}
