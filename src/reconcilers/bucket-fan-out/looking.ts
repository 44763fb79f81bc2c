import type { Estate, Finding } from '../../engine/types.ts';
import type { BucketQuestion } from '../../resources/bucket-view.ts';
import type { OwnedBucket } from './fan-out-document.ts';

/** A finding, before it is said of which document. */
export type Judgement = Omit<Finding, 'document'>;

/**
 * Who looks at a bucket: its own account where that can be entered from here, else the account of the functions, which
 * its owner may have let in.
 */
export function questionOf(
  { bucket, account, region }: OwnedBucket,
  home: OwnedBucket,
  estate: Estate,
): BucketQuestion {
  const from = isEntered(account, estate) ? account : home.account;
  return { bucket, owner: account, from: { account: from, region } };
}

function isEntered(account: string, estate: Estate): boolean {
  const isDefault = estate.place().account === account;
  return isDefault || estate.accounts.some(({ id, planRole }) => id === account && planRole !== undefined);
}
