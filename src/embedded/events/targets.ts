import type {
  ListRuleNamesByTargetRequest,
  ListRuleNamesByTargetResponse,
  ListTargetsByRuleRequest,
  ListTargetsByRuleResponse,
  PutTargetsRequest,
  PutTargetsResponse,
  RemoveTargetsRequest,
  RemoveTargetsResponse,
  Target,
} from '@aws-sdk/client-eventbridge';
import { notEmbedded } from '../not-embedded.ts';
import { pageOf } from '../paging.ts';
import { rowKey } from '../row-key.ts';
import type { CallContext } from '../service.ts';
import {
  NAME,
  checkBus,
  constraint,
  invalidToken,
  limitExceeded,
  ownRule,
  pageSize,
  rules,
  rulesOf,
  validation,
} from './model.ts';

/** EventBridge quotas, "Targets per rule". */
const MAX_TARGETS = 5;
/** API model: TargetList, TargetIdList. */
const MAX_ENTRIES = 100;
/** API model: TargetInput. */
const MAX_INPUT = 8192;

const FUNCTION_ARN = /^arn:aws:lambda:[a-z0-9-]+:\d{12}:function:[\w-]{1,64}(?::[\w$-]+)?$/;
/** What a target may say here; anything else belongs to services that are not embedded. */
const FIELDS: readonly string[] = ['Id', 'Arn', 'Input', 'RetryPolicy', 'DeadLetterConfig'] satisfies (keyof Target)[];

/** "This action can partially fail if too many requests are made at the same time": here they never are. */
export function putTargets(input: PutTargetsRequest, context: CallContext): PutTargetsResponse {
  const rule = ownRule(input.Rule, input.EventBusName, context);
  const added = input.Targets ?? [];
  checkCount('targets', added.length);
  for (const target of added) checkTarget(target);
  const targets = { ...rule.targets, ...Object.fromEntries(added.map((target) => [target.Id ?? '', target])) };
  if (Object.keys(targets).length > MAX_TARGETS) {
    throw limitExceeded();
  }
  context.data.put(rules, rowKey(rule.name, context), { ...rule, targets });
  return { FailedEntryCount: 0, FailedEntries: [] };
}

function checkTarget(target: Target): void {
  if (!NAME.test(target.Id ?? '')) throw constraint('targets.member.id', target.Id, '[\\.\\-_A-Za-z0-9]+, 1 to 64');
  const foreign = Object.entries(target).find(([field, value]) => value !== undefined && !FIELDS.includes(field));
  if (foreign !== undefined) throw notEmbedded(`${foreign[0]} in a rule's target`);
  const arn = target.Arn ?? '';
  if (!arn.startsWith('arn:')) {
    throw validation(`Parameter ${arn} is not valid. Reason: Provided Arn is not in correct format.`);
  }
  if (!FUNCTION_ARN.test(arn)) throw notEmbedded(`targets of rules other than functions (${arn})`);
  if (target.Input !== undefined) checkInput(target.Input, target.Id);
}

function checkInput(input: string, id: string | undefined): void {
  if (input.length > MAX_INPUT) throw constraint('targets.member.input', id, `at most ${MAX_INPUT} characters`);
  try {
    JSON.parse(input);
  } catch {
    throw validation(`JSON syntax error in input for target ${id}.`);
  }
}

function checkCount(member: string, count: number): void {
  if (count < 1 || count > MAX_ENTRIES) throw constraint(member, count, `1 to ${MAX_ENTRIES} members`);
}

export function listTargetsByRule(input: ListTargetsByRuleRequest, context: CallContext): ListTargetsByRuleResponse {
  const rule = ownRule(input.Rule, input.EventBusName, context);
  const request = { token: input.NextToken, size: pageSize(input.Limit) };
  const { items, next } = pageOf(Object.values(rule.targets), ({ Id }) => Id ?? '', request, invalidToken);
  return { Targets: [...items], ...(next !== undefined && { NextToken: next }) };
}

export function removeTargets(input: RemoveTargetsRequest, context: CallContext): RemoveTargetsResponse {
  const rule = ownRule(input.Rule, input.EventBusName, context);
  const ids = input.Ids ?? [];
  checkCount('ids', ids.length);
  const targets = Object.fromEntries(Object.entries(rule.targets).filter(([id]) => !ids.includes(id)));
  context.data.put(rules, rowKey(rule.name, context), { ...rule, targets });
  return { FailedEntryCount: 0, FailedEntries: [] };
}

export function listRuleNamesByTarget(
  input: ListRuleNamesByTargetRequest,
  context: CallContext,
): ListRuleNamesByTargetResponse {
  checkBus(input.EventBusName, context);
  const names = rulesOf(context)
    .filter(({ targets }) => Object.values(targets).some(({ Arn }) => Arn === input.TargetArn))
    .map(({ name }) => name);
  const request = { token: input.NextToken, size: pageSize(input.Limit) };
  const { items, next } = pageOf(names, (name) => name, request, invalidToken);
  return { RuleNames: [...items], ...(next !== undefined && { NextToken: next }) };
}
