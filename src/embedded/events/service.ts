import type {
  PutRuleRequest,
  PutTargetsRequest,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-eventbridge';
import { read, write } from '../service.ts';
import type { Access, Service } from '../service.ts';
import { requestTagKeys, tagsFrom } from '../tags.ts';
import { throttling } from '../throttling.ts';
import { clockwork } from './clockwork.ts';
import { ownRuleArn, ruleConditions } from './model.ts';
import { IAM, deleteRule, describeRule, disableRule, enableRule, listRules, putRule } from './rules.ts';
import { listRuleTags, nameInArn, tagRule, taggedRules, untagRule } from './tags.ts';
import { listRuleNamesByTarget, listTargetsByRule, putTargets, removeTargets } from './targets.ts';

const BY_NAME: Access<{ readonly Name: string | undefined }> = {
  resource: ({ Name }, context) => ownRuleArn(Name, context),
  conditions: ({ Name }, context) => ruleConditions(Name, context),
};

const BY_RULE: Access<{ readonly Rule: string | undefined }> = {
  resource: ({ Rule }, context) => ownRuleArn(Rule, context),
  conditions: ({ Rule }, context) => ruleConditions(Rule, context),
};

const BY_ARN: Access<{ readonly ResourceARN: string | undefined }> = {
  resource: ({ ResourceARN }) => ResourceARN ?? '*',
  conditions: ({ ResourceARN }, context) => ruleConditions(nameInArn(ResourceARN, context), context),
};

/** Scheduled rules on the default event bus, as EventBridge's API reference and user guide describe them. */
export const events: Service = {
  ...IAM,
  eventSource: 'events.amazonaws.com',
  secretFields: [],
  throttled: throttling,
  operations: {
    DeleteRule: write(deleteRule, BY_NAME),
    DescribeRule: read(describeRule, BY_NAME),
    DisableRule: write(disableRule, BY_NAME),
    EnableRule: write(enableRule, BY_NAME),
    ListRuleNamesByTarget: read(listRuleNamesByTarget),
    ListRules: read(listRules),
    ListTagsForResource: read(listRuleTags, BY_ARN),
    ListTargetsByRule: read(listTargetsByRule, BY_RULE),
    PutRule: write(putRule, {
      ...BY_NAME,
      conditions: ({ Name, Tags }: PutRuleRequest, context) => ({
        ...ruleConditions(Name, context),
        ...requestTagKeys(tagsFrom(Tags)),
      }),
    }),
    PutTargets: write(putTargets, {
      ...BY_RULE,
      conditions: ({ Rule, Targets }: PutTargetsRequest, context) => ({
        ...ruleConditions(Rule, context),
        'events:TargetArn': (Targets ?? []).flatMap(({ Arn }) => Arn ?? []),
      }),
    }),
    RemoveTargets: write(removeTargets, BY_RULE),
    TagResource: write(tagRule, {
      ...BY_ARN,
      conditions: ({ ResourceARN, Tags }: TagResourceRequest, context) => ({
        ...ruleConditions(nameInArn(ResourceARN, context), context),
        ...requestTagKeys(tagsFrom(Tags)),
      }),
    }),
    UntagResource: write(untagRule, {
      ...BY_ARN,
      conditions: ({ ResourceARN, TagKeys }: UntagResourceRequest, context) => ({
        ...ruleConditions(nameInArn(ResourceARN, context), context),
        ...requestTagKeys(TagKeys ?? []),
      }),
    }),
  },
  clockwork,
  tagged: taggedRules,
};
