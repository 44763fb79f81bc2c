import type { Address } from '../engine/types.ts';
import { errorComment, planComment } from '../github/bodies/plan-comment.ts';
import { hasStatus, withStatus } from '../github/bodies/status.ts';
import { findComment, keepComment } from '../github/comment.ts';
import { readMarker } from '../github/marker.ts';
import type { Posted } from '../github/posted.ts';
import type { Pull } from '../github/pulls.ts';
import type { ReviewedApply, Unplanned } from '../operations/github/apply-reviewed.ts';
import { SCOPE, posting } from './github-run.ts';
import type { GithubRun } from './github-run.ts';

/** Open pull requests that are told when their plans are out of date, the last edited first. */
const MOST_OPEN = 50;

/** Writes what became of each plan into the comment that showed it, and says of open ones that they are out of date. */
export async function tellReviewers(
  applied: ReviewedApply,
  run: GithubRun,
  note: (text: string) => void,
): Promise<readonly (Posted & { readonly pull: number })[]> {
  const at = new Date().toISOString();
  const told: (Posted & { pull: number })[] = [];
  for (const { review, result } of applied.parts) {
    const { pull, plan } = review;
    const status = { kind: 'applied', at, result, plan, ...(run.run && { run: run.run }) } as const;
    const body = (known: string | undefined): string | undefined => {
      // What it came to was said when it was applied.
      if (result.outcome === 'nothing' && (known === undefined || hasStatus(known))) return undefined;
      return known !== undefined && readMarker(known, 'plan')?.digest === plan.digest
        ? withStatus(known, status)
        : planComment(plan, { scope: SCOPE, head: pull.head.sha, status });
    };
    told.push(await write(pull, body));
  }
  for (const one of applied.unreviewed) {
    const { pull } = one;
    if (pull) told.push(await write(pull, () => unreviewedBody(pull, one)));
  }
  for (const { pull, by, documents } of applied.superseded) {
    const status = { kind: 'out-of-date', pull: by, documents, merged: true } as const;
    const body = (known: string | undefined): string | undefined =>
      known === undefined || hasStatus(known) ? undefined : withStatus(known, status);
    told.push(await write(pull, body));
  }
  await posting(note, () => markOutdated(applied, run));
  return told;

  /** What the reviewers read stays, and says at its end what became of it. */
  async function write(
    { number }: Pull,
    body: (known: string | undefined) => string | undefined,
  ): Promise<Posted & { readonly pull: number }> {
    const posted = await posting(note, async () => {
      const known = await findComment(run.github, number, SCOPE);
      const text = body(known?.body ?? undefined);
      if (text === undefined) return { action: 'unchanged' };
      return keepComment(run.github, run.clock, { pull: number, scope: SCOPE, body: text });
    });
    return { pull: number, ...posted };
  }
}

function unreviewedBody(pull: Pull, { documents, why, again: hint }: Unplanned): string {
  const message = `${documents.join(', ')}: nothing of it was applied, since ${why}`;
  return errorComment({ code: 'TU5004', message, hint }, { scope: SCOPE, head: pull.head.sha, merged: true });
}

/** Whoever reads a plan should know that what it is about has moved. */
async function markOutdated({ parts, touched, branch }: ReviewedApply, { github, clock }: GithubRun): Promise<Posted> {
  const by = parts.at(-1)?.review.pull.number;
  if (by === undefined) return { action: 'unchanged' };
  const query = `state=open&base=${encodeURIComponent(branch.name)}&sort=updated&direction=desc`;
  const open = (await github.list<Pull>(`/pulls?${query}`)).slice(0, MOST_OPEN);
  for (const { number } of open) {
    const comment = await findComment(github, number, SCOPE);
    const documents = affected(comment?.body ?? '', touched);
    if (!comment || documents.length === 0) continue;
    const body = withStatus(comment.body ?? '', { kind: 'out-of-date', pull: by, documents });
    await keepComment(github, clock, { pull: number, scope: SCOPE, body, onlyEdit: true });
  }
  return { action: 'updated' };
}

function affected(body: string, touched: ReadonlySet<Address>): readonly Address[] {
  return (readMarker(body, 'plan')?.documents ?? []).filter((address) => touched.has(address));
}
