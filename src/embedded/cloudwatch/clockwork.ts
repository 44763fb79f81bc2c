import { rowKeyIn } from '../row-key.ts';
import type { Clockwork } from '../service.ts';
import { table } from '../store/database.ts';
import type { Transaction } from '../store/database.ts';
import { alarms } from './alarm-model.ts';
import type { AlarmState, StoredAlarm } from './alarm-model.ts';
import { reasonFor } from './alarm-reason.ts';
import { statisticOf } from './data.ts';
import { dropOldHistory, noteTransition } from './history.ts';
import { evaluationRange, judge } from './judge.ts';
import type { Reading } from './judge.ts';
import { MINUTE_MS, ageMetrics, aggregate, metricKey, nextMinute } from './metrics.ts';
import type { MetricName } from './metrics.ts';

/** Up to which minute all alarms were judged and, by an alarm's key, one that was judged further. */
const judgedUntil = table<number>('cloudwatch/judged');
const ALL = 'minute';

/** CloudWatch user guide: an alarm is evaluated every minute; one that looks back for more than a day, every hour. */
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Nothing falls due; each alarm is judged for every minute that has passed since it was judged last. */
export const clockwork: Clockwork = {
  due: () => undefined,
  strike: () => [],
  settle(now, data) {
    const minute = minuteOf(now);
    if (minute === data.get(judgedUntil, ALL)) return;
    for (const [key, alarm] of data.entries(alarms)) {
      judgeAlarm(alarm, judgedOf(key, alarm, data), minute, data);
      data.delete(judgedUntil, key);
    }
    data.put(judgedUntil, ALL, minute);
    ageMetrics(now, data);
    dropOldHistory(now, data);
  },
};

/**
 * To be called before data of an earlier minute comes in: alarms on its metric were judged since then, and without it.
 *
 * @param timestamp of the data
 */
export function judgeBeforeLate(metric: MetricName, timestamp: number, now: number, data: Transaction): void {
  const minute = minuteOf(now);
  if (minuteOf(timestamp) === minute) return;
  const wanted = metricKey(metric);
  for (const [key, alarm] of data.entries(alarms)) {
    if (metricOf(alarm) !== wanted) continue;
    judgeAlarm(alarm, judgedOf(key, alarm, data), minute, data);
    data.put(judgedUntil, key, minute);
  }
}

function minuteOf(moment: number): number {
  return Math.floor(moment / MINUTE_MS) * MINUTE_MS;
}

/** Up to which minute an alarm was judged as it is now. */
function judgedOf(key: string, { configured }: StoredAlarm, data: Transaction): number {
  return Math.max(data.get(judgedUntil, ALL) ?? 0, data.get(judgedUntil, key) ?? 0, minuteOf(configured));
}

/** Minute by minute; stretches without any data are passed over once they are judged. */
function judgeAlarm(alarm: StoredAlarm, from: number, until: number, data: Transaction): void {
  const { definition } = alarm;
  const metric = metricOf(alarm);
  const values = readerOf(alarm, metric, data);
  const span = evaluationRange(definition) * definition.Period * 1000;
  const step = definition.EvaluationPeriods * definition.Period * 1000 > DAY_MS ? HOUR_MS : MINUTE_MS;
  let current = alarm;
  for (let at = Math.floor(from / step) * step + step; at <= until;) {
    current = judgeAt(current, values, at, data);
    const next = nextMinute(metric, at - span, data);
    if (next === undefined) break;
    at = next < at ? at + step : Math.max(at, Math.floor(next / step) * step) + step;
  }
  if (current !== alarm) data.put(alarms, rowKeyIn(alarm.name, alarm), current);
}

function metricOf({ account, region, definition }: StoredAlarm): string {
  const { Namespace, MetricName, dimensions } = definition;
  return metricKey({ account, region, namespace: Namespace, name: MetricName, dimensions });
}

/** The statistic over the period that begins at a moment. */
type Reader = (from: number) => number | undefined;

/** Looks at each period once: while minutes pass, the same periods move through the evaluation range. */
function readerOf({ definition }: StoredAlarm, metric: string, data: Transaction): Reader {
  const known = new Map<number, number | undefined>();
  return (from) => {
    if (known.has(from)) return known.get(from);
    const set = aggregate(metric, [from, from + definition.Period * 1000], definition.Unit, data);
    const value = set === undefined ? undefined : statisticOf(set, definition.Statistic);
    known.set(from, value);
    return value;
  };
}

function judgeAt(alarm: StoredAlarm, valueFrom: Reader, at: number, data: Transaction): StoredAlarm {
  const { definition, state } = alarm;
  const period = definition.Period * 1000;
  const readings = Array.from({ length: evaluationRange(definition) }, (_, index): Reading => {
    const from = at - (index + 1) * period;
    return { at: from, value: valueFrom(from) };
  });
  const value = judge(definition, readings);
  if (value === undefined || value === state.value) return alarm;
  const changed: AlarmState = {
    value,
    reason: reasonFor(value, definition, readings),
    reasonData: JSON.stringify(reasonData(alarm, readings, at)),
    updated: at,
    transitioned: at,
  };
  noteTransition({ ...alarm, state: changed }, state, data);
  return { ...alarm, state: changed };
}

function reasonData({ definition }: StoredAlarm, readings: readonly Reading[], at: number): object {
  return {
    version: '1.0',
    queryDate: new Date(at).toISOString(),
    statistic: definition.Statistic,
    period: definition.Period,
    recentDatapoints: readings.flatMap((reading) => reading.value ?? []).toReversed(),
    threshold: definition.Threshold,
  };
}
