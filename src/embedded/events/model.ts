import type { RuleState, Target } from '@aws-sdk/client-eventbridge';
import { serviceError } from '../errors.ts';
import { rowKey } from '../row-key.ts';
import { resourceTagKeys } from '../tags.ts';
import type { Tags } from '../tags.ts';
import type { CallContext, ConditionKeys } from '../service.ts';
import { table } from '../store/database.ts';

export interface StoredRule {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly description?: string;
  readonly scheduleExpression: string;
  readonly state: RuleState;
  readonly roleArn?: string;
  /** When it was made, enabled or given its schedule: rates run from there. Milliseconds since the epoch. */
  readonly anchor: number;
  /** By Id. */
  readonly targets: Readonly<Record<string, Target>>;
  readonly tags: Tags;
}

export const rules = table<StoredRule>('events/rules');

/** API model: RuleName and TargetId. */
export const NAME = /^[.\-_A-Za-z0-9]{1,64}$/;

const DEFAULT_BUS = 'default';
/** API model: LimitMax100. */
const MAX_PAGE = 100;

export function ruleArn(rule: { readonly account: string; readonly region: string; readonly name: string }): string {
  return `arn:aws:events:${rule.region}:${rule.account}:rule/${rule.name}`;
}

/** The ARN of a rule of the caller's own, whether it exists or not. */
export function ownRuleArn(name: string | undefined, { caller, region }: CallContext): string {
  return ruleArn({ account: caller.account, region, name: name ?? '' });
}

/** Condition keys of calls about a rule (Service Authorization Reference, EventBridge). */
export function ruleConditions(name: string | undefined, context: CallContext): ConditionKeys {
  const rule = context.data.get(rules, rowKey(name ?? '', context));
  if (rule === undefined) return {};
  return { 'events:creatorAccount': rule.account, ...resourceTagKeys(rule.tags) };
}

/** @throws ResourceNotFoundException for any event bus but the account's default one, ValidationException for a bad name. */
export function checkRuleName(name: string | undefined, bus: string | undefined, context: CallContext): string {
  checkBus(bus, context);
  if (!NAME.test(name ?? '')) throw constraint('name', name, `[\\.\\-_A-Za-z0-9]+ with 1 to 64 characters`);
  return name ?? '';
}

export function checkBus(bus: string | undefined, { caller, region }: CallContext): void {
  const arn = `arn:aws:events:${region}:${caller.account}:event-bus/${DEFAULT_BUS}`;
  if (bus === undefined || bus === DEFAULT_BUS || bus === arn) return;
  throw serviceError('ResourceNotFoundException', `Event bus ${bus} does not exist.`);
}

/** @throws ResourceNotFoundException */
export function ownRule(name: string | undefined, bus: string | undefined, context: CallContext): StoredRule {
  const checked = checkRuleName(name, bus, context);
  const rule = context.data.get(rules, rowKey(checked, context));
  if (rule !== undefined) return rule;
  throw serviceError('ResourceNotFoundException', `Rule ${checked} does not exist on EventBus ${DEFAULT_BUS}.`);
}

export function rulesOf({ data, caller, region }: CallContext): readonly StoredRule[] {
  return [...data.entries(rules)]
    .map(([, rule]) => rule)
    .filter((rule) => rule.account === caller.account && rule.region === region);
}

export function pageSize(limit: number | undefined): number {
  if (limit !== undefined && (limit < 1 || limit > MAX_PAGE)) throw constraint('limit', limit, `1 to ${MAX_PAGE}`);
  return limit ?? MAX_PAGE;
}

export function limitExceeded(): Error {
  return serviceError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
}

export function validation(message: string): Error {
  return serviceError('ValidationException', message);
}

export function invalidToken(): Error {
  return validation('Parameter nextToken is not valid.');
}

/** A value outside the API model, in the words of AWS's request validator. */
export function constraint(member: string, value: unknown, rule: string): Error {
  return validation(
    `1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: ${rule}`,
  );
}
