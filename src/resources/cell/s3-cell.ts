import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import { AwsError, isAwsError } from '../../aws/errors.ts';
import type { Cell } from './types.ts';

export interface S3CellPlace {
  readonly bucket: string;
  readonly key: string;
  /** Account that must own the bucket: one of that name may be a stranger's (threats T67). */
  readonly account: string;
}

/**
 * One JSON object, written with `If-None-Match` and `If-Match` (S3 guide, "Conditional writes").
 *
 * Reading throws AwsError TU3014 for a bucket that does not exist.
 */
export function s3Cell(client: S3Client, { bucket, key, account }: S3CellPlace): Cell {
  const where = { Bucket: bucket, Key: key, ExpectedBucketOwner: account } as const;

  async function put(
    Body: string,
    condition: { readonly IfNoneMatch: '*' } | { readonly IfMatch: string },
  ): Promise<string | undefined> {
    try {
      const { ETag } = await client.send(
        new PutObjectCommand({ ...where, ...condition, Body, ContentType: 'application/json' }),
      );
      return ETag;
    } catch (error) {
      // 409: another conditional write of the same moment; 404: If-Match on an object that is gone.
      const lost = ['PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey'];
      if (lost.some((name) => isAwsError(error, name))) return undefined;
      throw error;
    }
  }

  return {
    async read() {
      try {
        const { Body, ETag = '' } = await client.send(new GetObjectCommand(where));
        return { text: (await Body?.transformToString()) ?? '', version: ETag };
      } catch (error) {
        if (isAwsError(error, 'NoSuchKey')) return undefined;
        if (!isAwsError(error, 'NoSuchBucket')) throw error;
        throw new AwsError('TU3014', `the bucket ${bucket} of spec.lease does not exist`, {
          hint: 'make it in the default account and region, correct its name, or name none: trueup then makes one of its own',
          cause: error,
        });
      }
    },
    create: (text) => put(text, { IfNoneMatch: '*' }),
    replace: (text, version) => put(text, { IfMatch: version }),
  };
}
