import type {
  DeleteObjectRequest,
  DeleteObjectsOutput,
  DeleteObjectsRequest,
  DeletedObject,
  _Error as DeleteError,
  ObjectIdentifier,
} from '@aws-sdk/client-s3';
import { demand } from '../iam/authorize.ts';
import type { CallContext } from '../service.ts';
import { bucketFor } from './buckets.ts';
import { malformedXml } from './errors.ts';
import { announce } from './events.ts';
import { objectArn, objectRow, objects } from './model.ts';
import type { StoredBucket } from './model.ts';
import { refuseFields } from './not-embedded-fields.ts';
import { checkWrite } from './preconditions.ts';

/** DeleteObjects: "up to 1,000 keys". */
const MAX_KEYS = 1000;
/** Versions; the last two are for directory buckets only. */
const NOT_EMBEDDED = ['VersionId', 'IfMatchLastModifiedTime', 'IfMatchSize'];
const NOT_EMBEDDED_OF_MANY = ['VersionId', 'LastModifiedTime', 'Size'];

/** An object that is not there counts as deleted, unless If-Match wants it. */
export function deleteObject(input: DeleteObjectRequest, context: CallContext): object {
  refuseFields(input, NOT_EMBEDDED);
  remove(bucketFor(input, context), input.Key ?? '', input.IfMatch, context);
  return {};
}

/** Each object on its own: one that may not be deleted is an error among the others. */
export function deleteObjects(input: DeleteObjectsRequest, context: CallContext): DeleteObjectsOutput {
  const bucket = bucketFor(input, context);
  const { Objects: wanted = [], Quiet: isQuiet = false } = input.Delete ?? {};
  if (wanted.length === 0 || wanted.length > MAX_KEYS) throw malformedXml();
  for (const object of wanted) refuseFields(object, NOT_EMBEDDED_OF_MANY);
  const deleted: DeletedObject[] = [];
  const failed: DeleteError[] = [];
  for (const object of wanted) {
    const failure = tryToRemove(bucket, object, context);
    if (failure !== undefined) failed.push(failure);
    else deleted.push({ Key: object.Key });
  }
  return {
    ...(deleted.length > 0 && !isQuiet && { Deleted: deleted }),
    ...(failed.length > 0 && { Errors: failed }),
  };
}

function tryToRemove(
  bucket: StoredBucket,
  { Key = '', ETag }: ObjectIdentifier,
  context: CallContext,
): DeleteError | undefined {
  const resources = [objectArn(bucket.name, Key)];
  try {
    demand({ action: 's3:DeleteObject', resources, conditions: {} }, context);
    remove(bucket, Key, ETag, context);
    return undefined;
  } catch (error) {
    if (!(error instanceof Error) || !('$fault' in error)) throw error;
    return { Key, Code: error.name, Message: error.message };
  }
}

function remove(bucket: StoredBucket, key: string, etag: string | undefined, context: CallContext): void {
  if (etag !== undefined && etag !== '*') {
    demand({ action: 's3:GetObject', resources: [objectArn(bucket.name, key)], conditions: {} }, context);
  }
  const stored = objects(bucket.name);
  const known = context.data.get(stored, objectRow(key));
  checkWrite(key, known, { IfMatch: etag });
  if (known === undefined) return;
  context.data.delete(stored, objectRow(key));
  announce({ name: 'ObjectRemoved:Delete', bucket: bucket.name, key }, context);
}
