import type { Seen } from './bucket-findings.ts';
import type { Judgement } from './looking.ts';
import type { BucketFanOut } from './places.ts';
import type { BucketFanOutSpec } from './spec.gen.ts';

/**
 * Would S3's own replication do what the document asks for? It would where all of this holds (S3 user guide, "Replicating
 * objects within and across Regions", "Replication configuration file elements"):
 *
 * - keys stay as they are: no `key`, no `prefix` of a destination;
 * - a rule can say which objects: by prefix, not by suffix or size, and whatever made them new;
 * - no two destinations are one bucket, and none is the source;
 * - source and destinations are versioned, as far as was seen.
 *
 * Storage class, KMS key, ownership by the destination's account and delete markers are settings of its rules.
 *
 * @param seen the source and every destination
 */
export function nativeReplication({ spec }: BucketFanOut, seen: readonly Seen[]): readonly Judgement[] {
  const isVersioned = seen.every((one) => one !== 'absent' && one.state === 'present' && one.versioning === 'enabled');
  if (!isVersioned || !keepsKeys(spec) || !takesByPrefix(spec) || !isOfBuckets(spec)) return [];
  return [
    {
      code: 'native-replication',
      severity: 'info',
      message: `S3 Replication could do this: the same keys, chosen by prefix, and all buckets are versioned`,
      hint: 'this kind adds a ledger, verify, backfill and redrive; without need of them, replication rules of the bucket are less to run',
    },
  ];
}

function keepsKeys({ key, destinations }: BucketFanOutSpec): boolean {
  return (
    key.strip === undefined && key.replace.length === 0 && destinations.every(({ prefix }) => prefix === undefined)
  );
}

function takesByPrefix({ filter, events }: BucketFanOutSpec): boolean {
  const { suffix, minSize, maxSize } = filter;
  return [suffix, minSize, maxSize].every((one) => one === undefined) && events.includes('s3:ObjectCreated:*');
}

function isOfBuckets({ source, destinations }: BucketFanOutSpec): boolean {
  const buckets = [source.bucket, ...destinations.map(({ bucket }) => bucket)];
  return new Set(buckets).size === buckets.length;
}
