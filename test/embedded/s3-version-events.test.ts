import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { BUCKET as Bucket, BUCKET_ARN, QUEUE, openEventsBench } from '../support/events-bench.ts';

interface Message {
  readonly Records?: readonly {
    readonly eventName: string;
    readonly s3: { readonly object: { readonly [field: string]: unknown; readonly sequencer: string } };
  }[];
}

/** A bucket that tells a queue of everything. */
async function open(Status?: 'Enabled' | 'Suspended') {
  const bench = await openEventsBench();
  await bench.queue('s3.amazonaws.com', { ArnLike: { 'aws:SourceArn': BUCKET_ARN } });
  const Events = ['s3:ObjectCreated:*' as const, 's3:ObjectRemoved:*' as const];
  await bench.notify({ QueueConfigurations: [{ QueueArn: QUEUE, Events }] });
  if (Status) await setVersioning(Status);

  async function setVersioning(status: 'Enabled' | 'Suspended') {
    await bench.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: status } }));
  }

  /** What was told since the last time, in the order of the sequencers. */
  async function told() {
    await bench.account.settled();
    const records = (await bench.letters()).flatMap((body) => (JSON.parse(body) as Message).Records ?? []);
    const order = (record: (typeof records)[number]) => record.s3.object.sequencer.padEnd(32, '0');
    return records
      .sort((left, right) => (order(left) < order(right) ? -1 : 1))
      .map(({ eventName, s3: { object } }) => {
        const { sequencer: _sequencer, ...fields } = object;
        return { eventName, ...fields };
      });
  }
  return { s3: bench.s3, told };
}

const MD5_OF_BODY = '841a2d689ad86bd1611447453c22c6fc';

describe('what S3 tells', () => {
  it('of a bucket without versions has no version ids', async () => {
    const { s3, told } = await open();
    await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'body' }));
    await s3.send(new CopyObjectCommand({ Bucket, Key: 'b', CopySource: `${Bucket}/a` }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));

    expect(await told()).toEqual([
      { eventName: 'ObjectCreated:Put', key: 'a', size: 4, eTag: MD5_OF_BODY },
      { eventName: 'ObjectCreated:Copy', key: 'b', size: 4, eTag: MD5_OF_BODY },
      { eventName: 'ObjectRemoved:Delete', key: 'a' },
    ]);
  });

  it('of a bucket with versions names them, and delete markers', async () => {
    const { s3, told } = await open('Enabled');
    const put = await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'body' }));
    const copy = await s3.send(new CopyObjectCommand({ Bucket, Key: 'b', CopySource: `${Bucket}/a` }));
    const marked = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId: put.VersionId }));
    const Objects = [{ Key: 'a', VersionId: marked.VersionId }, { Key: 'b' }];
    const { Deleted } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));

    expect(await told()).toEqual([
      { eventName: 'ObjectCreated:Put', key: 'a', size: 4, eTag: MD5_OF_BODY, versionId: put.VersionId },
      { eventName: 'ObjectCreated:Copy', key: 'b', size: 4, eTag: MD5_OF_BODY, versionId: copy.VersionId },
      { eventName: 'ObjectRemoved:DeleteMarkerCreated', key: 'a', versionId: marked.VersionId },
      { eventName: 'ObjectRemoved:Delete', key: 'a', versionId: put.VersionId },
      { eventName: 'ObjectRemoved:Delete', key: 'a', versionId: marked.VersionId },
      { eventName: 'ObjectRemoved:DeleteMarkerCreated', key: 'b', versionId: Deleted![1]!.DeleteMarkerVersionId },
    ]);
  });

  it('of null versions has no version ids either', async () => {
    const { s3, told } = await open('Suspended');
    await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'body' }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));

    expect(await told()).toEqual([
      { eventName: 'ObjectCreated:Put', key: 'a', size: 4, eTag: MD5_OF_BODY },
      { eventName: 'ObjectRemoved:DeleteMarkerCreated', key: 'a' },
    ]);
  });

  it('is nothing of what was refused', async () => {
    const { s3, told } = await open('Enabled');
    await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'body' }));
    await told();
    const refused = [
      new CopyObjectCommand({ Bucket, Key: 'b', CopySource: `${Bucket}/a`, CopySourceIfMatch: '"other"' }),
      new PutObjectCommand({ Bucket, Key: 'a', Body: 'x', IfNoneMatch: '*' }),
      new DeleteObjectCommand({ Bucket, Key: 'a', IfMatch: '"other"' }),
    ];

    for (const command of refused) await expect(s3.send(command as never)).rejects.toThrow('pre-conditions');

    expect(await told()).toEqual([]);
  });
});
