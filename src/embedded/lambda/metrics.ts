import { judgeBeforeLate } from '../cloudwatch/clockwork.ts';
import { recordMetric } from '../cloudwatch/metrics.ts';
import type { MetricName, MetricPoint } from '../cloudwatch/metrics.ts';
import type { Host } from '../host.ts';
import type { Transaction } from '../store/database.ts';
import type { FunctionPlace } from './model.ts';

/** How an invocation ended that ran, or would have run but for the concurrency. */
export type Outcome =
  | {
      readonly kind: 'ran';
      readonly isError: boolean;
      /** Milliseconds. */
      readonly duration: number;
      /** Of an asynchronous one: milliseconds from the moment when it was taken. */
      readonly age?: number;
    }
  | { readonly kind: 'throttled' };

type Value = Pick<MetricPoint, 'name' | 'unit'> & { readonly value: number };

/**
 * What Lambda itself tells CloudWatch of an invocation, whoever made it and with no call (Developer Guide, "Types of
 * metrics for Lambda functions"): 0 or 1 of each, each try of an asynchronous event by itself. A throttled one counts
 * neither as an invocation nor as an error. The console's success rate, 100 − 100 × Errors ÷ Invocations, takes the
 * zeros of what went well.
 */
function valuesOf(outcome: Outcome): readonly Value[] {
  if (outcome.kind === 'throttled') return [{ name: 'Throttles', unit: 'Count', value: 1 }];
  return [
    { name: 'Invocations', unit: 'Count', value: 1 },
    { name: 'Errors', unit: 'Count', value: outcome.isError ? 1 : 0 },
    { name: 'Throttles', unit: 'Count', value: 0 },
    { name: 'Duration', unit: 'Milliseconds', value: outcome.duration },
    ...(outcome.age === undefined
      ? []
      : [{ name: 'AsyncEventAge', unit: 'Milliseconds', value: outcome.age } as const]),
  ];
}

/**
 * Publishes the metrics of an invocation that has ended. "The timestamp on an error metric reflects when the function was
 * invoked, not when the error occurred": what ran for minutes comes that late, and alarms were judged without it.
 *
 * @param began milliseconds since the epoch
 */
export function publishMetrics(
  host: Pick<Host, 'change'>,
  { account, region, name: FunctionName }: FunctionPlace,
  began: number,
  outcome: Outcome,
): void {
  host.change((data, now) => {
    for (const { value, unit, name } of valuesOf(outcome)) {
      const metric: MetricName = { account, region, namespace: 'AWS/Lambda', name, dimensions: { FunctionName } };
      judgeBeforeLate(metric, began, now, data);
      recordMetric({ ...metric, unit, values: [value], timestamp: began }, { account, region, now, data });
    }
  });
}

/** What Lambda tells of events that no invocation ends: those that were dropped, or could not be sent on. */
export type EventMetric = 'AsyncEventsDropped' | 'DestinationDeliveryFailures' | 'DeadLetterErrors';

export function countEvent(
  name: EventMetric,
  { account, region, name: FunctionName }: FunctionPlace,
  data: Transaction,
  now: number,
): void {
  const metric = { namespace: 'AWS/Lambda', name, dimensions: { FunctionName }, unit: 'Count', values: [1] } as const;
  recordMetric({ ...metric, timestamp: now }, { account, region, now, data });
}
