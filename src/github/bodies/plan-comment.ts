import type { Plan, ValidateResult } from '../../engine/types.ts';
import type { ErrorReport } from '../../report/options.ts';
import { markerLine } from '../marker.ts';
import type { PlanMarker } from '../marker.ts';
import type { CommentFacts, PlanCommentFacts } from './facts.ts';
import { errorPage, invalidPage } from './fault-page.ts';
import { planPage } from './plan-page.ts';
import { BODY_LIMIT, sizeOf } from './room.ts';
import { STATUS_ROOM, statusSection } from './status.ts';

/** Octets of the list of documents in a marker: a longer one is left out of it. */
const DOCUMENTS_LIMIT = 8_000;

/** Characters of a SHA-256: a marker has room for no more. */
const HASH_LENGTH = 64;

/** The comment on a pull request: what merging it does, or what the configuration declares where nothing was looked at. */
export function planComment(plan: Plan, facts: PlanCommentFacts): string {
  const declared = plan.documents.map(({ kind, name }) => `${kind}/${name}`);
  const documents = [...new Set([...declared, ...plan.actions.map(({ document }) => document)])];
  const marker = markerOf(facts, facts.offline ? '' : plan.digest, documents);
  const comment = commentOf(marker, (room) => planPage(plan, facts, room));
  return facts.status ? `${comment}${statusSection(facts.status)}` : comment;
}

/** The same comment where the configuration is not valid. */
export function invalidComment(result: ValidateResult, facts: CommentFacts): string {
  return commentOf(markerOf(facts, ''), (room) => invalidPage(result, facts, room));
}

/** The same comment where no plan could be made. */
export function errorComment(error: ErrorReport, facts: CommentFacts): string {
  return commentOf(markerOf(facts, ''), (room) => errorPage(error, facts, room));
}

function commentOf(marker: PlanMarker, pageOf: (room: number) => string): string {
  const line = `${markerLine('plan', marker)}\n`;
  return line + pageOf(BODY_LIMIT - STATUS_ROOM - sizeOf(line));
}

function markerOf({ scope, head }: CommentFacts, digest: string, documents?: readonly string[]): PlanMarker {
  const marker = { v: 1, scope, head: head.slice(0, HASH_LENGTH), digest: digest.slice(0, HASH_LENGTH) } as const;
  if (documents === undefined || sizeOf(documents.join('')) > DOCUMENTS_LIMIT) return marker;
  return { ...marker, documents };
}
