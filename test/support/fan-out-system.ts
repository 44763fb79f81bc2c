import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { GetObjectCommand, HeadObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { ListSubscriptionsCommand, SNSClient } from '@aws-sdk/client-sns';
import { expect } from 'vitest';
import type { EmbeddedAccount } from '../../src/embedded/index.ts';
import type { FanOutDocument } from '../../src/reconcilers/bucket-fan-out/fan-out-document.ts';
import { fanOutDocument } from '../../src/reconcilers/bucket-fan-out/function-document.ts';
import { METRIC_NAMESPACE } from '../../src/reconcilers/bucket-fan-out/function-contract.ts';
import { isFanOut, targetsOf } from '../../src/reconcilers/bucket-fan-out/places.ts';
import { createFanOutEstate } from './bucket-fan-out.ts';
import type { EstateOptions, TestEstate } from './estate.ts';

export const REGION = 'eu-west-1';
const DAY_MS = 24 * 60 * 60 * 1000;

/** An object that is current, as its bucket holds it. */
export interface HeldObject {
  readonly body: string;
  readonly head: HeadObjectCommandOutput;
}

export type LogFields = Readonly<Record<string, unknown>>;

/** BucketFanOuts that were planned and applied, and the functions that they deployed. */
export interface FanOutSystem {
  readonly estate: TestEstate;
  readonly account: EmbeddedAccount;
  /** What the function of each destination is told, in the order of the documents. */
  readonly told: readonly FanOutDocument[];
  s3(region?: string, account?: string): S3Client;
  /** The current objects of a bucket by their keys. */
  held(bucket: string, region?: string): Promise<ReadonlyMap<string, HeldObject>>;
  keys(bucket: string, region?: string): Promise<readonly string[]>;
  /** The lines that a function logged, of records and of invocations. */
  lines(told?: FanOutDocument): Promise<readonly LogFields[]>;
  /** Of records, in the order of the log. */
  outcomes(told?: FanOutDocument): Promise<readonly string[]>;
  /** The sum of a metric since the system stands: `Copied` of the document's own, `Invocations` of Lambda's for a function. */
  measured(name: string, functionOf?: FanOutDocument): Promise<number>;
  /** Runs a function. */
  invoke(event: unknown, told?: FanOutDocument): ReturnType<EmbeddedAccount['invoke']>;
  /** Bodies of the dead letters; they come back in time. */
  letters(told?: FanOutDocument): Promise<readonly string[]>;
  /** Messages in the dead-letter queues of all destinations, whether or not somebody has them. */
  waiting(): Promise<number>;
  /** Waits until nothing is under way and all retries are over. */
  rest(): Promise<void>;
}

/** Applies what is declared. Buckets are there already, made by `prepare`. */
export async function openFanOutSystem(
  spec: readonly string[],
  prepare: (account: EmbeddedAccount, estate: TestEstate) => Promise<void>,
  options?: EstateOptions,
): Promise<FanOutSystem> {
  const estate = await createFanOutEstate(spec, options);
  const { account } = estate;
  await prepare(account, estate);
  const result = await estate.apply(await estate.plan());
  expect([result.outcome, result.refused, result.failed]).toEqual(['applied', [], []]);
  await account.advance(60_000);
  const { documents, estate: look } = await estate.load();
  const told = documents
    .filter(isFanOut)
    .flatMap((document) => targetsOf(document, look).map((target) => fanOutDocument(document, look, target)));
  const [only] = told;
  if (!only) throw new Error('no fan-out is declared');
  const first = only;
  const began = account.now() - DAY_MS;
  const metrics = account.client(CloudWatchClient, { region: REGION });
  const logs = account.client(CloudWatchLogsClient, { region: REGION });
  const sqs = account.client(SQSClient, { region: REGION });

  const s3 = (region = REGION, of?: string): S3Client =>
    account.client(S3Client, { region, ...(of !== undefined && { account: of }) });

  async function keys(Bucket: string, region?: string): Promise<readonly string[]> {
    const client = s3(region);
    const found: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket })) {
      found.push(...Contents.flatMap(({ Key }) => Key ?? []));
    }
    return found;
  }

  async function lines({ functionName }: FanOutDocument = first): Promise<readonly LogFields[]> {
    const found: LogFields[] = [];
    const asked = { logGroupName: `/aws/lambda/${functionName}`, filterPattern: '"_aws"' };
    for await (const { events = [] } of paginateFilterLogEvents({ client: logs }, asked)) {
      found.push(...events.map(({ message = '{}' }) => JSON.parse(message) as LogFields));
    }
    return found;
  }

  async function measured(MetricName: string, of?: FanOutDocument): Promise<number> {
    const { Datapoints = [] } = await metrics.send(
      new GetMetricStatisticsCommand({
        MetricName,
        ...(of
          ? { Namespace: 'AWS/Lambda', Dimensions: [{ Name: 'FunctionName', Value: of.functionName }] }
          : { Namespace: METRIC_NAMESPACE, Dimensions: [{ Name: 'Document', Value: first.address }] }),
        StartTime: new Date(began),
        EndTime: new Date(account.now() + DAY_MS),
        Period: DAY_MS / 1000,
        Statistics: ['Sum'],
      }),
    );
    return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
  }

  return {
    estate,
    account,
    told,
    s3,
    async held(Bucket, region) {
      const client = s3(region);
      const objects = new Map<string, HeldObject>();
      for (const Key of await keys(Bucket, region)) {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
        const head = await client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
        objects.set(Key, { body: (await Body?.transformToString()) ?? '', head });
      }
      return objects;
    },
    keys,
    lines,
    outcomes: async (of) => (await lines(of)).flatMap(({ outcome }) => (typeof outcome === 'string' ? [outcome] : [])),
    measured,
    invoke: (event, { functionName } = first) => account.invoke(functionName, event, { region: REGION }),
    async letters({ deadLetterQueueUrl: QueueUrl } = first) {
      const request = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 1 };
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(request));
      return Messages.map(({ Body = '' }) => Body);
    },
    async waiting() {
      let sum = 0;
      for (const { deadLetterQueueUrl: QueueUrl } of told) {
        const { Attributes = {} } = await sqs.send(
          new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
        );
        sum += Number(Attributes['ApproximateNumberOfMessages']);
        sum += Number(Attributes['ApproximateNumberOfMessagesNotVisible']);
      }
      return sum;
    },
    async rest() {
      await account.settled();
      await account.advance(10 * 60_000);
    },
  };
}

/** An event as SNS hands it to a function, of what S3 published: all records of all messages in one. */
export async function envelopeOf(
  { account, told }: FanOutSystem,
  messages: readonly string[],
  { topicArn, functionName }: FanOutDocument = told[0]!,
): Promise<{ readonly Records: readonly object[] }> {
  const sns = account.client(SNSClient, { region: REGION });
  const { Subscriptions = [] } = await sns.send(new ListSubscriptionsCommand({}));
  const subscription = Subscriptions.find(({ Endpoint = '' }) => Endpoint.endsWith(`:${functionName}`));
  const Records = messages.flatMap((message) => (JSON.parse(message) as { readonly Records: object[] }).Records);
  return {
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: subscription?.SubscriptionArn,
        Sns: { Type: 'Notification', MessageId: 'm', TopicArn: topicArn, Message: JSON.stringify({ Records }) },
      },
    ],
  };
}
