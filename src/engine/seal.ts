import { actionsOf, plannedOf } from './by-document.ts';
import { SEAL_VERSION, isLive } from './digest.ts';
import { equal, hash } from './value.ts';
import type {
  Action,
  Address,
  Change,
  Document,
  Estate,
  Extent,
  Kind,
  Plan,
  PlannedDocument,
  SealDifference,
  Value,
} from './types.ts';

/**
 * What one document's review is bound to: its content and, through the resources compiled from it, every setting and
 * document it used, and the code that it deploys. File name, line and tool version are not part of it.
 */
export function documentSeal(document: Document, estate: Estate, kind: Kind): string {
  const { source: _source, ...content } = document;
  const unversioned: Estate = { ...estate, handler: (name) => ({ ...estate.handler(name), version: '' }) };
  const resources = kind.compile(document, unversioned);
  return hash({ version: SEAL_VERSION, owner: estate.owner, content, resources });
}

/** What a review says of one document, held against a fresh plan. */
export type Unsealed =
  | { readonly verdict: 'run'; readonly run: readonly Action[]; readonly alreadyDone: readonly Address[] }
  | { readonly verdict: 'refused'; readonly differences: readonly SealDifference[] };

/**
 * The rule (docs/architecture.md, "The seal"): every remaining action was reviewed; every changed field is where the
 * reviewer saw it or wanted it; the object is the same and not riskier; nothing new blocks. What moves by itself is
 * held by the guards instead.
 */
export function unseal(address: Address, reviewed: Plan, fresh: Plan): Unsealed {
  if (reviewed.owner !== fresh.owner)
    return { verdict: 'refused', differences: [ownerDifference(address, reviewed, fresh)] };
  const reviewedDocument = plannedOf(reviewed, address);
  const freshDocument = plannedOf(fresh, address);
  const reviewedActions = actionsOf(reviewed.actions, address);
  const run = actionsOf(fresh.actions, address);

  const differences = [
    ...documentDifferences(address, reviewedDocument, freshDocument),
    ...findingDifferences(address, reviewedDocument, freshDocument),
    ...run.flatMap((action) => actionDifferences(action, reviewedActions, reviewedDocument?.paused !== undefined)),
  ];
  if (differences.length > 0) return { verdict: 'refused', differences };
  const remaining = new Set(run.map(({ id }) => id));
  return {
    verdict: 'run',
    run,
    alreadyDone: reviewedActions.filter((action) => !remaining.has(action.id) && !isLive(action)).map(({ id }) => id),
  };
}

function ownerDifference(id: Address, { owner: reviewed }: Plan, { owner: now }: Plan): SealDifference {
  return { id, path: 'owner', message: 'the plan was made for another owner', reviewed, now };
}

function documentDifferences(
  id: Address,
  reviewed: PlannedDocument | undefined,
  fresh: PlannedDocument | undefined,
): readonly SealDifference[] {
  // What nothing declares has no document: its objects are sealed one by one.
  if (!reviewed && !fresh) return [];
  if (!reviewed) return [{ id, message: 'the document is declared again; its removal was reviewed' }];
  if (!fresh) return [{ id, message: 'the document is gone from the configuration' }];
  if (reviewed.seal === fresh.seal) return [];
  return [{ id, message: 'the document, or a setting it uses, is another than the reviewed one' }];
}

function findingDifferences(
  id: Address,
  reviewed: PlannedDocument | undefined,
  fresh: PlannedDocument | undefined,
): readonly SealDifference[] {
  return (fresh?.findings ?? [])
    .filter(({ code, severity }) => severity === 'blocks' || code === 'unknown')
    .filter((finding) => finding.code === 'unknown' || !reviewed?.findings.some((other) => equal(other, finding)))
    .map(({ message }) => ({ id, message }));
}

