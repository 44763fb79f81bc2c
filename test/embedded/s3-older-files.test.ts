import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openEmbedded } from '../../src/embedded/index.ts';
import { writeJournal } from '../../src/embedded/store/journal.ts';

const Bucket = 'acme-leases';
const Key = 'lease';
const TEXT = 'held by nobody';

/** An account file whose S3 rows are those of a trueup that knew no parts and no versions. */
function openOlderFile() {
  const directory = mkdtempSync(join(tmpdir(), 'trueup-older-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'account.json');
  const bucket = {
    account: '111122223333',
    region: 'eu-west-1',
    name: Bucket,
    created: 0,
    tags: {},
    encryption: { Rules: [] },
  };
  const object = {
    key: Key,
    body: Buffer.from(TEXT).toString('base64'),
    size: TEXT.length,
    etag: '"f2c5b0ad7ee2e1b6d3a1c3f1c5b7a9d0"',
    modified: 1000,
    headers: { ContentType: 'text/plain' },
    metadata: { by: 'alice' },
    checksum: { algorithm: 'CRC32', value: 'AAAAAA==' },
    tags: {},
  };
  const rows = [
    ['s3/buckets', Bucket, bucket],
    [`s3/objects ${Bucket}`, Key, object],
  ] as const;
  writeFileSync(file, writeJournal([{ changes: rows, events: [] }]).text, { mode: 0o600 });
  const account = openEmbedded(file);
  onTestFinished(() => account.close());
  return account.client(S3Client, { region: 'eu-west-1' });
}

describe('an object in the file of an older trueup', () => {
  it('is read and listed as it was', async () => {
    const client = openOlderFile();

    const { Body, ContentLength, Metadata } = await client.send(new GetObjectCommand({ Bucket, Key }));

    expect([await Body!.transformToString(), ContentLength, Metadata]).toEqual([TEXT, TEXT.length, { by: 'alice' }]);
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket }));
    expect(Contents).toMatchObject([{ Key, Size: TEXT.length }]);
  });

  it('becomes an older version of a newer one', async () => {
    const client = openOlderFile();
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));

    await client.send(new PutObjectCommand({ Bucket, Key, Body: 'held' }));

    const { Versions } = await client.send(new ListObjectVersionsCommand({ Bucket }));
    expect(Versions).toMatchObject([{ Size: 4 }, { Size: TEXT.length, VersionId: 'null' }]);
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, VersionId: 'null' }));
    expect(await Body!.transformToString()).toBe(TEXT);
  });
});
