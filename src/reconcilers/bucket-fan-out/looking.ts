import type { Estate, Finding } from '../../engine/types.ts';
import type { BucketQuestion } from '../../resources/bucket-view.ts';
import type { OwnedBucket } from './fan-out-document.ts';

/** A finding, before it is said of which document. */
export type Judgement = Omit<Finding, 'document'>;

/** Who looks at a bucket for a plan. */
export function questionOf(bucket: OwnedBucket, home: OwnedBucket, estate: Estate): BucketQuestion {
  return askerOf(bucket, home, estate, 'planRole');
}

/**
 * Who looks at a bucket: its own account where that can be entered from here, else the account of the functions, which
 * its owner may have let in.
 *
 * @param role by which accounts are entered
 */
export function askerOf(
  { bucket, account, region }: OwnedBucket,
  home: OwnedBucket,
  estate: Estate,
  role: 'planRole' | 'applyRole',
): BucketQuestion {
  const isDefault = estate.place().account === account;
  const isEntered = isDefault || estate.accounts.some((one) => one.id === account && one[role] !== undefined);
  return { bucket, owner: account, from: { account: isEntered ? account : home.account, region } };
}
