import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import type { CallContext } from '../service.ts';
import { POLICY_FIELDS } from './change-input.ts';
import type { CheckedChange } from './change-input.ts';
import { Draft } from './draft.ts';
import { zones } from './model.ts';
import type { StoredZone } from './model.ts';
import { isInZone, isWildcard } from './name.ts';
import { canonicalValue, valueProblem } from './record-values.ts';

/** Developer Guide, "Quotas": values of one record set. */
const MAX_VALUES = 400;
/** ResourceRecord, Value: all types but these take several values. */
const SINGLE_VALUE_TYPES = ['CNAME', 'SOA'];

/** What is wrong with a set by itself, whatever the zone holds. */
export function setProblems({ type, values }: CheckedChange, name: string): readonly string[] {
  const messages: string[] = [];
  const known = new Set<string>();
  for (const value of values) {
    const wrong = valueProblem(type, value);
    if (wrong !== undefined) {
      const { problem, explanation } = wrong;
      messages.push(
        `Invalid Resource Record: 'FATAL problem: ${problem} (${explanation}) encountered with '${value}''`,
      );
    }
    const canonical = canonicalValue(type, value);
    if (known.has(canonical)) messages.push(`Duplicate Resource Record: '${value}'`);
    known.add(canonical);
  }
  if (values.length > MAX_VALUES) {
    messages.push(
      `RRSet of type ${type} with DNS name ${name} has ${values.length} values, limit of ${MAX_VALUES} exceeded.`,
    );
  }
  if (SINGLE_VALUE_TYPES.includes(type) && values.length > 1) {
    messages.push(`RRSet of type ${type} with DNS name ${name} can have only one value, has ${values.length}.`);
  }
  return messages;
}

/** What is wrong with a set at its place, between the other sets of its name. */
export function placementProblems(
  set: ResourceRecordSet,
  key: string,
  siblings: ReadonlyMap<string, ResourceRecordSet>,
  zone: StoredZone,
  around: { readonly draft: Draft; readonly context: CallContext },
): readonly string[] {
  const { Name: name = '', Type: type = '' } = set;
  const messages: string[] = [];
  const others = [...siblings].filter(([other]) => other !== key).map(([, other]) => other);
  const at = `RRSet of type ${type} with DNS name ${name}`;
  if (type === 'CNAME' && name === zone.name) messages.push(`${at} is not permitted at apex in zone ${zone.name}`);
  else if (type === 'CNAME' && others.some((other) => other.Type !== 'CNAME')) {
    messages.push(
      `${at} is not permitted as it conflicts with other records with the same DNS name in zone ${zone.name}`,
    );
  }
  if (type !== 'CNAME' && others.some((other) => other.Type === 'CNAME')) {
    // AWS's text has two blanks before the conflicting type.
    messages.push(
      `${at} is not permitted because a conflicting RRSet of type  CNAME with the same DNS name already exists in zone ${zone.name}`,
    );
  }
  if (type === 'SOA' && name !== zone.name) messages.push(`${at} is permitted only at apex in zone ${zone.name}`);
  if (type === 'NS' && isWildcard(name)) messages.push(`${at} is not permitted: an NS record cannot be a wildcard`);
  const group = others.filter((other) => other.Type === type);
  const stranger = group.find((other) => policyOf(other) !== policyOf(set));
  if (stranger !== undefined) {
    const identifier = set.SetIdentifier === undefined ? '' : `, SetIdentifier ${set.SetIdentifier},`;
    messages.push(
      `RRSet with DNS name ${name}, type ${type}${identifier} cannot be created because a non-${policyOf(set)} RRSet with the same name and type already exists.`,
    );
  }
  return [...messages, ...aliasProblems(set, zone, around)];
}

/** All sets of one name and type have one routing policy. */
function policyOf(set: ResourceRecordSet): string {
  return POLICY_FIELDS.find((field) => set[field] !== undefined) ?? 'simple';
}

/** An alias to a zone of this account needs its target there; other targets (load balancers, buckets) are unknown here. */
function aliasProblems(
  set: ResourceRecordSet,
  zone: StoredZone,
  { draft, context }: { readonly draft: Draft; readonly context: CallContext },
): readonly string[] {
  const { HostedZoneId: targetZoneId = '', DNSName: target = '' } = set.AliasTarget ?? {};
  const targetZone = context.data.get(zones, targetZoneId);
  if (set.AliasTarget === undefined || targetZone === undefined) return [];
  const tried = `Tried to create an alias that targets ${target}, type ${set.Type} in zone ${targetZoneId}`;
  if (!isInZone(target, targetZone.name)) {
    return [`${tried}, but the alias target name does not lie within the target zone`];
  }
  const targets = (targetZone.id === zone.id ? draft : new Draft(targetZone, context.data)).at(target);
  const exists = [...targets.values()].some((candidate) => candidate.Type === set.Type);
  return exists ? [] : [`${tried}, but that target was not found`];
}
