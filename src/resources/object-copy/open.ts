import { DeleteObjectCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Aws } from '../../aws/clients.ts';
import { isAwsError, reasonOf } from '../../aws/errors.ts';
import type { Place } from '../../engine/types.ts';
import type { ObjectPlace } from '../stored-object.ts';
import type { CopyClients } from './multipart-copy.ts';
import { lookAtSource } from './source-object.ts';
import type { SourceObject } from './source-object.ts';

/** Clients in the regions of both buckets, with the credentials of one account. */
export async function copyClients(
  aws: Aws,
  account: string,
  { source, destination }: { readonly source: string; readonly destination: string },
): Promise<CopyClients> {
  return {
    source: await aws.client(S3Client, { account, region: source }),
    // S3 answers once it has copied, and that takes as long as it takes.
    destination: await aws.client(S3Client, { account, region: destination }, { slow: true }),
  };
}

/** Deletes the current object: where the bucket has versions, by a delete marker. */
export async function deleteCurrent(client: S3Client, { bucket, key, account }: ObjectPlace): Promise<void> {
  await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, ExpectedBucketOwner: account }));
}

/** What a copy, or whatever stands in its place, tells of itself without the right to decrypt it. */
export interface CopyLook {
  /** Octets. */
  readonly size: number;
  readonly metadata: Readonly<Record<string, string>>;
  /** Undefined: its bucket never had versions. */
  readonly versionId?: string;
}

/** @returns undefined: nothing is there that we may see; without the right to list, S3 does not tell the two apart */
export async function lookAtCopy(
  client: S3Client,
  { bucket, key, account }: ObjectPlace,
): Promise<CopyLook | undefined> {
  const command = new HeadObjectCommand({ Bucket: bucket, Key: key, ExpectedBucketOwner: account });
  try {
    const { ContentLength: size = 0, Metadata: metadata = {}, VersionId } = await client.send(command);
    return { size, metadata, ...(VersionId !== undefined && { versionId: VersionId }) };
  } catch (error) {
    if (isAwsError(error, 'NotFound') || reasonOf(error) === 'denied') return undefined;
    throw error;
  }
}

/** HEAD of objects with the credentials of an account. @returns undefined: there is no such object */
export async function openObjectLook(
  aws: Aws,
  from: Place,
): Promise<(object: ObjectPlace) => Promise<SourceObject | undefined>> {
  const client = await aws.client(S3Client, from);
  return (object) => lookAtSource(client, object);
}