function actionDifferences(
  fresh: Action,
  reviewedActions: readonly Action[],
  wasPaused: boolean,
): readonly SealDifference[] {
  const { id } = fresh;
  const reviewed = reviewedActions.find((action) => action.id === id);
  if (!reviewed) {
    // Content that moves by itself may need an update that the review could not foresee.
    if (isLive(fresh) && !wasPaused) return [];
    return [{ id, message: `${fresh.action} of ${fresh.resource} was not reviewed` }];
  }
  const rest = restOf(reviewed, fresh);
  const differences: SealDifference[] = [];
  if (reviewed.action !== fresh.action && !rest) {
    differences.push({ id, message: `${reviewed.action} was reviewed, ${fresh.action} is what is needed now` });
  }
  if (reviewed.action === fresh.action && reviewed.basis !== fresh.basis) {
    differences.push({ id, message: 'the object is another, or riskier, than the reviewed one' });
  }
  // Its new mark is the only thing that may tell the object from the reviewed one.
  if (rest === 'mark' && reviewed.resource !== fresh.resource) {
    differences.push({
      id,
      message: 'the object is another than the reviewed one',
      reviewed: reviewed.resource,
      now: fresh.resource,
    });
  }
  for (const [name, value] of Object.entries(reviewed.bound)) {
    const now = fresh.bound[name] ?? null;
    if (value !== null && !equal(value, now)) {
      differences.push({ id, path: name, message: `${name} is another`, reviewed: value, now });
    }
  }
  const changes = fresh.changes.filter(({ live }) => !live);
  return [...differences, ...changes.flatMap((change) => changeDifferences(id, change, reviewed, rest) ?? [])];
}

/** Of what reviewed action an update is the rest, where a crash left it half done. */
function restOf(reviewed: Action, fresh: Action): 'create' | 'mark' | undefined {
  if (fresh.action !== 'update') return undefined;
  if (reviewed.action === 'mark') return 'mark';
  return reviewed.action === 'create' && isRestOfCreate(fresh) ? 'create' : undefined;
}

/** A half-made object of ours, or bulk content of which a part is written: its update is the rest of the create. */
function isRestOfCreate(action: Action): boolean {
  return action.reason === 'unfinished' || action.changes.every(({ items, live }) => items !== undefined || live);
}

function changeDifferences(
  id: Address,
  fresh: Change,
  reviewedAction: Action,
  rest: 'create' | 'mark' | undefined,
): SealDifference | undefined {
  const { path } = fresh;
  const reviewed = reviewedAction.changes.find((change) => change.path === path);
  // Metadata of the document, which is sealed as a whole: a create lists none, and a half-made object may lack it.
  if (!reviewed && rest === 'create' && fresh.before === null) return undefined;
  if (!reviewed) return { id, path, message: `${path} was not to change`, reviewed: null, now: fresh.before };
  if (!equal(reviewed.after, fresh.after)) {
    return {
      id,
      path,
      message: `${path} is to become another value than reviewed`,
      reviewed: reviewed.after as Value,
      now: fresh.after as Value,
    };
  }
  if (fresh.items) return itemDifferences(id, fresh, reviewed);
  if (fresh.extent && reviewed.extent) return extentDifference(id, path, reviewed.extent, fresh.extent);
  // What a crash left half made is between nothing and the reviewed value; the reviewer agreed to the whole way.
  if (rest === 'create' || equal(reviewed.before, fresh.before)) return undefined;
  return { id, path, message: `${path} moved since the review`, reviewed: reviewed.before, now: fresh.before };
}

function itemDifferences(id: Address, fresh: Change, reviewed: Change): SealDifference | undefined {
  const known = new Set(reviewed.items);
  const strangers = (fresh.items ?? []).filter((item) => !known.has(item)).length;
  if (strangers === 0) return undefined;
  const count = strangers === 1 ? '1 change' : `${strangers} changes`;
  return { id, path: fresh.path, message: `${count} in ${fresh.path} were not reviewed` };
}

/** Bulk content without items, such as what goes with an object: no more of it than was reviewed. */
function extentDifference(id: Address, path: string, reviewed: Extent, now: Extent): SealDifference | undefined {
  const grown = (['create', 'update', 'delete'] as const).filter((name) => now[name] > reviewed[name]);
  if (grown.length === 0) return undefined;
  const message = `more of ${path} would change than was reviewed`;
  return { id, path, message, reviewed: { ...reviewed }, now: { ...now } };
}
