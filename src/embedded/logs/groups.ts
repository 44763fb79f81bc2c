import type {
  CreateLogGroupRequest,
  DeleteLogGroupRequest,
  DeleteRetentionPolicyRequest,
  DescribeLogGroupsRequest,
  DescribeLogGroupsResponse,
  LogGroup,
  PutRetentionPolicyRequest,
} from '@aws-sdk/client-cloudwatch-logs';
import { notEmbedded } from '../not-embedded.ts';
import { pageOf } from '../paging.ts';
import { rowKey, rowKeyIn } from '../row-key.ts';
import type { CallContext } from '../service.ts';
import { requireTagging } from '../iam/authorize.ts';
import { withTags } from '../tags.ts';
import {
  alreadyExists,
  checkGroupName,
  constraint,
  expiry,
  groupArn,
  groups,
  invalid,
  logEvents,
  ownGroup,
  streams,
} from './model.ts';
import type { StoredGroup } from './model.ts';

/** PutRetentionPolicy, retentionInDays. */
const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
/** DescribeLogGroups, limit. */
const MAX_PAGE = 50;

export const IAM = { actionPrefix: 'logs', deniedName: 'AccessDeniedException' } as const;

export function createLogGroup(input: CreateLogGroupRequest, context: CallContext): object {
  const name = checkGroupName(input.logGroupName);
  if (input.kmsKeyId !== undefined) throw notEmbedded('KMS keys of log groups');
  if (input.deletionProtectionEnabled === true) throw notEmbedded('deletion protection of log groups');
  const logGroupClass = input.logGroupClass ?? 'STANDARD';
  if (logGroupClass !== 'STANDARD') throw notEmbedded(`log groups of the class ${logGroupClass}`);
  const tags = withTags({}, input.tags ?? {}, invalid);
  const group = { account: context.caller.account, region: context.region, name };
  requireTagging(IAM, groupArn(group), tags, context);
  const key = rowKey(name, context);
  if (context.data.get(groups, key) !== undefined) throw alreadyExists('log group');
  context.data.put(groups, key, { ...group, created: context.now, logGroupClass, tags });
  return {};
}

export function deleteLogGroup(input: DeleteLogGroupRequest, context: CallContext): object {
  const { data } = context;
  const key = rowKey(ownGroup(input.logGroupName, context).name, context);
  for (const event of data.keys(logEvents(key))) data.delete(logEvents(key), event);
  for (const stream of data.keys(streams(key))) data.delete(streams(key), stream);
  data.delete(groups, key);
  return {};
}

/** Names in ASCII order, as DescribeLogGroups sorts them. */
export function describeLogGroups(input: DescribeLogGroupsRequest, context: CallContext): DescribeLogGroupsResponse {
  const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern, logGroupIdentifiers, limit = MAX_PAGE } = input;
  if (prefix !== undefined && pattern !== undefined) {
    throw invalid('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.');
  }
  if (logGroupIdentifiers !== undefined || input.includeLinkedAccounts === true) {
    throw notEmbedded('DescribeLogGroups by identifiers and in linked accounts');
  }
  if (limit < 1 || limit > MAX_PAGE) throw constraint('limit', limit, `1 to ${MAX_PAGE}`);
  const own = [...context.data.entries(groups)]
    .map(([, group]) => group)
    .filter(({ account, region }) => account === context.caller.account && region === context.region)
    .filter(({ name }) => name.startsWith(prefix ?? '') && name.includes(pattern ?? ''));
  const refuse = (): Error => invalid('The specified nextToken is invalid.');
  const { items, next } = pageOf(own, ({ name }) => name, { token: input.nextToken, size: limit }, refuse);
  return {
    logGroups: items.map((group) => (pattern === undefined ? shownGroup(group, context) : briefGroup(group))),
    ...(next !== undefined && { nextToken: next }),
  };
}

/** "If you specify logGroupNamePattern, then only arn, creationTime, and logGroupName are included." */
function briefGroup(group: StoredGroup): LogGroup {
  return { logGroupName: group.name, creationTime: group.created, arn: `${groupArn(group)}:*` };
}

function shownGroup(group: StoredGroup, { data, now }: CallContext): LogGroup {
  const oldest = expiry(group, now);
  const table = logEvents(rowKeyIn(group.name, group));
  const kept = [...data.entries(table)].filter(([, { timestamp }]) => timestamp >= oldest);
  return {
    ...briefGroup(group),
    ...(group.retentionInDays !== undefined && { retentionInDays: group.retentionInDays }),
    metricFilterCount: 0,
    logGroupArn: groupArn(group),
    logGroupClass: group.logGroupClass,
    storedBytes: kept.reduce((sum, [, { message }]) => sum + Buffer.byteLength(message), 0),
  };
}

export function putRetentionPolicy(input: PutRetentionPolicyRequest, context: CallContext): object {
  const group = ownGroup(input.logGroupName, context);
  const days = input.retentionInDays ?? 0;
  if (!RETENTIONS.includes(days)) {
    throw constraint('retentionInDays', days, `Member must satisfy enum value set: [${RETENTIONS.join(', ')}]`);
  }
  context.data.put(groups, rowKey(group.name, context), { ...group, retentionInDays: days });
  return {};
}

export function deleteRetentionPolicy(input: DeleteRetentionPolicyRequest, context: CallContext): object {
  const { retentionInDays: _before, ...group } = ownGroup(input.logGroupName, context);
  context.data.put(groups, rowKey(group.name, context), group);
  return {};
}
