import type { Need } from '../engine/needs.ts';
import { canonical } from '../engine/value.ts';
import type { Address, Finding, Value } from '../engine/types.ts';
import type { Obstacle, Simulated } from '../resources/simulation.ts';

/** What one account's apply needs, and what of it its principal may not do. */
export interface Judged extends Simulated {
  /** ARN of the role or user that applies. */
  readonly principal: string;
  readonly needs: readonly Need[];
}

/** Denied calls that a finding names; the rest are counted. */
const MOST_NAMED = 5;

const WORDS: Readonly<Record<Obstacle, string>> = {
  'not-allowed': 'no policy allows it',
  denied: 'a policy denies it',
  boundary: 'its permissions boundary forbids it',
  organization: 'a policy of the organization forbids it',
};

/** A denied call of one document. */
interface Missing {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly by: Obstacle;
}

/** One finding a document: who lacks what, on what, by what. */
export function missingPermissions(judged: readonly Judged[]): readonly Finding[] {
  const byDocument = new Map<Address, Missing[]>();
  for (const { principal, needs, denials } of judged) {
    const obstacles = new Map(denials.map(({ permission, by }) => [canonical(permission), by]));
    for (const { document, permission } of needs) {
      const by = obstacles.get(canonical(permission));
      if (by === undefined) continue;
      const { action, resource } = permission;
      byDocument.set(document, [...(byDocument.get(document) ?? []), { principal, action, resource, by }]);
    }
  }
  const missingKeys = [...new Set(judged.flatMap((one) => one.missingKeys))].sort();
  return [...byDocument]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([document, missing]) => findingOf(document, missing, missingKeys));
}

function findingOf(document: Address, all: readonly Missing[], missingKeys: readonly string[]): Finding {
  const missing = [...all].sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1));
  const named = missing.slice(0, MOST_NAMED);
  const more = missing.length - named.length;
  const principals = [...new Set(named.map(({ principal }) => principal))];
  const sentences = principals.map((principal) => {
    const own = named.filter((one) => one.principal === principal);
    const each = own.map(({ action, resource, by }) => `${action} on ${resource} (${WORDS[by]})`);
    return `${principal} may not ${each.join(', ')}`;
  });
  const rest = more === 0 ? '' : `, and ${more} more`;
  const unjudged =
    missingKeys.length === 0 ? '' : `; conditions on ${missingKeys.join(', ')} were not known to the simulation`;
  return {
    document,
    code: 'permission-missing',
    severity: 'warning',
    message: `apply will be denied: ${sentences.join('; ')}${rest}${unjudged}`,
    hint: 'allow it there; trueup plan --format json lists every one, under data.missing of this finding',
    data: { missing: missing as unknown as Value },
  };
}
