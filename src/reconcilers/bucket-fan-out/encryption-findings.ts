import type { Estate, Unknown } from '../../engine/types.ts';
import { arn } from '../../resources/arns.ts';
import type { DefaultEncryption } from '../../resources/bucket-view.ts';
import type { Readers } from '../readers.ts';
import type { FanOutDestination, OwnedBucket } from './fan-out-document.ts';
import { questionOf } from './looking.ts';
import type { Judgement } from './looking.ts';
import type { Target } from './places.ts';

/**
 * A key of KMS by which a bucket encrypts takes rights of who writes there (S3 user guide, "Using server-side encryption
 * with AWS KMS keys"), and the function has them for the key that the document names.
 */
export async function encryptionFindings(
  { index, destination }: Target,
  source: OwnedBucket,
  estate: Estate,
  read: Readers['defaultEncryption'],
): Promise<readonly Judgement[]> {
  if (destination.kmsKey !== undefined) return [];
  return judge(index, destination, await read(questionOf(destination, source, estate)));
}

function judge(index: number, destination: FanOutDestination, seen: DefaultEncryption | Unknown): readonly Judgement[] {
  const { bucket } = destination;
  const field = `spec.destinations[${index}]`;
  if (seen.state === 'unknown') {
    return [
      {
        code: 'encryption-not-checked',
        severity: 'info',
        message: `whether ${bucket} encrypts by a KMS key, which ${field}.kmsKey would have to name, could not be seen (${seen.detail})`,
        hint: `allow s3:GetEncryptionConfiguration on it to the plan role, or look yourself: aws s3api get-bucket-encryption --bucket ${bucket}`,
      },
    ];
  }
  if (seen.kmsKey === undefined) return [];
  const kmsKey = keyArn(seen.kmsKey, destination);
  return [
    {
      code: 'bucket-key-unnamed',
      severity: 'blocks',
      message: `${bucket} encrypts by the key ${seen.kmsKey}, and ${field} names none: KMS would refuse every copy`,
      hint: `name it there: kmsKey: ${kmsKey}`,
      data: { destination: bucket, kmsKey },
    },
  ];
}

/** As documents name keys: by ARN, or an alias of the bucket's own account. */
function keyArn(key: string, { account, region }: OwnedBucket): string {
  if (key.startsWith('arn:') || key.startsWith('alias/')) return key;
  return arn('kms', { account, region }, `key/${key}`);
}
