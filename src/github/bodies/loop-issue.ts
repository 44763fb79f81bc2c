import { hash } from '../../engine/value.ts';
import { plural } from '../../report/format.ts';
import { openDifferences, unseenCount, waitingCount } from '../../report/loop-found.ts';
import type { LoopFound, LoopLeft } from '../../report/loop-found.ts';
import { markerLine } from '../marker.ts';
import type { DriftMarker } from '../marker.ts';
import { isPartial, loopHeadline, loopPage } from './loop-page.ts';
import type { IssueDifference, LoopPageFacts } from './loop-page.ts';
import { timeText } from './page.ts';
import { BODY_LIMIT, sizeOf } from './room.ts';

/** What a run of a loop found, with who it was apart: people are shown otherwise where anybody can read it. */
export interface LoopIssueFound extends LoopFound {
  readonly drifted: readonly IssueDifference[];
}

export interface LoopIssueFacts extends LoopPageFacts {
  /** Of this loop alone. */
  readonly scope: string;
}

export interface LoopIssue {
  readonly title: string;
  readonly body: string;
  readonly marker: DriftMarker;
}

/** The drift issue that a loop keeps. What differs decides the body, but for the time of a run that was not complete. */
export function loopIssue(found: LoopIssueFound, facts: LoopIssueFacts): LoopIssue {
  const marker = {
    v: 1,
    scope: facts.scope,
    documents: new Set(openDifferences(found).map(({ document }) => document)).size,
    objects: found.open,
    fingerprint: loopFingerprint(found),
  } as const;
  const line = `${markerLine('drift', marker)}\n`;
  return { title: loopHeadline(found), body: line + loopPage(found, facts, BODY_LIMIT - sizeOf(line)), marker };
}

/** Reopens it. How many documents the objects are of is said where all of them are named. */
export function loopReturnedComment(found: LoopFound, { at }: Pick<LoopIssueFacts, 'at'>): string {
  const named = openDifferences(found);
  const documents = new Set(named.map(({ document }) => document)).size;
  const left = waitingCount(found);
  const parts = [
    ...(found.open > 0 && named.length === found.open ? [plural(documents, 'document')] : []),
    ...(found.open > 0 ? [plural(found.open, 'object')] : []),
    ...(left > 0 ? [`${plural(left, 'document')} left alone`] : []),
  ];
  return `Drifted again: ${parts.join(', ')}. ${timeText(at)}\n`;
}

/**
 * SHA-256 over what a run left: the same as long as the same things differ. Not in it are figures of the run, what it
 * undid, and what failures say (errors of AWS carry request ids).
 */
function loopFingerprint(found: LoopIssueFound): string {
  return hash({
    document: found.document,
    mode: found.mode,
    complete: !isPartial(found),
    open: found.open,
    drifted: openDifferences(found)
      .map(({ id, fields, who }) => hash({ id, fields: [...fields].sort(), who }))
      .sort(),
    left: found.left.map(leftHash).sort(),
    leftAlone: waitingCount(found) + unseenCount(found),
    failed: found.failed.map(({ id }) => id).sort(),
  });
}

/** Of what could not be looked at, the message is an error of AWS. */
function leftHash({ document, why, message }: LoopLeft): string {
  return why === 'unknown' || message === undefined ? `${document} ${why}` : hash({ document, why, message });
}
