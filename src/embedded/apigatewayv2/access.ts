import { requireTagging } from '../iam/authorize.ts';
import type { Access, CallContext, ConditionKeys } from '../service.ts';
import { requestTagKeys, resourceTagKeys } from '../tags.ts';
import type { Tags } from '../tags.ts';
import { rowKey, rowKeyIn } from '../row-key.ts';
import { IAM, apis, managementArn, stages, taggedPath } from './model.ts';
import type { StoredApi, TaggedName } from './model.ts';

/** IAM's actions of API Gateway are the verbs of HTTP (Service Authorization Reference, "Amazon API Gateway Management V2"). */
type Verb = 'GET' | 'POST' | 'PATCH' | 'DELETE';

interface Named {
  readonly ApiId?: string | undefined;
}

/** One verb on one path, with the condition keys of the API where there is one. */
export function verb<Input extends object>(
  name: Verb,
  path: (input: Input) => string,
  keys: (input: Input, context: CallContext) => ConditionKeys = () => ({}),
): Access<Input> {
  return {
    action: `${IAM.actionPrefix}:${name}`,
    resource: (input, { region }) => managementArn(region, path(input)),
    conditions: (input, context) => ({ ...apiKeys(input, context), ...keys(input, context) }),
  };
}

export function ownApi(id: string | undefined, context: CallContext): StoredApi | undefined {
  return context.data.get(apis, rowKey(id ?? '', context));
}

function apiKeys(input: Named, context: CallContext): ConditionKeys {
  const api = ownApi(input.ApiId, context);
  return api === undefined ? {} : { 'apigateway:Resource/ApiName': api.name };
}

export function apiTagKeys({ ApiId }: Named, context: CallContext): ConditionKeys {
  return resourceTagKeys(ownApi(ApiId, context)?.tags);
}

export function stageTagKeys(
  { ApiId, StageName }: Named & { readonly StageName: string | undefined },
  context: CallContext,
): ConditionKeys {
  return resourceTagKeys(context.data.get(stages, rowKey(`${ApiId}/${StageName}`, context))?.tags);
}

/**
 * Tags are a resource of their own, whose path is the ARN of what carries them with `/v2` before its path, as a
 * component of a URL. API Gateway does not know the ids of what is being made: a `*` stands for them.
 */
export function tagsArn(region: string, name: TaggedName): string {
  const tagged = managementArn(region, `/v2${taggedPath(name)}`);
  return managementArn(region, `/tags/${encodeURIComponent(tagged)}`);
}

/** What is made with tags needs the right to put them there, too. @throws AccessDeniedException */
export function demandTagging(name: TaggedName, tags: Tags | undefined, context: CallContext): void {
  requireTagging({ ...IAM, tagAction: 'POST' }, tagsArn(context.region, name), tags ?? {}, context);
}

const TAGGED = /^arn:aws:apigateway:([a-z0-9-]+)::\/(?:v2\/)?apis\/([a-z0-9]+)(?:\/stages\/([\w$-]+))?$/;

/** What an ARN names in the call's region; undefined: nothing that has tags. */
export function readTaggedArn(arn: string | undefined, region: string): TaggedName | undefined {
  const [, place, api, stage] = TAGGED.exec(arn ?? '') ?? [];
  if (api === undefined || place !== region) return undefined;
  return stage === undefined ? { api } : { api, stage };
}

interface NamedByArn {
  readonly ResourceArn: string | undefined;
}

/** @param keys of the tags that a request writes or takes away. */
export function tagVerb<Input extends NamedByArn>(
  name: Verb,
  keys: (input: Input) => Tags | readonly string[] = () => [],
): Access<Input> {
  return {
    action: `${IAM.actionPrefix}:${name}`,
    resource: ({ ResourceArn }, { region }) => {
      const tagged = readTaggedArn(ResourceArn, region);
      return tagged === undefined
        ? managementArn(region, `/tags/${encodeURIComponent(ResourceArn ?? '')}`)
        : tagsArn(region, tagged);
    },
    conditions: (input, context) => {
      const tagged = readTaggedArn(input.ResourceArn, context.region);
      return { ...resourceTagKeys(tagged && tagsOf(tagged, context)), ...requestTagKeys(keys(input)) };
    },
  };
}

function tagsOf({ api: id, stage }: TaggedName, context: CallContext): Tags | undefined {
  const api = ownApi(id, context);
  if (api === undefined || stage === undefined) return api?.tags;
  return context.data.get(stages, rowKeyIn(`${id}/${stage}`, api))?.tags;
}
