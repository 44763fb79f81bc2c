import { documentOf, resourceAddress } from './address.ts';
import { makesMarked } from './guarded.ts';
import type { GuardedDocument } from './guarded.ts';
import { NOTHING_FOUND, declaredBefore, findDropped, findMarked, findUndeclared, placesBefore } from './inventory.ts';
import type { Before, Candidate, Declared, Undeclared } from './inventory.ts';
import type { Pruning } from './prune.ts';
import { kindOf } from './world.ts';
import type { World } from './world.ts';
import type { Address, Document, Finding, Orphan } from './types.ts';

/** What a plan asks of the search for what nothing declares. */
export interface SearchRequest {
  /** Every document of the tree, planned or not. */
  readonly all: readonly Document[];
  /** Documents were left out on purpose. */
  readonly partial: boolean;
  /** Documents were left out that a change does not touch. */
  readonly isChange: boolean;
  /** Documents that the change drops, where nothing else is known of them. */
  readonly gone?: ReadonlySet<Address>;
  /** What was declared before this change. */
  readonly before?: Before;
  /** Somebody named the commit before: what went since is what git says, not what the account holds. */
  readonly onlyDropped: boolean;
  /** Twelve digits: only these are looked into. */
  readonly accounts: readonly string[];
}

/** A part of the estate says nothing about the rest: then nobody looks for what is not declared. */
export async function lookForUndeclared(
  world: World,
  { all, partial, isChange, gone, before, onlyDropped, accounts }: SearchRequest,
  runs: readonly GuardedDocument[],
): Promise<Undeclared> {
  const declared = runs.map(({ document, resources, seen }) => ({
    document,
    resources: resources.map((desired) => {
      const observation = seen.find((one) => one.desired === desired)?.observation;
      const resource = observation?.state === 'present' ? observation.resource : undefined;
      return [resourceAddress(document, desired.id), desired, resource] as const;
    }),
  }));
  const earlier = before ? placesBefore(world, before).filter(({ account }) => accounts.includes(account)) : [];
  if (partial) {
    if (!runs.some((run) => makesMarked(world, run))) return NOTHING_FOUND;
    return { ...NOTHING_FOUND, ...(await findMarked(world, declared, earlier)) };
  }
  if (gone) {
    const planned = new Set(runs.map(({ document }) => document));
    const others = all.filter((document) => !planned.has(document)).map((document) => compiled(world, document));
    return findUndeclared(world, [...declared, ...others], earlier, (address) => gone.has(documentOf(address)));
  }
  if (isChange) {
    const { marked, unseen } = await findMarked(world, declared, earlier);
    const dropped = before && (await findDropped(world, before, declared, accounts));
    return {
      ...NOTHING_FOUND,
      marked,
      candidates: dropped?.candidates ?? [],
      unseen: [...unseen, ...(dropped?.unseen ?? [])],
    };
  }
  const undeclared = await findUndeclared(world, declared, earlier);
  if (!before || !onlyDropped) return undeclared;
  const dropped = await findDropped(world, before, declared, accounts);
  const isDropped = (one: Candidate): boolean =>
    dropped.candidates.some(({ address, seen }) => address === one.address && seen.resource === one.seen.resource);
  const others = undeclared.candidates
    .filter((candidate) => !isDropped(candidate))
    .map((candidate) =>
      orphanOf(candidate, 'none', 'it was not declared at the base either: a plan without --base shows its removal'),
    );
  return {
    ...undeclared,
    candidates: dropped.candidates,
    strays: [...undeclared.strays, ...others],
    unseen: [...undeclared.unseen, ...dropped.unseen],
  };
}

/** What a document declares, of which nothing was looked at. */
function compiled(world: World, document: Document): Declared {
  const resources = kindOf(world, document).compile(document, world.estate);
  return {
    document,
    resources: resources.map((desired) => [resourceAddress(document, desired.id), desired, undefined]),
  };
}

/** Documents that are named in one message. */
const MOST_NAMED = 3;

/**
 * An account that was taken out of Settings, and where documents had objects: it cannot be entered any more, and what is
 * there would be forgotten in silence.
 */
export function forgottenFindings(world: World, { partial, before, accounts }: SearchRequest): readonly Finding[] {
  if (partial || !before) return [];
  const { lost } = declaredBefore(world, before, accounts);
  const gone = [...new Set(lost.map(({ desired }) => desired.place.account))].sort();
  return gone.map((account) => {
    const there = lost.filter(({ desired }) => desired.place.account === account);
    const regions = [...new Set(there.map(({ desired }) => desired.place.region))].sort();
    const documents = [...new Set(there.map(({ address }) => documentOf(address)))].sort();
    const more = documents.length - MOST_NAMED;
    const names = `${documents.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
    return {
      document: '',
      code: 'account-removed',
      severity: 'warning',
      message: `Settings do not have the account ${account} any more, where ${names} had objects in ${regions.join(', ')}: nobody looks for them`,
      hint: `put the account back and look what is left:  trueup orphans ${regions.map((region) => `--region ${region}`).join(' ')}  ; take it out once that was applied`,
    };
  });
}

/** Everything with our marker that no document declares, what apply does with it, and why nothing where nothing. */
export function orphansOf({ strays }: Undeclared, { removals, spared }: Pruning): readonly Orphan[] {
  const going = removals.map(({ action, target }): Orphan => {
    const { type, resource, account, region } = action;
    return { id: target.address, type, resource, account, region, action: action.action as Orphan['action'] };
  });
  const staying = spared.map(({ candidate, why }) => orphanOf(candidate, 'none', why));
  return [...going, ...staying, ...strays].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function orphanOf({ address, type, seen, place }: Candidate, action: Orphan['action'], why: string): Orphan {
  return { id: address, type: type.type, resource: seen.resource, ...place, action, why };
}

function keyOf({ id, account, region, resource }: Orphan): string {
  return [id, account, region, resource].join(' ');
}
