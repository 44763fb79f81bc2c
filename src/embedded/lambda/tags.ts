import type {
  ListTagsRequest,
  ListTagsResponse,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-lambda';
import { serviceError } from '../errors.ts';
import { rowsIn } from '../row-key.ts';
import type { CallContext, TaggedResource } from '../service.ts';
import { withTags, withoutTags } from '../tags.ts';
import type { Tags } from '../tags.ts';
import { constraintViolation, invalidParameter } from './errors.ts';
import { mappingArn, mappings, ownMapping, putMapping } from './event-sources.ts';
import { ownFunction, placeOfArn } from './function-name.ts';
import { functionArn, functions, putFunction } from './model.ts';
import type { StoredFunction } from './model.ts';

/** Developer Guide, "Using tags on Lambda functions". */
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** A function's tags after some were added or replaced. */
export function withFunctionTags(before: Tags, added: Tags | undefined = {}): Tags {
  const odd = Object.keys(added).find((key) => !ALLOWED.test(`${key}${added[key]}`));
  if (odd !== undefined) throw invalidParameter(`Tag key or value is not valid: ${odd}`);
  return withTags(before, added, invalidParameter);
}

export function listTags(input: ListTagsRequest, context: CallContext): ListTagsResponse {
  return { Tags: { ...taggedOne(input.Resource, context).tags } };
}

export function tagResource(input: TagResourceRequest, context: CallContext): object {
  const found = taggedOne(input.Resource, context);
  found.put(withFunctionTags(found.tags, input.Tags));
  return {};
}

export function untagResource(input: UntagResourceRequest, context: CallContext): object {
  const found = taggedOne(input.Resource, context);
  const gone = input.TagKeys ?? [];
  if (gone.length === 0) throw constraintViolation('tagKeys', '', 'Member must not be null');
  found.put(withoutTags(found.tags, gone));
  return {};
}

export function taggedResources(context: CallContext): readonly TaggedResource[] {
  const ofFunctions = rowsIn(functions, context).map((found) => ({
    type: 'lambda:function',
    arn: functionArn(found),
    tags: found.tags,
  }));
  const ofMappings = rowsIn(mappings, context).map((mapping) => ({
    type: 'lambda:event-source-mapping',
    arn: mappingArn(mapping),
    tags: mapping.tags,
  }));
  return [...ofFunctions, ...ofMappings];
}

/** What carries tags, and how it is given others. */
interface Tagged {
  readonly tags: Tags;
  put(tags: Tags): void;
}

function taggedOne(arn: string | undefined, context: CallContext): Tagged {
  const prefix = mappingArn({ account: context.caller.account, region: context.region, id: '' });
  if (arn?.startsWith(prefix) === true) {
    const mapping = ownMapping(arn.slice(prefix.length), context);
    return { tags: mapping.tags, put: (tags) => putMapping({ ...mapping, tags }, context.data) };
  }
  const found = taggedFunction(arn, context);
  return { tags: found.tags, put: (tags) => putFunction(context.data, { ...found, tags }) };
}

/** Tags are addressed by the function's whole ARN, without a version. */
function taggedFunction(arn: string | undefined, context: CallContext): StoredFunction {
  const place = placeOfArn(arn ?? '');
  if (place === undefined || arn?.endsWith('$LATEST')) {
    throw serviceError('InvalidParameterValueException', `Invalid ARN: ${arn}`, { fields: { Type: 'User' } });
  }
  return ownFunction({ FunctionName: arn }, context);
}
