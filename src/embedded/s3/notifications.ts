import type {
  FilterRuleName,
  NotificationConfiguration,
  PutBucketNotificationConfigurationRequest,
} from '@aws-sdk/client-s3';
import { admits } from '../delivery/admission.ts';
import type { CallContext } from '../service.ts';
import { bucketFor } from './buckets.ts';
import type { BucketReference } from './buckets.ts';
import { invalidArgument, malformedXml } from './errors.ts';
import { hostId, notify, requestId, senderOf } from './events.ts';
import type { StoredBucket } from './model.ts';
import { readEntries } from './notification-entries.ts';
import { notifications } from './notification-model.ts';
import type { NotificationEntry } from './notification-model.ts';

/** The whole configuration is replaced; a destination that does not take S3's word stops it all. */
export function putNotifications(input: PutBucketNotificationConfigurationRequest, context: CallContext): object {
  const bucket = bucketFor(input, context);
  if (input.NotificationConfiguration === undefined) throw malformedXml();
  const entries = readEntries(input.NotificationConfiguration);
  const eventBridge = input.NotificationConfiguration.EventBridgeConfiguration !== undefined;
  for (const { target } of entries) checkRegion(target, bucket);
  if (input.SkipDestinationValidation !== true) validate(entries, bucket, context);
  if (entries.length === 0 && !eventBridge) context.data.delete(notifications, bucket.name);
  else context.data.put(notifications, bucket.name, { entries, eventBridge });
  return {};
}

function checkRegion(target: string, { region }: StoredBucket): void {
  if (target.split(':')[3] === region) return;
  const message = 'The notification destination service region is not valid for the bucket location constraint';
  throw invalidArgument(message, 'ARN', target);
}

/** Topics and queues get a test message; of functions the policy alone is looked at. */
function validate(entries: readonly NotificationEntry[], bucket: StoredBucket, context: CallContext): void {
  const targets = [...new Set(entries.map(({ target }) => target))];
  const refused = targets.find((target) => !admits(target, senderOf(bucket), context.data, context.now));
  if (refused !== undefined) {
    throw invalidArgument(
      'Unable to validate the following destination configurations',
      refused,
      'Not authorized to invoke or publish, or the destination does not exist',
    );
  }
  for (const target of targets.filter((one) => !one.startsWith('arn:aws:lambda:'))) {
    notify(bucket, target, testEvent(bucket, context), context);
  }
}

/** User Guide, "Event message structure": what S3 sends when it is told to notify. */
function testEvent({ name }: StoredBucket, { now }: CallContext): object {
  return {
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: new Date(now).toISOString(),
    Bucket: name,
    RequestId: requestId(),
    HostId: hostId(),
  };
}

export function getNotifications(input: BucketReference, context: CallContext): NotificationConfiguration {
  const { name } = bucketFor(input, context);
  const { entries = [], eventBridge = false } = context.data.get(notifications, name) ?? {};
  const of = (service: string): readonly NotificationEntry[] =>
    entries.filter(({ target }) => target.startsWith(`arn:aws:${service}:`));
  const [topics, queues, functions] = [of('sns'), of('sqs'), of('lambda')];
  return {
    ...(topics.length > 0 && { TopicConfigurations: topics.map((one) => ({ ...shown(one), TopicArn: one.target })) }),
    ...(queues.length > 0 && { QueueConfigurations: queues.map((one) => ({ ...shown(one), QueueArn: one.target })) }),
    ...(functions.length > 0 && {
      LambdaFunctionConfigurations: functions.map((one) => ({ ...shown(one), LambdaFunctionArn: one.target })),
    }),
    ...(eventBridge && { EventBridgeConfiguration: {} }),
  };
}

/** S3 tells the names of rules with a capital, however they were given. */
function shown({ id, events, filter }: NotificationEntry) {
  const rules = filter?.Key?.FilterRules?.map(({ Name, Value }) => ({ Name: capital(Name ?? ''), Value }));
  return { Id: id, Events: [...events], ...(rules !== undefined && { Filter: { Key: { FilterRules: rules } } }) };
}

function capital(name: string): FilterRuleName {
  return (name.slice(0, 1).toUpperCase() + name.slice(1).toLowerCase()) as FilterRuleName;
}
