import type { TrailEvent } from '../trail.ts';

/**
 * What is done to single objects, items, messages and invocations is a data event, which LookupEvents never shows
 * (CloudTrail User Guide, "Logging data events"); lines of logs are no event at all.
 */
const DATA: Readonly<Record<string, RegExp>> = {
  'dynamodb.amazonaws.com': /^(Batch(Get|Write)Item|(Get|Put|Update|Delete)Item|Query|Scan|Transact(Get|Write)Items)$/,
  'lambda.amazonaws.com': /^Invoke/,
  'logs.amazonaws.com': /^PutLogEvents$/,
  'monitoring.amazonaws.com': /^(PutMetricData|GetMetricData|GetMetricStatistics)$/,
  's3.amazonaws.com': /(Object(s|sV2|Versions|Tagging|Attributes)?|MultipartUploads?|UploadPart(Copy)?|ListParts)$/,
  'sns.amazonaws.com': /^Publish/,
  'sqs.amazonaws.com': /Message(Visibility)?(Batch)?$/,
};

/** Is it an event that CloudTrail's event history shows? */
export function isManagementEvent({ eventSource, eventName }: TrailEvent): boolean {
  return !DATA[eventSource]?.test(eventName);
}
