import type { DriftResult, DriftedResource } from '../../engine/types.ts';
import { hash } from '../../engine/value.ts';
import { movedRecords, recordsOf } from '../../report/records.ts';

/**
 * SHA-256 over what drifted: the same as long as the same things differ in the same way, so that an issue whose marker has
 * it needs no edit. In it are what differs with both values, who it was, what is missing or an orphan, the documents and
 * codes of findings, and whether everything could be looked at. Not in it are times and figures of a run, the sentences
 * of findings (errors of AWS carry request ids), and what moves by itself: of that only how much differs.
 */
export function driftFingerprint(result: DriftResult): string {
  const { complete, drifted, missing, orphans, findings, effects } = result;
  return hash({
    complete,
    // Hashed one by one: together their values may be longer than a string can be.
    drifted: drifted.map((resource) => hash(driftedFacts(resource))),
    missing: missing.map(({ id, account, region }) => ({ id, account, region })),
    orphans: orphans.map(({ id, resource, account, region, action }) => ({ id, resource, account, region, action })),
    findings: findings
      .filter(({ severity }) => severity !== 'info')
      .map(({ document, code, severity }) => ({ document, code, severity })),
    records: effects.flatMap((effect) => {
      const data = recordsOf(effect);
      if (!data || movedRecords(data) === 0) return [];
      const { zone, add, change, remove, records = [] } = data;
      return [hash({ document: effect.document, zone, add, change, remove, records })];
    }),
  });
}

function driftedFacts({ id, resource, account, region, changes, who }: DriftedResource): object {
  return {
    id,
    resource,
    account,
    region,
    who,
    changes: changes.map(({ path, before, after, extent }) => {
      if (!extent) return { path, before, after };
      return { path, create: extent.create, update: extent.update, delete: extent.delete };
    }),
  };
}
