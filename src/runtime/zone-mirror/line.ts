import type { Calls } from '../../engine/types.ts';
import { ALARM_METRIC, METRIC_NAMESPACE } from '../../resources/record-sets/function-contract.ts';
import type { MirrorAnswer } from '../../resources/record-sets/function-contract.ts';
import type { Transferred } from '../../resources/record-sets/source.ts';
import type { LogLine, Metric } from '../log-line.ts';
import type { Request } from './event.ts';
import type { Warm } from './warm.ts';

/** What a run cost and brought, collected while it goes on. */
export interface RunFacts {
  readonly request: Request;
  readonly seconds: number;
  readonly transfers: Transferred[];
  /** API calls of this run alone. */
  readonly calls: Calls;
}

/** Findings that a line tells, and characters of each. */
const MAX_FINDINGS = 10;
const MAX_MESSAGE = 500;

/** The run's answer: of a pass, of a look, or of what went wrong. */
type Told = Partial<Omit<MirrorAnswer, 'outcome'>> & { readonly outcome: string };

/** The closed list of what a run tells of itself; never a record's content, never a field of an event. */
export function lineOf(kept: Warm, facts: RunFacts, told: Told): LogLine {
  const { configuration, clock } = kept;
  const { request, seconds, transfers, calls } = facts;
  const { outcome, serial, add, change, remove, unchanged, findings = [] } = told;
  const last = transfers.at(-1);
  const isRefused = outcome === 'refused-event';
  const metrics: readonly Metric[] = isRefused
    ? [{ name: 'RefusedEvents', unit: 'Count', value: 1 }]
    : [
        // Looking moves nothing: only the mirror itself can be blocked.
        ...(request.action === 'mirror' ? [count(ALARM_METRIC, isStuck(told) ? 1 : 0), count('Runs', 1)] : []),
        ...(add === undefined ? [] : [count('Added', add)]),
        ...(change === undefined ? [] : [count('Changed', change)]),
        ...(remove === undefined ? [] : [count('Removed', remove)]),
        ...(last === undefined ? [] : [count('TransferredRecords', last.records)]),
        { name: 'Duration', unit: 'Seconds', value: round(seconds) },
      ];
  return {
    at: clock.now(),
    namespace: METRIC_NAMESPACE,
    document: configuration.address,
    metrics,
    fields: {
      function: configuration.duty,
      action: request.action,
      outcome,
      ...(serial && { serialFrom: serial.from, serialTo: serial.to }),
      ...(unchanged !== undefined && { unchanged }),
      ...(last && { transfer: last.mode, primary: last.primary, messages: last.messages, bytes: last.bytes }),
      ...(last?.ixfrFailed !== undefined && { ixfrFailed: last.ixfrFailed.slice(0, MAX_MESSAGE) }),
      calls,
      findings: findings
        .slice(0, MAX_FINDINGS)
        .map(({ code, severity, message }) => ({ code, severity, message: message.slice(0, MAX_MESSAGE) })),
    },
  };
}

/** Somebody has to look: the mirror does not follow its source. */
export function isStuck({ outcome }: { readonly outcome: string }): boolean {
  return outcome === 'blocked' || outcome === 'failed';
}

function count(name: string, value: number): Metric {
  return { name, unit: 'Count', value };
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
