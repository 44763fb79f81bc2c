import type { ResourceType, Tag, TagSpecification } from '@aws-sdk/client-ec2';
import { serviceError } from '../errors.ts';
import type { CallContext, ConditionKeys } from '../service.ts';
import { table } from '../store/database.ts';
import { invalidParameter } from './errors.ts';
import { rowKey } from './kind.ts';

export interface StoredTags {
  readonly id: string;
  readonly type: ResourceType;
  readonly tags: Readonly<Record<string, string>>;
}

/** Tags of one object, by account, region and id; no row: no tags. */
export const tagRows = table<StoredTags>('ec2/tags');

/** EC2 User Guide, "Tag restrictions". */
const MAX_TAGS = 50;
const MAX_KEY = 128;
const MAX_VALUE = 256;
const RESERVED_KEY = /^aws:/i;

/** Sorted by key. */
export function tagsOf(id: string | undefined, context: CallContext): Tag[] {
  const { tags = {} } = context.data.get(tagRows, rowKey(id ?? '', context)) ?? {};
  return Object.entries(tags)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([Key, Value]) => ({ Key, Value }));
}

/** @throws InvalidParameterValue, TagLimitExceeded */
export function addTags(id: string, type: ResourceType, added: readonly Tag[], context: CallContext): void {
  if (added.length === 0) return;
  for (const tag of added) checkTag(tag);
  const key = rowKey(id, context);
  const before = context.data.get(tagRows, key)?.tags ?? {};
  const tags = { ...before, ...Object.fromEntries(added.map(({ Key = '', Value = '' }) => [Key, Value])) };
  if (Object.keys(tags).length > MAX_TAGS) {
    throw serviceError('TagLimitExceeded', `The maximum number of Tags for a resource has been reached: ${MAX_TAGS}.`);
  }
  context.data.put(tagRows, key, { id, type, tags });
}

/** Tags given when an object of this type is made. @throws InvalidParameterValue for tags of another type. */
export function addSpecifiedTags(
  id: string,
  type: ResourceType,
  specifications: readonly TagSpecification[] | undefined,
  context: CallContext,
): void {
  for (const { ResourceType: wanted, Tags: tags = [] } of specifications ?? []) {
    if (wanted !== type) {
      throw invalidParameter(`'${wanted}' is not a valid taggable resource type for this operation.`);
    }
    addTags(id, type, tags, context);
  }
}

/** What IAM's policies see of the tags in a request. */
export function requestTags(input: {
  readonly TagSpecifications?: readonly TagSpecification[] | undefined;
}): ConditionKeys {
  const tags = (input.TagSpecifications ?? []).flatMap(({ Tags = [] }) => Tags);
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [`aws:RequestTag/${Key}`, Value]));
}

function checkTag({ Key: key = '', Value: value = '' }: Tag): void {
  if (RESERVED_KEY.test(key)) {
    throw invalidParameter(
      `Value ( ${key} ) for parameter key is invalid. Tag keys starting with 'aws:' are reserved for internal use`,
    );
  }
  if (key === '' || key.length > MAX_KEY) {
    throw invalidParameter(`Tag keys must have 1 to ${MAX_KEY} characters, '${key}' has ${key.length}.`);
  }
  if (value.length > MAX_VALUE) {
    throw invalidParameter(`The value of tag '${key}' exceeds the maximum length of ${MAX_VALUE} characters.`);
  }
}
