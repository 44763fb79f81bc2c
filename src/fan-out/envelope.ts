import { fieldsOf, listOf, parseFields } from './fields.ts';
import type { Fields } from './fields.ts';
import { readRecord } from './object-change.ts';
import type { EventOrigin, ReadRecord } from './object-change.ts';

/** What SNS hands to a function: every record of every message (SNS Developer Guide, "Fanout to Lambda functions"). */
export function readSnsEvent(event: Fields, origin: EventOrigin): readonly ReadRecord[] {
  const records = listOf(event['Records']) ?? [];
  return records.flatMap((value) => {
    const { EventSource, EventSubscriptionArn, Sns } = fieldsOf(value) ?? {};
    if (EventSource !== 'aws:sns') return refused('a record is not of SNS');
    if (typeof EventSubscriptionArn !== 'string' || !EventSubscriptionArn.startsWith(`${origin.topicArn}:`)) {
      return refused('a message is of another subscription');
    }
    return readNotification(fieldsOf(Sns) ?? {}, origin);
  });
}

/** One notification of SNS, as a dead letter of a subscription holds it. */
export function readNotification({ Type, TopicArn, Message }: Fields, origin: EventOrigin): readonly ReadRecord[] {
  if (Type !== 'Notification') return refused('a message is no notification');
  if (TopicArn !== origin.topicArn) return refused('a message is of another topic');
  const message = parseFields(Message);
  if (!message) return unreadable('a message is no JSON');
  // S3 sends it once, when the entry is made.
  if (message['Event'] === 's3:TestEvent') return [{ is: 'ignored', why: 'S3 tried the topic' }];
  const records = listOf(message['Records']);
  if (!records || records.length === 0) return unreadable('a message has no records');
  return records.map((record) => readRecord(record, origin));
}

/** Of our topic, and not known. */
function unreadable(why: string): readonly ReadRecord[] {
  return [{ is: 'unreadable', why }];
}

function refused(why: string): readonly ReadRecord[] {
  return [{ is: 'refused', why }];
}
