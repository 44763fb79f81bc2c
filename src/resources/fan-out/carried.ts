import type { ChecksumAlgorithm, HeadObjectCommandOutput, StorageClass } from '@aws-sdk/client-s3';
import type { LargeCopyJob } from './large-copy-job.ts';

/** How a destination wants its copies. */
export interface CopyManner {
  /** None: as the source's object has it. */
  readonly storageClass?: string;
  /** ARN of a KMS key or of its alias; none: the bucket's default encryption. */
  readonly kmsKey?: string;
  readonly acl?: 'bucket-owner-full-control';
}

type Carried = LargeCopyJob['carried'];

/** The checksums that HeadObject tells, by the algorithm's name in requests. */
const CHECKSUMS: readonly (readonly [ChecksumAlgorithm, keyof HeadObjectCommandOutput])[] = [
  ['CRC64NVME', 'ChecksumCRC64NVME'],
  ['CRC32', 'ChecksumCRC32'],
  ['CRC32C', 'ChecksumCRC32C'],
  ['SHA1', 'ChecksumSHA1'],
  ['SHA256', 'ChecksumSHA256'],
];

/**
 * What a copy is given in its request: everything that S3 copies only with the source's metadata, or not at all (S3 API
 * Reference, CopyObject: storage class, encryption, ACL, redirect and checksum algorithm are of the request).
 *
 * @param metadata user metadata of the copy
 */
export function carriedOf(
  source: HeadObjectCommandOutput,
  metadata: Readonly<Record<string, string>>,
  manner: CopyManner,
): Carried {
  return {
    Metadata: { ...metadata },
    ...present({
      CacheControl: source.CacheControl,
      ContentDisposition: source.ContentDisposition,
      ContentEncoding: source.ContentEncoding,
      ContentLanguage: source.ContentLanguage,
      ContentType: source.ContentType,
      Expires: source.Expires,
    }),
    ...ofRequest(source, manner),
  };
}

/** The part of it that goes with the source's own metadata, too. */
export function ofRequest(source: HeadObjectCommandOutput, { storageClass, kmsKey, acl }: CopyManner): Carried {
  const algorithm = CHECKSUMS.find(([, field]) => source[field] !== undefined)?.[0];
  return present({
    StorageClass: (storageClass as StorageClass | undefined) ?? source.StorageClass,
    WebsiteRedirectLocation: source.WebsiteRedirectLocation,
    ChecksumAlgorithm: algorithm,
    ...(kmsKey !== undefined && {
      ServerSideEncryption: 'aws:kms' as const,
      SSEKMSKeyId: kmsKey,
      BucketKeyEnabled: true,
    }),
    ACL: acl,
  });
}

/** S3 tells of metadata that no header can say, and of dates that are none: those survive only if S3 copies them itself. */
export function isWholeInHeaders({ MissingMeta = 0, Expires, ExpiresString }: HeadObjectCommandOutput): boolean {
  return MissingMeta === 0 && (ExpiresString === undefined || Expires !== undefined);
}

function present<T extends object>(fields: { readonly [Name in keyof T]: T[Name] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
