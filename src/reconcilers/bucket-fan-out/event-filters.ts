import type { Value } from '../../engine/types.ts';
import type { ObjectFilter } from '../../fan-out/types.ts';
import type { BucketFanOut } from './places.ts';

/**
 * What S3 and SNS are asked to leave out. S3 compares with keys as they are encoded in events, and encoders differ in what
 * they encode ("Safe characters", S3 user guide; `-` was seen as `%2D`). So only that part of a prefix or suffix is asked
 * for which every encoder leaves as it is: too much may come, never too little, and the function goes by the whole filter.
 */

const SAFE_BEGINNING = /^[A-Za-z0-9/]*/;
const SAFE_END = /[A-Za-z0-9/]*$/;

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
 * The filter policy of every subscription, on the body of the message: only what S3 tells of objects. Its test event has no
 * records and does not come.
 *
 * It is the same for all documents, and never changes: SNS takes up to 15 minutes to go by another one (developer guide,
 * "Subscription filter policies"), and would leave out by the old one what a wider filter is to copy. Keys are S3's to
 * filter, and the function's. Sizes are the function's alone: SNS compares no number beyond a thousand million.
 */
export const SUBSCRIPTION_FILTER: { readonly [name: string]: Value } = {
  Records: { eventName: [{ prefix: 'ObjectCreated:' }, { prefix: 'ObjectRemoved:' }] },
};
