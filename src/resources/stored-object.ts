import { Readable } from 'node:stream';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Aws } from '../aws/clients.ts';
import { isAwsError } from '../aws/errors.ts';
import type { Place } from '../engine/types.ts';

/** An object with the version under which it was read. */
export interface StoredObject {
  readonly bytes: Uint8Array;
  readonly etag: string;
}

/** One object that several write: each write names what was there before. */
export interface ObjectStore {
  /** Undefined: there is none. What has more than so many octets is not read. */
  read(most: number): Promise<StoredObject | 'too-large' | undefined>;
  /**
   * @param before its version as it was read; undefined: there was none.
   * @returns its version now; undefined: another was faster, and nothing was written.
   */
  write(bytes: Uint8Array, contentType: string, before: string | undefined): Promise<string | undefined>;
}

/** Where an object lies. */
export interface ObjectPlace {
  readonly bucket: string;
  readonly key: string;
  /** Account that must own the bucket: one of that name may be a stranger's (threats T67). */
  readonly account: string;
}

/** @param place account that must own the bucket (threats T67), and region of the bucket. */
export async function openObject(
  aws: Aws,
  place: Place,
  { bucket, key }: { readonly bucket: string; readonly key: string },
): Promise<ObjectStore> {
  return objectIn(await aws.client(S3Client, place), { bucket, key, account: place.account });
}

/** Written with `If-None-Match` and `If-Match` (S3 guide, "Conditional writes"). */
export function objectIn(client: S3Client, { bucket, key, account }: ObjectPlace): ObjectStore {
  const where = { Bucket: bucket, Key: key, ExpectedBucketOwner: account } as const;
  return {
    async read(most) {
      try {
        const { Body, ETag = '', ContentLength = 0 } = await client.send(new GetObjectCommand(where));
        if (ContentLength > most) {
          // Its connection would wait for a reader.
          if (Body instanceof Readable) Body.destroy();
          return 'too-large';
        }
        return { bytes: (await Body?.transformToByteArray()) ?? new Uint8Array(), etag: ETag };
      } catch (error) {
        if (isAwsError(error, 'NoSuchKey')) return undefined;
        throw error;
      }
    },
    async write(bytes, contentType, before) {
      const condition = before === undefined ? { IfNoneMatch: '*' } : { IfMatch: before };
      try {
        const { ETag } = await client.send(
          new PutObjectCommand({ ...where, ...condition, Body: bytes, ContentType: contentType }),
        );
        return ETag;
      } catch (error) {
        // 409: another conditional write of the same moment; 404: If-Match on an object that is gone.
        const lost = ['PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey'];
        if (lost.some((name) => isAwsError(error, name))) return undefined;
        throw error;
      }
    },
  };
}
