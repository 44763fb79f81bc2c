import { documentOf } from '../engine/address.ts';
import type { Address, ApplyResult, Outcome, Plan } from '../engine/types.ts';
import { appliedCount } from '../report/apply-text.ts';
import { plural, shortDigest } from '../report/format.ts';
import { reasonOf } from './error-reason.ts';
import { documentLines, tally } from './notice-lines.ts';
import type { Notice, NoticeFacts } from './notice.ts';

export interface ApplyFacts extends NoticeFacts {
  /** What was applied: gives the count its total. */
  readonly plan?: Plan;
}

/** What an apply is called that did not do all of it, and what comes next. */
const FAILURES: Readonly<Partial<Record<Outcome, { readonly title: string; readonly next: string }>>> = {
  stale: { title: 'not applied as reviewed', next: 'Plan again: push to the branch, or trueup plan' },
  refused: { title: 'apply refused', next: 'trueup plan says what stands in the way' },
  partial: { title: 'applied in part', next: 'The same command again goes on from there' },
  'not-converged': { title: 'applied, and the world does not stay so', next: 'trueup plan says what moves' },
};

/**
 * What an apply came to. Undefined: nothing was to do, or somebody interrupted it, who knows.
 */
export function applyNotice(result: ApplyResult, { plan, ...facts }: ApplyFacts): Notice | undefined {
  const failure = FAILURES[result.outcome];
  if (!failure && result.outcome !== 'applied') return undefined;
  const said = saidOf(result);
  return {
    event: failure ? 'failed' : 'applied',
    ...facts,
    title: failure?.title ?? `${plural(result.done.length, 'change')} applied`,
    digest: result.digest,
    documents: [...said.keys()].sort(),
    lines: [
      `Applied: ${appliedCount(result, plan)}.${result.guards.length > 0 ? ' Nothing was changed.' : ''} ${planText(result)}`,
      ...documentLines(said),
      ...result.guards.map(({ code, document, about }) => `guard ${code}${subject(document ?? about)}`),
      ...replanLines(result),
      ...(failure ? [failure.next] : []),
    ],
  };
}

/**
 * An apply that ended with an error while it held the lease.
 * @param code of docs/reference.md; what the error says may quote what was sent, and is not told
 */
export function brokenNotice(code: string, facts: NoticeFacts): Notice {
  return {
    event: 'failed',
    ...facts,
    title: `apply ended with ${code}`,
    lines: [
      'It held the lease: what it had done by then is done. Its log says more',
      'The same command again goes on from there',
    ],
    documents: [],
  };
}

function planText({ digest, reviews = [] }: ApplyResult): string {
  const pulls = reviews.map(({ pull }) => `#${pull}`).join(', ');
  return `Plan ${shortDigest(digest)}${pulls === '' ? '' : ` of ${pulls}`}.`;
}

function subject(about: string | undefined): string {
  return about === undefined ? '' : `: ${about}`;
}

/** What became of each document, the worst of it. */
function saidOf({ done, failed, refused }: ApplyResult): ReadonlyMap<Address, string> {
  const counts = tally(done.map(documentOf));
  return new Map([
    ...[...counts].map(([document, number]): [Address, string] => [document, plural(number, 'change')]),
    ...refused.map(({ document }): [Address, string] => [document, 'not as reviewed']),
    ...failed.map(({ id, error }): [Address, string] => [documentOf(id), `failed${reasonOf(error)}`]),
  ]);
}

function replanLines({ replan }: ApplyResult): readonly string[] {
  if (replan === null) return [];
  const { create, update, replace, delete: deletes, adopt, release } = replan.summary;
  const left = create + update + replace + deletes + adopt + release;
  if (left > 0) return [`A plan right after it has ${plural(left, 'action')} left`];
  return [replan.complete ? 'A plan right after it is empty' : 'A plan right after it could not look at everything'];
}
