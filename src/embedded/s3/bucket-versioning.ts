import type { GetBucketVersioningOutput, PutBucketVersioningRequest } from '@aws-sdk/client-s3';
import { notEmbedded } from '../not-embedded.ts';
import type { CallContext } from '../service.ts';
import { bucketFor } from './buckets.ts';
import type { BucketReference } from './buckets.ts';
import { s3Error } from './errors.ts';
import { buckets } from './model.ts';
import { refuseFields } from './not-embedded-fields.ts';

/** Nothing of a bucket whose versioning was never on. */
export function getBucketVersioning(input: BucketReference, context: CallContext): GetBucketVersioningOutput {
  const { versioning } = bucketFor(input, context);
  return versioning === undefined ? {} : { Status: versioning };
}

/** It can be suspended and never goes away ("Once you version-enable a bucket …"). */
export function putBucketVersioning(input: PutBucketVersioningRequest, context: CallContext): object {
  refuseFields(input, ['MFA']);
  const bucket = bucketFor(input, context);
  const { Status: versioning, MFADelete: mfa = 'Disabled' } = input.VersioningConfiguration ?? {};
  if (versioning !== 'Enabled' && versioning !== 'Suspended') {
    throw s3Error(
      'IllegalVersioningConfigurationException',
      'The Versioning element must be specified, and its status must be Enabled or Suspended',
    );
  }
  if (mfa !== 'Disabled') throw notEmbedded('deletes by MFA');
  context.data.put(buckets, bucket.name, { ...bucket, versioning });
  return {};
}
