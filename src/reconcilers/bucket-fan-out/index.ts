import type { Kind } from '../../engine/types.ts';
import { check } from './check.ts';
import { compile } from './compile.ts';
import { faults } from './faults.ts';
import { partOf } from './places.ts';
import { functionNames, namedBy } from './naming.ts';
import type { BucketFanOut } from './places.ts';
import type { BucketFanOutSpec } from './spec.gen.ts';

/** Every new object of one bucket, in others (docs/kinds/bucket-fan-out.md). */
export const bucketFanOut: Kind<BucketFanOutSpec> = {
  kind: 'BucketFanOut',
  makesRoles: true,
  faults,
  compile,
  check,
  part: partOf,
  functionNames,
  namedBy,
  summary,
};

function summary({ spec }: BucketFanOut): string {
  const { prefix, suffix } = spec.filter;
  const taken = prefix === undefined && suffix === undefined ? '' : `/${prefix ?? ''}*${suffix ?? ''}`;
  const buckets = spec.destinations.map((one) =>
    one.prefix === undefined ? one.bucket : `${one.bucket}/${one.prefix}`,
  );
  const deletes = spec.replicateDeletes ? '; deletes too' : '';
  return `${spec.source.bucket}${taken} to ${buckets.join(', ')}${deletes}`;
}
