import { DynamoDBClient, ScanCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DeleteBucketPolicyCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { ClientStack, EmbeddedAccount } from '../../src/embedded/index.ts';
import type { FanOutRedriveResult } from '../../src/fan-out/redrive-result.ts';
import type { FanOutStatusResult } from '../../src/fan-out/status-result.ts';
import type { FanOutTestResult } from '../../src/fan-out/test-result.ts';
import { copySortKey, keyHash, ledgerPartition } from '../../src/fan-out/ledger-keys.ts';
import { dynamoDbLedger } from '../../src/resources/fan-out/ledger.ts';
import { readKeyRows } from '../../src/resources/fan-out/scan-rows.ts';
import { fanOutTest } from '../../src/operations/fan-out/probe.ts';
import { fanOutRedrive } from '../../src/operations/fan-out/redrive.ts';
import { fanOutStatus } from '../../src/operations/fan-out/status.ts';
import type { FanOutDocument } from '../../src/reconcilers/bucket-fan-out/fan-out-document.ts';
import { fanOutDocument } from '../../src/reconcilers/bucket-fan-out/function-document.ts';
import { isFanOut, targetsOf } from '../../src/reconcilers/bucket-fan-out/places.ts';
import { createFanOutEstate, SOURCE } from './bucket-fan-out.ts';
import type { EstateOptions, TestEstate } from './estate.ts';
import { makeBucket } from './fan-out-buckets.ts';

export const PARTNER = '444455556666';
const HOME = '111122223333';
const BOTH =
  'destinations: [{ bucket: acme-invoices-us, region: us-east-1 }, { bucket: partner.invoices, account: partner, prefix: from-acme/ }]';

/** A fan-out of two destinations, one of them somebody else's, applied in an embedded account. */
export interface FanOutVerbs {
  readonly estate: TestEstate;
  /** In the order of the document. */
  readonly told: readonly FanOutDocument[];
  put(key: string, body?: string): Promise<void>;
  /** The partner's owner lets us in. */
  open(): Promise<void>;
  /** And does not. */
  shut(): Promise<void>;
  /** Keys and what they hold, of both destinations. */
  copies(): Promise<readonly string[]>;
  /** Versions and delete markers of all three buckets, `bucket key`. */
  versions(): Promise<readonly string[]>;
  /** Rows of the ledger. */
  rows(): Promise<number>;
  /** Another invocation holds the copy of this key of the partner's, until then. */
  hold(destinationKey: string, until: number): Promise<void>;
  /** Puts a message into the partner's dead-letter queue. */
  forge(body: string): Promise<void>;
  redrive(rest?: Partial<Parameters<typeof fanOutRedrive>[1]>): Promise<FanOutRedriveResult>;
  /** A row of the ledger, of a copy that is done. */
  fill(key: string): Promise<void>;
  status(key?: string, rows?: number): Promise<FanOutStatusResult>;
  test(rest?: Partial<Parameters<typeof fanOutTest>[1]>): Promise<FanOutTestResult>;
}

export async function openFanOutVerbs(
  spec: readonly string[] = [],
  options: EstateOptions & { readonly versioned?: boolean } = {},
): Promise<FanOutVerbs> {
  const { versioned = true, ...rest } = options;
  const estate = await createFanOutEstate([SOURCE, BOTH, ...spec], rest);
  const { account } = estate;
  await makeBucket(account, 'acme-invoices', { versioned });
  await makeBucket(account, 'acme-invoices-us', { region: 'us-east-1', versioned });
  await makeBucket(account, 'partner.invoices', { account: PARTNER, versioned });
  const clients = {
    source: account.client(S3Client, { region: 'eu-west-1' }),
    us: account.client(S3Client, { region: 'us-east-1' }),
    partner: account.client(S3Client, { region: 'eu-west-1', account: PARTNER }),
  };
  const endpoint = { kind: 'embedded', account } as const;
  const verbs: FanOutVerbs = {
    estate,
    told: await toldOf(estate),
    async put(Key, Body = `of ${Key}`) {
      await clients.source.send(new PutObjectCommand({ Bucket: 'acme-invoices', Key, Body }));
      await account.settled();
    },
    async open() {
      const Resource = ['arn:aws:s3:::partner.invoices', 'arn:aws:s3:::partner.invoices/*'];
      const Statement = [
        { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${HOME}:root` }, Action: 's3:*', Resource },
      ];
      const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
      await clients.partner.send(new PutBucketPolicyCommand({ Bucket: 'partner.invoices', Policy }));
    },
    async shut() {
      await clients.partner.send(new DeleteBucketPolicyCommand({ Bucket: 'partner.invoices' }));
    },
    copies: async () => [
      ...(await contentsOf(clients.us, 'acme-invoices-us')),
      ...(await contentsOf(clients.partner, 'partner.invoices')),
    ],
    async versions() {
      const all = await Promise.all([
        versionsOf(clients.source, 'acme-invoices'),
        versionsOf(clients.us, 'acme-invoices-us'),
        versionsOf(clients.partner, 'partner.invoices'),
      ]);
      return all.flat();
    },
    async rows() {
      const table = account.client(DynamoDBClient, { region: 'eu-west-1' });
      const { Count = 0 } = await table.send(new ScanCommand({ TableName: verbs.told[0]!.ledger.table }));
      return Count;
    },
    async hold(destinationKey, until) {
      const table = account.client(DynamoDBClient, { region: 'eu-west-1' });
      const TableName = verbs.told[0]!.ledger.table;
      const pk = ledgerPartition('partner.invoices', keyHash(destinationKey));
      const rows = await readKeyRows({ client: table, table: TableName }, pk);
      for (const { sk } of rows.copies) {
        await table.send(
          new UpdateItemCommand({
            TableName,
            Key: { pk: { S: pk }, sk: { S: sk } },
            UpdateExpression: 'SET leaseToken = :token, leaseUntil = :until',
            ExpressionAttributeValues: { ':token': { S: 'another' }, ':until': { N: String(until) } },
          }),
        );
      }
    },
    async forge(MessageBody) {
      const sqs = account.client(SQSClient, { region: 'eu-west-1' });
      await sqs.send(new SendMessageCommand({ QueueUrl: verbs.told[1]!.deadLetterQueueUrl, MessageBody }));
    },
    redrive: async (more) => fanOutRedrive(await estate.load(), { endpoint, name: 'invoices', ...more }),
    async fill(key) {
      const rows = {
        client: account.client(DynamoDBClient, { region: 'eu-west-1' }),
        table: verbs.told[0]!.ledger.table,
      };
      const ledger = dynamoDbLedger(
        { ...rows, expires: () => 2_000_000_000, deletionExpires: () => 2_000_000_000 },
        () => account.now(),
      );
      const sk = copySortKey({ sequencer: 'A1' });
      const pk = ledgerPartition('acme-invoices-us', keyHash(key));
      const named = { sourceKey: key, destinationKey: key, at: 0, isDeleted: false, sk, nonce: 'n' };
      await ledger.begin(pk, named, 'attempt');
    },
    status: async (key, rows) =>
      fanOutStatus(await estate.load(), {
        endpoint,
        name: 'invoices',
        ...(key !== undefined && { key }),
        ...(rows !== undefined && { rows }),
      }),
    test: async (more) =>
      fanOutTest(await estate.load(), { endpoint, name: 'invoices', timeout: 60_000, id: '0a1b', ...more }),
  };
  await verbs.open();
  const { outcome, failed } = await estate.apply();
  if (outcome !== 'applied') throw new Error(JSON.stringify(failed));
  await account.settled();
  return verbs;
}

async function toldOf(estate: TestEstate): Promise<readonly FanOutDocument[]> {
  const project = await estate.load();
  const document = project.documents.find(isFanOut)!;
  return targetsOf(document, project.estate).map((target) => fanOutDocument(document, project.estate, target));
}

async function versionsOf(client: S3Client, Bucket: string): Promise<readonly string[]> {
  const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
  return [...Versions, ...DeleteMarkers].map(({ Key }) => `${Bucket} ${Key}`);
}

async function contentsOf(client: S3Client, Bucket: string): Promise<readonly string[]> {
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
  const all: string[] = [];
  for (const { Key } of Contents) {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    all.push(`${Key}: ${await Body?.transformToString()}`);
  }
  return all;
}

type Handler = (call: object) => Promise<object>;

/** The account as a process sees it that dies with a call, before or after its effect: no call comes afterwards. */
export function dyingAt(account: EmbeddedAccount, fatal: number, when: 'before' | 'after') {
  let at = 0;
  let isDead = false;
  const death =
    (next: Handler): Handler =>
    async (call) => {
      at += 1;
      const isFatal = at === fatal;
      isDead ||= isFatal && when === 'before';
      if (isDead) throw new Error('died');
      const result = await next(call);
      isDead ||= isFatal;
      if (isDead) throw new Error('died');
      return result;
    };
  const plugin = {
    applyToStack(stack: ClientStack) {
      account.plugin.applyToStack(stack);
      stack.add(death, { name: 'death', step: 'initialize', priority: 'high', override: true });
    },
  };
  return { endpoint: { kind: 'embedded', account: { ...account, plugin } } as const, survived: () => !isDead };
}

/** The account as a machine sees it whose clock is behind: answers tell the time of AWS. */
export function seenLate(account: EmbeddedAccount, behind: number) {
  const dated =
    (next: Handler): Handler =>
    async (call) => {
      const { response, ...rest } = (await next(call)) as { readonly response: object };
      return { ...rest, response: { ...response, headers: { date: new Date(account.now()).toUTCString() } } };
    };
  const plugin = {
    applyToStack(stack: ClientStack) {
      stack.add(dated, { name: 'dated', step: 'deserialize', priority: 'normal', override: true });
      account.plugin.applyToStack(stack);
    },
  };
  return { kind: 'embedded', account: { ...account, plugin, now: () => account.now() - behind } } as const;
}

/** The account as one whose functions, made by another build, give this answer, whatever they are asked. */
export function answering(account: EmbeddedAccount, answer: unknown) {
  const replaced =
    (next: Handler, { commandName = '' }: { readonly commandName?: string }): Handler =>
    async (call) => {
      if (commandName !== 'InvokeCommand') return next(call);
      return { response: {}, output: { StatusCode: 200, Payload: Buffer.from(JSON.stringify(answer)), $metadata: {} } };
    };
  const plugin = {
    applyToStack(stack: ClientStack) {
      account.plugin.applyToStack(stack);
      stack.add(replaced, { name: 'other-build', step: 'initialize', priority: 'high', override: true });
    },
  };
  return { kind: 'embedded', account: { ...account, plugin } } as const;
}
