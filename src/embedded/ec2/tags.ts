import type { ResourceType, Tag, TagSpecification } from '@aws-sdk/client-ec2';
import { serviceError } from '../errors.ts';
import { rowKey } from '../row-key.ts';
import type { CallContext, ConditionKeys } from '../service.ts';
import { table } from '../store/database.ts';
import { isReservedKey, listTags, requestTagKeys, tagsFrom, withTags } from '../tags.ts';
import { invalidParameter } from './errors.ts';

export interface StoredTags {
  readonly id: string;
  readonly type: ResourceType;
  readonly tags: Readonly<Record<string, string>>;
}

/** Tags of one object, by account, region and id; no row: no tags. */
export const tagRows = table<StoredTags>('ec2/tags');

/** Sorted by key. */
export function tagsOf(id: string | undefined, context: CallContext): Tag[] {
  return listTags(context.data.get(tagRows, rowKey(id ?? '', context))?.tags ?? {});
}

/** @throws InvalidParameterValue, TagLimitExceeded */
export function addTags(id: string, type: ResourceType, added: readonly Tag[], context: CallContext): void {
  if (added.length === 0) return;
  refuseReserved(added);
  const key = rowKey(id, context);
  const before = context.data.get(tagRows, key)?.tags ?? {};
  const tags = withTags(before, tagsFrom(added), invalidParameter, (message) =>
    serviceError('TagLimitExceeded', message),
  );
  context.data.put(tagRows, key, { id, type, tags });
}

/** @throws InvalidParameterValue for a key that is AWS's own. */
export function refuseReserved(tags: readonly Tag[]): void {
  const reserved = tags.find(({ Key = '' }) => isReservedKey(Key));
  if (reserved === undefined) return;
  throw invalidParameter(
    `Value ( ${reserved.Key} ) for parameter key is invalid. Tag keys starting with 'aws:' are reserved for internal use`,
  );
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
  return requestTagKeys(tagsFrom((input.TagSpecifications ?? []).flatMap(({ Tags = [] }) => Tags)));
}
