import type { Address, Finding } from '../../engine/types.ts';

/** Instances that one sentence names. */
const NAMED = 5;

interface InstancesSaying extends Pick<Finding, 'code' | 'severity'> {
  readonly document: Address;
  /** Ids, each with what is to be said of it alone. */
  readonly instances: readonly string[];
  /** @param what `1 instance` or `3 instances`. */
  readonly message: (what: string, are: 'is' | 'are') => string;
  readonly hint: string;
}

/** One sentence about some instances, which counts them and names the first; none about none. */
export function instancesFinding({ instances, message, ...finding }: InstancesSaying): readonly Finding[] {
  if (instances.length === 0) return [];
  const more = instances.length > NAMED ? ` and ${instances.length - NAMED} more` : '';
  const [what, are] =
    instances.length === 1 ? (['1 instance', 'is'] as const) : ([`${instances.length} instances`, 'are'] as const);
  return [{ ...finding, message: `${message(what, are)}: ${instances.slice(0, NAMED).join(', ')}${more}` }];
}
