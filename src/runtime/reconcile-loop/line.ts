import type { Calls } from '../../engine/types.ts';
import type { Told, TellFault } from '../../operations/loop/tell.ts';
import type { LoopAnswer } from '../../operations/loop/types.ts';
import { ALARM_METRIC, METRIC_NAMESPACE } from '../../reconcilers/reconcile-loop/function-contract.ts';
import type { LogLine, Metric } from '../log-line.ts';

export interface RunFacts {
  readonly at: number;
  readonly seconds: number;
  /** Of the function's own credentials; those of the roles that it takes are in the trail. */
  readonly calls: Calls;
}

/** Differences and failures that a line names. */
const NAMED = 20;
/** Ends of a run in which the loop could not do its work. */
const FAILURES: readonly LoopAnswer['outcome'][] = ['partial', 'refused'];

/** The one line of an invocation, with its metrics; those of a run stand in that of its last one. */
export function runLine(answer: LoopAnswer, { at, seconds, calls }: RunFacts, told?: Told): LogLine {
  const { outcome, document, mode, commit, generation, invocation, left, failed, drifted, refusal } = answer;
  const isEnd = outcome !== 'goes-on' && outcome !== 'busy';
  const metrics: readonly Metric[] = [
    count('Invocations', 1),
    ...(outcome === 'busy' ? [count('Busy', 1)] : []),
    ...(answer.keptOut ? [count(ALARM_METRIC, 1)] : []),
    ...(answer.forgot ? [count('Forgotten', 1)] : []),
    ...(isEnd
      ? [
          count(ALARM_METRIC, FAILURES.includes(outcome) ? 1 : 0),
          count('Runs', 1),
          count('Refused', refusal ? 1 : 0),
          count('Documents', answer.documents),
          count('Drifted', answer.differences),
          count('Open', answer.open),
          count('Healed', answer.healed),
          count('Applied', answer.applied),
          count('Left', answer.leftAlone),
          count('Errors', failed.length),
        ]
      : []),
    { name: 'Duration', unit: 'Seconds', value: Math.round(seconds * 1000) / 1000 },
  ];
  return {
    at,
    namespace: METRIC_NAMESPACE,
    document,
    metrics,
    fields: {
      outcome,
      mode,
      invocation,
      ...(commit !== undefined && { commit }),
      ...(generation !== undefined && { generation }),
      ...(refusal && { refusal }),
      ...(answer.forgot && { forgot: true }),
      drifted: drifted.slice(0, NAMED),
      left: left.slice(0, NAMED),
      failed: failed.slice(0, NAMED),
      ...(told?.issue && { issue: told.issue }),
      ...(told && told.faults.length > 0 && { untold: told.faults.map(({ to }) => to) }),
      calls,
    },
  };
}

/** Somebody was not told what a run came to, which changes nothing of it: a line of its own, before that of the run. */
export function untoldLine(document: string, { to, message }: TellFault): LogLine['fields'] {
  return { level: 'warning', document, untold: to, message };
}

/** An event that asks for nothing that there is: counted, and nothing is done. */
export function refusedEventLine(document: string, why: string, at: number): LogLine {
  return {
    at,
    namespace: METRIC_NAMESPACE,
    document,
    metrics: [count('RefusedEvents', 1)],
    fields: { outcome: 'refused-event', why },
  };
}

/** A run that an error ended. */
export function brokenLine(document: string, message: string, { at, seconds, calls }: RunFacts): LogLine {
  return {
    at,
    namespace: METRIC_NAMESPACE,
    document,
    metrics: [
      count('Invocations', 1),
      count(ALARM_METRIC, 1),
      count('Runs', 1),
      { name: 'Duration', unit: 'Seconds', value: Math.round(seconds * 1000) / 1000 },
    ],
    fields: { outcome: 'failed', error: message, calls },
  };
}

function count(name: string, value: number): Metric {
  return { name, unit: 'Count', value };
}
