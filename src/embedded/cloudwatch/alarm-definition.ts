import type { PutMetricAlarmInput, Statistic } from '@aws-sdk/client-cloudwatch';
import { notEmbedded } from '../not-embedded.ts';
import type { AlarmDefinition, SimpleOperator } from './alarm-model.ts';
import { readDimensions } from './dimensions.ts';
import { validationError } from './errors.ts';
import { isUnit } from './units.ts';

/** API model: AlarmName, AlarmDescription, Namespace and MetricName, ResourceList. */
const MAX_NAME = 255;
const MAX_DESCRIPTION = 1024;
const MAX_ACTIONS = 5;
/** PutMetricAlarm, Period: for periods of less than an hour a day in all, else a week. */
const HOUR_SECONDS = 3600;
const MAX_SECONDS = 86_400;
const MAX_SECONDS_OF_LONG_PERIODS = 604_800;

const STATISTICS: readonly string[] = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] satisfies Statistic[];
const OPERATORS: readonly string[] = [
  'GreaterThanOrEqualToThreshold',
  'GreaterThanThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
] satisfies SimpleOperator[];
const TOPIC_REGION = /^arn:aws:sns:([^:]*):/;
const MISSING_DATA = ['breaching', 'notBreaching', 'ignore', 'missing'];

/** Parameters of alarms on expressions, percentiles, anomaly bands and queries. */
const NOT_EMBEDDED = [
  'ActionConfiguration',
  'EvaluateLowSampleCountPercentile',
  'EvaluationCriteria',
  'EvaluationInterval',
  'EvaluationWindow',
  'ExtendedStatistic',
  'Metrics',
  'ThresholdMetricId',
  'WarmUpConfiguration',
] as const satisfies (keyof PutMetricAlarmInput)[];

/** @throws ValidationError */
export function checkAlarmName(name: string | undefined): string {
  if (name !== undefined && name !== '' && name.length <= MAX_NAME && !/\p{Cc}/u.test(name)) return name;
  throw validationError(`The parameter AlarmName must have 1 to ${MAX_NAME} characters and no control character.`);
}

/**
 * @param region that of the alarm
 * @throws ValidationError, NotEmbedded
 */
export function readDefinition(input: PutMetricAlarmInput, region: string): AlarmDefinition {
  const foreign = NOT_EMBEDDED.find((field) => input[field] !== undefined);
  if (foreign !== undefined) throw notEmbedded(`alarms with ${foreign}`);
  const { AlarmName: _name, Tags: _tags, Dimensions, ...rest } = input;
  if ((input.AlarmDescription ?? '').length > MAX_DESCRIPTION) {
    throw validationError(`The parameter AlarmDescription must have at most ${MAX_DESCRIPTION} characters.`);
  }
  if (input.Unit !== undefined && !isUnit(input.Unit))
    throw validationError('The parameter Unit is not a unit of CloudWatch.');
  if (input.TreatMissingData !== undefined && !MISSING_DATA.includes(input.TreatMissingData)) {
    throw validationError(`The parameter TreatMissingData must be one of ${MISSING_DATA.join(', ')}.`);
  }
  return {
    ...rest,
    ActionsEnabled: input.ActionsEnabled ?? true,
    OKActions: actionsOf(input.OKActions, region),
    AlarmActions: actionsOf(input.AlarmActions, region),
    InsufficientDataActions: actionsOf(input.InsufficientDataActions, region),
    Namespace: textOf(input.Namespace, 'Namespace'),
    MetricName: textOf(input.MetricName, 'MetricName'),
    Statistic: oneOf(input.Statistic, STATISTICS, 'Statistic') as Statistic,
    ComparisonOperator: oneOf(input.ComparisonOperator, OPERATORS, 'ComparisonOperator') as SimpleOperator,
    dimensions: readDimensions(Dimensions),
    ...readPeriods(input),
    Threshold: numberOf(input.Threshold, 'Threshold'),
  };
}

function readPeriods(input: PutMetricAlarmInput): Pick<AlarmDefinition, 'Period' | 'EvaluationPeriods'> {
  const period = numberOf(input.Period, 'Period');
  if ([10, 20, 30].includes(period)) throw notEmbedded('alarms on metrics of high resolution');
  if (period < 60 || period % 60 !== 0) {
    throw validationError('The parameter Period must be 10, 20, 30 or a multiple of 60.');
  }
  const periods = numberOf(input.EvaluationPeriods, 'EvaluationPeriods');
  if (periods < 1) throw validationError('The parameter EvaluationPeriods must be at least 1.');
  const limit = period < HOUR_SECONDS ? MAX_SECONDS : MAX_SECONDS_OF_LONG_PERIODS;
  if (period * periods > limit) {
    throw validationError(`Metrics cannot be checked across more than ${limit} seconds (EvaluationPeriods * Period).`);
  }
  const { DatapointsToAlarm: datapoints } = input;
  if (datapoints !== undefined && (datapoints < 1 || datapoints > periods)) {
    throw validationError('The parameter DatapointsToAlarm must be from 1 to EvaluationPeriods.');
  }
  return { Period: period, EvaluationPeriods: periods };
}

/** Topics must exist nowhere, but be of the alarm's region. */
function actionsOf(actions: readonly string[] | undefined, region: string): string[] {
  if ((actions?.length ?? 0) > MAX_ACTIONS) throw validationError(`At most ${MAX_ACTIONS} actions for one state.`);
  const bad = actions?.find((action) => !action.startsWith('arn:'));
  if (bad !== undefined) throw validationError(`Invalid arn syntax: ${bad}`);
  const elsewhere = actions
    ?.map((action) => TOPIC_REGION.exec(action)?.[1])
    .find((of) => of !== undefined && of !== region);
  if (elsewhere !== undefined)
    throw validationError(`Invalid region ${elsewhere} specified. Only ${region} is supported.`);
  return [...(actions ?? [])];
}

function numberOf(value: number | undefined, name: string): number {
  if (value !== undefined && Number.isFinite(value)) return value;
  throw validationError(`The parameter ${name} is required.`);
}

function textOf(value: string | undefined, name: string): string {
  if (value !== undefined && value !== '' && value.length <= MAX_NAME) return value;
  throw validationError(`The parameter ${name} must have 1 to ${MAX_NAME} characters.`);
}

function oneOf(value: string | undefined, allowed: readonly string[], name: string): string {
  if (value !== undefined && allowed.includes(value)) return value;
  throw validationError(`The parameter ${name} must be one of ${allowed.join(', ')}.`);
}
