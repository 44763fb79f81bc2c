import type { PutObjectRequest, ServerSideEncryption } from '@aws-sdk/client-s3';
import { useKey } from '../kms/use-key.ts';
import type { KeyUse } from '../kms/use-key.ts';
import { notEmbedded } from '../not-embedded.ts';
import type { CallContext } from '../service.ts';
import { invalidArgument, s3Error } from './errors.ts';
import { bucketArn, objectArn } from './model.ts';
import type { KmsEncryption, StoredBucket, StoredObject } from './model.ts';

/** What a request says of encryption. */
export type WantedEncryption = Pick<PutObjectRequest, 'ServerSideEncryption' | 'SSEKMSKeyId' | 'BucketKeyEnabled'>;

/**
 * How an object is to be encrypted: as the request says, else as its bucket does. The caller needs the right to make a
 * data key ("Using server-side encryption with AWS KMS keys (SSE-KMS)").
 *
 * @returns undefined: by keys of S3's own.
 */
export function encryptionFor(
  wanted: WantedEncryption,
  bucket: StoredBucket,
  key: string,
  context: CallContext,
): KmsEncryption | undefined {
  const { ServerSideEncryption: named, SSEKMSKeyId: keyId } = wanted;
  const [rule] = bucket.encryption.Rules ?? [];
  const { SSEAlgorithm, KMSMasterKeyID } = rule?.ApplyServerSideEncryptionByDefault ?? {};
  const algorithm = named ?? SSEAlgorithm ?? 'AES256';
  if (keyId !== undefined && named !== 'aws:kms') {
    throw invalidArgument(
      'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
      'x-amz-server-side-encryption',
      named,
    );
  }
  if (algorithm === 'AES256') return undefined;
  if (algorithm !== 'aws:kms') throw notEmbedded(`encryption of objects by ${algorithm}`);
  const used = keyId ?? KMSMasterKeyID;
  if (used === undefined) throw notEmbedded('encryption by the AWS managed key aws/s3');
  const bucketKey = wanted.BucketKeyEnabled ?? rule?.BucketKeyEnabled ?? false;
  const use = { action: 'GenerateDataKey', keyId: used } as const;
  return { keyArn: asked(use, { bucketKey, bucket, key }, context), bucketKey };
}

/** @throws what KMS says where the caller may not decrypt the object. */
export function decryptable(
  { key, kms }: Pick<StoredObject, 'key' | 'kms'>,
  bucket: StoredBucket,
  context: CallContext,
): void {
  if (kms === undefined) return;
  const use = { action: 'Decrypt', keyId: kms.keyArn } as const;
  asked(use, { bucketKey: kms.bucketKey, bucket, key }, { ...context, region: bucket.region });
}

interface Encrypted {
  readonly bucketKey: boolean;
  readonly bucket: StoredBucket;
  readonly key: string;
}

/** The encryption context is the object's ARN, with a bucket key the bucket's. S3 answers KMS's errors under `KMS.`. */
function asked(
  use: Pick<KeyUse, 'action' | 'keyId'>,
  { bucketKey, bucket, key }: Encrypted,
  context: CallContext,
): string {
  const arn = bucketKey ? bucketArn(bucket.name) : objectArn(bucket.name, key);
  try {
    return useKey({ ...use, service: 's3', encryptionContext: { 'aws:s3:arn': arn } }, context);
  } catch (error) {
    if (!(error instanceof Error) || !('$fault' in error) || error.name === 'AccessDenied') throw error;
    throw s3Error(`KMS.${error.name}`, error.message);
  }
}

/** As answers show it. */
export function shownEncryption({ kms }: Pick<StoredObject, 'kms'>): {
  readonly ServerSideEncryption: ServerSideEncryption;
  readonly SSEKMSKeyId?: string;
  readonly BucketKeyEnabled?: boolean;
} {
  if (kms === undefined) return { ServerSideEncryption: 'AES256' };
  return {
    ServerSideEncryption: 'aws:kms',
    SSEKMSKeyId: kms.keyArn,
    ...(kms.bucketKey && { BucketKeyEnabled: true }),
  };
}
