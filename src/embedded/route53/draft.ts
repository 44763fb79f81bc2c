import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import { firstNotBefore } from '../store/database.ts';
import type { Transaction } from '../store/database.ts';
import { recordSets, setKey } from './model.ts';
import type { StoredZone } from './model.ts';
import { POLICY_FIELDS } from './change-input.ts';
import { canonicalName, reversedName } from './name.ts';
import { canonicalValue } from './record-values.ts';

interface NameSets {
  readonly before: ReadonlyMap<string, ResourceRecordSet>;
  readonly after: Map<string, ResourceRecordSet>;
}

/** A zone as it would be after the changes so far. Reads only the names that are touched. */
export class Draft {
  readonly #data: Transaction;
  readonly #zone: StoredZone;
  readonly #names = new Map<string, NameSets>();

  constructor(zone: StoredZone, data: Transaction) {
    this.#zone = zone;
    this.#data = data;
  }

  /** Sets of one canonical name, by their keys. */
  at(name: string): Map<string, ResourceRecordSet> {
    return this.#load(name).after;
  }

  /** How many record sets the zone has before and after. */
  sizes(): { readonly before: number; readonly after: number } {
    const before = this.#data.size(recordSets(this.#zone.id));
    let after = before;
    for (const sets of this.#names.values()) after += sets.after.size - sets.before.size;
    return { before, after };
  }

  /** Stages what differs; a set that says the same in other words stays as it was written first. */
  stage(): void {
    const table = recordSets(this.#zone.id);
    for (const { before, after } of this.#names.values()) {
      for (const key of before.keys()) {
        if (!after.has(key)) this.#data.delete(table, key);
      }
      for (const [key, set] of after) {
        const known = before.get(key);
        if (known === undefined || meaning(known) !== meaning(set)) this.#data.put(table, key, set);
      }
    }
  }

  #load(name: string): NameSets {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const table = recordSets(this.#zone.id);
    const keys = this.#data.keys(table);
    const prefix = `${reversedName(name)} `;
    const before = new Map<string, ResourceRecordSet>();
    for (let index = firstNotBefore(keys, prefix); keys[index]?.startsWith(prefix) === true; index += 1) {
      const key = keys[index] ?? '';
      const set = this.#data.get(table, key);
      if (set !== undefined) before.set(key, set);
    }
    const sets = { before, after: new Map(before) };
    this.#names.set(name, sets);
    return sets;
  }
}

/** A set as it is stored and listed. */
export function storedSet(set: ResourceRecordSet, name: string): ResourceRecordSet {
  const stored: ResourceRecordSet = { ...withoutUndefined(set), Name: name, Type: set.Type };
  if (set.AliasTarget === undefined) return stored;
  const target = canonicalName(set.AliasTarget.DNSName ?? '');
  const dnsName = 'name' in target ? target.name : set.AliasTarget.DNSName;
  return { ...stored, AliasTarget: { ...set.AliasTarget, DNSName: dnsName } };
}

function withoutUndefined(set: ResourceRecordSet): Partial<ResourceRecordSet> {
  return Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined));
}

export function keyOf(set: ResourceRecordSet, name: string): string {
  return setKey(name, set.Type ?? '', set.SetIdentifier);
}

/** Equal for sets that Route 53 takes for the same: order of values and closing dots do not count. */
export function meaning(set: ResourceRecordSet): string {
  const values = (set.ResourceRecords ?? []).map(({ Value }) => canonicalValue(set.Type ?? '', Value ?? '')).sort();
  const target = set.AliasTarget;
  const alias = target && [target.HostedZoneId, storedSet(set, '').AliasTarget?.DNSName, target.EvaluateTargetHealth];
  const policies = POLICY_FIELDS.map((field) => set[field]);
  return JSON.stringify([set.TTL, values, alias, policies, set.SetIdentifier]);
}
