import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import { createRetryStrategy } from '../../src/aws/retry.ts';
import { openEmbedded } from '../../src/embedded/index.ts';
import type { Fault, SparseObject } from '../../src/embedded/index.ts';
import { copySortKey, ledgerPartition } from '../../src/fan-out/ledger-keys.ts';
import { dynamoDbLedger } from '../../src/resources/fan-out/ledger.ts';
import { multipartCopy } from '../../src/resources/object-copy/multipart-copy.ts';
import type { CopyWishes } from '../../src/resources/object-copy/copy-properties.ts';
import { lookAtSource } from '../../src/resources/object-copy/source-object.ts';
import { copyLarge } from '../../src/runtime/bucket-fan-out/large-copy.ts';
import type { LargeCopyResult } from '../../src/runtime/bucket-fan-out/large-copy.ts';
import { dynamoDbUploadRow } from '../../src/runtime/bucket-fan-out/upload-row.ts';
import { LEASE_MS } from '../../src/runtime/bucket-fan-out/upload-state.ts';
import { virtualTime } from './virtual-time.ts';

export const GIB: number = 1024 ** 3;
const NOW = Date.parse('2026-11-24T10:00:00Z');
const ACCOUNT = '111122223333';
export const SOURCE = { bucket: 'acme-source', account: ACCOUNT, key: 'in/grüße +1.bin' };
export const DESTINATION = { bucket: 'acme.copies', account: ACCOUNT, key: 'out/grüße +1.bin' };
const TABLE = 'ledger';
/** Until a new table is active. */
const TABLE_MS = 60_000;
export const PROOF = { name: 'trueup-fan-out', value: '1 hop' };

/** Where a process dies: at the call of this number, before or behind its effect. */
export interface Death {
  readonly call: number;
  readonly isBehind: boolean;
}

export interface InvocationOptions {
  readonly death?: Death;
  /** Until its time is over. */
  readonly milliseconds?: number;
  readonly concurrency?: number;
  /** How many have handed it over before. */
  readonly turn?: number;
  /** Whether the lease is renewed. */
  readonly isRenewed?: boolean;
}

export interface Invocation {
  /** Undefined: it died. */
  readonly result: LargeCopyResult | undefined;
  /** Commands that it sent, in their order. */
  readonly calls: readonly string[];
}

export interface LargeCopyBenchOptions extends Partial<Omit<SparseObject, 'bucket' | 'key'>> {
  readonly faults?: readonly Fault[];
  readonly wishes?: Partial<CopyWishes>;
  readonly partSize?: number;
  /** How long a part takes. */
  readonly partMs?: number;
  readonly destination?: { readonly bucket: string; readonly account: string; readonly key: string };
}

export type LargeCopyBench = Awaited<ReturnType<typeof openLargeCopy>>;

class Died extends Error {}

