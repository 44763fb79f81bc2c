import { compareNames, isAtOrBelow } from '../name.ts';
import { RR } from '../rr-types.ts';
import type { RRset, RRsetChange, WireName } from '../types.ts';
import { addCosts, fits, NO_COST } from './bins.ts';
import type { Cost } from './bins.ts';
import { delegationPairs } from './delegations.ts';
import { disjointSets } from './disjoint-sets.ts';
import type { DisjointSets } from './disjoint-sets.ts';
import type { Group, Unit } from './groups.ts';
import { hasWildcard, shadowedNodes } from './wildcards.ts';

interface Versions {
  readonly before: readonly RRset[];
  readonly after: readonly RRset[];
}

interface Coupling {
  readonly groups: readonly Group[];
  /** Nodes whose names do not fit into one batch: below them a wildcard may answer too little for a moment. */
  readonly uncoupled: readonly WireName[];
}

/** Units that must never be parted: the parts of a delegation. */
export function coupleDelegations(units: readonly Unit[]): Unit[][] {
  const pairs = delegationPairs(units);
  if (pairs.length === 0) return units.map((unit) => [unit]);
  const sets = disjointSets(units.length);
  for (const [cut, glue] of pairs) sets.join(cut, glue);
  return membersBySet(units, sets);
}

/**
 * Joins groups that decide together who answers below a node, where they fit into one batch: names that come between a
 * wildcard of the old zone and what it answers, names that go so that a wildcard of the new zone answers, and a cut
 * that comes or goes.
 */
export function coupleAnswers(groups: readonly Group[], versions: Versions, limits: Cost): Coupling {
  if (!hasWildcard(versions.before) && !hasWildcard(versions.after) && !groups.some(movesCut)) {
    return { groups, uncoupled: [] };
  }
  const places = placesOf(groups);
  const inPhase = (writes: boolean) =>
    places.filter(({ unit, group }) => unit.writes === writes && groups[group]?.writes === writes);
  const clusters = [
    ...shadowClusters(inPhase(true), versions.before),
    ...shadowClusters(inPhase(false), versions.after),
    ...cutClusters(places),
  ];
  const uncoupled: WireName[] = [];
  const sets = disjointSets(groups.length);
  const costs = groups.map((group) => group.cost);
  for (const [node, members] of clusters) {
    const roots = [...new Set(members.map((member) => sets.find(member)))];
    const cost = roots.reduce((sum, root) => addCosts(sum, costs[root] ?? NO_COST), NO_COST);
    if (roots.length > 1 && (!fits(cost, limits) || members.some((member) => groups[member]?.thrifty))) {
      uncoupled.push(node);
      continue;
    }
    for (const root of roots) sets.join(root, roots[0] ?? root);
    costs[sets.find(roots[0] ?? 0)] = cost;
  }
  return { groups: membersBySet(groups, sets).map(mergeGroups), uncoupled };
}

/** A unit and the group that it is in. */
interface Place {
  readonly unit: Unit;
  readonly group: number;
}

/** Groups that should share a batch, and the node they are at or below. */
type Cluster = readonly [node: WireName, groups: readonly number[]];

/** All units in canonical order. */
function placesOf(groups: readonly Group[]): Place[] {
  const places = groups.flatMap(({ units }, group) => units.map((unit) => ({ unit, group })));
  return places.sort((a, b) => compareNames(a.unit.name, b.unit.name));
}

function shadowClusters(places: readonly Place[], zone: readonly RRset[]): Cluster[] {
  const nodes = shadowedNodes(
    places.map(({ unit }) => unit.name),
    zone,
  );
  const clusters = new Map<WireName, number[]>();
  for (const [at, { group }] of places.entries()) {
    const node = nodes[at];
    if (node === undefined) continue;
    const members = clusters.get(node);
    if (members === undefined) clusters.set(node, [group]);
    else members.push(group);
  }
  return [...clusters];
}

/**
 * A cut that comes or goes, with the names at and below it: the delegation answers for them all, so that they change
 * hands in one moment. What only goes may go later where the cut comes, what is written may come earlier where it goes.
 */
function cutClusters(places: readonly Place[]): Cluster[] {
  const clusters: Cluster[] = [];
  for (const [at, { unit }] of places.entries()) {
    const cut = unit.changes.find(isCutChange);
    if (cut === undefined) continue;
    let end = at;
    while (isAtOrBelow(places[end]?.unit.name ?? '', unit.name)) end += 1;
    const takesAll = unit.writes && cut.after === undefined;
    const members = places.slice(at, end).filter((place) => takesAll || place.unit.writes === unit.writes);
    clusters.push([unit.name, members.map(({ group }) => group)]);
  }
  return clusters;
}

function movesCut({ units }: Group): boolean {
  return units.some(({ changes }) => changes.some(isCutChange));
}

function isCutChange({ type, before, after }: RRsetChange): boolean {
  return type === RR.NS && (before === undefined || after === undefined);
}

function mergeGroups(groups: readonly Group[]): Group {
  const [only] = groups;
  if (only !== undefined && groups.length === 1) return only;
  return {
    units: groups.flatMap((group) => group.units),
    writes: groups.some((group) => group.writes),
    cost: groups.map((group) => group.cost).reduce(addCosts, NO_COST),
  };
}

function membersBySet<Item>(items: readonly Item[], sets: DisjointSets): Item[][] {
  const bySet = new Map<number, Item[]>();
  for (const [index, item] of items.entries()) {
    const root = sets.find(index);
    const members = bySet.get(root);
    if (members === undefined) bySet.set(root, [item]);
    else members.push(item);
  }
  return [...bySet.values()];
}
