import type { ServiceAnswer } from '../../survival/service/answer.ts';
import type { LogLine, Metric } from '../log-line.ts';
import type { Configuration } from './configuration.ts';

const NAMESPACE = 'trueup/survival';

export interface RequestFacts extends Pick<ServiceAnswer, 'status' | 'facts'> {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Of the invocation: Lambda's own, which no caller chooses. */
  readonly requestId: string;
}

/** The one line of a request: sizes, times and counts, and no word of what was sent (threats T117, T150). */
export function requestLine({ document }: Configuration, { at, requestId, status, facts }: RequestFacts): LogLine {
  const { octets, read, format, encoding, n, m, parseMs, fitMs, statuses, fault } = facts;
  const isAnswered = status === 200;
  return {
    at,
    namespace: NAMESPACE,
    document,
    metrics: [
      count('Requests', 1),
      count('Refused', !isAnswered && status < 500 ? 1 : 0),
      count('Failed', status >= 500 ? 1 : 0),
      count('Rows', isAnswered ? (m ?? 0) : 0),
      ...seconds('ParseSeconds', parseMs),
      ...seconds('FitSeconds', fitMs),
    ],
    fields: {
      outcome: isAnswered ? 'answered' : status < 500 ? 'refused' : 'failed',
      requestId,
      status,
      format,
      encoding,
      octets,
      ...(read !== undefined && { read }),
      ...(n !== undefined && { n }),
      ...(m !== undefined && { m }),
      ...(statuses && { statuses }),
      ...(fault !== undefined && { fault }),
    },
  };
}

function count(name: string, value: number): Metric {
  return { name, unit: 'Count', value };
}

function seconds(name: string, milliseconds: number | undefined): readonly Metric[] {
  if (milliseconds === undefined) return [];
  return [{ name, unit: 'Seconds', value: Math.round(milliseconds * 1000) / 1e6 }];
}