/** A large object, where it is to be copied, the ledger's rows for it, and invocations that copy and die. */
export async function openLargeCopy(options: LargeCopyBenchOptions = {}) {
  const {
    faults = [],
    wishes = {},
    partSize,
    partMs = 0,
    destination = DESTINATION,
    size = 60 * GIB,
    ...rest
  } = options;
  const time = virtualTime();
  const now = (): number => NOW + time.now();
  const account = openEmbedded('memory', { now, faults });
  let busy = 0;
  /** Who waits before he tries again works no more until then. */
  async function pause(milliseconds: number, stop?: AbortSignal): Promise<void> {
    busy -= 1;
    await time.sleep(milliseconds, stop);
    busy += 1;
  }
  const retryStrategy = createRetryStrategy({ now, sleep: pause }, () => 0.5);

  function attach<Client extends { readonly middlewareStack: { use(plugin: typeof account.plugin): void } }>(
    client: Client,
  ) {
    client.middlewareStack.use(account.plugin);
    return client;
  }
  function clients(region: string, owner = ACCOUNT) {
    const config = { ...account.clientOptions({ region, account: owner }), retryStrategy } as never;
    return { s3: attach(new S3Client(config)), dynamodb: attach(new DynamoDBClient(config)) };
  }
  const here = clients('eu-west-1');
  const there = clients('us-east-1', destination.account);
  await here.s3.send(new CreateBucketCommand({ Bucket: SOURCE.bucket }));
  await there.s3.send(new CreateBucketCommand({ Bucket: destination.bucket }));
  account.putSparseObject({ bucket: SOURCE.bucket, key: SOURCE.key, size, ...rest });
  await here.dynamodb.send(
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
  account.elapse(TABLE_MS);
  const expires = (): number => 4_000_000_000;
  const ledger = dynamoDbLedger({ client: here.dynamodb, table: TABLE, expires, deletionExpires: expires }, now);
  const pk = ledgerPartition(destination.bucket, 'hash');

  /** An event of the source's key comes: the head names it. */
  async function claim(sequencer: string) {
    const key = { pk, sk: copySortKey({ sequencer }) };
    const named = {
      sourceKey: SOURCE.key,
      destinationKey: destination.key,
      sequencer,
      etag: object.etag,
      size,
      at: now(),
      isDeleted: false,
      sk: key.sk,
      nonce: sequencer,
    };
    await ledger.begin(pk, named, 'attempt');
    await ledger.claim(pk, named);
    return key;
  }
  const object = (await lookAtSource(here.s3, SOURCE))!;
  const key = await claim('0055A1');
  let invocations = 0;
  /** The token of the lease that the last invocation left. */
  let left: string | undefined;

  async function invoke({
    death,
    milliseconds,
    concurrency = 1,
    turn = 0,
    isRenewed = true,
  }: InvocationOptions = {}): Promise<Invocation> {
    invocations += 1;
    const calls: string[] = [];
    const end = now() + (milliseconds ?? Number.POSITIVE_INFINITY);
    const ended = new AbortController();
    const stop = new AbortController();
    let isDead = false;

    function mortal<Client extends S3Client | DynamoDBClient>(client: Client): Client {
      const middleware =
        (next: (args: unknown) => Promise<unknown>, { commandName = '' }: { commandName?: string }) =>
        async (args: unknown) => {
          if (isDead) throw new Died();
          calls.push(commandName.replace(/Command$/, ''));
          const isLast = death?.call === calls.length;
          if (isLast && !death.isBehind) isDead = true;
          if (isDead) throw new Died();
          if (commandName === 'UploadPartCopyCommand') await time.sleep(partMs);
          busy += 1;
          const answer = await next(args).finally(() => {
            busy -= 1;
            if (isLast) isDead = true;
          });
          if (isDead) throw new Died();
          return answer;
        };
      (client as S3Client).middlewareStack.add(middleware as never, {
        step: 'initialize',
        name: `mortal-${invocations}`,
      });
      return client;
    }

    const from = mortal(clients('eu-west-1').s3);
    const to = mortal(clients('us-east-1').s3);
    const rows = { client: mortal(clients('eu-west-1').dynamodb), table: TABLE, expires, deletionExpires: expires };
    const copy = {
      source: SOURCE,
      object,
      destination,
      wishes: { metadata: { ...object.metadata, [PROOF.name]: PROOF.value }, ...wishes },
    };
    const own = `invocation-${invocations}`;
    const successor = `left by ${own}`;
    const lease = { own, ...(left !== undefined && { left }), successor, now };
    const run = copyLarge(
      { size, proof: PROOF, ...(partSize !== undefined && { partSize }) },
      {
        calls: multipartCopy({ source: from, destination: to }, copy),
        row: dynamoDbUploadRow(rows, dynamoDbLedger(rows, now), key, lease),
        time: { clock: { now, sleep: time.sleep }, stop: stop.signal, left: () => end - now() },
        turn,
        concurrency,
        every: (pauseMs, work) => (isRenewed ? repeat(pauseMs, work) : () => {}),
      },
    );
    if (milliseconds !== undefined) void time.sleep(milliseconds, ended.signal).then(() => stop.abort());
    try {
      const result = await run;
      if (result.outcome === 'goes on') left = successor;
      return { result, calls };
    } catch (error) {
      if (isDead) return { result: undefined, calls };
      throw error;
    } finally {
      ended.abort();
    }
  }

  function repeat(milliseconds: number, work: () => void): () => void {
    const ended = new AbortController();
    async function tick(): Promise<void> {
      for (;;) {
        await time.sleep(milliseconds, ended.signal);
        if (ended.signal.aborted) return;
        work();
      }
    }
    void tick();
    return () => ended.abort();
  }

  /** Open uploads of the destination's bucket. */
  async function open(): Promise<number> {
    const { Uploads = [] } = await there.s3.send(new ListMultipartUploadsCommand({ Bucket: destination.bucket }));
    return Uploads.length;
  }

  return {
    account,
    here,
    there,
    object,
    time,
    claim,
    open,
    invoke: (one?: InvocationOptions) => time.run(invoke(one), () => busy > 0),
    /** Several invocations at once. */
    invokeAll: (...all: InvocationOptions[]) => time.run(Promise.all(all.map((one) => invoke(one))), () => busy > 0),
    /** The copy; undefined: there is none. */
    landed: () => lookAtSource(there.s3, destination),
    /** Until nobody's lease holds any more. */
    outwait: () => account.elapse(LEASE_MS + 1),
  };
}
