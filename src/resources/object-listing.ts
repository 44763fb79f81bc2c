import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { _Object } from '@aws-sdk/client-s3';
import type { Aws } from '../aws/clients.ts';
import type { Place } from '../engine/types.ts';
import type { ListedObject } from '../fan-out/comparison.ts';
import { decodeEventKey } from '../fan-out/object-key.ts';
import { isArchiveClass } from './object-copy/source-object.ts';

export interface ObjectListing {
  readonly bucket: string;
  /** Account that must own it: S3 refuses otherwise (threats T67). */
  readonly owner: string;
  readonly prefix: string;
  /** Only keys that come after this one. */
  readonly after?: string;
  /** So many at most. */
  readonly most?: number;
}

/** ListObjectsV2, MaxKeys. */
const PAGE = 1_000;

/** Pages of a bucket's objects, each one request, in the order of their keys; `isLast`: there are no more. */
export async function* listObjects(
  client: S3Client,
  { bucket, owner, prefix, after, most = Number.POSITIVE_INFINITY }: ObjectListing,
): AsyncGenerator<{ readonly objects: readonly ListedObject[]; readonly isLast: boolean }> {
  let token: string | undefined;
  let listed = 0;
  do {
    const page = await client.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        ExpectedBucketOwner: owner,
        Prefix: prefix,
        MaxKeys: Math.min(PAGE, most - listed),
        // A key may hold what XML cannot (API reference of ListObjectsV2, EncodingType).
        EncodingType: 'url',
        // Of archived objects those that are restored say so.
        OptionalObjectAttributes: ['RestoreStatus'],
        StartAfter: after,
        ContinuationToken: token,
      }),
    );
    const objects = (page.Contents ?? []).map(listedObject);
    listed += objects.length;
    token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
    yield { objects, isLast: token === undefined };
  } while (token !== undefined && listed < most);
}

/** A key as a list says it that was asked for with `EncodingType: url`. */
export function listedKey(encoded: string = ''): string {
  return decodeEventKey(encoded) ?? encoded;
}

function listedObject({ Key = '', Size = 0, ETag = '', StorageClass, RestoreStatus: restored }: _Object): ListedObject {
  const isRestored = restored?.IsRestoreInProgress === false && restored.RestoreExpiryDate !== undefined;
  return {
    key: listedKey(Key),
    size: Size,
    etag: ETag.replaceAll('"', ''),
    ...(isArchiveClass(StorageClass) && !isRestored && { isArchived: true }),
  };
}

/** The same with the credentials of an account. */
export async function openBucketListing(
  aws: Aws,
  from: Place,
): Promise<(listing: ObjectListing) => ReturnType<typeof listObjects>> {
  const client = await aws.client(S3Client, from);
  return (listing) => listObjects(client, listing);
}
