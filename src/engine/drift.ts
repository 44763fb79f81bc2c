import { documentAddress } from './address.ts';
import { isRemoval } from './estate-guards.ts';
import { withKnown } from './known-changes.ts';
import type { World } from './world.ts';
import type { PlanRun } from './plan.ts';
import type { Address, DriftResult, Finding, Plan } from './types.ts';

/**
 * What the world changed, read from a plan: changes that git did not ask for, objects that are gone, and objects with
 * our marker that nothing declares.
 */
export function driftOf(world: World, { plan, orphans }: PlanRun): DriftResult {
  const drifted = plan.actions
    .filter(({ action }) => action === 'update')
    .map((action) => ({
      ...action,
      changes: withKnown(action).filter(({ cause }) => cause === 'drift' || cause === 'both'),
    }))
    .filter(({ changes }) => changes.length > 0)
    .map(({ document, id, type, resource, account, region, changes }) => ({
      document,
      id,
      type,
      resource,
      account,
      region,
      changes,
    }));
  const missing = plan.actions
    .filter(({ reason }) => reason === 'missing')
    .map(({ document, id, type, account, region }) => ({ document, id, type, account, region }));
  const touched = new Set<Address>([...drifted, ...missing].map(({ document }) => document));
  return {
    format: 'trueup/drift@1',
    complete: plan.complete,
    owner: plan.owner,
    documents: plan.documents.length,
    drifted,
    missing,
    orphans,
    findings: [
      ...plan.findings,
      ...plan.documents.flatMap(({ findings }) => findings),
      ...notJudged(plan),
      ...notApplied(plan),
    ],
    effects: plan.documents
      .filter((document) => touched.has(documentAddress(document)))
      .flatMap(({ effects }) => effects),
    calls: world.calls(),
  };
}

/** Differences of which nothing tells who made them: its source moved on as well, or what was applied is stamped nowhere. */
function notJudged(plan: Plan): readonly Finding[] {
  return plan.actions
    .filter(
      ({ action, changes }) =>
        action === 'update' && changes.length > 0 && changes.every(({ cause }) => cause === 'unknown'),
    )
    .map(({ document, id }) => ({
      document,
      code: 'not-judged',
      severity: 'warning',
      message: `${id} differs, and nothing tells whether the world changed it: its source has moved on too, or no stamp says what was applied last`,
      hint: 'trueup plan shows what differs',
    }));
}

/** What git wants and nobody has applied is no drift; where every change is applied on its merge, it waits for a person. */
function notApplied(plan: Plan): readonly Finding[] {
  const waiting = plan.actions.filter(
    ({ action, reason, changes }) =>
      !isRemoval({ action }) &&
      reason !== 'missing' &&
      (changes.length === 0 || changes.some(({ cause, live }) => cause === 'git' && !live)),
  );
  return [...new Set(waiting.map(({ document }) => document))].map((document) => ({
    document,
    code: 'not-applied',
    severity: 'info',
    message: `what git wants of ${document} is not applied yet`,
    hint: 'trueup plan shows it',
  }));
}
