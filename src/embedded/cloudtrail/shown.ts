import type { Event } from '@aws-sdk/client-cloudtrail';
import type { TrailEvent } from '../trail.ts';
import { recordedName, recordedParameters, regionOf } from './parameters.ts';
import { resourcesOf } from './resources.ts';

/** CloudTrail record contents, "eventVersion". */
const EVENT_VERSION = '1.11';
/** Where requests of a client come from that opens no socket (RFC 5737). */
const SOURCE_ADDRESS = '192.0.2.1';

/** An event as LookupEvents shows it; `CloudTrailEvent` is the whole record as JSON. */
export function shownEvent(event: TrailEvent): Event {
  return {
    EventId: event.eventID,
    EventName: recordedName(event),
    ReadOnly: String(event.readOnly),
    EventTime: new Date(wholeSeconds(event.eventTime)),
    EventSource: event.eventSource,
    Username: usernameOf(event),
    Resources: [...resourcesOf(event)],
    CloudTrailEvent: JSON.stringify(recordOf(event)),
  };
}

/** The user, or the name of the session. */
export function usernameOf({ userIdentity }: TrailEvent): string {
  return userIdentity.userName ?? userIdentity.arn.split('/').at(-1) ?? '';
}

/** The members of a record (CloudTrail User Guide, "CloudTrail record contents"), as far as they are known here. */
function recordOf(event: TrailEvent): object {
  const { userAgent, errorCode, errorMessage } = event;
  return {
    eventVersion: EVENT_VERSION,
    userIdentity: event.userIdentity,
    eventTime: wholeSeconds(event.eventTime),
    eventSource: event.eventSource,
    eventName: recordedName(event),
    awsRegion: regionOf(event),
    sourceIPAddress: SOURCE_ADDRESS,
    ...(userAgent !== undefined && { userAgent }),
    ...(errorCode !== undefined && { errorCode, errorMessage }),
    requestParameters: recordedParameters(event),
    responseElements: null,
    eventID: event.eventID,
    readOnly: event.readOnly,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: event.recipientAccountId,
    eventCategory: 'Management',
  };
}

/** CloudTrail counts whole seconds. */
function wholeSeconds(time: string): string {
  return `${time.slice(0, 19)}Z`;
}
