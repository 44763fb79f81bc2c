import type { RRset, WireName } from '../types.ts';
import { addCosts, fits, NO_COST } from './bins.ts';
import type { Cost } from './bins.ts';
import { delegationPairs } from './delegations.ts';
import { disjointSets } from './disjoint-sets.ts';
import type { DisjointSets } from './disjoint-sets.ts';
import type { Group, Unit } from './groups.ts';
import { shadowedNodes } from './wildcards.ts';

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
 * Joins groups that hide each other from a wildcard, where they fit into one batch: names that come below a node of
 * the old zone, and names that go below a node of the new one.
 */
export function coupleShadowed(groups: readonly Group[], versions: Versions, limits: Cost): Coupling {
  const clusters = [...clustersOf(groups, true, versions.before), ...clustersOf(groups, false, versions.after)];
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
  if (clusters.length === 0) return { groups, uncoupled };
  return { groups: membersBySet(groups, sets).map(mergeGroups), uncoupled };
}

/** Nodes with two or more groups of one phase at or below them. */
function clustersOf(groups: readonly Group[], writes: boolean, zone: readonly RRset[]): [WireName, number[]][] {
  const places = groups.flatMap((group, index) =>
    group.writes === writes
      ? group.units.filter((unit) => unit.writes === writes).map(({ name }) => ({ name, index }))
      : [],
  );
  const nodes = shadowedNodes(
    places.map(({ name }) => name),
    zone,
  );
  const clusters = new Map<WireName, number[]>();
  for (const [at, { index }] of places.entries()) {
    const node = nodes[at];
    if (node === undefined) continue;
    const members = clusters.get(node);
    if (members === undefined) clusters.set(node, [index]);
    else members.push(index);
  }
  return [...clusters].filter(([, members]) => members.length > 1);
}

function mergeGroups(groups: readonly Group[]): Group {
  const [only] = groups;
  if (only !== undefined && groups.length === 1) return only;
  return {
    units: groups.flatMap((group) => group.units),
    writes: only?.writes ?? false,
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
