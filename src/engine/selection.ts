import { documentAddress } from './address.ts';
import { actionsOf, plannedOf } from './by-document.ts';
import { isRemoval } from './estate-guards.ts';
import type { PlanRun } from './plan.ts';
import { unseal } from './seal.ts';
import type { Action, Address, Finding, Plan, SealDifference } from './types.ts';

/** What of a fresh plan is to run, document by document, and why the rest is not. */
export interface Selection {
  readonly run: readonly Action[];
  readonly alreadyDone: readonly Address[];
  readonly refused: readonly { readonly document: Address; readonly differences: readonly SealDifference[] }[];
  readonly skipped: readonly { readonly id: Address; readonly why: string; readonly blocked?: boolean }[];
}

/** Begins the reason of what is left alone because it could not be looked at. */
export const UNKNOWN = 'not looked at';

/** The reason of what the review does not name. */
export const NOT_REVIEWED = 'not in the reviewed plan';

/** Does the review say anything of this document? */
export function isNamed(reviewed: Plan, address: Address | undefined): boolean {
  if (address === undefined) return true;
  return plannedOf(reviewed, address) !== undefined || actionsOf(reviewed.actions, address).length > 0;
}

/** The same where the review shows plans in another way: what is to run is found by its place. */
export function selectShown(found: PlanRun, reviewed: Plan | undefined, shown?: { plan(plan: Plan): Plan }): Selection {
  if (!reviewed || !shown) return select(found, reviewed);
  const plan = shown.plan(found.plan);
  const selection = select({ ...found, plan }, reviewed);
  const places = new Map(plan.actions.map((action, index) => [action, found.plan.actions[index]]));
  return { ...selection, run: selection.run.flatMap((action) => places.get(action) ?? []) };
}

/** Without a review everything that nothing stands in the way of; with one, what of it is left. */
export function select(found: PlanRun, reviewed: Plan | undefined): Selection {
  const fresh = found.plan;
  const run: Action[] = [];
  const alreadyDone: Address[] = [];
  const refused: { document: Address; differences: readonly SealDifference[] }[] = [];
  const skipped: { id: Address; why: string; blocked?: boolean }[] = [];

  for (const document of documentsOf(fresh, reviewed)) {
    const actions = actionsOf(fresh.actions, document);
    const skip = (why: string, blocked = false): void => {
      const ids = actions.length > 0 ? actions.map(({ id }) => id) : [document];
      skipped.push(...ids.map((id) => ({ id, why, ...(blocked && { blocked }) })));
    };
    if (reviewed) {
      if (!isNamed(reviewed, document)) {
        if (actions.length > 0) skip(NOT_REVIEWED);
        continue;
      }
      const unsealed = unseal(document, reviewed, fresh);
      if (unsealed.verdict === 'refused') {
        refused.push({ document, differences: unsealed.differences });
        continue;
      }
      const staying = unsealed.alreadyDone.filter((id) => isRemovalIn(reviewed, id));
      const spared = staying.flatMap((id) => differenceOf(found, id) ?? []);
      if (spared.length > 0) {
        refused.push({ document, differences: spared });
        continue;
      }
      const hidden = staying.filter(() => !fresh.complete || fresh.partial);
      const why = fresh.partial ? 'nothing is removed with --only or --exclude' : `${UNKNOWN}: nothing is removed then`;
      skipped.push(...hidden.map((id) => ({ id, why })));
      alreadyDone.push(...unsealed.alreadyDone.filter((id) => !hidden.includes(id)));
    }
    const findings = plannedOf(fresh, document)?.findings ?? [];
    const unknown = findings.find(({ code }) => code === 'unknown');
    const blocking = findings.find(({ severity }) => severity === 'blocks');
    if (blocking) skip(withHint(blocking), true);
    else if (unknown) skip(`${UNKNOWN}: ${withHint(unknown)}`);
    else run.push(...actions);
  }
  if (!reviewed) skipped.push(...heldBack(fresh));
  return { run, alreadyDone, refused, skipped };
}

/** What nothing declares is left alone while not everything could be looked at: that is not nothing to do. */
function heldBack({ findings }: Plan): Selection['skipped'] {
  return findings
    .filter(({ code }) => code === 'unknown' || code === 'prune-held-back')
    .map(({ document, message }) => ({ id: document || 'the estate', why: `${UNKNOWN}: ${message}` }));
}

/** Something that was to go, is still there, and is to stay now. */
function differenceOf({ plan, orphans }: PlanRun, id: Address): SealDifference | undefined {
  if (!plan.complete) return undefined;
  const [address] = id.split('@');
  const stays = orphans.find((orphan) => orphan.id === address && orphan.action === 'none');
  return stays && { id, message: `its removal was reviewed, and it stays now: ${stays.why ?? ''}` };
}

function isRemovalIn(plan: Plan, id: Address): boolean {
  return plan.actions.some((action) => action.id === id && isRemoval(action));
}

/** A refusal says what to do about it. */
function withHint({ message, hint }: Finding): string {
  return hint === undefined ? message : `${message}; ${hint}`;
}

function documentsOf(fresh: Plan, reviewed: Plan | undefined): readonly Address[] {
  const declared = [...(reviewed?.documents ?? []), ...fresh.documents].map(documentAddress);
  const acting = [...(reviewed?.actions ?? []), ...fresh.actions].map(({ document }) => document);
  return [...new Set([...declared, ...acting])].sort();
}
