import type { Estate } from '../../engine/types.ts';
import { overlap } from '../../resources/bucket-notification/entries.ts';
import type { Readers } from '../readers.ts';
import { eventsOf, notificationFilter } from './event-filters.ts';
import { configurationId } from './function-document.ts';
import type { Judgement } from './looking.ts';
import { filterOf } from './object-rules.ts';
import { homeOf } from './places.ts';
import type { BucketFanOut } from './places.ts';

/** Entries of others in the source's notification configuration that S3 does not admit beside ours. */
export async function notificationFindings(
  document: BucketFanOut,
  estate: Estate,
  notifications: Readers['notifications'],
): Promise<readonly Judgement[]> {
  const { bucket } = document.spec.source;
  const filter = filterOf(document.spec);
  const { prefix = '', suffix = '' } = notificationFilter(filter);
  const found = await notifications(homeOf(document, estate), {
    Bucket: bucket,
    Id: configurationId(document, estate),
    Events: eventsOf(document),
    Prefix: prefix,
    Suffix: suffix,
  });
  // That there is no such bucket is said where the bucket is looked at.
  if (found === 'absent') return [];
  if ('state' in found) {
    return [
      {
        code: 'notifications-not-checked',
        severity: 'info',
        message: `whether somebody else is told of the objects of ${bucket} already could not be seen (${found.detail})`,
        hint: `allow s3:GetBucketNotification on it to the plan role, or look yourself: aws s3api get-bucket-notification-configuration --bucket ${bucket}`,
      },
    ];
  }
  return found.overlapping.map((entry): Judgement => {
    const { id, target, events, prefix: begin, suffix: end } = entry;
    const isByCut = !overlap(entry, {
      events: eventsOf(document),
      prefix: filter.prefix ?? '',
      suffix: filter.suffix ?? '',
    });
    const cut = isByCut
      ? `; ours asks for keys ${prefix}*${suffix}, since nobody says how S3 encodes !'()*~ in a filter`
      : '';
    return {
      code: 'notification-overlap',
      severity: 'blocks',
      message: `the notification configuration of ${bucket} has the entry ${id} for ${events.join(', ')} of keys ${begin}*${end}, which tells ${target}: S3 tells of an event once, and refuses ours beside it${cut}`,
      hint: isByCut
        ? `let ${target} hear of the topic of this document instead, or choose a prefix or suffix of the filter without !'()*~ that keeps the two apart`
        : `let ${target} hear of the topic of this document instead, or give one of the two a filter that leaves out what the other takes`,
      data: { entry: id, target },
    };
  });
}
