import type { Unknown } from '../../engine/types.ts';
import type { BucketView } from '../../resources/bucket-view.ts';
import type { OwnedBucket } from './fan-out-document.ts';
import type { Judgement } from './looking.ts';

export type Seen = BucketView | 'absent' | Unknown;

export function sourceFindings(source: OwnedBucket, seen: Seen): readonly Judgement[] {
  if (seen === 'absent') return [absent(source, 'spec.source')];
  if (seen.state === 'unknown') return [notChecked(source, seen)];
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

export function destinationFindings(
  destination: OwnedBucket,
  seen: Seen,
  { index, replicateDeletes }: { readonly index: number; readonly replicateDeletes: boolean },
): readonly Judgement[] {
  if (seen === 'absent') return [absent(destination, `spec.destinations[${index}]`)];
  if (seen.state === 'unknown') return [notChecked(destination, seen)];
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

function notChecked({ bucket, account }: OwnedBucket, { reason, detail }: Unknown): Judgement {
  const mend =
    reason === 'denied'
      ? `allow s3:GetBucketVersioning and s3:ListBucket on it to who plans; if account ${account} does not own it, correct spec`
      : 'try again';
  return {
    code: 'bucket-not-checked',
    severity: 'info',
    message: `the bucket ${bucket} of account ${account} could not be looked at (${detail})`,
    hint: mend,
  };
}
