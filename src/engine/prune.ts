import { basisOf } from './observe.ts';
import { sayUnseen } from './inventory.ts';
import type { Candidate, Undeclared } from './inventory.ts';
import type { Action, Address, Change, Document, Finding, OnRemove, Place, Target } from './types.ts';

/** One object that nothing declares any more, and what is to become of it. */
export interface Removal {
  readonly action: Action;
  readonly type: string;
  readonly target: Target;
  readonly place: Place;
}

export interface Pruning {
  readonly removals: readonly Removal[];
  readonly findings: readonly Finding[];
}

export interface PruneRequest {
  /** Documents of the tree that are paused now: nothing of them is touched. */
  readonly paused: ReadonlySet<Address>;
  /** Addresses of documents under their earlier names: theirs to re-mark, not to prune. */
  readonly former: ReadonlySet<Address>;
  /** Every action that is planned for declared resources. */
  readonly actions: readonly Action[];
  /** Was everything seen? What was not seen may be what the rest hangs on. */
  readonly complete: boolean;
}

/** Plans what becomes of objects that are ours and declared nowhere (docs/concepts.md, "Prune"). */
export async function planPruning({ candidates }: Undeclared, request: PruneRequest): Promise<Pruning> {
  const prunable = candidates.filter(({ document }) => !request.paused.has(document) && !request.former.has(document));
  if (prunable.length === 0) return { removals: [], findings: [] };
  if (!request.complete) return { removals: [], findings: [heldBack(prunable)] };
  const planned = await Promise.all(prunable.map((candidate) => planRemoval(candidate, prunable, request.actions)));
  return {
    removals: planned.flatMap((one) => ('removal' in one ? one.removal : [])),
    findings: planned.flatMap((one) => ('finding' in one ? one.finding : [])),
  };
}

function heldBack(candidates: readonly Candidate[]): Finding {
  const [first] = candidates;
  const others = candidates.length - 1;
  const rest = others === 0 ? '' : others === 1 ? ' and 1 other' : ` and ${others} others`;
  return {
    document: first?.document ?? '',
    code: 'prune-held-back',
    severity: 'warning',
    message: `nothing declares ${first?.address ?? ''}${rest}, and nothing is removed while not everything could be looked at`,
    hint: 'mend what could not be looked at, then plan again',
  };
}

async function planRemoval(
  candidate: Candidate,
  all: readonly Candidate[],
  actions: readonly Action[],
): Promise<{ readonly removal: Removal } | { readonly finding: Finding }> {
  const { address, document, type, target, seen, place } = candidate;
  const verb = verbOf(candidate);
  if (verb === undefined) {
    const message = `nothing declares ${address} (${type.type} ${seen.resource}), and trueup removes no objects of this type by itself`;
    return { finding: { document, code: 'left-behind', severity: 'warning', message } };
  }
  const losses = verb === 'delete' ? ((await type.losses?.(target, seen)) ?? []) : [];
  const id = idOf(candidate, actions);
  return {
    removal: {
      type: type.type,
      target,
      place,
      action: {
        id,
        document,
        type: type.type,
        resource: seen.resource,
        account: place.account,
        region: place.region,
        action: verb,
        reason: 'not-declared',
        changes: losses.map((loss): Change => ({ ...loss, cause: 'git' })),
        dependsOn: dependenciesOf(candidate, all, actions),
        basis: basisOf(seen),
        bound: {},
      },
    },
  };
}

function verbOf({ type, seen }: Candidate): OnRemove | undefined {
  const wanted = seen.onRemove ?? (type.stateful ? 'release' : 'delete');
  if (wanted === 'release') return type.release && 'release';
  return type.remove && 'delete';
}

/** An object that a document has moved away from keeps its address: its place tells the two apart. */
function idOf({ address, place }: Candidate, actions: readonly Action[]): Address {
  const isTaken = actions.some(({ id }) => id === address);
  return isTaken ? `${address}@${place.account}/${place.region}` : address;
}

/** References first: what refers goes before what is referred to, and nothing before its document stands. */
function dependenciesOf(
  { document, type }: Candidate,
  all: readonly Candidate[],
  actions: readonly Action[],
): readonly Address[] {
  const before = all.filter(
    (other) =>
      other.document === document && type.removedAfter?.includes(other.type.type) && verbOf(other) !== undefined,
  );
  const standing = actions.filter((action) => action.document === document);
  return [...before.map((other) => idOf(other, actions)), ...standing.map(({ id }) => id)].sort();
}

/** Documents of the tree under the names that they had. */
export function formerAddresses(documents: readonly Document[]): ReadonlySet<Address> {
  return new Set(documents.flatMap(({ kind, formerly }) => formerly.map((name) => `${kind}/${name}`)));
}

/** What could not be listed or confirmed: the plan is incomplete by it. */
export function unseenFindings({ unseen }: Undeclared): readonly Finding[] {
  return unseen.map((one) => ({
    document: '',
    code: 'unknown',
    severity: 'warning',
    message: `objects that nothing declares are not known: ${sayUnseen(one)}`,
  }));
}
