import { addressesOf, documentAddress } from './address.ts';
import { appliedMetadata } from './applied.ts';
import { basisOf } from './observe.ts';
import { sayUnseen } from './inventory.ts';
import type { Candidate, Undeclared } from './inventory.ts';
import type {
  Action,
  Address,
  Change,
  Desired,
  Difference,
  Document,
  Finding,
  OnRemove,
  Place,
  Target,
} from './types.ts';
import type { Unseen } from './world.ts';

/** One object that nothing declares any more, and what is to become of it. */
export interface Removal {
  readonly action: Action;
  readonly type: string;
  readonly target: Target;
  readonly place: Place;
  /** Does the object itself carry protection? */
  readonly isProtected: boolean;
}

/** One that stays. */
export interface Spared {
  readonly candidate: Candidate;
  /** A clause. */
  readonly why: string;
}

export interface Pruning {
  readonly removals: readonly Removal[];
  readonly spared: readonly Spared[];
  readonly findings: readonly Finding[];
  /** What would go with an object could not be looked at. */
  readonly unseen: readonly Unseen[];
}

export interface PruneRequest {
  /** Documents of the tree that are paused now: nothing of them is touched. */
  readonly paused: ReadonlySet<Address>;
  /** Addresses of documents under their earlier names: theirs to re-mark, not to prune. */
  readonly former: ReadonlySet<Address>;
  /** By the address that it had under an earlier name of its document: what is declared now. */
  readonly heirs: ReadonlyMap<Address, Heir>;
  /** Addresses of all resources that are declared. */
  readonly declared: ReadonlySet<Address>;
  /** Every action that is planned for declared resources. */
  readonly actions: readonly Action[];
  /** Was everything seen? What was not seen may be what the rest hangs on. */
  readonly complete: boolean;
}

/** Where the document of today, under its name of today, has a resource. */
interface Heir {
  readonly document: Address;
  readonly place: Place;
}

/** What nothing declares and nothing speaks for, with its verb. */
interface Doomed {
  readonly candidate: Candidate;
  readonly verb: OnRemove;
}

const UNSEEN = 'nothing is removed while not everything could be looked at';

/** Plans what becomes of objects that are ours and declared nowhere (docs/architecture.md, "Prune"). */
export async function planPruning({ candidates }: Undeclared, request: PruneRequest): Promise<Pruning> {
  const spared: Spared[] = [];
  const left: Candidate[] = [];
  const doomed: Doomed[] = [];
  for (const candidate of candidates) {
    const why = whySpared(candidate, request);
    const verb = verbOf(candidate);
    if (why !== undefined) spared.push({ candidate, why });
    else if (verb === undefined) left.push(candidate);
    else doomed.push({ candidate, verb });
  }
  const weighed = request.complete ? await Promise.all(doomed.map(weigh)) : [];
  const unseen = weighed.flatMap((one) => ('unseen' in one ? one.unseen : []));
  const isHeldBack = doomed.length > 0 && (!request.complete || unseen.length > 0);
  const known = weighed.flatMap((one) => ('losses' in one ? one : []));
  return {
    removals: isHeldBack ? [] : known.map((one) => removalOf(one, doomed, request)),
    spared: [
      ...spared,
      ...left.map((candidate) => ({ candidate, why: 'trueup removes no objects of this type by itself' })),
      ...(isHeldBack ? doomed.map(({ candidate }) => ({ candidate, why: UNSEEN })) : []),
    ],
    findings: [
      ...left.map(leftBehind),
      ...doomed.flatMap(({ candidate }) => unattended(candidate)),
      ...(isHeldBack ? [heldBack(doomed)] : []),
    ],
    unseen,
  };
}

function whySpared(candidate: Candidate, { paused, former, heirs }: PruneRequest): string | undefined {
  const { document, address, place, type } = candidate;
  if (paused.has(document)) return 'its document is paused';
  const heir = heirs.get(address);
  // Renamed and moved in one: what stays behind is marked anew by nobody.
  const isLeft = heir && (heir.place.account !== place.account || (!type.global && heir.place.region !== place.region));
  return former.has(document) && !isLeft ? 'its document has another name now (metadata.formerly)' : undefined;
}

/**
 * What becomes of it. Whoever may tag may also write that an object is to be deleted: where the object's tags and the
 * stamp of the last apply say different things, the milder holds; and what only a tag shows to be ours is never deleted.
 */
function verbOf({ type, seen, byTag }: Candidate): OnRemove | undefined {
  const usual = type.stateful ? 'release' : 'delete';
  const said = [seen, appliedMetadata(seen.applied) ?? seen].map(({ onRemove }) => onRemove ?? usual);
  if (byTag || said.includes('release')) return type.release && 'release';
  return type.remove && 'delete';
}

