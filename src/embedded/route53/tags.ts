import type {
  ChangeTagsForResourceRequest,
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  ListTagsForResourcesRequest,
  ListTagsForResourcesResponse,
  ResourceTagSet,
  TagResourceType,
} from '@aws-sdk/client-route-53';
import { serviceError } from '../errors.ts';
import type { CallContext, TaggedResource } from '../service.ts';
import { MAX_TAG_KEY, MAX_TAG_VALUE, isReservedKey, listTags } from '../tags.ts';
import { zoneArn } from './access.ts';
import { constraintViolation, invalidInput } from './errors.ts';
import { ownZone, zones } from './model.ts';
import type { StoredZone } from './model.ts';

/** ChangeTagsForResource, AddTags and RemoveTagKeys: 10 each, and 10 tags on one resource. */
const MAX_TAGS = 10;
/** ListTagsForResources: up to 10 resources. */
const MAX_RESOURCES = 10;

export function changeTags(input: ChangeTagsForResourceRequest, context: CallContext): object {
  const zone = taggable(input.ResourceType, input.ResourceId, context);
  const added = input.AddTags ?? [];
  const removed = input.RemoveTagKeys ?? [];
  if (added.length + removed.length === 0) throw invalidInput('Specify at least one of AddTags and RemoveTagKeys.');
  checkCount('addTags', added.length);
  checkCount('removeTagKeys', removed.length);
  const tags = new Map(Object.entries(zone.tags));
  for (const key of removed) tags.delete(key);
  for (const { Key: key = '', Value: value = '' } of added) {
    checkTag(key, value);
    tags.set(key, value);
  }
  if (tags.size > MAX_TAGS) {
    throw invalidInput(`A resource can have at most ${MAX_TAGS} tags, this would be ${tags.size}.`);
  }
  context.data.put(zones, zone.id, { ...zone, tags: Object.fromEntries(tags) });
  return {};
}

export function listZoneTags(input: ListTagsForResourceRequest, context: CallContext): ListTagsForResourceResponse {
  return { ResourceTagSet: tagSet(taggable(input.ResourceType, input.ResourceId, context)) };
}

export function listTagsForResources(
  input: ListTagsForResourcesRequest,
  context: CallContext,
): ListTagsForResourcesResponse {
  const ids = input.ResourceIds ?? [];
  if (ids.length === 0 || ids.length > MAX_RESOURCES) {
    throw constraintViolation('resourceIds', ids, `Member must have length 1 to ${MAX_RESOURCES}`);
  }
  return { ResourceTagSets: ids.map((id) => tagSet(taggable(input.ResourceType, id, context))) };
}

/** Global resources are listed where their API is: in us-east-1. */
const HOME = 'us-east-1';

export function taggedZones({ data, caller, region }: CallContext): readonly TaggedResource[] {
  if (region !== HOME) return [];
  return [...data.entries(zones)]
    .filter(([, { account }]) => account === caller.account)
    .map(([id, { tags }]) => ({ type: 'route53:hostedzone', arn: zoneArn(id), tags }));
}

function taggable(type: TagResourceType | undefined, id: string | undefined, context: CallContext): StoredZone {
  if (type === 'healthcheck') {
    throw serviceError('NoSuchHealthCheck', `No health check found with ID: ${id}`, { status: 404 });
  }
  if (type !== 'hostedzone') {
    throw constraintViolation('resourceType', type, 'Member must be healthcheck or hostedzone');
  }
  return ownZone(id, context);
}

function tagSet({ id, tags }: StoredZone): ResourceTagSet {
  return { ResourceType: 'hostedzone', ResourceId: id, Tags: listTags(tags) };
}

function checkCount(member: string, count: number): void {
  if (count > MAX_TAGS) throw constraintViolation(member, count, `Member must have length 1 to ${MAX_TAGS}`);
}

function checkTag(key: string, value: string): void {
  if (key === '' || key.length > MAX_TAG_KEY) {
    throw constraintViolation('key', key, `Member must have length 1 to ${MAX_TAG_KEY}`);
  }
  if (value.length > MAX_TAG_VALUE) {
    throw constraintViolation('value', value, `Member must have length less than or equal to ${MAX_TAG_VALUE}`);
  }
  if (isReservedKey(key)) throw invalidInput(`Tag keys that begin with aws: are reserved: ${key}`);
}
