import type { S3Client } from '@aws-sdk/client-s3';
import { AwsError, isAwsError } from '../../aws/errors.ts';
import { objectIn } from '../stored-object.ts';
import type { ObjectPlace } from '../stored-object.ts';
import { MAX_TEXT_BYTES } from './types.ts';
import type { Cell } from './types.ts';

/**
 * A text as a JSON object of S3.
 *
 * Reading throws AwsError TU3014 for a bucket that does not exist.
 */
export function s3Cell(client: S3Client, place: ObjectPlace): Cell {
  const object = objectIn(client, place);
  const write = (text: string, before?: string) => object.write(Buffer.from(text), 'application/json', before);
  return {
    async read() {
      try {
        const stored = await object.read(MAX_TEXT_BYTES);
        if (stored === undefined) return undefined;
        // What nobody here wrote is not read, and not overwritten either: it is nothing that can be understood.
        if (stored === 'too-large') return { text: '', version: '' };
        return { text: Buffer.from(stored.bytes).toString('utf8'), version: stored.etag };
      } catch (error) {
        if (!isAwsError(error, 'NoSuchBucket')) throw error;
        throw new AwsError('TU3014', `the bucket ${place.bucket} of spec.lease does not exist`, {
          hint: 'make it in the default account and region, correct its name, or name none: trueup then makes one of its own',
          cause: error,
        });
      }
    },
    create: (text) => write(text),
    replace: (text, version) => write(text, version),
  };
}
