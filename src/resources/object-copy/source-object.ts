import { GetObjectCommand, GetObjectTaggingCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import type { HeadObjectCommandOutput, S3Client, Tag } from '@aws-sdk/client-s3';
import { isAwsError } from '../../aws/errors.ts';
import type { ContentChecksum } from '../../fan-out/loop-marker.ts';
import type { ObjectPlace } from '../stored-object.ts';

/** An object that is copied: one version of it, or what has this ETag. */
export interface SourcePlace extends ObjectPlace {
  /** Undefined: its bucket has no versions. */
  readonly versionId?: string;
}

export type ObjectChecksum = ContentChecksum;

/** Headers that an object keeps and a copy takes over. */
export interface CarriedHeaders {
  readonly CacheControl?: string;
  readonly ContentDisposition?: string;
  readonly ContentEncoding?: string;
  readonly ContentLanguage?: string;
  readonly ContentType?: string;
  readonly Expires?: Date;
}

/** What HEAD tells of a source; all that a copy takes over but the tags. */
export interface SourceObject {
  /** Octets. */
  readonly size: number;
  /** With its quotes. */
  readonly etag: string;
  readonly versionId?: string;
  /** Milliseconds since the epoch. */
  readonly modified: number;
  readonly headers: CarriedHeaders;
  readonly metadata: Readonly<Record<string, string>>;
  readonly storageClass: string;
  /** Where the bucket's website sends whoever asks for it. */
  readonly redirect?: string;
  /** `AES256`, `aws:kms` and the like. */
  readonly encryption?: string;
  readonly checksum?: ObjectChecksum;
  /** It has metadata that no header can say, or a date that is none: only S3 itself can copy those. */
  readonly isPartial?: true;
  /** Nobody reads it before it is restored. */
  readonly isArchived?: true;
}

/** The object is encrypted under a key that S3 does not keep (SSE-C): of whoever lacks it neither HEAD nor a copy is served. */
export class CustomerKeyError extends Error {
  override readonly name = 'CustomerKeyError';
}

const SUM = /^Checksum(?!Type$)(?<algorithm>.+)$/;

/** As S3 says so to HEAD; a delete marker that is asked for by its version answers 405. */
const GONE = ['NotFound', 'NoSuchKey', 'NoSuchVersion'];

function statusOf(error: unknown): number | undefined {
  return (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode;
}

/** @returns undefined: there is no such object (any more). @throws CustomerKeyError */
export async function lookAtSource(client: S3Client, source: SourcePlace): Promise<SourceObject | undefined> {
  try {
    return sourceObjectOf(await client.send(new HeadObjectCommand({ ...whereOf(source), ChecksumMode: 'ENABLED' })));
  } catch (error) {
    if (GONE.some((name) => isAwsError(error, name)) || statusOf(error) === 405) return undefined;
    if (statusOf(error) === 400 && (await isUnderCustomerKey(client, source))) {
      throw new CustomerKeyError(`${source.key} is encrypted under a key of the customer (SSE-C)`);
    }
    throw error;
  }
}

/**
 * Of HEAD's answer 400 there is no more than the number (S3 API Reference, HeadObject); to GET S3 says why: the request
 * is not valid for how the object is encrypted. Of an octet at most, which nobody looks at.
 */
async function isUnderCustomerKey(client: S3Client, source: SourcePlace): Promise<boolean> {
  try {
    const { Body } = await client.send(new GetObjectCommand({ ...whereOf(source), Range: 'bytes=0-0' }));
    await Body?.transformToByteArray();
    return false;
  } catch (error) {
    return isAwsError(error, 'InvalidRequest');
  }
}

/** Undefined: there is no such object (any more). */
export async function tagsOfSource(client: S3Client, source: SourcePlace): Promise<readonly Tag[] | undefined> {
  try {
    const { TagSet = [] } = await client.send(new GetObjectTaggingCommand(whereOf(source)));
    return TagSet;
  } catch (error) {
    if (isSourceGone(error)) return undefined;
    throw error;
  }
}

/** Is what was to be copied not there any more, as it was? */
export function isSourceGone(error: unknown): boolean {
  return ['NoSuchKey', 'NoSuchVersion', 'PreconditionFailed'].some((name) => isAwsError(error, name));
}

function whereOf({ bucket, key, account, versionId }: SourcePlace) {
  return { Bucket: bucket, Key: key, ExpectedBucketOwner: account, VersionId: versionId };
}

function sourceObjectOf(head: HeadObjectCommandOutput): SourceObject {
  const { VersionId, WebsiteRedirectLocation, ServerSideEncryption, MissingMeta = 0, ExpiresString } = head;
  const isPartial = MissingMeta > 0 || (ExpiresString !== undefined && Number.isNaN(Date.parse(ExpiresString)));
  const checksum = checksumOf(head);
  return {
    size: head.ContentLength ?? 0,
    etag: head.ETag ?? '',
    ...(VersionId !== undefined && { versionId: VersionId }),
    modified: head.LastModified?.getTime() ?? 0,
    headers: headersOf(head),
    metadata: head.Metadata ?? {},
    storageClass: head.StorageClass ?? 'STANDARD',
    ...(WebsiteRedirectLocation !== undefined && { redirect: WebsiteRedirectLocation }),
    ...(ServerSideEncryption !== undefined && { encryption: ServerSideEncryption }),
    ...(checksum && { checksum }),
    ...(isPartial && { isPartial }),
    ...(isArchived(head) && { isArchived: true }),
  };
}

/** Storage classes whose objects are read only where they have been restored (S3 User Guide, "Working with archived objects"). */
const ARCHIVES: readonly string[] = ['GLACIER', 'DEEP_ARCHIVE'];

export function isArchiveClass(storageClass: string | undefined): boolean {
  return storageClass !== undefined && ARCHIVES.includes(storageClass);
}

/** `Restore` and `ArchiveStatus` as HEAD tells them; the latter is of the archive tiers of INTELLIGENT_TIERING. */
function isArchived({ StorageClass, ArchiveStatus, Restore = '' }: HeadObjectCommandOutput): boolean {
  const isCold = isArchiveClass(StorageClass) || ArchiveStatus !== undefined;
  return isCold && !Restore.includes('ongoing-request="false"');
}

function headersOf(head: HeadObjectCommandOutput): CarriedHeaders {
  const { CacheControl, ContentDisposition, ContentEncoding, ContentLanguage, ContentType, ExpiresString } = head;
  const expires = new Date(ExpiresString ?? '');
  return {
    ...(CacheControl !== undefined && { CacheControl }),
    ...(ContentDisposition !== undefined && { ContentDisposition }),
    ...(ContentEncoding !== undefined && { ContentEncoding }),
    ...(ContentLanguage !== undefined && { ContentLanguage }),
    ...(ContentType !== undefined && { ContentType }),
    // What is no date cannot be written by the SDK.
    ...(!Number.isNaN(expires.getTime()) && { Expires: expires }),
  };
}

function checksumOf(head: HeadObjectCommandOutput): ObjectChecksum | undefined {
  for (const [field, value] of Object.entries(head)) {
    const algorithm = SUM.exec(field)?.groups?.['algorithm'];
    if (algorithm !== undefined && typeof value === 'string') {
      return { algorithm, type: head.ChecksumType ?? 'FULL_OBJECT', value };
    }
  }
  return undefined;
}
