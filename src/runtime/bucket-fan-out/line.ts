import type { Calls } from '../../engine/types.ts';
import { countsOfNone, METRIC_NAMESPACE, WAITING_METRIC } from '../../reconcilers/bucket-fan-out/function-contract.ts';
import type { FanOutCounts } from '../../reconcilers/bucket-fan-out/function-contract.ts';
import type { LogLine, Metric } from '../log-line.ts';
import type { Done } from './do-work.ts';

type CountName = Exclude<keyof FanOutCounts, 'bytes' | 'incomplete' | 'tagged'>;

/** By which count, and which metric, each end goes. */
const ENDS: Readonly<Record<Done['is'], readonly [CountName, string]>> = {
  copied: ['copied', 'Copied'],
  deleted: ['deleted', 'Deleted'],
  superseded: ['superseded', 'Superseded'],
  kept: ['kept', 'Kept'],
  skipped: ['skipped', 'LoopsSkipped'],
  duplicate: ['duplicates', 'Duplicates'],
  continues: ['elsewhere', 'Continued'],
  busy: ['elsewhere', 'Busy'],
  collision: ['collisions', 'Collisions'],
  archived: ['archived', 'Archived'],
  'customer-key': ['customerKeys', 'CustomerKeys'],
  ignored: ['ignored', 'Ignored'],
  unmappable: ['unmappable', 'Unmappable'],
  refused: ['refused', 'RefusedEvents'],
  failed: ['failed', 'Failed'],
};

export function countDone(all: readonly Done[]): FanOutCounts {
  const counts: Record<keyof FanOutCounts, number> = { ...countsOfNone() };
  for (const done of all) {
    counts[ENDS[done.is][0]] += 1;
    if (done.is !== 'copied') continue;
    counts.bytes += done.size;
    if (done.isTagged) counts.tagged += 1;
    if (done.isIncomplete) counts.incomplete += 1;
  }
  return counts;
}

/** Of an item, for whoever waits for it. */
export function reasonOf(done: Done): string | undefined {
  if (done.is === 'collision') return `${done.with} has its place`;
  if (done.is === 'archived') return 'it is archived: it is copied once it is restored';
  if (done.is === 'customer-key') return 'it is encrypted under a key that only its owner has (SSE-C)';
  if (done.is === 'copied' && done.isIncomplete) return 'S3 does not tell all of its metadata: the rest is lost';
  return 'why' in done ? done.why : undefined;
}

/** The line of one record, with its metrics. A refused record says nothing of itself. */
export function recordLine(document: string, done: Done, at: number): LogLine {
  const metrics: Metric[] = [count(ENDS[done.is][1], 1)];
  if (done.is === 'copied') {
    metrics.push(count('CopiedBytes', done.size), { name: 'Lag', unit: 'Seconds', value: lagOf(done.at, at) });
    if (done.isTagged) metrics.push(count('Tagged', 1));
    if (done.isIncomplete) metrics.push(count('Incomplete', 1));
  }
  if (done.is === 'continues' && done.at !== undefined) {
    metrics.push({ name: WAITING_METRIC, unit: 'Seconds', value: lagOf(done.at, at) });
  }
  const why = reasonOf(done);
  return {
    at,
    namespace: METRIC_NAMESPACE,
    document,
    metrics,
    fields: {
      outcome: done.is === 'refused' ? 'refused-event' : done.is,
      ...(done.key !== undefined && { key: done.key }),
      ...(why !== undefined && { why }),
    },
  };
}

export interface RunFacts {
  readonly at: number;
  readonly seconds: number;
  readonly calls: Calls;
}

/** The line of an invocation. */
export function runLine(document: string, counts: FanOutCounts, { at, seconds, calls }: RunFacts): LogLine {
  return {
    at,
    namespace: METRIC_NAMESPACE,
    document,
    metrics: [count('Invocations', 1), { name: 'Duration', unit: 'Seconds', value: Math.round(seconds * 1000) / 1000 }],
    fields: { counts, calls },
  };
}

/** Seconds since the object came to be. */
function lagOf(from: number, to: number): number {
  return Math.max(0, Math.round(to - from)) / 1000;
}

function count(name: string, value: number): Metric {
  return { name, unit: 'Count', value };
}
