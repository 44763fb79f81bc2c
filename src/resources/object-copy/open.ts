import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Aws } from '../../aws/clients.ts';
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

/** HEAD of objects with the credentials of an account. @returns undefined: there is no such object */
export async function openObjectLook(
  aws: Aws,
  from: Place,
): Promise<(object: ObjectPlace) => Promise<SourceObject | undefined>> {
  const client = await aws.client(S3Client, from);
  return (object) => lookAtSource(client, object);
}
