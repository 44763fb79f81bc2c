import { DeleteRolePolicyCommand, IAMClient, ListRolesCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/embedded/index.ts';
import { fanOutRedrive } from '../../src/operations/fan-out/redrive.ts';
import { fanOutVerify } from '../../src/operations/fan-out/verify.ts';
import type { BackfillRequest } from '../../src/reconcilers/bucket-fan-out/function-contract.ts';
import { makeBucket } from '../support/fan-out-buckets.ts';
import { openFanOutSystem } from '../support/fan-out-system.ts';
import type { FanOutSystem } from '../support/fan-out-system.ts';

const SOURCE = 'acme-invoices';
const COPIES = 'acme-copies';
const GIB = 2 ** 30;

/** A call of a large copy, and what befalls the function at it. */
interface Stage {
  readonly command: string;
  readonly which: 'first' | 'last';
  readonly fault: 'kill-before' | 'kill-after';
}

const STAGES: readonly Stage[] = [
  { command: 'GetItem', which: 'first', fault: 'kill-before' },
  { command: 'HeadObject', which: 'first', fault: 'kill-after' },
  { command: 'Query', which: 'first', fault: 'kill-before' },
  { command: 'Query', which: 'last', fault: 'kill-after' },
  { command: 'PutItem', which: 'first', fault: 'kill-after' },
  { command: 'UpdateItem', which: 'first', fault: 'kill-before' },
  { command: 'UpdateItem', which: 'last', fault: 'kill-before' },
  { command: 'GetObjectTagging', which: 'first', fault: 'kill-before' },
  { command: 'CreateMultipartUpload', which: 'first', fault: 'kill-after' },
  { command: 'ListParts', which: 'first', fault: 'kill-before' },
  { command: 'ListMultipartUploads', which: 'first', fault: 'kill-after' },
  { command: 'UploadPartCopy', which: 'first', fault: 'kill-before' },
  { command: 'UploadPartCopy', which: 'last', fault: 'kill-after' },
  { command: 'CompleteMultipartUpload', which: 'first', fault: 'kill-before' },
  { command: 'CompleteMultipartUpload', which: 'first', fault: 'kill-after' },
];

function open(faults: readonly Fault[] = [], spec: readonly string[] = []): Promise<FanOutSystem> {
  return openFanOutSystem(
    [`source: { bucket: ${SOURCE} }`, `destinations: [{ bucket: ${COPIES} }]`, ...spec],
    async (account) => {
      for (const bucket of [SOURCE, COPIES]) await makeBucket(account, bucket);
    },
    { faults },
  );
}

async function put({ s3, account }: FanOutSystem, Key: string): Promise<void> {
  await s3().send(new PutObjectCommand({ Bucket: SOURCE, Key, Body: `of ${Key}`, Tagging: 'a=b' }));
  await account.settled();
}

/** How often the copies were written. */
async function landings({ s3 }: FanOutSystem): Promise<number> {
  const { Versions = [] } = await s3().send(new ListObjectVersionsCommand({ Bucket: COPIES }));
  return Versions.length;
}

/** Of an object beside the API, of which no event tells. @returns how often the function died until it was copied */
async function copyLarge(system: FanOutSystem, size: number): Promise<number> {
  system.account.putSparseObject({ bucket: SOURCE, key: 'large', size, tags: { a: 'b' }, metadata: { colour: 'red' } });
  const items = [{ key: 'large' }];
  const request: BackfillRequest = { action: 'backfill', document: system.told[0]!.address, run: 'run', items };
  // As whoever asks again does: a killed invocation has no answer.
  let deaths = 0;
  for (let tries = 0; tries < 4; tries += 1) {
    const { functionError, answer } = await system.invoke(request);
    if (functionError === undefined) {
      expect(answer).toMatchObject({ outcome: 'done', counts: { refused: 0, failed: 0 } });
      await system.rest();
      if ((await system.keys(COPIES)).includes('large')) return deaths;
    } else {
      deaths += 1;
    }
    system.account.elapse(61_000);
  }
  throw new Error('It was not copied.');
}

async function openUploads({ s3 }: FanOutSystem): Promise<number> {
  const { Uploads = [] } = await s3().send(new ListMultipartUploadsCommand({ Bucket: COPIES }));
  return Uploads.length;
}

/** Calls of the function since. */
function callsSince({ account }: FanOutSystem, from: number): readonly string[] {
  return account
    .events()
    .slice(from)
    .filter(({ userIdentity }) => userIdentity.type === 'AssumedRole')
    .map(({ eventName }) => eventName);
}

describe('F31 a function that is killed', () => {
  describe('at any call', () => {
    let quiet: Promise<readonly string[]> | undefined;

    /** Calls of a copy that nothing disturbs. */
    function quietSteps(): Promise<readonly string[]> {
      quiet ??= open().then(async (system) => {
        const from = system.account.events().length;
        await put(system, 'a');
        return callsSince(system, from);
      });
      return quiet;
    }

    /** Every fourth call, from this one: a sweep of all would be long on a slow machine. */
    const STEP = 4;

    it.each(Array.from({ length: STEP }, (_, at) => at))(
      'before or after it (%i, and so on): the object is there, once or again, and it is done',
      async (first) => {
        const steps = await quietSteps();
        expect(steps.length).toBeGreaterThanOrEqual(6);
        // Before a call is after the one before it.
        const all: readonly Fault[] = [
          { service: '*', command: '*', fault: 'kill-before' },
          ...steps.map((_step, at) => ({ service: '*', command: '*', nth: at + 1, fault: 'kill-after' as const })),
        ];
        const faults = all.filter((_, at) => at % STEP === first);
        expect(faults).not.toEqual([]);
        const ends: string[] = [];
        for (const fault of faults) {
          const system = await open([fault]);
          const began = system.account.events().length;
          await put(system, 'a');
          // Two attempts made more calls than one does.
          expect(callsSince(system, began).length).toBeGreaterThan(fault.fault === 'kill-before' ? 5 : steps.length);
          const body = (await system.held(COPIES)).get('a')?.body;
          const isDone = (await system.outcomes()).some((one) => one === 'copied' || one === 'duplicate');
          const isClean = (await system.waiting()) === 0 && (await landings(system)) <= 2;
          ends.push(`${body} ${isDone} ${isClean}`);
        }
        expect(ends).toEqual(faults.map(() => 'of a true true'));
      },
    );
  });

  describe('in a stage of a copy of 50 GiB', () => {
    let quiet: Promise<ReadonlyMap<string, number>> | undefined;

    /** How often a copy that nothing disturbs makes each call. */
    function quietCalls(): Promise<ReadonlyMap<string, number>> {
      quiet ??= open().then(async (system) => {
        const from = system.account.events().length;
        expect(await copyLarge(system, 50 * GIB)).toBe(0);
        const counts = new Map<string, number>();
        for (const name of callsSince(system, from)) counts.set(name, (counts.get(name) ?? 0) + 1);
        return counts;
      });
      return quiet;
    }

    it('which are these', async () => {
      const counts = await quietCalls();
      expect(new Set(STAGES.map(({ command }) => command))).toEqual(new Set(counts.keys()));
      expect(counts.get('UploadPartCopy')).toBe(100);
      expect(counts.get('UpdateItem')).toBeGreaterThan(5);
    });

    it.each(STAGES)(
      '$fault $command, the $which: it is whole, and no upload is open',
      async ({ command, which, fault }) => {
        const nth = which === 'first' ? 1 : (await quietCalls()).get(command);
        const system = await open([{ service: '*', command, fault, ...(nth !== undefined && { nth }) }]);
        expect(await copyLarge(system, 50 * GIB)).toBe(1);
        const copy = await system.s3().send(new HeadObjectCommand({ Bucket: COPIES, Key: 'large' }));
        expect(copy).toMatchObject({ ContentLength: 50 * GIB, Metadata: { colour: 'red' }, TagCount: 1 });
        expect(await openUploads(system)).toBe(0);
      },
    );
  });
});

describe('F34 a ledger that is down', () => {
  it('leaves dead letters and no copies; after a redrive none is lost, and none is there twice', async () => {
    const system = await open([], ['concurrency: 4']);
    const { account, estate } = system;
    const iam = account.client(IAMClient, { region: 'us-east-1' });
    const { Roles = [] } = await iam.send(new ListRolesCommand({}));
    const { RoleName = '' } = Roles.find((role) => role.RoleName?.startsWith('invoices-copy')) ?? {};
    const Statement = { Effect: 'Deny', Action: 'dynamodb:*', Resource: '*' };
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'down', PolicyDocument }));
    const keys = Array.from({ length: 12 }, (_, at) => `key-${at}`);
    for (const Key of keys) await system.s3().send(new PutObjectCommand({ Bucket: SOURCE, Key, Body: `of ${Key}` }));
    await system.rest();
    expect([await system.waiting(), await landings(system)]).toEqual([keys.length, 0]);
    const asked = { name: 'invoices', endpoint: { kind: 'embedded' as const, account } };
    expect(await fanOutRedrive(await estate.load(), asked)).toMatchObject({ ok: false, redriven: 0 });
    expect([await system.waiting(), await landings(system)]).toEqual([keys.length, 0]);

    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'down' }));
    const redriven = await fanOutRedrive(await estate.load(), asked);

    expect(redriven).toMatchObject({ ok: true, redriven: keys.length, left: 0 });
    expect([await system.waiting(), await landings(system)]).toEqual([0, keys.length]);
    expect(await fanOutVerify(await estate.load(), asked)).toMatchObject({ ok: true });
  });
});
