import type {
  AlarmHistoryItem,
  DescribeAlarmHistoryInput,
  DescribeAlarmHistoryOutput,
  HistoryItemType,
} from '@aws-sdk/client-cloudwatch';
import { notEmbedded } from '../not-embedded.ts';
import { pageOf } from '../paging.ts';
import type { CallContext } from '../service.ts';
import { table } from '../store/database.ts';
import type { Transaction } from '../store/database.ts';
import type { AlarmState, StoredAlarm } from './alarm-model.ts';
import { invalidNextToken, validationError } from './errors.ts';

interface StoredItem {
  readonly account: string;
  readonly region: string;
  readonly alarm: string;
  readonly at: number;
  readonly type: HistoryItemType;
  readonly summary: string;
  /** JSON. */
  readonly detail: string;
}

/** Keys in the order of time. */
const items = table<StoredItem>('cloudwatch/history');

/** DescribeAlarmHistory: kept for 30 days, also when the alarm is deleted. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;
/** API model: MaxRecords. */
const MAX_PAGE = 100;
const TIME_DIGITS = 13;
const NUMBER_DIGITS = 12;

type Subject = Pick<StoredAlarm, 'account' | 'region' | 'name'>;

export function note(
  { account, region, name }: Subject,
  item: Pick<StoredItem, 'at' | 'type' | 'summary'> & { readonly detail: object },
  data: Transaction,
): void {
  const number = String(data.next('cloudwatch/history')).padStart(NUMBER_DIGITS, '0');
  const key = `${String(item.at).padStart(TIME_DIGITS, '0')} ${number}`;
  data.put(items, key, { ...item, account, region, alarm: name, detail: JSON.stringify(item.detail) });
}

/** A change of state, and the actions that it calls for. */
export function noteTransition(alarm: StoredAlarm, before: AlarmState, data: Transaction): void {
  const { state, definition } = alarm;
  note(
    alarm,
    {
      at: state.updated,
      type: 'StateUpdate',
      summary: `Alarm updated from ${before.value} to ${state.value}`,
      detail: {
        version: '1.0',
        oldState: { stateValue: before.value, stateReason: before.reason },
        newState: { stateValue: state.value, stateReason: state.reason },
      },
    },
    data,
  );
  if (!definition.ActionsEnabled) return;
  const actions = {
    ALARM: definition.AlarmActions,
    OK: definition.OKActions,
    INSUFFICIENT_DATA: definition.InsufficientDataActions,
  }[state.value];
  for (const action of actions) {
    const error = 'The embedded account delivers no notifications.';
    const summary = `Failed to execute action ${action}. Received error: "${error}"`;
    note(alarm, { at: state.updated, type: 'Action', summary, detail: { actionState: 'Failed', action, error } }, data);
  }
}

export function dropOldHistory(now: number, data: Transaction): void {
  const oldest = String(Math.max(0, now - KEPT_MS)).padStart(TIME_DIGITS, '0');
  for (const key of data.keys(items)) {
    if (key >= oldest) return;
    data.delete(items, key);
  }
}

export function describeAlarmHistory(
  input: DescribeAlarmHistoryInput,
  { data, caller, region }: CallContext,
): DescribeAlarmHistoryOutput {
  const { AlarmName: name, HistoryItemType: type, MaxRecords: size = MAX_PAGE, ScanBy } = input;
  if (input.AlarmContributorId !== undefined) throw notEmbedded('contributors of alarms');
  if (size < 1 || size > MAX_PAGE) throw validationError(`MaxRecords must be 1 to ${MAX_PAGE}.`);
  const own = [...data.entries(items)]
    .map(([, item]) => item)
    .filter((item) => item.account === caller.account && item.region === region)
    .filter((item) => item.alarm === (name ?? item.alarm) && item.type === (type ?? item.type))
    .filter(({ at }) => at >= (input.StartDate?.getTime() ?? at) && at <= (input.EndDate?.getTime() ?? at));
  const ordered = ScanBy === 'TimestampAscending' ? own : own.toReversed();
  const placed = ordered.map((item, index) => ({ item, place: String(index).padStart(NUMBER_DIGITS, '0') }));
  const page = pageOf(placed, ({ place }) => place, { token: input.NextToken, size }, invalidNextToken);
  return {
    AlarmHistoryItems: page.items.map(({ item }) => shownItem(item)),
    ...(page.next !== undefined && { NextToken: page.next }),
  };
}

function shownItem({ alarm, at, type, summary, detail }: StoredItem): AlarmHistoryItem {
  return {
    AlarmName: alarm,
    AlarmType: 'MetricAlarm',
    Timestamp: new Date(at),
    HistoryItemType: type,
    HistorySummary: summary,
    HistoryData: detail,
  };
}
