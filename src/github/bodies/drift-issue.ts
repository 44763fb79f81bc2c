import type { DriftResult } from '../../engine/types.ts';
import { plural } from '../../report/format.ts';
import { blocksOf } from '../../report/drift-text.ts';
import { markerLine } from '../marker.ts';
import type { DriftMarker } from '../marker.ts';
import { driftFingerprint } from './drift-fingerprint.ts';
import { driftHeadline, driftPage } from './drift-page.ts';
import type { LookFacts } from './drift-page.ts';
import { dotted, runLink, timeText } from './page.ts';
import { BODY_LIMIT, sizeOf } from './room.ts';

export interface DriftIssueFacts extends LookFacts {
  readonly scope: string;
}

export interface DriftIssue {
  /** Plain words and figures of the program. */
  readonly title: string;
  readonly body: string;
  /** What the body's first line holds. A body whose marker has the same fingerprint needs no edit. */
  readonly marker: DriftMarker;
}

/** The drift issue of a scope. What drifted decides the body, but for the time and run of a look that was not complete. */
export function driftIssue(result: DriftResult, facts: DriftIssueFacts): DriftIssue {
  const marker = {
    v: 1,
    scope: facts.scope,
    documents: blocksOf(result).length,
    objects: result.drifted.length + result.missing.length,
    fingerprint: driftFingerprint(result),
  } as const;
  const line = `${markerLine('drift', marker)}\n`;
  return { title: driftHeadline(result), body: line + driftPage(result, facts, BODY_LIMIT - sizeOf(line)), marker };
}

/** Closes the issue. */
export function goneComment(look: LookFacts): string {
  return `Gone: a complete look found no drift. ${lookText(look)}\n`;
}

/** Reopens it. */
export function returnedComment({ documents, objects }: DriftMarker, look: LookFacts): string {
  return `Drifted again: ${plural(documents, 'document')}, ${plural(objects, 'object')}. ${lookText(look)}\n`;
}

function lookText({ at, run }: LookFacts): string {
  return dotted([timeText(at), run ? runLink(run) : '']);
}
