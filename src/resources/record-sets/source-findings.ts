import type { Finding, Unknown } from '../../engine/types.ts';
import { documentOf } from '../../engine/address.ts';
import type { SourceFailure } from './source.ts';

export function unknownSource(failure: SourceFailure): Unknown {
  const detail = failure.hint ? `${failure.message} (${failure.hint})` : failure.message;
  return { state: 'unknown', reason: failure.reachable ? 'failed' : 'unreachable', detail };
}

export function notCompared(address: string, serial: number): Finding {
  return {
    document: documentOf(address),
    code: 'records-not-compared',
    severity: 'info',
    message: `the records were not compared: serial ${serial} has not moved`,
    hint: 'compare them all the same, after an edit of the document or a change by hand: trueup plan --full',
  };
}

export function notReachable(address: string, failure: SourceFailure): Finding {
  return {
    document: documentOf(address),
    code: 'source-not-reachable-yet',
    severity: 'warning',
    message: `the records could not be compared from here: ${failure.message}`,
    hint: 'the mirror function will compare them once it exists: the first apply makes it',
  };
}

export function quotaFinding(address: string, limit: number, peak: number): Finding {
  return {
    document: documentOf(address),
    code: 'zone-quota',
    severity: 'blocks',
    message: `the zone would hold ${peak.toLocaleString('en-US')} record sets at its fullest moment, its quota is ${limit.toLocaleString('en-US')}`,
    hint: 'ask AWS for a higher quota (Service Quotas, Route 53, record sets per hosted zone), or exclude names',
  };
}

/** What the function's records effect could not carry. */
export function truncatedFinding(address: string): Finding {
  return {
    document: documentOf(address),
    code: 'records-truncated',
    severity: 'warning',
    message: 'the function found more changed records than its answer has room for: some are counted and not listed',
  };
}
