import type { CopyObjectCommandInput, StorageClass, Tag } from '@aws-sdk/client-s3';
import type { SourceObject } from './source-object.ts';

/** What a copy is given; what is undefined is as the source has it, or as the destination's bucket has it by default. */
export interface CopyWishes {
  /** Instead of the source's. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Instead of the source's; a header must hold them. */
  readonly tags?: readonly Tag[];
  readonly storageClass?: string;
  /** ARN of a KMS key or of its alias. */
  readonly kmsKey?: string;
  readonly acl?: 'bucket-owner-full-control';
}

type Properties = Pick<
  CopyObjectCommandInput,
  'ACL' | 'ServerSideEncryption' | 'SSEKMSKeyId' | 'StorageClass' | 'WebsiteRedirectLocation'
>;

/**
 * What S3 never takes from the source by itself, or by another rule than ours (S3 API Reference, CopyObject), and what an
 * upload in parts is told when it begins.
 */
export function copyProperties(
  { redirect, storageClass: own }: SourceObject,
  { storageClass = own, kmsKey, acl }: CopyWishes,
): Properties {
  return {
    StorageClass: storageClass as StorageClass,
    ...(redirect !== undefined && { WebsiteRedirectLocation: redirect }),
    ...(kmsKey !== undefined && { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKey }),
    ...(acl !== undefined && { ACL: acl }),
  };
}
