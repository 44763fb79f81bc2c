import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeletePublicAccessBlockCommand,
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/operations/project.ts';
import { fanOutYaml } from '../support/bucket-fan-out.ts';
import { makeBucket } from '../support/fan-out-buckets.ts';
import { openFanOutSystem, REGION } from '../support/fan-out-system.ts';
import type { FanOutSystem } from '../support/fan-out-system.ts';

const SOURCE = 'acme-invoices';
const COPIES = 'acme-copies';
const OWN = '111122223333';
const PARTNER = '444455556666';
const STRANGER = '999988887777';
const SPEC = [`source: { bucket: ${SOURCE} }`, `destinations: [{ bucket: ${COPIES} }]`];

/** A bucket of a stranger, which anybody may use. */
async function squat({ s3 }: FanOutSystem, Bucket: string): Promise<ReturnType<FanOutSystem['s3']>> {
  const theirs = s3(REGION, STRANGER);
  await theirs.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: REGION } }));
  await theirs.send(new DeletePublicAccessBlockCommand({ Bucket }));
  const Statement = {
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:*',
    Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`],
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await theirs.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  return theirs;
}

/** Why the one dead letter is one. */
async function reasonOf(system: FanOutSystem): Promise<string> {
  const letters = await system.letters();
  expect(letters).toHaveLength(1);
  const { responsePayload } = JSON.parse(letters[0]!) as {
    readonly responsePayload: { readonly errorMessage: string };
  };
  return responsePayload.errorMessage;
}

describe('T67 a bucket that belongs to somebody else', () => {
  it('every call of the function, whatever it is, says whose buckets they are', async () => {
    const system = await openFanOutSystem([...SPEC, 'replicateDeletes: true'], async (account) => {
      for (const bucket of [SOURCE, COPIES]) await makeBucket(account, bucket);
    });
    const { account, s3, told } = system;
    const began = account.events().length;
    await s3().send(new PutObjectCommand({ Bucket: SOURCE, Key: 'a', Body: 'a', Tagging: 'a=b' }));
    await account.settled();
    await s3().send(new DeleteObjectCommand({ Bucket: SOURCE, Key: 'a' }));
    account.putSparseObject({ bucket: SOURCE, key: 'large', size: 6 * 2 ** 30 });
    await account.settled();
    const work = { action: 'backfill', document: told[0]!.address, run: 'run', items: [{ key: 'large' }] };
    expect((await system.invoke(work)).answer).toMatchObject({ outcome: 'done', counts: { copied: 1 } });

    const calls = account
      .events()
      .slice(began)
      .filter(
        ({ eventSource, userIdentity }) => eventSource === 's3.amazonaws.com' && userIdentity.type === 'AssumedRole',
      );
    expect(new Set(calls.map(({ eventName }) => eventName))).toEqual(
      new Set([
        'CompleteMultipartUpload',
        'CopyObject',
        'CreateMultipartUpload',
        'DeleteObject',
        'GetObjectTagging',
        'HeadObject',
        'ListMultipartUploads',
        'ListParts',
        'UploadPartCopy',
      ]),
    );
    const unnamed = calls.filter(({ eventName, requestParameters: input }) => {
      const isOfTwo = ['CopyObject', 'UploadPartCopy'].includes(eventName);
      return input?.['expectedBucketOwner'] !== OWN || (isOfTwo && input['expectedSourceBucketOwner'] !== OWN);
    });
    expect(unnamed).toEqual([]);
  });

  it('as destination gets no octet: the event is a dead letter', async () => {
    const system = await openFanOutSystem(SPEC, async (account) => {
      for (const bucket of [SOURCE, COPIES]) await makeBucket(account, bucket, { versioned: false });
    });
    const s3 = system.s3();
    await s3.send(new DeleteBucketCommand({ Bucket: COPIES }));
    const theirs = await squat(system, COPIES);
    // Anybody may write there.
    await s3.send(new PutObjectCommand({ Bucket: COPIES, Key: 'probe', Body: 'x' }));
    await theirs.send(new DeleteObjectCommand({ Bucket: COPIES, Key: 'probe' }));

    await s3.send(new PutObjectCommand({ Bucket: SOURCE, Key: 'secret', Body: 'secret' }));
    await system.rest();

    expect(await reasonOf(system)).toMatch(/denied/i);
    await expect(theirs.send(new GetObjectCommand({ Bucket: COPIES, Key: 'secret' }))).rejects.toThrow(/not exist/);
    expect((await system.outcomes()).filter((one) => one !== 'failed')).toEqual([]);
  });

  it('as source gives no octet, though it holds the same object: the event is a dead letter', async () => {
    const system = await openFanOutSystem(
      SPEC,
      async (account) => {
        for (const bucket of [SOURCE, COPIES]) await makeBucket(account, bucket, { versioned: false });
      },
      { delivery: { seed: 1 } },
    );
    const s3 = system.s3();
    await s3.send(new PutObjectCommand({ Bucket: SOURCE, Key: 'a', Body: 'a' }));
    await s3.send(new DeleteObjectCommand({ Bucket: SOURCE, Key: 'a' }));
    await s3.send(new DeleteBucketCommand({ Bucket: SOURCE }));
    const theirs = await squat(system, SOURCE);
    await theirs.send(new PutObjectCommand({ Bucket: SOURCE, Key: 'a', Body: 'a' }));

    await system.rest();

    expect(await reasonOf(system)).toMatch(/denied/i);
    expect(await system.keys(COPIES)).toEqual([]);
  });
});

describe('T93 what is a stranger’s', () => {
  it('a destination that does not admit us: a dead letter that says so, and nothing is written', async () => {
    const system = await openFanOutSystem(
      [SPEC[0]!, `destinations: [{ bucket: ${COPIES}, account: partner }]`],
      async (account) => {
        await makeBucket(account, SOURCE);
        await makeBucket(account, COPIES, { account: PARTNER });
      },
    );
    await system.s3().send(new PutObjectCommand({ Bucket: SOURCE, Key: 'a', Body: 'a' }));
    await system.rest();

    expect(await reasonOf(system)).toMatch(/AccessDenied|denied/);
    const theirs = system.s3(REGION, PARTNER);
    await expect(theirs.send(new GetObjectCommand({ Bucket: COPIES, Key: 'a' }))).rejects.toThrow(/not exist/);
  });

  it('a KMS key that does not admit us: a dead letter that says so, and nothing is written', async () => {
    let arn = '';
    const spec = (): string[] => [SPEC[0]!, `destinations: [{ bucket: ${COPIES}, kmsKey: "${arn}" }]`];
    const system = await openFanOutSystem(SPEC, async (account, estate) => {
      for (const bucket of [SOURCE, COPIES]) await makeBucket(account, bucket);
      const kms = account.client(KMSClient, { region: REGION, account: PARTNER });
      arn = (await kms.send(new CreateKeyCommand({}))).KeyMetadata!.Arn!;
      estate.write('invoices.yaml', fanOutYaml(spec()));
    });
    await system.s3().send(new PutObjectCommand({ Bucket: SOURCE, Key: 'a', Body: 'a' }));
    await system.rest();

    expect(await reasonOf(system)).toMatch(/denied|not authorized/i);
    expect(await system.keys(COPIES)).toEqual([]);
  });

  it.each([
    [
      'a key of an account that is not declared',
      `kmsKey: "arn:aws:kms:${REGION}:${STRANGER}:key/${'0'.repeat(8)}"`,
      'TU1020',
    ],
    ['a public ACL', 'acl: public-read', 'TU1003'],
    ['an account that is not declared', 'account: stranger', 'TU1020'],
  ])('%s is refused before anything is asked', async (_what, field, code) => {
    const { estate } = await openFanOutSystem(SPEC, async (account) => {
      for (const bucket of [SOURCE, COPIES]) await makeBucket(account, bucket);
    });
    estate.write('invoices.yaml', fanOutYaml([SPEC[0]!, `destinations: [{ bucket: ${COPIES}, ${field} }]`]));
    const { result } = await loadConfig(`${estate.directory}/config`, {
      cwd: estate.directory,
      now: estate.account.now(),
    });
    expect(result.errors.map((error) => error.code)).toEqual([code]);
  });
});
