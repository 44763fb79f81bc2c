import type { Unknown } from '../../engine/types.ts';
import type { BucketElsewhere, BucketView } from '../../resources/bucket-view.ts';
import type { OwnedBucket } from './fan-out-document.ts';
import type { Judgement } from './looking.ts';

export type Seen = BucketView | BucketElsewhere | 'absent' | Unknown;

export function sourceFindings(source: OwnedBucket, seen: Seen): readonly Judgement[] {
  if (seen === 'absent') return [absent(source, 'spec.source')];
  if (seen.state === 'elsewhere') return [elsewhere(source, 'spec.source', seen)];
  if (seen.state === 'unknown') return [notChecked(source, seen, true)];
  if (seen.versioning === 'enabled') return [];
  return [
    {
      code: 'source-unversioned',
      severity: 'info',
      message: `${source.bucket} is not versioned: what is overwritten before it was copied is never copied, only what came after it`,
      hint: `aws s3api put-bucket-versioning --bucket ${source.bucket} --versioning-configuration Status=Enabled`,
    },
  ];
}

interface DestinationContext {
  readonly index: number;
  readonly replicateDeletes: boolean;
  /** Its account was asked itself, not the source's. */
  readonly isEntered: boolean;
}

export function destinationFindings(
  destination: OwnedBucket,
  seen: Seen,
  { index, replicateDeletes, isEntered }: DestinationContext,
): readonly Judgement[] {
  if (seen === 'absent') return [absent(destination, `spec.destinations[${index}]`)];
  if (seen.state === 'elsewhere') return [elsewhere(destination, `spec.destinations[${index}]`, seen)];
  if (seen.state === 'unknown') return [notChecked(destination, seen, isEntered)];
  if (seen.versioning === 'enabled' || !replicateDeletes) return [];
  return [
    {
      code: 'deletes-for-good',
      severity: 'warning',
      message: `${destination.bucket} is not versioned, and spec.replicateDeletes is true: what is deleted in the source is gone there for good`,
      hint: `aws s3api put-bucket-versioning --bucket ${destination.bucket} --versioning-configuration Status=Enabled`,
    },
  ];
}

function absent({ bucket, account }: OwnedBucket, field: string): Judgement {
  return {
    code: 'no-such-bucket',
    severity: 'blocks',
    message: `the bucket ${bucket} of ${field} does not exist in account ${account}`,
    hint: 'make the bucket first, or correct its name: a BucketFanOut makes no bucket',
  };
}

/** Every call would be refused there, of plan, functions and verbs alike. */
function elsewhere({ bucket, region: declared }: OwnedBucket, field: string, { region }: BucketElsewhere): Judgement {
  return {
    code: 'bucket-elsewhere',
    severity: 'blocks',
    message: `the bucket ${bucket} of ${field} is in ${region}, not in ${declared}`,
    hint: `write region: ${region} there`,
    data: { bucket, region },
  };
}

/**
 * @param isEntered asked by the account that is to own it, which sees its own buckets: whoever is denied there misses a
 *   right, or another account owns the bucket, and then nothing is ever copied.
 */
function notChecked({ bucket, account }: OwnedBucket, { reason, detail }: Unknown, isEntered: boolean): Judgement {
  const isDenied = reason === 'denied';
  return {
    code: 'bucket-not-checked',
    severity: isDenied && isEntered ? 'warning' : 'info',
    message: `the bucket ${bucket} of account ${account} could not be looked at (${detail})`,
    hint: isDenied
      ? `allow s3:GetBucketVersioning and s3:ListBucket on it to who plans; if account ${account} does not own it, correct spec`
      : 'try again',
  };
}
