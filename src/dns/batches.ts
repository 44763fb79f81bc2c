import { addCosts, fits, NO_COST, packBins } from './batching/bins.ts';
import type { Cost } from './batching/bins.ts';
import { coupleDelegations, coupleAnswers } from './batching/couple.ts';
import { actionsOf, entriesCost, groupOf, unitsOf } from './batching/groups.ts';
import type { BatchChange, Group, Unit } from './batching/groups.ts';
import { MAX_BATCH_CHARACTERS, MAX_BATCH_ELEMENTS } from './route53.ts';
import type { RRset, RRsetChange, WireName } from './types.ts';

export type { BatchChange } from './batching/groups.ts';

/** One ChangeResourceRecordSets request: it takes effect wholly or not at all. */
export interface Batch extends Cost {
  readonly changes: readonly BatchChange[];
  /** Where in `changes` each group begins: what belongs together and must not be parted. */
  readonly groups: readonly number[];
}

/** `write` adds and changes, `delete` only removes. Between the two the caller waits for INSYNC. */
export interface Phase {
  readonly code: 'write' | 'delete';
  readonly batches: readonly Batch[];
}

/** Changes that belong into one batch and are larger than a batch. */
export interface TooLarge extends Cost {
  readonly names: readonly WireName[];
}

export interface Packing {
  /** In the order of execution; a phase without batches is left out. */
  readonly phases: readonly Phase[];
  readonly tooLarge: readonly TooLarge[];
  /** Nodes below which names that a wildcard answers may be missing for a moment: their changes fill several batches. */
  readonly uncoupled: readonly WireName[];
  /** Record sets more than at the start, at the fullest moment between two batches. */
  readonly peakGrowth: number;
}

interface PackOptions {
  /** The zone's apex, whose NS and SOA can only be overwritten. */
  readonly origin?: WireName;
  /** The whole zones, sorted: what wildcards answer follows from them. Default: what the changes tell. */
  readonly before?: readonly RRset[];
  readonly after?: readonly RRset[];
  /** Default: Route 53's limits of a request. */
  readonly limits?: Cost;
}

const ROUTE53_LIMITS: Cost = { elements: MAX_BATCH_ELEMENTS, characters: MAX_BATCH_CHARACTERS };

/**
 * Changes (sorted as `diffZones` gives them) into few batches, such that no name that exists before and after is
 * missing between two of them: all changes of an owner name and all parts of a delegation share a batch, names that
 * hide each other from a wildcard do where they fit, and nothing is only deleted before everything else is written.
 */
export function packBatches(changes: readonly RRsetChange[], options: PackOptions = {}): Packing {
  const { origin, limits = ROUTE53_LIMITS } = options;
  const all = coupleDelegations(unitsOf(changes)).map((units) => groupOf(units, limits, origin));
  const versions = {
    before: options.before ?? changes.flatMap(({ before }) => before ?? []),
    after: options.after ?? changes.flatMap(({ after }) => after ?? []),
  };
  const { groups, uncoupled } = coupleAnswers(
    all.filter(({ cost }) => fits(cost, limits)),
    versions,
    limits,
  );
  const batchesOf = (writes: boolean) =>
    pack(
      groups.filter((group) => group.writes === writes),
      limits,
      origin,
    );
  const phases: Phase[] = [
    { code: 'write', batches: batchesOf(true) },
    { code: 'delete', batches: batchesOf(false) },
  ];
  return {
    phases: phases.filter(({ batches }) => batches.length > 0),
    tooLarge: all
      .filter(({ cost }) => !fits(cost, limits))
      .map(({ units, cost }) => ({ names: namesOf(units), ...cost })),
    uncoupled,
    peakGrowth: peakGrowth(phases),
  };
}

/** The halves of a batch that was refused, parted between groups; undefined: it is one group. */
export function bisectBatch(batch: Batch): readonly [Batch, Batch] | undefined {
  const middle = batch.groups[batch.groups.length >> 1];
  if (middle === undefined || middle === 0) return undefined;
  return [partOf(batch, 0, middle), partOf(batch, middle, batch.changes.length)];
}

function pack(groups: readonly Group[], limits: Cost, origin: WireName | undefined): Batch[] {
  const bins = packBins(
    groups.map((group) => group.cost),
    limits,
  );
  return bins.map((bin) => {
    const changes: BatchChange[] = [];
    const starts: number[] = [];
    let cost = NO_COST;
    for (const group of bin.flatMap((index) => groups[index] ?? [])) {
      starts.push(changes.length);
      changes.push(...actionsOf(group, origin));
      cost = addCosts(cost, group.cost);
    }
    return { changes, groups: starts, ...cost };
  });
}

function partOf(batch: Batch, start: number, end: number): Batch {
  const changes = batch.changes.slice(start, end);
  const groups = batch.groups.filter((group) => group >= start && group < end).map((group) => group - start);
  return { changes, groups, ...entriesCost(changes) };
}

function namesOf(units: readonly Unit[]): WireName[] {
  return units.map((unit) => unit.name);
}

function peakGrowth(phases: readonly Phase[]): number {
  let growth = 0;
  let peak = 0;
  for (const batch of phases.flatMap((phase) => phase.batches)) {
    for (const { action } of batch.changes) growth += action === 'CREATE' ? 1 : action === 'DELETE' ? -1 : 0;
    peak = Math.max(peak, growth);
  }
  return peak;
}
