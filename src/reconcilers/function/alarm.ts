import { documentAddress } from '../../engine/address.ts';
import type { Desired, Document, Estate, Place } from '../../engine/types.ts';
import { tagList } from '../../resources/marker.ts';
import { nameOf } from './names.ts';

const ALARM = 'Alarm';

/** A run that was blocked or failed shows within a minute of it. */
const PERIOD_SECONDS = 60;

/** What the alarm of a document's function watches: a metric that every run leaves, 0 or 1. */
export interface AlarmRequest {
  readonly document: Document;
  readonly estate: Estate;
  readonly place: Place;
  readonly namespace: string;
  readonly metric: string;
  readonly description: string;
}

/** Between two runs there is no news: the state stays what the last run made it. */
export function alarmResource({ document, estate, place, namespace, metric, description }: AlarmRequest): Desired {
  const topics = estate.alarmTopic === undefined ? [] : [estate.alarmTopic];
  return {
    id: ALARM,
    type: 'AWS::CloudWatch::Alarm',
    place,
    properties: {
      AlarmName: nameOf(document, estate, ALARM),
      AlarmDescription: description,
      Namespace: namespace,
      MetricName: metric,
      Dimensions: [{ Name: 'Document', Value: documentAddress(document) }],
      Statistic: 'Maximum',
      Period: PERIOD_SECONDS,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'ignore',
      ActionsEnabled: true,
      AlarmActions: topics,
      OKActions: topics,
      Tags: tagList(estate.tags),
    },
  };
}
