import { RR } from '../rr-types.ts';
import { encodedSetLength } from '../route53.ts';
import type { ListedRRset } from '../route53.ts';
import type { RRset, RRsetChange, WireName } from '../types.ts';
import { addCosts, fits, NO_COST } from './bins.ts';
import type { Cost } from './bins.ts';

/** One entry of a ChangeResourceRecordSets request. */
export interface BatchChange {
  readonly action: 'CREATE' | 'DELETE' | 'UPSERT';
  readonly set: RRset;
}

/** All changes of one owner name: they take effect together or not at all. */
export interface Unit {
  readonly name: WireName;
  readonly changes: readonly RRsetChange[];
  /** Adds or changes something; false: every set of it goes. */
  readonly writes: boolean;
}

/** Units that belong into one batch. */
export interface Group {
  readonly units: readonly Unit[];
  readonly writes: boolean;
  readonly cost: Cost;
  /** Changed sets are overwritten where that is the smaller request: only where the exact exchange is over a limit. */
  readonly thrifty?: true;
}

/** Consecutive changes of one name make a unit. */
export function unitsOf(changes: readonly RRsetChange[]): Unit[] {
  const units: Unit[] = [];
  for (let start = 0, end = 0; start < changes.length; start = end) {
    const name = changes[start]?.name ?? '';
    while (changes[end]?.name === name) end += 1;
    const own = changes.slice(start, end);
    units.push({ name, changes: own, writes: own.some((change) => change.after !== undefined) });
  }
  return units;
}

export function groupOf(units: readonly Unit[], limits: Cost, origin: WireName | undefined): Group {
  const writes = units.some((unit) => unit.writes);
  const exact = { units, writes, cost: costOf(units, origin, false) };
  if (fits(exact.cost, limits)) return exact;
  const cost = costOf(units, origin, true);
  return fits(cost, limits) ? { units, writes, cost, thrifty: true } : exact;
}

/** The entries of a group: DELETEs first, and a delegation's NS behind what hangs on it. */
export function actionsOf(group: Group, origin: WireName | undefined): BatchChange[] {
  const deletes: BatchChange[] = [];
  const writes: BatchChange[] = [];
  for (const change of group.units.flatMap((unit) => unit.changes)) {
    for (const action of entriesOf(change, origin, group.thrifty === true)) {
      (action.action === 'DELETE' ? deletes : writes).push(action);
    }
  }
  return [...deletes.reverse(), ...writes];
}

function costOf(units: readonly Unit[], origin: WireName | undefined, thrifty: boolean): Cost {
  let total = NO_COST;
  for (const { changes } of units) {
    for (const change of changes) total = addCosts(total, entriesCost(entriesOf(change, origin, thrifty)));
  }
  return total;
}

/**
 * DELETE of exactly the old set and CREATE are a compare-and-swap; UPSERT would overwrite what somebody else wrote.
 * The apex NS and SOA cannot be deleted.
 */
function entriesOf(change: RRsetChange, origin: WireName | undefined, thrifty: boolean): BatchChange[] {
  const { before, after } = change;
  if (after === undefined) return before === undefined ? [] : [{ action: 'DELETE', set: before }];
  if (change.name === origin && (change.type === RR.NS || change.type === RR.SOA)) {
    return [{ action: 'UPSERT', set: after }];
  }
  if (before === undefined) return [{ action: 'CREATE', set: after }];
  if (thrifty && fits(setCost(after), setCost(before))) return [{ action: 'UPSERT', set: after }];
  return [
    { action: 'DELETE', set: before },
    { action: 'CREATE', set: after },
  ];
}

/** UPSERT counts twice, in both limits (ChangeResourceRecordSets). */
export function entriesCost(entries: readonly BatchChange[]): Cost {
  let total = NO_COST;
  for (const { action, set } of entries) {
    const cost = setCost(set);
    total = addCosts(total, action === 'UPSERT' ? addCosts(cost, cost) : cost);
  }
  return total;
}

function setCost(set: ListedRRset): Cost {
  return { elements: set.rdata.length, characters: encodedSetLength(set) };
}
