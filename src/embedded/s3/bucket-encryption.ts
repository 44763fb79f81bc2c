import type { GetBucketEncryptionOutput, PutBucketEncryptionRequest } from '@aws-sdk/client-s3';
import { notEmbedded } from '../not-embedded.ts';
import type { CallContext } from '../service.ts';
import { bucketFor } from './buckets.ts';
import type { BucketReference } from './buckets.ts';
import { invalidArgument, malformedXml } from './errors.ts';
import { buckets } from './model.ts';
import { refuseFields } from './not-embedded-fields.ts';

export function getBucketEncryption(input: BucketReference, context: CallContext): GetBucketEncryptionOutput {
  return { ServerSideEncryptionConfiguration: bucketFor(input, context).encryption };
}

/** One rule: S3's own keys, or a key of KMS, which is not looked at until something is encrypted by it. */
export function putBucketEncryption(input: PutBucketEncryptionRequest, context: CallContext): object {
  const bucket = bucketFor(input, context);
  const [rule, ...others] = input.ServerSideEncryptionConfiguration?.Rules ?? [];
  if (rule === undefined || others.length > 0) throw malformedXml();
  refuseFields(rule, ['BlockedEncryptionTypes']);
  const { SSEAlgorithm: algorithm = 'AES256', KMSMasterKeyID: keyId } = rule.ApplyServerSideEncryptionByDefault ?? {};
  if (algorithm !== 'AES256' && algorithm !== 'aws:kms') throw notEmbedded(`encryption of buckets by ${algorithm}`);
  if (algorithm === 'AES256' && keyId !== undefined) {
    throw invalidArgument(
      'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms',
      'ApplyServerSideEncryptionByDefault',
      algorithm,
    );
  }
  if (algorithm === 'aws:kms' && keyId === undefined) throw notEmbedded('encryption by the AWS managed key aws/s3');
  const encryption = {
    Rules: [
      {
        ApplyServerSideEncryptionByDefault: {
          SSEAlgorithm: algorithm,
          ...(keyId !== undefined && { KMSMasterKeyID: keyId }),
        },
        BucketKeyEnabled: rule.BucketKeyEnabled ?? false,
      },
    ],
  };
  context.data.put(buckets, bucket.name, { ...bucket, encryption });
  return {};
}
