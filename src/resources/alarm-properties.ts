import type {
  ComparisonOperator,
  Dimension,
  MetricAlarm,
  PutMetricAlarmInput,
  Statistic,
} from '@aws-sdk/client-cloudwatch';
import { inDeclaredOrder } from './tagged.ts';
import type { TaggedProperties } from './tagged.ts';

/** CloudFormation's properties of AWS::CloudWatch::Alarm, for alarms on one metric. */
export interface AlarmProperties extends TaggedProperties {
  readonly AlarmName: string;
  readonly AlarmDescription?: string;
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly [Key in keyof Required<Dimension>]: string }[];
  readonly Statistic: Statistic;
  /** Seconds. */
  readonly Period: number;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly Threshold: number;
  readonly ComparisonOperator: ComparisonOperator;
  readonly TreatMissingData?: string;
  /** False: the alarm tells nobody. */
  readonly ActionsEnabled?: boolean;
  readonly AlarmActions?: readonly string[];
  readonly OKActions?: readonly string[];
}

/** The managed properties of an alarm as it is; lists whose order means nothing stand in the declared order. */
export function alarmProperties(declared: AlarmProperties, alarm: MetricAlarm): Partial<AlarmProperties> {
  const dimensions = (alarm.Dimensions ?? []).map(({ Name = '', Value = '' }) => ({ Name, Value }));
  const found = {
    AlarmName: alarm.AlarmName,
    AlarmDescription: alarm.AlarmDescription,
    Namespace: alarm.Namespace,
    MetricName: alarm.MetricName,
    Dimensions: inDeclaredOrder(declared.Dimensions, dimensions, ({ Name }) => Name),
    Statistic: alarm.Statistic,
    Period: alarm.Period,
    EvaluationPeriods: alarm.EvaluationPeriods,
    DatapointsToAlarm: alarm.DatapointsToAlarm,
    Threshold: alarm.Threshold,
    ComparisonOperator: alarm.ComparisonOperator,
    TreatMissingData: alarm.TreatMissingData,
    ActionsEnabled: alarm.ActionsEnabled,
    AlarmActions: inDeclaredOrder(declared.AlarmActions, alarm.AlarmActions ?? [], String),
    OKActions: inDeclaredOrder(declared.OKActions, alarm.OKActions ?? [], String),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/**
 * What PutMetricAlarm must be given: it "completely overwrites the previous configuration", so that what is not managed
 * is written back as it is. What would watch something else than the one metric cannot stand beside it and goes.
 */
export function alarmInput(properties: AlarmProperties, before: MetricAlarm): PutMetricAlarmInput {
  const { Tags: _tags, Dimensions, AlarmActions, OKActions, ...rest } = properties;
  return {
    AlarmDescription: before.AlarmDescription,
    ActionsEnabled: before.ActionsEnabled,
    InsufficientDataActions: before.InsufficientDataActions,
    Unit: before.Unit,
    DatapointsToAlarm: before.DatapointsToAlarm,
    TreatMissingData: before.TreatMissingData,
    EvaluationWindow: before.EvaluationWindow,
    WarmUpConfiguration: before.WarmUpConfiguration,
    ActionConfiguration: before.ActionConfiguration,
    ...rest,
    Dimensions: Dimensions?.map((dimension) => ({ ...dimension })) ?? before.Dimensions,
    AlarmActions: AlarmActions === undefined ? before.AlarmActions : [...AlarmActions],
    OKActions: OKActions === undefined ? before.OKActions : [...OKActions],
  };
}
