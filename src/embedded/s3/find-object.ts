import type { CallContext } from '../service.ts';
import { bucketFor } from './buckets.ts';
import type { BucketReference } from './buckets.ts';
import { methodNotAllowed, noSuchKey, noSuchVersion } from './errors.ts';
import type { StoredBucket, StoredObject } from './model.ts';
import { demandOnBucket } from './rights.ts';
import { checkVersionId, currentObject, findVersion } from './versions.ts';

/** How a call names an object. */
export interface ObjectReference extends BucketReference {
  readonly Key?: string | undefined;
  readonly VersionId?: string | undefined;
}

/**
 * The object or the version that a call names.
 *
 * @param method for the refusal of what delete markers do not know.
 * @throws NoSuchKey, also where a delete marker is the newest; AccessDenied instead where the caller may not list: "If
 *   you don't have the s3:ListBucket permission, Amazon S3 returns an HTTP status code 403". NoSuchVersion;
 *   MethodNotAllowed for a delete marker by its id; InvalidArgument for what is no version id.
 */
export function objectFor(
  { Key: key = '', VersionId: id, ...reference }: ObjectReference,
  context: CallContext,
  method: string = 'GET',
): { readonly bucket: StoredBucket; readonly object: StoredObject } {
  const bucket = bucketFor(reference, context);
  if (id === undefined) return { bucket, object: neededObject(bucket, key, context) };
  checkVersionId(id);
  const version = findVersion(bucket.name, key, id, context.data);
  if (version === undefined) throw noSuchVersion(key, id);
  if ('object' in version) return { bucket, object: version.object };
  throw methodNotAllowed(method, 'DeleteMarker');
}

/** The newest object of a key, by the same rules. */
export function neededObject({ name }: StoredBucket, key: string, context: CallContext): StoredObject {
  const found = currentObject(name, key, context.data);
  if (found !== undefined) return found;
  demandOnBucket('ListBucket', name, context);
  throw noSuchKey(key);
}
