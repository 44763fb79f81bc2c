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
  /** It has headers or metadata that no request can say as they are, and which are left out here: only S3 copies those. */
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
  const { VersionId, WebsiteRedirectLocation, ServerSideEncryption, MissingMeta = 0, Metadata = {} } = head;
  const { headers, areAll } = headersOf(head);
  const metadata = Object.entries(Metadata).filter(([, value]) => isSayable(value));
  const isPartial = MissingMeta > 0 || !areAll || metadata.length < Object.keys(Metadata).length;
  const checksum = checksumOf(head);
  return {
    size: head.ContentLength ?? 0,
    etag: head.ETag ?? '',
    ...(VersionId !== undefined && { versionId: VersionId }),
    modified: head.LastModified?.getTime() ?? 0,
    headers,
    metadata: Object.fromEntries(metadata),
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

/**
 * Octets beyond ASCII come from the network as one character each, and S3 holds no signature over them to be the one that
 * the SDK makes (github.com/aws/aws-sdk-js/issues/1648; nor those of SDKs that send UTF-8: aws-sdk-java-v2/issues/2624).
 */
function isSayable(value: string): boolean {
  return /^[\t\u0020-\u007E]*$/.test(value);
}

const TEXTS = ['CacheControl', 'ContentDisposition', 'ContentEncoding', 'ContentLanguage', 'ContentType'] as const;

/** Those that a request can say, and whether those are all. */
function headersOf(head: HeadObjectCommandOutput): { readonly headers: CarriedHeaders; readonly areAll: boolean } {
  const texts = TEXTS.flatMap((name): readonly (readonly [string, string])[] => {
    const text = head[name];
    return text === undefined ? [] : [[name, text]];
  });
  const sayable = texts.filter(([, text]) => isSayable(text));
  const { ExpiresString } = head;
  const Expires = httpDate(ExpiresString);
  return {
    headers: { ...Object.fromEntries(sayable), ...(Expires && { Expires }) },
    areAll: sayable.length === texts.length && (ExpiresString === undefined || Expires !== undefined),
  };
}

/** The SDK writes a date, and in one form: of what another text says (`0`, a date of another form) it would make another one. */
function httpDate(text: string | undefined): Date | undefined {
  const date = new Date(text ?? '');
  return !Number.isNaN(date.getTime()) && date.toUTCString() === text ? date : undefined;
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
