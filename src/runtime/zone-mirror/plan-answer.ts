import type { Comparison, Difference, Effect } from '../../engine/types.ts';
import type { PlanAnswer } from '../../resources/record-sets/function-contract.ts';
import type { MirrorWorld } from './mirror-world.ts';

/** Octets of changed records in one answer: Lambda carries 6 MB (quotas, invocation payload). */
const MAX_CHANGES = 5 * 1024 * 1024;

/** The comparison that a plan elsewhere would make, as data. */
export async function answerPlan({ type, target }: MirrorWorld): Promise<PlanAnswer> {
  const seen = await type.observe(target);
  if (seen.state === 'unknown') return { outcome: 'unknown', unknown: seen };
  if (seen.state !== 'present' || !type.compare) throw new Error('the records of a zone are always there');
  const compared = await type.compare(target, seen);
  if ('state' in compared) return { outcome: 'unknown', unknown: compared };
  const { differences, kept, effects, findings } = compared;
  const answer = { outcome: 'compared', serial: seen.attributes.serial } as const;
  const comparison: Comparison = {
    differences,
    ...(kept !== undefined && { kept }),
    ...(effects && { effects }),
    ...(findings && { findings }),
  };
  const room = MAX_CHANGES - sizeOf(differences);
  const cut = (effects ?? []).map((effect) => cutRecords(effect, room));
  if (cut.every(({ isCut }) => !isCut)) return { ...answer, comparison };
  return { ...answer, comparison: { ...comparison, effects: cut.map(({ effect }) => effect) }, truncated: true };
}

function sizeOf(differences: readonly Difference[]): number {
  return Buffer.byteLength(JSON.stringify(differences));
}

/** The first records that have room; the counts beside them stay whole. */
function cutRecords(effect: Effect, room: number): { readonly effect: Effect; readonly isCut: boolean } {
  const { records } = effect.data;
  if (!Array.isArray(records)) return { effect, isCut: false };
  let left = room;
  const end = records.findIndex((record) => {
    left -= Buffer.byteLength(JSON.stringify(record)) + 1;
    return left < 0;
  });
  if (end < 0) return { effect, isCut: false };
  return { effect: { ...effect, data: { ...effect.data, records: records.slice(0, end) } }, isCut: true };
}
