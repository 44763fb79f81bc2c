import type { Calls } from '../../engine/types.ts';
import { ALARM_METRIC, METRIC_NAMESPACE } from '../../resources/scheduled-instances/function-contract.ts';
import type { RunAnswer } from '../../resources/scheduled-instances/function-contract.ts';
import type { LogLine, Metric } from '../log-line.ts';
import type { Acted, SkipReason } from './acting.ts';
import type { Obstacle } from '../../resources/scheduled-instances/judge.ts';
import { faultText } from './error-tags.ts';
import type { Judged } from './survey.ts';

/** Places and refusals that a line names. */
const NAMED = 20;
const MAX_MESSAGE = 500;

/** Metrics by the reason for which an instance was skipped; states have one together. */
const SKIP_METRICS: Readonly<Record<Obstacle | SkipReason, string>> = {
  'member of an Auto Scaling group': 'SkippedAutoScaling',
  'instance store: it can only be terminated': 'SkippedInstanceStore',
  'spot instance of a one-time request: it can only be terminated': 'SkippedSpot',
  'protected against stops': 'SkippedProtected',
  'not supported by EC2 for this instance': 'SkippedUnsupported',
  'its state has changed': 'SkippedStateChanged',
};
const STATE_METRIC = 'SkippedState';

/** What one instance leaves in the log: who, what was decided, why, and what came of it. */
export function instanceFields(judged: Judged | Acted): Readonly<Record<string, unknown>> {
  const { place, instance, decision } = judged;
  const outcome = 'outcome' in judged ? judged.outcome : undefined;
  return {
    instance: instance.id,
    type: instance.type,
    ...place,
    state: instance.state,
    decision: decision.action,
    reason: decision.reason,
    ...(decision.fault && { fault: faultText(decision.fault) }),
    ...(judged.missed && { missed: judged.missed }),
    ...(outcome && { outcome: outcome.state }),
    ...(outcome?.state === 'skipped' && { why: outcome.reason }),
    ...(outcome?.state === 'refused' && { error: outcome.error.slice(0, MAX_MESSAGE) }),
  };
}

export interface RunFacts {
  readonly at: number;
  readonly seconds: number;
  readonly calls: Calls;
  /** Hours that instances stand still until the next run because their schedule says so. */
  readonly hoursSaved: number;
  readonly skew?: number;
}

/** The one line of a run, with its metrics. */
export function runLine(answer: RunAnswer, { at, seconds, calls, hoursSaved, skew }: RunFacts): LogLine {
  const { outcome, document, instances, started, stopped, due, skipped, malformed, missed, refused, unreachable } =
    answer;
  const isRun = outcome !== 'looked' && outcome !== 'refused-event';
  const metrics: readonly Metric[] = [
    ...(outcome === 'refused-event' ? [count('RefusedEvents', 1)] : []),
    ...(isRun
      ? [
          count(ALARM_METRIC, outcome === 'done' ? 0 : 1),
          count('Runs', 1),
          count('Instances', instances),
          count('Started', started),
          count('Stopped', stopped),
          count('Malformed', malformed),
          count('Missed', missed),
          count('Refused', refused.length),
          count('Unreachable', unreachable.length),
          ...skipMetrics(skipped),
          { name: 'HoursSaved', unit: 'None', value: hoursSaved } as const,
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
      due,
      skipped,
      calls,
      refused: refused.slice(0, NAMED),
      unreachable: unreachable.slice(0, NAMED),
      ...(answer.why !== undefined && { why: answer.why }),
      ...(skew !== undefined && { clockSkewSeconds: Math.round(skew / 1000) }),
    },
  };
}

function skipMetrics(skipped: RunAnswer['skipped']): readonly Metric[] {
  const sums = new Map<string, number>([['Skipped', 0]]);
  const add = (name: string, value: number): void => void sums.set(name, (sums.get(name) ?? 0) + value);
  for (const [reason, value] of Object.entries(skipped)) {
    add('Skipped', value);
    add((SKIP_METRICS as Readonly<Record<string, string>>)[reason] ?? STATE_METRIC, value);
  }
  return [...sums].map(([name, value]) => count(name, value));
}

function count(name: string, value: number): Metric {
  return { name, unit: 'Count', value };
}