/** By its tag, or by the last apply: a tag that was taken off by hand protects all the same. */
function isProtected({ seen }: Candidate): boolean {
  return seen.protected || (appliedMetadata(seen.applied)?.protect ?? false);
}

function leftBehind({ address, document, type, seen }: Candidate): Finding {
  const message = `nothing declares ${address} (${type.type} ${seen.resource}), and trueup removes no objects of this type by itself`;
  return { document, code: 'left-behind', severity: 'warning', message };
}

function unattended({ document, type, target, seen }: Candidate): readonly Finding[] {
  const found = type.unattended?.(target, seen);
  return found === undefined ? [] : [{ document, severity: 'warning', ...found }];
}

function heldBack(doomed: readonly Doomed[]): Finding {
  const [first] = doomed;
  const others = doomed.length - 1;
  const rest = others === 0 ? '' : others === 1 ? ' and 1 other' : ` and ${others} others`;
  return {
    document: first?.candidate.document ?? '',
    code: 'prune-held-back',
    severity: 'warning',
    message: `nothing declares ${first?.candidate.address ?? ''}${rest}, and ${UNSEEN}`,
    hint: 'mend what could not be looked at, then plan again',
  };
}

interface Weighed extends Doomed {
  readonly losses: readonly Difference[];
}

/** What would go with it. */
async function weigh(doomed: Doomed): Promise<Weighed | { readonly unseen: Unseen }> {
  const { candidate, verb } = doomed;
  const { type, target, seen, address } = candidate;
  try {
    return { ...doomed, losses: verb === 'delete' ? ((await type.losses?.(target, seen)) ?? []) : [] };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { unseen: { what: `what is in ${address}`, unknown: { state: 'unknown', reason: 'failed', detail } } };
  }
}

function removalOf({ candidate, verb, losses }: Weighed, all: readonly Doomed[], request: PruneRequest): Removal {
  const { type, target, seen, place } = candidate;
  return {
    type: type.type,
    target,
    place,
    isProtected: isProtected(candidate),
    action: {
      id: idOf(candidate, all, request),
      document: speakerOf(candidate, request),
      type: type.type,
      resource: seen.resource,
      account: place.account,
      region: place.region,
      action: verb,
      reason: 'not-declared',
      changes: losses.map((loss): Change => ({ ...loss, cause: 'git' })),
      dependsOn: dependenciesOf(candidate, all, request),
      basis: basisOf(seen),
      bound: {},
    },
  };
}

/** An object that a document has moved away from keeps its address: its place tells the two apart. */
function idOf({ address, place }: Candidate, all: readonly Doomed[], { declared }: PruneRequest): Address {
  const isShared = declared.has(address) || all.filter(({ candidate }) => candidate.address === address).length > 1;
  return isShared ? `${address}@${place.account}/${place.region}` : address;
}

/** The document that it is removed with. */
function speakerOf({ address, document }: Candidate, { heirs }: PruneRequest): Address {
  return heirs.get(address)?.document ?? document;
}

/** References first: what refers goes before what is referred to, and nothing before its document stands. */
function dependenciesOf(going: Candidate, all: readonly Doomed[], request: PruneRequest): readonly Address[] {
  const { document, type } = going;
  const speaker = speakerOf(going, request);
  const before = all
    .map(({ candidate }) => candidate)
    .filter((other) => other.document === document && type.removedAfter?.includes(other.type.type));
  const standing = request.actions.filter((action) => action.document === speaker);
  return [...before.map((other) => idOf(other, all, request)), ...standing.map(({ id }) => id)].sort();
}

/** What documents declare, by the addresses that it had under their earlier names. */
export function heirsOf(
  runs: readonly { readonly document: Document; readonly resources: readonly Desired[] }[],
): PruneRequest['heirs'] {
  const heirs = runs.flatMap(({ document, resources }) =>
    resources.flatMap(({ id, place }) => {
      const [, ...former] = addressesOf(document, id);
      return former.map((address) => [address, { document: documentAddress(document), place }] as const);
    }),
  );
  return new Map(heirs);
}

/** Documents of the tree under the names that they had. */
export function formerAddresses(documents: readonly Document[]): ReadonlySet<Address> {
  return new Set(documents.flatMap(({ kind, formerly }) => formerly.map((name) => `${kind}/${name}`)));
}

/** What could not be listed or confirmed: the plan is incomplete by it. */
export function unseenFindings(unseen: readonly Unseen[]): readonly Finding[] {
  return unseen.map((one) => ({
    document: '',
    code: 'unknown',
    severity: 'warning',
    message: `objects that nothing declares are not known: ${sayUnseen(one)}`,
  }));
}
