import { documentAddress } from './address.ts';
import { causeOf } from './applied.ts';
import { basisOf, structuralDifferences } from './observe.ts';
import type { Seen } from './observe.ts';
import { dependenciesOf } from './order.ts';
import type { Ownership } from './ownership.ts';
import { equal, refsOf } from './value.ts';
import { typeOf } from './world.ts';
import type { World } from './world.ts';
import type {
  Action,
  Address,
  Cause,
  Change,
  Comparison,
  Difference,
  Document,
  Effect,
  Finding,
  Present,
  Reason,
  ResourceType,
  Target,
  Unknown,
  Verb,
} from './types.ts';

/** What is planned for one resource. */
export interface PlannedResource {
  readonly action?: Action;
  readonly findings: readonly Finding[];
  readonly effects: readonly Effect[];
  /** Could it be looked at? */
  readonly known: boolean;
  /** Is it there, ours, and as it should be? */
  readonly unchanged?: true;
  /** Its content shows only once the document is applied (`Comparison.later`). */
  readonly later?: Address;
  /** Found entries that are not ours and stay. */
  readonly kept: number;
}

/** Compares by the type's own comparison, or property by property. */
export async function compare(
  type: ResourceType,
  seen: Pick<Seen, 'draft'>,
  target: Target,
  found: Present,
): Promise<Comparison | Unknown> {
  if (type.compare) {
    const comparison = await type.compare(target, found);
    if ('state' in comparison || !type.foundBy) return comparison;
    return { ...comparison, differences: comparison.differences.map(symbolic) };
  }
  return { differences: structuralDifferences(type, seen.draft, target, found.properties) };

  /** What may be not known at the review stays as it is written: what was reviewed must be found again once it is known. */
  function symbolic(difference: Difference): Difference {
    const { path, after } = difference;
    const written = seen.draft.properties[path];
    if (written === undefined || refsOf(written).length === 0 || !equal(after, target.properties[path]))
      return difference;
    return { ...difference, after: written };
  }
}

function withCauses(type: ResourceType, target: Target, found: Present, differences: readonly Difference[]): Change[] {
  return differences.map(({ replaces: _replaces, ...difference }) => ({
    ...difference,
    cause:
      difference.cause ??
      causeOf(type.managed, found.applied, difference.path, difference.before, target.properties[difference.path]),
  }));
}

function reasonOf(causes: ReadonlySet<Cause>): Reason {
  if (causes.has('both') || (causes.has('git') && causes.has('drift'))) return 'both';
  if (causes.has('drift')) return 'drifted';
  return 'declared';
}

