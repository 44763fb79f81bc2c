import type {
  DeleteAlarmsInput,
  DescribeAlarmsInput,
  DescribeAlarmsOutput,
  MetricAlarm,
  PutMetricAlarmInput,
} from '@aws-sdk/client-cloudwatch';
import { serviceError } from '../errors.ts';
import { notEmbedded } from '../not-embedded.ts';
import { pageOf } from '../paging.ts';
import { rowKey } from '../row-key.ts';
import type { CallContext } from '../service.ts';
import { requireTagging } from '../iam/authorize.ts';
import { tagsFrom, withTags } from '../tags.ts';
import { checkAlarmName, readDefinition } from './alarm-definition.ts';
import { alarmArn, alarms, alarmsOf } from './alarm-model.ts';
import type { AlarmState, StoredAlarm } from './alarm-model.ts';
import { listDimensions } from './dimensions.ts';
import { invalidNextToken, validationError } from './errors.ts';
import { note } from './history.ts';

/** API model: AlarmNames, MaxRecords; DescribeAlarms shows 50 by default. */
const MAX_NAMES = 100;
const MAX_PAGE = 100;
const DEFAULT_PAGE = 50;

export const IAM = { actionPrefix: 'cloudwatch', deniedName: 'AccessDenied' } as const;

/** "Its state is left unchanged, but the update completely overwrites the previous configuration"; tags are ignored then. */
export function putMetricAlarm(input: PutMetricAlarmInput, context: CallContext): object {
  const { data, now } = context;
  const name = checkAlarmName(input.AlarmName);
  const definition = readDefinition(input, context.region);
  const place = { account: context.caller.account, region: context.region, name };
  const before = data.get(alarms, rowKey(name, context));
  const tags = before?.tags ?? withTags({}, tagsFrom(input.Tags), validationError);
  if (before === undefined) requireTagging(IAM, alarmArn(place), tags, context);
  const state = before?.state ?? firstState(now);
  data.put(alarms, rowKey(name, context), { ...place, definition, configured: now, state, tags });
  const summary = `Alarm "${name}" ${before === undefined ? 'created' : 'updated'}`;
  const detail = { version: '1.0', type: before === undefined ? 'Create' : 'Update' };
  note(place, { at: now, type: 'ConfigurationUpdate', summary, detail }, data);
  return {};
}

function firstState(now: number): AlarmState {
  return { value: 'INSUFFICIENT_DATA', reason: 'Unchecked: Initial alarm creation', updated: now, transitioned: now };
}

export function describeAlarms(input: DescribeAlarmsInput, context: CallContext): DescribeAlarmsOutput {
  const { AlarmNames: names, AlarmNamePrefix: prefix, MaxRecords: size = DEFAULT_PAGE } = input;
  if (names !== undefined && prefix !== undefined) {
    throw validationError('AlarmNames and AlarmNamePrefix cannot be specified together.');
  }
  checkNames(names);
  if (input.ChildrenOfAlarmName !== undefined || input.ParentsOfAlarmName !== undefined) {
    throw notEmbedded('composite alarms');
  }
  if (size < 1 || size > MAX_PAGE) throw validationError(`MaxRecords must be 1 to ${MAX_PAGE}.`);
  const wanted = input.AlarmTypes?.includes('MetricAlarm') === false ? [] : alarmsOf(context);
  const found = wanted
    .filter(({ name }) => names?.includes(name) ?? name.startsWith(prefix ?? ''))
    .filter(({ state }) => state.value === (input.StateValue ?? state.value))
    .filter((alarm) => input.ActionPrefix === undefined || hasAction(alarm, input.ActionPrefix));
  const { items, next } = pageOf(found, ({ name }) => name, { token: input.NextToken, size }, invalidNextToken);
  return {
    MetricAlarms: items.map(shownAlarm),
    CompositeAlarms: [],
    ...(next !== undefined && { NextToken: next }),
  };
}

function hasAction({ definition }: StoredAlarm, prefix: string): boolean {
  const { OKActions, AlarmActions, InsufficientDataActions } = definition;
  return [...OKActions, ...AlarmActions, ...InsufficientDataActions].some((action) => action.startsWith(prefix));
}

function shownAlarm(alarm: StoredAlarm): MetricAlarm {
  const { dimensions, ...definition } = alarm.definition;
  const { value, reason, reasonData, updated, transitioned } = alarm.state;
  return {
    ...definition,
    AlarmName: alarm.name,
    AlarmArn: alarmArn(alarm),
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.configured),
    Dimensions: listDimensions(dimensions),
    StateValue: value,
    StateReason: reason,
    ...(reasonData !== undefined && { StateReasonData: reasonData }),
    StateUpdatedTimestamp: new Date(updated),
    StateTransitionedTimestamp: new Date(transitioned),
  };
}

/** "If you specify an incorrect alarm name […] no alarms are deleted." */
export function deleteAlarms(input: DeleteAlarmsInput, context: CallContext): object {
  const { data, now } = context;
  const names = input.AlarmNames ?? [];
  checkNames(names);
  const found = names.map((name) => {
    const alarm = data.get(alarms, rowKey(name, context));
    if (alarm === undefined) throw serviceError('ResourceNotFound', `Alarm ${name} does not exist.`, { status: 404 });
    return alarm;
  });
  for (const alarm of found) {
    data.delete(alarms, rowKey(alarm.name, context));
    const summary = `Alarm "${alarm.name}" deleted`;
    note(alarm, { at: now, type: 'ConfigurationUpdate', summary, detail: { version: '1.0', type: 'Delete' } }, data);
  }
  return {};
}

export function checkNames(names: readonly string[] | undefined): void {
  if ((names?.length ?? 0) <= MAX_NAMES) return;
  throw validationError(`AlarmNames must have at most ${MAX_NAMES} members.`);
}
