import type {
  GetTagsRequest,
  GetTagsResponse,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-apigatewayv2';
import { rowsIn } from '../row-key.ts';
import type { CallContext, TaggedResource } from '../service.ts';
import { withTags, withoutTags } from '../tags.ts';
import type { Tags } from '../tags.ts';
import { readTaggedArn } from './access.ts';
import { badRequest } from './errors.ts';
import { apiKey, apis, childKey, childrenOf, managementArn, needApi, needChild, stages, taggedPath } from './model.ts';

export function getTags(input: GetTagsRequest, context: CallContext): GetTagsResponse {
  return { Tags: { ...findTagged(input.ResourceArn, context).tags } };
}

export function tagResource(input: TagResourceRequest, context: CallContext): object {
  const found = findTagged(input.ResourceArn, context);
  found.put(withTags(found.tags, input.Tags ?? {}, badRequest));
  return {};
}

export function untagResource(input: UntagResourceRequest, context: CallContext): object {
  const found = findTagged(input.ResourceArn, context);
  const gone = input.TagKeys ?? [];
  if (gone.length === 0) throw badRequest('TagKeys is required');
  found.put(withoutTags(found.tags, gone));
  return {};
}

/** APIs and their stages. */
export function taggedApis(context: CallContext): readonly TaggedResource[] {
  const { region, data } = context;
  return rowsIn(apis, context).flatMap((api) => [
    { type: 'apigateway:apis', arn: managementArn(region, taggedPath({ api: api.id })), tags: api.tags },
    ...childrenOf(stages, api, data).map(({ name, tags }) => ({
      type: 'apigateway:apis/stages',
      arn: managementArn(region, taggedPath({ api: api.id, stage: name })),
      tags,
    })),
  ]);
}

/** What carries tags, and how it is given others. */
interface Tagged {
  readonly tags: Tags;
  put(tags: Tags): void;
}

/** @throws BadRequestException for an ARN that names nothing with tags, NotFoundException */
function findTagged(arn: string | undefined, context: CallContext): Tagged {
  const { data } = context;
  const named = readTaggedArn(arn, context.region);
  if (named === undefined) throw badRequest(`Invalid ARN specified in the request: ${arn}`);
  const api = needApi(named.api, context);
  if (named.stage === undefined) {
    return { tags: api.tags, put: (tags) => data.put(apis, apiKey(api), { ...api, tags }) };
  }
  const stage = needChild(stages, 'stage', api, named.stage, data);
  return { tags: stage.tags, put: (tags) => data.put(stages, childKey(api, stage.name), { ...stage, tags }) };
}
