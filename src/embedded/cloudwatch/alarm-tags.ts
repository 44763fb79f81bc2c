import type {
  ListTagsForResourceInput,
  ListTagsForResourceOutput,
  TagResourceInput,
  UntagResourceInput,
} from '@aws-sdk/client-cloudwatch';
import { serviceError } from '../errors.ts';
import { rowKey } from '../row-key.ts';
import type { CallContext, TaggedResource } from '../service.ts';
import { listTags, tagsFrom, withTags, withoutTags } from '../tags.ts';
import { alarmArn, alarms, alarmsOf, ownAlarmArn } from './alarm-model.ts';
import type { StoredAlarm } from './alarm-model.ts';
import { invalidValue } from './errors.ts';

export function listAlarmTags(input: ListTagsForResourceInput, context: CallContext): ListTagsForResourceOutput {
  return { Tags: listTags(taggedAlarm(input.ResourceARN, context).tags) };
}

export function tagAlarm(input: TagResourceInput, context: CallContext): object {
  const alarm = taggedAlarm(input.ResourceARN, context);
  const tags = withTags(alarm.tags, tagsFrom(input.Tags), invalidValue);
  context.data.put(alarms, rowKey(alarm.name, context), { ...alarm, tags });
  return {};
}

export function untagAlarm(input: UntagResourceInput, context: CallContext): object {
  const alarm = taggedAlarm(input.ResourceARN, context);
  const tags = withoutTags(alarm.tags, input.TagKeys ?? []);
  context.data.put(alarms, rowKey(alarm.name, context), { ...alarm, tags });
  return {};
}

export function taggedAlarms(context: CallContext): readonly TaggedResource[] {
  return alarmsOf(context).map((alarm) => ({ type: 'cloudwatch:alarm', arn: alarmArn(alarm), tags: alarm.tags }));
}

/** The name in the ARN of an own alarm; undefined: another ARN. */
export function alarmInArn(arn: string | undefined, context: CallContext): string | undefined {
  const prefix = ownAlarmArn('', context);
  return arn?.startsWith(prefix) === true ? arn.slice(prefix.length) : undefined;
}

function taggedAlarm(arn: string | undefined, context: CallContext): StoredAlarm {
  const alarm = context.data.get(alarms, rowKey(alarmInArn(arn, context) ?? '', context));
  if (alarm !== undefined) return alarm;
  const fields = { ResourceType: 'alarm', ResourceId: arn ?? '' };
  throw serviceError('ResourceNotFoundException', 'The named resource does not exist.', { status: 404, fields });
}
