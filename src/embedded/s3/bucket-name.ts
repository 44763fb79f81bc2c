import type { BucketNamespace } from '@aws-sdk/client-s3';
import { s3Error } from './errors.ts';

/** User Guide, "General purpose bucket naming rules". */
const NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const ADDRESS = /^\d{1,3}(?:\.\d{1,3}){3}$/;
const RESERVED_PREFIXES = ['xn--', 'sthree-', 'amzn-s3-demo-'];
const RESERVED_SUFFIXES = ['-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3'];
/** User Guide, "Namespaces for general purpose buckets": `prefix-account-region-an`. */
const REGIONAL = /-\d{12}-[a-z]{2}(?:-[a-z]+)+-\d+-an$/;

/**
 * A name that CreateBucket takes, in the namespace that the request names.
 *
 * @throws InvalidBucketName, MissingNamespaceHeader for a regional name without the header, InvalidNamespaceHeader for
 *   the header with a name that does not end as the account and the region want it.
 */
export function checkBucketName(
  name: string,
  namespace: BucketNamespace,
  { account, region }: { readonly account: string; readonly region: string },
): void {
  const isReserved =
    RESERVED_PREFIXES.some((prefix) => name.startsWith(prefix)) ||
    RESERVED_SUFFIXES.some((suffix) => name.endsWith(suffix));
  if (!NAME.test(name) || name.includes('..') || ADDRESS.test(name) || isReserved) throw invalidName(name);
  if (namespace === 'account-regional') {
    if (name.endsWith(`-${account}-${region}-an`)) return;
    throw s3Error(
      'InvalidNamespaceHeader',
      'The requested bucket name is not a name of the account-regional namespace of this account and Region.',
      400,
      { header: 'x-amz-bucket-namespace' },
    );
  }
  if (REGIONAL.test(name)) {
    throw s3Error(
      'MissingNamespaceHeader',
      'The requested bucket is an account-regional namespace bucket, but your request is missing the required x-amz-bucket-namespace header.',
      400,
      { header: 'x-amz-bucket-namespace' },
    );
  }
  if (name.endsWith('-an')) throw invalidName(name);
}

function invalidName(name: string): Error {
  return s3Error('InvalidBucketName', 'The specified bucket is not valid.', 400, { BucketName: name });
}
