import { CloudTrailClient, paginateLookupEvents } from '@aws-sdk/client-cloudtrail';
import type { Aws } from '../../aws/clients.ts';
import { unknownFrom } from '../../aws/errors.ts';
import { documentOf } from '../../engine/address.ts';
import type { Address, Finding, Unknown } from '../../engine/types.ts';
import { NOTIFICATION_EVENT, writtenEntries } from '../trail/notifications.ts';
import { isOwnApply } from '../trail/ours.ts';
import { EVENTS_A_PAGE, PAGES_AN_OBJECT } from '../trail/reader.ts';
import { readRecord, textIn } from '../trail/record.ts';
import type { Entry } from './entries.ts';
import { overwrittenEntries } from './overwritten.ts';
import type { Overwritten, Put } from './overwritten.ts';
import type { BucketAt } from './store.ts';

/** How long it is said that an entry was lost: CloudTrail has 90 days, and whoever misses it by then has said so. */
const SAID_FOR_MS = 14 * 86_400_000;

/** Whoever applies: a session's name and a user agent are what the caller says, good enough for advice. */
const ANY_APPLY = { applyRole: undefined, functionRoles: new Set<string>() } as const;

/** Every write of the last days, as far as the trail tells: it is late by minutes, and newest first. */
export async function readPuts(aws: Aws, { place, bucket }: BucketAt, now: number): Promise<readonly Put[] | Unknown> {
  try {
    const client = await aws.client(CloudTrailClient, place);
    const pages = paginateLookupEvents(
      { client },
      {
        // Of all buckets: what is asked of this one by its name alone are mostly reads.
        LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: NOTIFICATION_EVENT }],
        MaxResults: EVENTS_A_PAGE,
        StartTime: new Date(now - SAID_FOR_MS),
      },
    );
    const puts: Put[] = [];
    let read = 0;
    for await (const { Events = [] } of pages) {
      puts.push(...Events.flatMap(({ CloudTrailEvent: json }) => putOf(json, bucket) ?? []));
      read += 1;
      if (read === PAGES_AN_OBJECT) break;
    }
    return puts;
  } catch (error) {
    return unknownFrom(error);
  }
}

function putOf(json: string | undefined, bucket: string): Put | undefined {
  const record = readRecord(json);
  if (record === undefined || record.idle || textIn(record.parameters, 'bucketName') !== bucket) return undefined;
  const entries = writtenEntries(record.parameters);
  return entries && { at: record.at, isApply: isOwnApply(record, ANY_APPLY), actor: record.actor, entries };
}

/** What an apply lost of others; where the trail cannot be asked, that nobody knows. */
export function overwrittenFindings(
  address: Address,
  { place, bucket }: BucketAt,
  puts: readonly Put[] | Unknown,
  now: readonly Entry[],
): readonly Finding[] {
  const document = documentOf(address);
  if ('state' in puts) {
    return [
      {
        document,
        code: 'overwritten-not-checked',
        severity: 'info',
        message: `whether an apply overwrote an entry of others in the notification configuration of bucket ${bucket} could not be seen: CloudTrail in ${place.region} of ${place.account} could not be asked (${puts.detail})`,
        hint: 'allow cloudtrail:LookupEvents on * to whoever plans',
        data: { bucket },
      },
    ];
  }
  return overwrittenEntries(puts, now).map((one) => overwritten(document, bucket, one));
}

function overwritten(document: Address, bucket: string, { entry, actor, at, overwrittenAt }: Overwritten): Finding {
  const { id, target, events, prefix, suffix } = entry;
  const keys = `${prefix === '' ? '' : `, keys that begin with ${prefix}`}${suffix === '' ? '' : `, keys that end with ${suffix}`}`;
  return {
    document,
    code: 'overwritten-entry',
    severity: 'warning',
    message: `an apply of trueup at ${overwrittenAt} overwrote an entry of the notification configuration of bucket ${bucket} that ${actor} had written at ${at}: ${id}, ${events.join(' ')} to ${target}${keys}; it is gone`,
    hint: `if it is missed, add it again to what this prints: aws s3api get-bucket-notification-configuration --bucket ${bucket}`,
    data: { bucket, id, target, events: [...events], prefix, suffix, actor, at, overwrittenAt },
  };
}
