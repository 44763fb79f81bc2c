import { HeadObjectCommand, ListMultipartUploadsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { DeleteRolePolicyCommand, IAMClient, ListRolesCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/embedded/index.ts';
import { fanOutRedrive } from '../../src/operations/fan-out/redrive.ts';
import { fanOutVerify } from '../../src/operations/fan-out/verify.ts';
import { makeBucket } from '../support/fan-out-buckets.ts';
import { openFanOutSystem } from '../support/fan-out-system.ts';
import type { FanOutSystem } from '../support/fan-out-system.ts';

const SOURCE = 'acme-invoices';
const COPIES = 'acme-copies';
const GIB = 2 ** 30;

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

/** An event that fails, and is what the function is told of an object beside the API. */
async function copyLarge(system: FanOutSystem, size: number): Promise<void> {
  system.account.putSparseObject({ bucket: SOURCE, key: 'large', size, tags: { a: 'b' }, metadata: { colour: 'red' } });
  const body = { action: 'backfill', document: system.told[0]!.address, items: [{ key: 'large' }] };
  // As whoever asks again does: a killed invocation has no answer.
  for (let tries = 0; tries < 4; tries += 1) {
    const { functionError, answer } = await system.invoke(body);
    if (functionError === undefined && (answer as { outcome: string }).outcome === 'done') {
      await system.rest();
      if ((await system.keys(COPIES)).length > 0) return;
    }
    system.account.elapse(61_000);
  }
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
  it('at any call, before or after it: the object is there, once or again, and it is done', async () => {
    const quiet = await open();
    const from = quiet.account.events().length;
    await put(quiet, 'a');
    const steps = callsSince(quiet, from);
    expect(steps.length).toBeGreaterThanOrEqual(6);
    let right = 0;
    // Each fault strikes another object's first attempt; the second makes as many calls at most.
    for (const fault of ['kill-before', 'kill-after'] as const) {
      for (const at of steps.keys()) {
        const system = await open([{ service: '*', command: '*', nth: at + 1, fault }]);
        await put(system, 'a');
        const log = await system.account.invoke(system.told[0]!.functionName, {}, { region: 'eu-west-1' });
        expect(log.functionError).toBeUndefined();
        const copy = (await system.held(COPIES)).get('a');
        const isDone = (await system.outcomes()).some((one) => ['copied', 'superseded', 'duplicate'].includes(one));
        if (copy?.body === 'of a' && isDone && (await landings(system)) <= 2) right += 1;
        expect(await system.waiting()).toBe(0);
      }
    }
    expect(right).toBe(2 * steps.length);
  });

  it('in each stage of a copy of 50 GiB: it is whole, and no upload is open', async () => {
    const quiet = await open();
    const from = quiet.account.events().length;
    await copyLarge(quiet, 50 * GIB);
    const counts = new Map<string, number>();
    for (const name of callsSince(quiet, from)) counts.set(name, (counts.get(name) ?? 0) + 1);
    expect(counts.get('UploadPartCopy')).toBe(100);
    const source = await quiet.s3().send(new HeadObjectCommand({ Bucket: SOURCE, Key: 'large' }));
    const stages = [...counts].flatMap(([command, times]) =>
      (times > 1 ? [1, times] : [1]).map((nth) => ({ command, nth })),
    );
    expect(stages.length).toBeGreaterThanOrEqual(10);
    for (const [at, { command, nth }] of stages.entries()) {
      const fault = at % 2 === 0 ? ('kill-before' as const) : ('kill-after' as const);
      const system = await open([{ service: '*', command, nth, fault }]);
      await copyLarge(system, 50 * GIB);
      const copy = await system.s3().send(new HeadObjectCommand({ Bucket: COPIES, Key: 'large' }));
      expect([command, nth, copy.ContentLength, copy.Metadata?.['colour'], copy.TagCount]).toEqual([
        command,
        nth,
        source.ContentLength,
        'red',
        1,
      ]);
      expect([command, nth, await openUploads(system)]).toEqual([command, nth, 0]);
    }
  });
});

describe('F34 a ledger that is down', () => {
  it('leaves dead letters and no copies; after a redrive none is lost, and none is there twice', async () => {
    const system = await open([], ['concurrency: 3']);
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
