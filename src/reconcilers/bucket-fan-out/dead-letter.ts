import { fieldsOf, listOf, parseFields } from '../../fan-out/fields.ts';
import type { Fields } from '../../fan-out/fields.ts';
import { decodeEventKey } from '../../fan-out/object-key.ts';
import { isCalled } from './fan-out-document.ts';
import type { FanOutDocument } from './fan-out-document.ts';
import { BACKFILL_ACTION, CONTINUE_ACTION, destinationName } from './function-contract.ts';

/** The event that a function is to be run with again; or why there is none, in fixed words that repeat nothing of it. */
export type DeadLetter =
  | {
      readonly is: 'event';
      readonly event: Fields;
      /** Of the source, as far as they are told. */
      readonly keys: readonly string[];
    }
  | { readonly is: 'unreadable'; readonly why: string };

type Told = Pick<FanOutDocument, 'address' | 'formerly' | 'destination' | 'topicArn'>;

/**
 * What a message of a dead-letter queue holds: an event that Lambda gave up, in the envelope of its destination (Lambda
 * Developer Guide, "Capturing records of Lambda asynchronous invocations"); a notification that SNS could not deliver; a
 * message of work that came too often; or an event as it was. Anybody's, until the function has held it against what it is
 * configured for.
 */
export function readDeadLetter(body: string, told: Told): DeadLetter {
  const fields = parseFields(body);
  if (!fields) return unreadable('it is no JSON object');
  if (fields['trueup'] === 'fan-out') return workOf(fields, told);
  if (fields['Type'] === 'Notification') return eventOf(notificationEvent(fields, told), told);
  if (!('requestPayload' in fields)) return eventOf(fields, told);
  const payload = fieldsOf(fields['requestPayload']);
  return payload ? eventOf(payload, told) : unreadable('it holds no event');
}

/** As SNS would have handed it over (SNS Developer Guide, "Fanout to Lambda functions"). */
function notificationEvent(notification: Fields, { topicArn }: Told): Fields {
  return {
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: `${topicArn}:redrive`,
        Sns: notification,
      },
    ],
  };
}

function workOf({ document, destination, run, items }: Fields, told: Told): DeadLetter {
  if (!isCalled(told, document) || destination !== destinationName(told.destination)) {
    return unreadable('it is work of another destination');
  }
  return eventOf({ action: BACKFILL_ACTION, document, run, items }, told);
}

function eventOf(event: Fields, told: Told): DeadLetter {
  const { action, document, items } = event;
  if (action === BACKFILL_ACTION || action === CONTINUE_ACTION) {
    if (!isCalled(told, document)) return unreadable('it is of another document');
    // Whoever tries it again has seen to what kept it from coming further.
    const again = action === CONTINUE_ACTION ? { ...event, turn: 0 } : event;
    return {
      is: 'event',
      event: again,
      keys: (listOf(items) ?? []).flatMap((item) => textOf(fieldsOf(item)?.['key'])),
    };
  }
  const records = listOf(event['Records']) ?? [];
  const isSns = records.length > 0 && records.every((record) => fieldsOf(record)?.['EventSource'] === 'aws:sns');
  if (!isSns) return unreadable('it has a shape that no dead letter of a fan-out has');
  return { is: 'event', event, keys: records.flatMap((record) => keysIn(fieldsOf(fieldsOf(record)?.['Sns']))) };
}

function keysIn(notification: Fields | undefined): readonly string[] {
  const records = listOf(parseFields(notification?.['Message'])?.['Records']) ?? [];
  return records.flatMap((record) => {
    const { key } = fieldsOf(fieldsOf(fieldsOf(record)?.['s3'])?.['object']) ?? {};
    return textOf(typeof key === 'string' ? (decodeEventKey(key) ?? key) : undefined);
  });
}

function textOf(value: unknown): readonly string[] {
  return typeof value === 'string' ? [value] : [];
}

function unreadable(why: string): DeadLetter {
  return { is: 'unreadable', why };
}
