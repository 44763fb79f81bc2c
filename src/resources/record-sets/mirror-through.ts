import type { Difference, Target, Value } from '../../engine/types.ts';
import type { RemoteMirror } from './remote.ts';
import type { RecordSetsProperties } from './types.ts';

/**
 * Lets the function run the pass that was planned.
 * @throws Error with the function's own words where it did not mirror.
 */
export async function mirrorThrough(
  remote: RemoteMirror,
  target: Target<RecordSetsProperties>,
  differences: readonly Difference[],
): Promise<void> {
  const isReviewed = target.properties.Rules.Mode === 'reviewed';
  const [difference] = differences;
  const answer = await remote.mirror(target, isReviewed ? ((difference?.after ?? null) as Value) : undefined);
  if (answer.outcome === 'mirrored' || answer.outcome === 'unchanged') return;
  const why = (answer.findings ?? [])
    .filter(({ code, severity }) => severity === 'blocks' || code === 'unknown')
    .map(({ message, hint }) => (hint === undefined ? message : `${message}; ${hint}`))
    .join('; ');
  throw new Error(`the function did not mirror (${answer.outcome}): ${why || 'its log says why'}`);
}
