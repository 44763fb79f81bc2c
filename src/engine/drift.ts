import { documentAddress } from './address.ts';
import type { World } from './world.ts';
import type { Address, DriftResult, Finding, Orphan, Place, Plan } from './types.ts';

/**
 * What the world changed, read from a plan: changes that git did not ask for, objects that are gone, and objects with
 * our marker that nothing declares.
 */
export async function driftOf(world: World, plan: Plan, places: readonly Place[]): Promise<DriftResult> {
  const drifted = plan.actions
    .filter(({ action }) => action === 'update')
    .map((action) => ({
      ...action,
      changes: action.changes.filter(({ cause }) => cause === 'drift' || cause === 'both'),
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
  const { orphans, unseen } = await findOrphans(world, places);
  return {
    format: 'trueup/drift@1',
    complete: plan.complete && unseen.length === 0,
    owner: plan.owner,
    documents: plan.documents.length,
    drifted,
    missing,
    orphans,
    findings: [...plan.findings, ...plan.documents.flatMap(({ findings }) => findings), ...notJudged(plan), ...unseen],
    effects: plan.documents
      .filter((document) => touched.has(documentAddress(document)))
      .flatMap(({ effects }) => effects),
    calls: world.calls(),
  };
}

/** Differences of which nothing tells who made them: git's side moved on as well. */
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
      message: `${id} differs, and what is wanted has moved on too: whether the world changed it cannot be told until the next apply`,
      hint: 'trueup plan shows what differs',
    }));
}

async function findOrphans(
  world: World,
  places: readonly Place[],
): Promise<{ readonly orphans: readonly Orphan[]; readonly unseen: readonly Finding[] }> {
  const orphans: Orphan[] = [];
  const unseen: Finding[] = [];
  for (const place of places) {
    for (const type of world.types.values()) {
      if (!type.list) continue;
      try {
        for await (const { marker, arn } of type.list(world.estate.owner, place, () => false)) {
          const resource = arn.slice(Math.max(arn.lastIndexOf('/'), arn.lastIndexOf(':')) + 1);
          const id = marker.slice(world.estate.owner.length + 1);
          if (world.estate.document(id.slice(0, id.lastIndexOf('/')))) continue;
          orphans.push({ id, type: type.type, resource, ...place });
        }
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        const message = `${type.type} in ${place.account} could not be listed for orphans: ${why}`;
        unseen.push({ document: place.account, code: 'unknown', severity: 'warning', message });
      }
    }
  }
  return { orphans: orphans.sort((a, b) => (a.id < b.id ? -1 : 1)), unseen };
}
