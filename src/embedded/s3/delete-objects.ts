import type {
  DeleteObjectOutput,
  DeleteObjectRequest,
  DeleteObjectsOutput,
  DeleteObjectsRequest,
  DeletedObject,
  _Error as DeleteError,
  ObjectIdentifier,
} from '@aws-sdk/client-s3';
import type { CallContext } from '../service.ts';
import { bucketFor } from './buckets.ts';
import { malformedXml } from './errors.ts';
import { announce } from './events.ts';
import type { StoredBucket } from './model.ts';
import { refuseFields } from './not-embedded-fields.ts';
import { checkWrite } from './preconditions.ts';
import { demandOnObject } from './rights.ts';
import { NULL_VERSION, checkVersionId, currentObject, deleteKey, deleteVersion, findVersion } from './versions.ts';

/** DeleteObjects: "up to 1,000 keys". */
const MAX_KEYS = 1000;
/** The last two are for directory buckets only. */
const NOT_EMBEDDED = ['MFA', 'BypassGovernanceRetention', 'IfMatchLastModifiedTime', 'IfMatchSize'];
const NOT_EMBEDDED_OF_MANY = ['LastModifiedTime', 'Size'];

/** A key, or one version of it. */
interface Target {
  readonly key: string;
  readonly versionId?: string | undefined;
  /** If-Match. */
  readonly etag?: string | undefined;
}

/** An object that is not there counts as deleted, unless If-Match wants it. */
export function deleteObject(input: DeleteObjectRequest, context: CallContext): DeleteObjectOutput {
  refuseFields(input, NOT_EMBEDDED);
  const target = { key: input.Key ?? '', versionId: input.VersionId, etag: input.IfMatch };
  return remove(bucketFor(input, context), target, context);
}

/** Each object on its own: one that may not be deleted is an error among the others. */
export function deleteObjects(input: DeleteObjectsRequest, context: CallContext): DeleteObjectsOutput {
  refuseFields(input, NOT_EMBEDDED);
  const bucket = bucketFor(input, context);
  const { Objects: wanted = [], Quiet: isQuiet = false } = input.Delete ?? {};
  if (wanted.length === 0 || wanted.length > MAX_KEYS) throw malformedXml();
  for (const object of wanted) refuseFields(object, NOT_EMBEDDED_OF_MANY);
  const outcomes = wanted.map((object) => tryToRemove(bucket, object, context));
  const deleted = outcomes.flatMap((outcome) => ('Code' in outcome ? [] : outcome));
  const failed = outcomes.flatMap((outcome) => ('Code' in outcome ? outcome : []));
  return {
    ...(deleted.length > 0 && !isQuiet && { Deleted: deleted }),
    ...(failed.length > 0 && { Errors: failed }),
  };
}

function tryToRemove(
  bucket: StoredBucket,
  { Key = '', VersionId, ETag }: ObjectIdentifier,
  context: CallContext,
): DeletedObject | (DeleteError & { readonly Code: string }) {
  const named = { Key, ...(VersionId !== undefined && { VersionId }) };
  try {
    demandOnObject('DeleteObject', { Bucket: bucket.name, Key, VersionId }, context);
    const { DeleteMarker: isMarker, VersionId: id } = remove(
      bucket,
      { key: Key, versionId: VersionId, etag: ETag },
      context,
    );
    return { ...named, ...(isMarker && { DeleteMarker: true, DeleteMarkerVersionId: id }) };
  } catch (error) {
    if (!(error instanceof Error) || !('$fault' in error)) throw error;
    return { ...named, Code: error.name, Message: error.message };
  }
}

/** Without a version the key gets a delete marker where the bucket has versions; a version is deleted for good. */
function remove(bucket: StoredBucket, target: Target, context: CallContext): DeleteObjectOutput {
  const { key, versionId } = target;
  if (versionId !== undefined) checkVersionId(versionId);
  checkEtag(bucket, target, context);
  return versionId === undefined ? removeKey(bucket, key, context) : removeVersion(bucket, key, versionId, context);
}

/** Nothing is told of a key that had nothing, unless it has a marker now. */
function removeKey(bucket: StoredBucket, key: string, context: CallContext): DeleteObjectOutput {
  const change = { bucket: bucket.name, key };
  const known = currentObject(bucket.name, key, context.data);
  const marker = deleteKey(bucket, key, context);
  if (marker === undefined) {
    if (known !== undefined) announce({ name: 'ObjectRemoved:Delete', ...change }, context);
    return {};
  }
  const named = marker === NULL_VERSION ? {} : { versionId: marker };
  announce({ name: 'ObjectRemoved:DeleteMarkerCreated', ...change, ...named }, context);
  return { DeleteMarker: true, VersionId: marker };
}

function removeVersion(bucket: StoredBucket, key: string, id: string, context: CallContext): DeleteObjectOutput {
  const found = deleteVersion(bucket, key, id, context.data);
  const named = id === NULL_VERSION ? {} : { versionId: id };
  if (found !== undefined) announce({ name: 'ObjectRemoved:Delete', bucket: bucket.name, key, ...named }, context);
  return { ...(found && 'marked' in found && { DeleteMarker: true }), VersionId: id };
}

/** To compare ETags needs the right to read ("you must have … s3:GetObject"). */
function checkEtag(bucket: StoredBucket, { key, versionId, etag }: Target, context: CallContext): void {
  if (etag === undefined) return;
  const reference = { Bucket: bucket.name, Key: key, VersionId: versionId };
  if (etag !== '*') demandOnObject('GetObject', reference, context);
  const version = versionId === undefined ? undefined : findVersion(bucket.name, key, versionId, context.data);
  const found = version && 'object' in version ? version.object : undefined;
  checkWrite(key, versionId === undefined ? currentObject(bucket.name, key, context.data) : found, { IfMatch: etag });
}
