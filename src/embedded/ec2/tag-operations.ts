import type {
  CreateTagsRequest,
  DeleteTagsRequest,
  DescribeTagsRequest,
  DescribeTagsResult,
  ResourceType,
  TagDescription,
} from '@aws-sdk/client-ec2';
import { serviceError } from '../errors.ts';
import { rowKey, rowsIn } from '../row-key.ts';
import type { CallContext, TaggedResource } from '../service.ts';
import { isReservedKey, listTags } from '../tags.ts';
import { paged } from './describe.ts';
import { missingParameter } from './errors.ts';
import { openFilters } from './filters.ts';
import type { FilterFields } from './filters.ts';
import { arn, find, missing, need, rowsOf } from './kind.ts';
import type { Known } from './kind.ts';
import { INSTANCE } from './instance-model.ts';
import {
  ADDRESS,
  ENDPOINT,
  INTERNET_GATEWAY,
  NAT_GATEWAY,
  NETWORK_ACL,
  NETWORK_INTERFACE,
  ROUTE_TABLE,
  SECURITY_GROUP,
  SUBNET,
  VPC,
} from './model.ts';
import { addTags, refuseReserved, tagRows } from './tags.ts';
import type { StoredTags } from './tags.ts';

const BY_PREFIX: Readonly<Record<string, Known<unknown>>> = {
  acl: NETWORK_ACL,
  eipalloc: ADDRESS,
  eni: NETWORK_INTERFACE,
  i: INSTANCE,
  igw: INTERNET_GATEWAY,
  nat: NAT_GATEWAY,
  rtb: ROUTE_TABLE,
  sg: SECURITY_GROUP,
  subnet: SUBNET,
  vpc: VPC,
  vpce: ENDPOINT,
};

/** Rules are rows of their groups. */
const RULE_PREFIX = 'sgr';

/** CreateTags, Resources: up to 1000. */
const MAX_RESOURCES = 1000;

const FILTERS: FilterFields<TagDescription> = {
  key: ({ Key }) => Key,
  'resource-id': ({ ResourceId }) => ResourceId,
  'resource-type': ({ ResourceType: type }) => type,
  value: ({ Value }) => Value,
};

/** ARNs of the objects that are tagged, as IAM is asked; what is no id is asked for as it stands, and refused later. */
export function taggedArns(
  { Resources = [] }: { readonly Resources?: readonly string[] | undefined },
  context: CallContext,
): string[] {
  return Resources.map((id) => {
    const type = typeOf(id);
    return type === undefined ? id : arn(type, id, context);
  });
}

function typeOf(id: string): ResourceType | undefined {
  const prefix = prefixOf(id);
  return prefix === RULE_PREFIX ? 'security-group-rule' : BY_PREFIX[prefix]?.resourceType;
}

function prefixOf(id: string): string {
  return id.slice(0, Math.max(0, id.lastIndexOf('-')));
}

export function createTags(input: CreateTagsRequest, context: CallContext): object {
  const tags = input.Tags ?? [];
  if (tags.length === 0) throw missingParameter('Tag');
  for (const { id, type } of resourcesOf(input.Resources, context)) addTags(id, type, tags, context);
  return {};
}

/**
 * Without tags every tag goes but for those of AWS itself; with a value only a tag of this value, with an empty one
 * only an empty tag.
 */
export function deleteTags(input: DeleteTagsRequest, context: CallContext): object {
  refuseReserved(input.Tags ?? []);
  for (const { id, type } of resourcesOf(input.Resources, context)) {
    const before = context.data.get(tagRows, rowKey(id, context))?.tags ?? {};
    const kept = Object.entries(before).filter(
      ([key, value]) =>
        isReservedKey(key) ||
        (input.Tags !== undefined &&
          !input.Tags.some((tag) => tag.Key === key && (tag.Value === undefined || tag.Value === value))),
    );
    context.data.put(tagRows, rowKey(id, context), { id, type, tags: Object.fromEntries(kept) });
  }
  return {};
}

export function describeTags(input: DescribeTagsRequest, context: CallContext): DescribeTagsResult {
  const all = visibleTags(context).flatMap(({ id, type, tags }) =>
    listTags(tags).map((tag): TagDescription => ({ ...tag, ResourceId: id, ResourceType: type })),
  );
  const matches = openFilters(input.Filters, FILTERS);
  const { items, next } = paged(all.filter(matches), { maxResults: input.MaxResults, nextToken: input.NextToken });
  return { Tags: items, ...next };
}

export function taggedObjects(context: CallContext): readonly TaggedResource[] {
  return visibleTags(context).map(({ id, type, tags }) => ({
    type: `ec2:${type}`,
    arn: arn(type, id, context),
    tags,
  }));
}

/** An instance takes its tags along when it can be seen no more. */
function visibleTags(context: CallContext): readonly StoredTags[] {
  return rowsIn(tagRows, context).filter(
    ({ id, type }) => type !== 'instance' || find(INSTANCE, id, context) !== undefined,
  );
}

function resourcesOf(
  ids: readonly string[] | undefined,
  context: CallContext,
): readonly { readonly id: string; readonly type: ResourceType }[] {
  if (ids === undefined || ids.length === 0) throw missingParameter('resourceIdSet');
  if (ids.length > MAX_RESOURCES) {
    throw serviceError('InvalidParameterValue', `At most ${MAX_RESOURCES} resources may be tagged in one request.`);
  }
  return ids.map((id) => {
    if (prefixOf(id) === RULE_PREFIX) return { id: ruleId(id, context), type: 'security-group-rule' };
    const kind = BY_PREFIX[prefixOf(id)];
    if (kind === undefined) throw serviceError('InvalidID', `The ID '${id}' is not valid`);
    need(kind, id, context);
    return { id, type: kind.resourceType };
  });
}

function ruleId(id: string, context: CallContext): string {
  const rules = rowsOf(SECURITY_GROUP, context).flatMap((group) => group.rules);
  if (rules.some(({ SecurityGroupRuleId }) => SecurityGroupRuleId === id)) return id;
  throw missing({ notFound: 'InvalidSecurityGroupRuleId.NotFound', noun: 'security group rule ID' }, id);
}
