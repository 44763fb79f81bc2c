import type { Estate, Value } from '../../engine/types.ts';
import type { Readers } from '../readers.ts';
import { fanOutDocument } from './function-document.ts';
import type { Judgement } from './looking.ts';
import { homeOf, targetsOf } from './places.ts';
import type { BucketFanOut, Target } from './places.ts';

/** A destination, and what its function was told when it was last applied. */
export interface DeployedTarget {
  readonly target: Target;
  /** Absent: there is no function. Unreadable: it cannot be looked at, or somebody has written over it. */
  readonly told: 'absent' | 'unreadable' | Readonly<Partial<Record<string, Value>>>;
}

export async function deployedTargets(
  document: BucketFanOut,
  estate: Estate,
  { deployed }: Pick<Readers, 'deployed'>,
): Promise<readonly DeployedTarget[]> {
  const place = homeOf(document, estate);
  return Promise.all(
    targetsOf(document, estate).map(async (target) => {
      const found = await deployed(place, fanOutDocument(document, estate, target).functionName);
      if (found === 'absent') return { target, told: 'absent' };
      return { target, told: found.state === 'present' ? recordOf(found.told) : 'unreadable' };
    }),
  );
}

/**
 * Another source under the old names: the ledger would hold sequencers of two buckets against each other, which have no
 * order. Where the topic's name follows from the source, the name says so already.
 */
export function sourceFixed({ spec }: BucketFanOut, deployed: readonly DeployedTarget[]): readonly Judgement[] {
  if (spec.topic === undefined) return [];
  const former = deployed.map(({ told }) => sourceBucketOf(told)).find((bucket) => bucket !== undefined);
  if (former === undefined || former === spec.source.bucket) return [];
  return [
    {
      code: 'name-fixed',
      severity: 'blocks',
      message: `spec.source.bucket cannot be changed in place: what is there copies from ${former}`,
      hint: `put bucket: ${former} back; another source is a document of its own, beside this one`,
    },
  ];
}

function sourceBucketOf(told: DeployedTarget['told']): string | undefined {
  if (typeof told === 'string') return undefined;
  const source = told['source'];
  const bucket = typeof source === 'object' && source !== null && 'bucket' in source ? source.bucket : undefined;
  return typeof bucket === 'string' ? bucket : undefined;
}

function recordOf(told: unknown): DeployedTarget['told'] {
  return typeof told === 'object' && told !== null && !Array.isArray(told)
    ? (told as Readonly<Partial<Record<string, Value>>>)
    : 'unreadable';
}