export async function planResource(world: World, document: Document, seen: Seen): Promise<PlannedResource> {
  const { desired, observation, address, target } = seen;
  const type = typeOf(world, desired.type);
  const base = {
    id: address,
    document: documentAddress(document),
    type: desired.type,
    account: desired.place.account,
    region: desired.place.region,
    dependsOn: dependenciesOf(desired).map((id) => `${documentAddress(document)}/${id}`),
    basis: basisOf(observation),
    bound: seen.bound,
  };

  if (observation.state === 'unknown') {
    const message = `${address} could not be looked at (${observation.reason}): ${observation.detail}`;
    return unknown([finding('unknown', 'warning', message)]);
  }
  if (seen.withheld) return { findings: [], effects: [], known: true, kept: 0 };
  if (observation.state === 'absent') return planCreate();
  if (!target || !seen.ownership) throw new Error(`${address} was observed without a target`);
  return planPresent(target, observation, seen.ownership);

  async function planCreate(): Promise<PlannedResource> {
    const foreseen = type.foresee ? await type.foresee(seen.draft) : { differences: [] };
    if ('state' in foreseen) {
      const message = `${address} could not be foreseen (${foreseen.reason}): ${foreseen.detail}`;
      return unknown([finding('unknown', 'warning', message)]);
    }
    const properties = Object.entries(desired.properties).map(([path, after]): Change => ({
      path,
      before: null,
      after: type.show ? type.show(path, after) : after,
      cause: 'git',
    }));
    const isOnlyContent = type.managed.length === 0;
    if (isOnlyContent && foreseen.differences.length === 0) {
      return {
        findings: foreseen.findings ?? [],
        effects: foreseen.effects ?? [],
        known: true,
        kept: 0,
        ...(foreseen.later && { later: address }),
      };
    }
    const contents = foreseen.differences.map((difference): Change => ({ ...difference, cause: 'git' }));
    return {
      action: {
        ...base,
        resource: type.describe(seen.draft),
        action: 'create',
        reason: 'missing',
        changes: [...properties.filter(({ path }) => type.managed.includes(path)), ...contents],
      },
      findings: foreseen.findings ?? [],
      effects: foreseen.effects ?? [],
      known: true,
      kept: 0,
    };
  }

  async function planPresent(wanted: Target, found: Present, owned: Ownership): Promise<PlannedResource> {
    const refusal = refusalOf(owned, found);
    if (refusal) return { findings: [refusal], effects: [], known: true, kept: 0 };
    if (owned.verdict === 'adoptable' && found.twins?.length) {
      const ids = [found.resource, ...found.twins].join(', ');
      const message = `several objects could be ${address}: ${ids}. Which of them is to be taken over cannot be told`;
      return { findings: [finding('ambiguous', 'blocks', message)], effects: [], known: true, kept: 0 };
    }
    if (owned.verdict === 'adoptable')
      return { ...acts('adopt', 'declared', []), findings: [], effects: [], known: true, kept: 0 };

    const comparison = await compare(type, seen, wanted, found);
    if ('state' in comparison) {
      const message = `${address} could not be compared (${comparison.reason}): ${comparison.detail}`;
      return unknown([finding('unknown', 'warning', message)]);
    }
    const { differences, findings = [], effects = [], kept = 0, later } = comparison;
    const twins = found.twins?.length ? [twinsFinding([found.resource, ...found.twins], found.twinsHint)] : [];
    const fixed = differences.filter(({ replaces }) => replaces);
    const immovable = fixed.map((difference) =>
      finding(
        'immutable-change',
        'blocks',
        `${difference.path} of ${desired.type} ${found.resource} cannot be changed in place, and a new one would not be the old one`,
        'give the document another name to make a new object beside it, or put the old value back',
      ),
    );
    const changes = withCauses(
      type,
      wanted,
      found,
      differences.filter(({ replaces }) => !replaces),
    );
    const shared = {
      findings: [...findings, ...twins, ...immovable],
      effects,
      known: true,
      kept,
      ...(later && { later: address }),
    };
    if (owned.verdict === 'renamed' || owned.verdict === 'inherited')
      return { ...acts('mark', owned.verdict, changes), ...shared };
    if (owned.verdict === 'unfinished') return { ...acts('update', 'unfinished', changes), ...shared };
    if (changes.length === 0) return fixed.length > 0 ? shared : { ...shared, unchanged: true };
    return { ...acts('update', reasonOf(new Set(changes.map(({ cause }) => cause))), changes), ...shared };

    function acts(action: Verb, reason: Reason, list: readonly Change[]): { readonly action: Action } {
      return { action: { ...base, resource: found.resource, action, reason, changes: list } };
    }
  }

  function twinsFinding(ids: readonly string[], hint?: string): Finding {
    const what = `${address} exists more than once: ${ids.join(', ')}`;
    return hint === undefined
      ? finding(
          'twins',
          'blocks',
          `${what} carry the same marker. Nothing is deleted; remove the marker from all but one`,
        )
      : finding(
          'twins',
          'blocks',
          `${what}. Which of them is ours nothing tells. Nothing is deleted; remove all but one`,
          hint,
        );
  }

  function refusalOf(owned: Ownership, found: Present): Finding | undefined {
    const what = `${desired.type} ${found.resource}`;
    switch (owned.verdict) {
      case 'foreign':
        return finding(
          'foreign',
          'blocks',
          `${what} exists and carries no marker of trueup: it is not ours`,
          'to take it over, set metadata.adopt: true (the next apply writes the marker and nothing else)',
        );
      case 'taken':
        return finding(
          'taken',
          'blocks',
          `${what} belongs to ${owned.by}; ${address} cannot have it too`,
          `if the document was renamed, put the old name into its metadata: formerly: [${owned.by.split('/')[1]}]; otherwise give it another name`,
        );
      case 'theirs':
        return finding(
          'other-owner',
          'blocks',
          `${what} belongs to the owner ${owned.by}`,
          'if that was this estate, name it in spec.formerly of Settings',
        );
      case 'copy':
        return finding(
          'copied-marker',
          'blocks',
          `${what} carries our marker but is another object: the marker was copied`,
          'remove the tag trueup:owner from it; what it was copied from keeps its own',
        );
      default:
        return undefined;
    }
  }

  function finding(code: string, severity: Finding['severity'], message: string, hint?: string): Finding {
    return { document: documentAddress(document), code, severity, message, ...(hint && { hint }) };
  }

  function unknown(findings: readonly Finding[]): PlannedResource {
    return { findings, effects: [], known: false, kept: 0 };
  }
}
