import type { Value } from '../../engine/types.ts';
import type { ObjectFilter } from '../../fan-out/types.ts';
import type { BucketFanOut } from './places.ts';

/**
 * What S3 and SNS are asked to leave out. Both compare with keys as they are encoded in events, and encoders differ in what
 * they encode ("Safe characters", S3 user guide; `-` was seen as `%2D`). So only that part of a prefix or suffix is asked
 * for which every encoder leaves as it is: too much may come, never too little, and the function goes by the whole filter.
 */

const SAFE_BEGINNING = /^[A-Za-z0-9/]*/;
const SAFE_END = /[A-Za-z0-9/]*$/;

/** SNS compares numbers up to a thousand million (developer guide, "Numeric value matching"). */
const MAX_NUMBER = 1_000_000_000;

const DELETES = ['s3:ObjectRemoved:Delete', 's3:ObjectRemoved:DeleteMarkerCreated'];
const ALL_CREATED = 's3:ObjectCreated:*';

/** Types of events, sorted; S3 refuses the same one twice. */
export function eventsOf({ spec }: BucketFanOut): readonly string[] {
  const created = spec.events.some((event) => event === ALL_CREATED) ? [ALL_CREATED] : [...spec.events].sort();
  return [...created, ...(spec.replicateDeletes ? DELETES : [])];
}

/** The part of a filter by which a notification of S3 goes; absent: anything. */
export function notificationFilter({ prefix = '', suffix = '' }: ObjectFilter): {
  readonly prefix?: string;
  readonly suffix?: string;
} {
  const [beginning = ''] = SAFE_BEGINNING.exec(prefix) ?? [];
  const [end = ''] = SAFE_END.exec(suffix) ?? [];
  return { ...(beginning !== '' && { prefix: beginning }), ...(end !== '' && { suffix: end }) };
}

/**
 * The filter policy of a subscription, on the body of the message. A message of several records comes if one fits. Records
 * of deletes have no size. S3's test event has no records and does not come at all.
 *
 * SNS multiplies the values of each key by its depth, and takes 150 in all (developer guide, "Filter policy constraints"):
 * at most 2·2 for the names of events, 4 for the key and 2·4 for the size, 128. Hence one condition on the key, not two:
 * S3 goes by both.
 */
export function subscriptionFilter({ spec }: BucketFanOut, filter: ObjectFilter): { readonly [name: string]: Value } {
  const { prefix, suffix } = notificationFilter(filter);
  const key = prefix !== undefined ? [{ prefix }] : suffix !== undefined ? [{ suffix }] : [];
  const size = sizes(filter);
  const object = {
    ...(key.length > 0 && { key }),
    ...(size.length > 0 && { size: [{ numeric: size }, { exists: false }] }),
  };
  return {
    Records: {
      eventName: [{ prefix: 'ObjectCreated:' }, ...(spec.replicateDeletes ? [{ prefix: 'ObjectRemoved:' }] : [])],
      ...(Object.keys(object).length > 0 && { s3: { object } }),
    },
  };
}

function sizes({ minSize = 0, maxSize }: ObjectFilter): readonly (string | number)[] {
  return [
    ...(minSize > 0 && minSize <= MAX_NUMBER ? ['>=', minSize] : []),
    ...(maxSize !== undefined && maxSize <= MAX_NUMBER ? ['<=', maxSize] : []),
  ];
}
