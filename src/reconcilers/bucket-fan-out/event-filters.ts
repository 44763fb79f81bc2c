import type { Value } from '../../engine/types.ts';
import type { ObjectFilter } from '../../fan-out/types.ts';
import { encodeRule } from '../../resources/bucket-notification/entries.ts';
import type { BucketFanOut } from './places.ts';

/**
 * What S3 and SNS are asked to leave out. S3 compares a rule with the key as it stands encoded in the event: a blank is
 * `+`, and special characters are percent-encoded (user guide, "Configuring event notifications using object key name
 * filtering"). Of those in UNSURE the guide says that they need no encoding ("Safe characters"), and encoders of forms,
 * which write the events, encode them. So that part of a prefix or suffix is asked for which has none of them: too much
 * may come, never too little, and the function goes by the whole filter.
 */

const UNSURE = "!'()*~";
const BEGINNING = new RegExp(`^[^${UNSURE}]*`);
const END = new RegExp(`[^${UNSURE}]*$`);

/** Octets of a rule's value, encoded ("Size of filter rule value cannot exceed 1024 bytes"). */
const MAX_RULE = 1_024;

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
  const [beginning = ''] = BEGINNING.exec(prefix) ?? [];
  const [end = ''] = END.exec(suffix) ?? [];
  const [first, last] = [
    fitting(beginning, (characters) => characters.slice(0, -1)),
    fitting(end, ([, ...rest]) => rest),
  ];
  return { ...(first !== '' && { prefix: first }), ...(last !== '' && { suffix: last }) };
}

/** As much of a text as S3 takes in a rule. */
function fitting(text: string, shorten: (characters: readonly string[]) => readonly string[]): string {
  let characters: readonly string[] = Array.from(text);
  while (encodeRule(characters.join('')).length > MAX_RULE) characters = shorten(characters);
  return characters.join('');
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
