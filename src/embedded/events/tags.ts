import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-eventbridge';
import { serviceError } from '../errors.ts';
import { rowKey } from '../row-key.ts';
import type { CallContext, TaggedResource } from '../service.ts';
import { listTags, tagsFrom, withTags, withoutTags } from '../tags.ts';
import { ownRuleArn, ruleArn, rules, rulesOf, validation } from './model.ts';
import type { StoredRule } from './model.ts';

export function listRuleTags(input: ListTagsForResourceRequest, context: CallContext): ListTagsForResourceResponse {
  return { Tags: listTags(taggedRule(input.ResourceARN, context).tags) };
}

export function tagRule(input: TagResourceRequest, context: CallContext): object {
  const rule = taggedRule(input.ResourceARN, context);
  const tags = withTags(rule.tags, tagsFrom(input.Tags), validation);
  context.data.put(rules, rowKey(rule.name, context), { ...rule, tags });
  return {};
}

export function untagRule(input: UntagResourceRequest, context: CallContext): object {
  const rule = taggedRule(input.ResourceARN, context);
  context.data.put(rules, rowKey(rule.name, context), { ...rule, tags: withoutTags(rule.tags, input.TagKeys ?? []) });
  return {};
}

export function taggedRules(context: CallContext): readonly TaggedResource[] {
  return rulesOf(context).map((rule) => ({ type: 'events:rule', arn: ruleArn(rule), tags: rule.tags }));
}

/** The name in the ARN of a rule of the default event bus; undefined: another ARN. */
export function nameInArn(arn: string | undefined, context: CallContext): string | undefined {
  const prefix = ownRuleArn('', context);
  return arn?.startsWith(prefix) === true ? arn.slice(prefix.length) : undefined;
}

function taggedRule(arn: string | undefined, context: CallContext): StoredRule {
  const name = nameInArn(arn, context);
  const rule = name === undefined ? undefined : context.data.get(rules, rowKey(name, context));
  if (rule !== undefined) return rule;
  throw serviceError('ResourceNotFoundException', `Resource ${arn} does not exist.`);
}
