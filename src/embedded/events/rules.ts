import type {
  DeleteRuleRequest,
  DescribeRuleRequest,
  DescribeRuleResponse,
  DisableRuleRequest,
  EnableRuleRequest,
  ListRulesRequest,
  ListRulesResponse,
  PutRuleRequest,
  PutRuleResponse,
  Rule,
  RuleState,
} from '@aws-sdk/client-eventbridge';
import { parseSchedule } from '../../schedule/aws-expression.ts';
import { notEmbedded } from '../not-embedded.ts';
import { pageOf } from '../paging.ts';
import { rowKey } from '../row-key.ts';
import type { CallContext } from '../service.ts';
import { requireTagging } from '../iam/authorize.ts';
import { quotasOf } from '../quotas.ts';
import { tagsFrom, withTags } from '../tags.ts';
import {
  checkBus,
  checkRuleName,
  constraint,
  invalidToken,
  limitExceeded,
  ownRule,
  pageSize,
  ruleArn,
  rules,
  rulesOf,
  validation,
} from './model.ts';
import type { StoredRule } from './model.ts';

/** API model: RuleDescription. */
const MAX_DESCRIPTION = 512;
const STATES: readonly string[] = [
  'ENABLED',
  'DISABLED',
  'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
] satisfies RuleState[];

export const IAM = { actionPrefix: 'events', deniedName: 'AccessDeniedException' } as const;

/** "If you are updating an existing rule, the rule is replaced"; its targets and tags stay. */
export function putRule(input: PutRuleRequest, context: CallContext): PutRuleResponse {
  const name = checkRuleName(input.Name, input.EventBusName, context);
  if (input.EventPattern !== undefined) throw notEmbedded('rules with an EventPattern');
  if (input.ScheduleExpression === undefined || input.ScheduleExpression === '') {
    throw validation('Parameter(s) EventPattern or ScheduleExpression must be specified.');
  }
  checkSchedule(input.ScheduleExpression);
  if ((input.Description ?? '').length > MAX_DESCRIPTION) {
    throw constraint('description', input.Description, `at most ${MAX_DESCRIPTION} characters`);
  }
  const state = input.State ?? 'ENABLED';
  if (!STATES.includes(state)) throw constraint('state', state, `one of ${STATES.join(', ')}`);
  const place = { account: context.caller.account, region: context.region, name };
  const before = context.data.get(rules, rowKey(name, context));
  const tags = before === undefined ? withTags({}, tagsFrom(input.Tags), validation) : before.tags;
  if (before === undefined) {
    requireTagging(IAM, ruleArn(place), tags, context);
    if (rulesOf(context).length >= quotasOf(context.data, place.account).rules) throw limitExceeded();
  }
  const rule: StoredRule = {
    ...place,
    ...(input.Description !== undefined && { description: input.Description }),
    ...(input.RoleArn !== undefined && { roleArn: input.RoleArn }),
    scheduleExpression: input.ScheduleExpression,
    state,
    anchor: context.now,
    targets: before?.targets ?? {},
    tags,
  };
  const goesOn = before?.scheduleExpression === rule.scheduleExpression && isEnabled(before) === isEnabled(rule);
  context.data.put(rules, rowKey(name, context), goesOn ? { ...rule, anchor: before.anchor } : rule);
  return { RuleArn: ruleArn(place) };
}

function checkSchedule(expression: string): void {
  try {
    parseSchedule(expression);
  } catch {
    throw validation('Parameter ScheduleExpression is not valid.');
  }
}

export function isEnabled({ state }: Pick<StoredRule, 'state'>): boolean {
  return state !== 'DISABLED';
}

export function describeRule(input: DescribeRuleRequest, context: CallContext): DescribeRuleResponse {
  const rule = ownRule(input.Name, input.EventBusName, context);
  return { ...shownRule(rule), CreatedBy: rule.account };
}

function shownRule(rule: StoredRule): Rule {
  return {
    Name: rule.name,
    Arn: ruleArn(rule),
    ScheduleExpression: rule.scheduleExpression,
    State: rule.state,
    ...(rule.description !== undefined && { Description: rule.description }),
    ...(rule.roleArn !== undefined && { RoleArn: rule.roleArn }),
    EventBusName: 'default',
  };
}

export function listRules(input: ListRulesRequest, context: CallContext): ListRulesResponse {
  checkBus(input.EventBusName, context);
  const named = rulesOf(context).filter(({ name }) => name.startsWith(input.NamePrefix ?? ''));
  const request = { token: input.NextToken, size: pageSize(input.Limit) };
  const { items, next } = pageOf(named, ({ name }) => name, request, invalidToken);
  return { Rules: items.map(shownRule), ...(next !== undefined && { NextToken: next }) };
}

/** Deleting what is not there is no error; a rule with targets stays. */
export function deleteRule(input: DeleteRuleRequest, context: CallContext): object {
  const name = checkRuleName(input.Name, input.EventBusName, context);
  const rule = context.data.get(rules, rowKey(name, context));
  if (rule === undefined) return {};
  if (Object.keys(rule.targets).length > 0) throw validation("Rule can't be deleted since it has targets.");
  context.data.delete(rules, rowKey(name, context));
  return {};
}

export function enableRule(input: EnableRuleRequest, context: CallContext): object {
  const rule = ownRule(input.Name, input.EventBusName, context);
  if (isEnabled(rule)) return {};
  context.data.put(rules, rowKey(rule.name, context), { ...rule, state: 'ENABLED', anchor: context.now });
  return {};
}

export function disableRule(input: DisableRuleRequest, context: CallContext): object {
  const rule = ownRule(input.Name, input.EventBusName, context);
  context.data.put(rules, rowKey(rule.name, context), { ...rule, state: 'DISABLED' });
  return {};
}
