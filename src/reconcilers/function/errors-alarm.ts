import type { Desired } from '../../engine/types.ts';
import { alarmResource } from './alarm.ts';
import type { AlarmRequest } from './alarm.ts';
import { nameOf } from './names.ts';

const ERRORS_ALARM = 'ErrorsAlarm';

/**
 * Lambda's longest time-out, and two minutes until its metrics are in CloudWatch. "The timestamp on an error metric
 * reflects when the function was invoked, not when the error occurred" (Developer Guide, "Types of metrics for Lambda
 * functions"): an alarm on the last minute alone would not see that a function timed out.
 */
const MINUTES_LATE = 15 + 2;

export interface ErrorsAlarmRequest extends Pick<AlarmRequest, 'document' | 'estate' | 'place' | 'description' | 'id'> {
  /** Logical id of the function. */
  readonly functionId: string;
}

/**
 * Goes off when an invocation ended in an error, be it one that wrote no line: Lambda counts what threw, timed out, ran
 * out of memory or did not start, and nothing that was throttled. It is over when one has ended well and the failed one is out of sight.
 */
export function errorsAlarm({ functionId, ...request }: ErrorsAlarmRequest): Desired {
  return alarmResource({
    id: ERRORS_ALARM,
    ...request,
    namespace: 'AWS/Lambda',
    metric: 'Errors',
    dimensions: { FunctionName: nameOf(request.document, request.estate, functionId) },
    statistic: 'Sum',
    minutesLate: MINUTES_LATE,
  });
}
