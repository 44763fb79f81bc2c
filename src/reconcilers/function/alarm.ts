import { documentAddress } from '../../engine/address.ts';
import type { Desired, Document, Estate, Late, Place } from '../../engine/types.ts';
import { tagList } from '../../resources/marker.ts';
import { nameOf } from './names.ts';

const ALARM = 'Alarm';

/** A run that was blocked or failed shows within a minute of it. */
const PERIOD_SECONDS = 60;

/** What an alarm of a document's function watches: unless it says otherwise, a metric that is 0 or 1 of every run. */
export interface AlarmRequest {
  readonly document: Document;
  readonly estate: Estate;
  readonly place: Place;
  readonly namespace: string;
  readonly metric: string;
  readonly description: string;
  /** Logical id; default: `Alarm`. */
  readonly id?: string;
  /** Default: by the document. */
  readonly dimensions?: Late<Readonly<Record<string, string>>>;
  /** Default: `Maximum`. */
  readonly statistic?: 'Maximum' | 'Sum';
  /** How many minutes data may come behind its time stamp; default: it comes with it. */
  readonly minutesLate?: number;
  /** It goes off from here on. Default: 1. */
  readonly threshold?: number;
  /** `notBreaching`: without data all is well. Default: `ignore`, the state stays. */
  readonly missing?: 'ignore' | 'notBreaching';
}

/** Between two runs there is no news: the state stays what the last run made it. */
export function alarmResource(request: AlarmRequest): Desired {
  const { document, estate, place, namespace, metric, description, id = ALARM, statistic = 'Maximum' } = request;
  const { dimensions = { Document: documentAddress(document) }, minutesLate = 0 } = request;
  const { threshold = 1, missing = 'ignore' } = request;
  const topics = estate.alarmTopic === undefined ? [] : [estate.alarmTopic];
  return {
    id,
    type: 'AWS::CloudWatch::Alarm',
    place,
    properties: {
      AlarmName: nameOf(document, estate, id),
      AlarmDescription: description,
      Namespace: namespace,
      MetricName: metric,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      Statistic: statistic,
      Period: PERIOD_SECONDS,
      EvaluationPeriods: 1 + minutesLate,
      ...(minutesLate > 0 && { DatapointsToAlarm: 1 }),
      Threshold: threshold,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: missing,
      ActionsEnabled: true,
      AlarmActions: topics,
      OKActions: topics,
      Tags: tagList(estate.tags),
    },
  };
}
