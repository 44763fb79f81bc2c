import type { PutMetricAlarmInput, StateValue, Statistic } from '@aws-sdk/client-cloudwatch';
import { rowKey } from '../row-key.ts';
import type { CallContext, ConditionKeys } from '../service.ts';
import { table } from '../store/database.ts';
import { resourceTagKeys } from '../tags.ts';
import type { Tags } from '../tags.ts';

/** What an alarm watches and how, as PutMetricAlarm gave it with AWS's defaults filled in. */
export interface AlarmDefinition extends Omit<PutMetricAlarmInput, 'AlarmName' | 'Tags' | 'Dimensions'> {
  readonly ActionsEnabled: boolean;
  readonly OKActions: string[];
  readonly AlarmActions: string[];
  readonly InsufficientDataActions: string[];
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Statistic: Statistic;
  /** By name. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly Period: number;
  readonly EvaluationPeriods: number;
  readonly Threshold: number;
  readonly ComparisonOperator: SimpleOperator;
}

/** Operators of alarms with a static threshold. */
export type SimpleOperator =
  | 'GreaterThanOrEqualToThreshold'
  | 'GreaterThanThreshold'
  | 'LessThanThreshold'
  | 'LessThanOrEqualToThreshold';

export interface AlarmState {
  readonly value: StateValue;
  readonly reason: string;
  /** JSON. */
  readonly reasonData?: string;
  /** Milliseconds since the epoch, as is `transitioned`. */
  readonly updated: number;
  readonly transitioned: number;
}

export interface StoredAlarm {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly definition: AlarmDefinition;
  /** When the definition was last written, milliseconds since the epoch. */
  readonly configured: number;
  readonly state: AlarmState;
  readonly tags: Tags;
}

export const alarms = table<StoredAlarm>('cloudwatch/alarms');

export function alarmArn(alarm: Pick<StoredAlarm, 'account' | 'region' | 'name'>): string {
  return `arn:aws:cloudwatch:${alarm.region}:${alarm.account}:alarm:${alarm.name}`;
}

export function ownAlarmArn(name: string, { caller, region }: CallContext): string {
  return alarmArn({ account: caller.account, region, name });
}

export function alarmTagKeys(name: string | undefined, context: CallContext): ConditionKeys {
  return resourceTagKeys(context.data.get(alarms, rowKey(name ?? '', context))?.tags);
}

export function alarmsOf({ data, caller, region }: CallContext): readonly StoredAlarm[] {
  return [...data.entries(alarms)]
    .map(([, alarm]) => alarm)
    .filter((alarm) => alarm.account === caller.account && alarm.region === region);
}
