import type { Change, ResourceRecordSet } from '@aws-sdk/client-route-53';
import { serviceError } from '../errors.ts';
import { constraintViolation, invalidInput } from './errors.ts';
import { RECORD_TYPES } from './record-types.ts';

/** API model: ResourceRecordSet. */
const MAX_TTL = 2_147_483_647;
const MAX_VALUE = 4000;
const MAX_NAME = 1024;
const MAX_IDENTIFIER = 128;
const MAX_WEIGHT = 255;

const ACTIONS: readonly string[] = ['CREATE', 'DELETE', 'UPSERT'] satisfies Change['Action'][];

/** Fields of which a set with an identifier has exactly one. */
export const POLICY_FIELDS = [
  'Weight',
  'Region',
  'Failover',
  'GeoLocation',
  'MultiValueAnswer',
  'CidrRoutingConfig',
  'GeoProximityLocation',
] as const satisfies (keyof ResourceRecordSet)[];

/** ResourceRecordSet, Type: what weighted, latency, geolocation and failover sets may be. */
const TYPES_WITHOUT_POLICY = ['DS', 'NS', 'SOA'];
const TYPES_WITHOUT_ALIAS = ['NS', 'SOA'];

/** A change whose fields were checked against the API model. */
export interface CheckedChange {
  readonly action: string;
  readonly set: ResourceRecordSet;
  readonly name: string;
  readonly type: string;
  readonly values: readonly string[];
}

/** @throws InvalidInput for the first change outside the model, NoSuchHealthCheck for a health check (there are none). */
export function checkChange(change: Change, index: number): CheckedChange {
  const at = `changeBatch.changes.${index + 1}.member`;
  const action = change.Action ?? '';
  if (!ACTIONS.includes(action)) {
    throw constraintViolation(`${at}.action`, action, `Member must be ${ACTIONS.join(', ')}`);
  }
  const set = change.ResourceRecordSet;
  if (set === undefined) throw invalidInput(`Invalid request: Missing field 'ResourceRecordSet' in ${at}`);
  const name = set.Name ?? '';
  const type = set.Type ?? '';
  const member = `${at}.resourceRecordSet`;
  if (name === '' || name.length > MAX_NAME) {
    throw constraintViolation(`${member}.name`, name, `Member must have length 1 to ${MAX_NAME}`);
  }
  if (!RECORD_TYPES.includes(type)) {
    throw constraintViolation(
      `${member}.type`,
      type,
      `Member must satisfy enum value set: [${RECORD_TYPES.join(', ')}]`,
    );
  }
  checkTtl(set.TTL, member);
  const values = (set.ResourceRecords ?? []).map((record) => record.Value ?? '');
  for (const [position, value] of values.entries()) checkValue(value, `${member}.resourceRecords.${position + 1}`);
  const described = describeChange(action, set);
  checkContent(set, described);
  checkPolicy(set, member, described);
  if (set.HealthCheckId !== undefined) {
    throw serviceError('NoSuchHealthCheck', `No health check found with ID: ${set.HealthCheckId}`, { status: 404 });
  }
  return { action, set, name, type, values };
}

function describeChange(action: string, { Name, Type, SetIdentifier }: ResourceRecordSet): string {
  return `Change with [Action=${action}, Name=${Name}, Type=${Type}, SetIdentifier=${SetIdentifier ?? 'null'}]`;
}

function checkTtl(ttl: number | undefined, member: string): void {
  if (ttl === undefined || (Number.isInteger(ttl) && ttl >= 0 && ttl <= MAX_TTL)) return;
  throw constraintViolation(`${member}.tTL`, ttl, `Member must be a whole number from 0 to ${MAX_TTL}`);
}

function checkValue(value: string, member: string): void {
  if (value.length <= MAX_VALUE) return;
  const rule = `Member must have length less than or equal to ${MAX_VALUE}`;
  throw constraintViolation(`${member}.member.value`, value, rule);
}

function checkContent(set: ResourceRecordSet, described: string): void {
  const isAlias = set.AliasTarget !== undefined;
  const isPlain = set.TTL !== undefined && (set.ResourceRecords ?? []).length > 0;
  const hasPlainField = set.TTL !== undefined || set.ResourceRecords !== undefined;
  const found = [isAlias, isPlain, set.TrafficPolicyInstanceId !== undefined].filter(Boolean).length;
  if (found !== 1 || (isAlias && hasPlainField)) {
    const count = found === 0 ? 'none' : 'more than one';
    const expected = '[AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId]';
    throw invalidInput(`Invalid request: Expected exactly one of ${expected}, but found ${count} in ${described}`);
  }
  if (set.TrafficPolicyInstanceId !== undefined) {
    throw invalidInput(`Invalid request: no traffic policy instance ${set.TrafficPolicyInstanceId}, in ${described}`);
  }
  if (isAlias && TYPES_WITHOUT_ALIAS.includes(set.Type ?? '')) {
    throw invalidInput(`Invalid request: an alias of type ${set.Type} is not possible, in ${described}`);
  }
}

function checkPolicy(set: ResourceRecordSet, member: string, described: string): void {
  const policies = POLICY_FIELDS.filter((field) => set[field] !== undefined);
  const identifier = set.SetIdentifier;
  if (identifier === undefined) {
    if (policies.length > 0) throw invalidInput(`Invalid request: Missing field 'SetIdentifier' in ${described}`);
    return;
  }
  if (identifier === '' || identifier.length > MAX_IDENTIFIER) {
    throw constraintViolation(`${member}.setIdentifier`, identifier, `Member must have length 1 to ${MAX_IDENTIFIER}`);
  }
  if (policies.length !== 1) {
    const count = policies.length === 0 ? 'none' : 'more than one';
    const expected = `[${POLICY_FIELDS.slice(0, -1).join(', ')}, or ${POLICY_FIELDS.at(-1)}]`;
    throw invalidInput(`Invalid request: Expected exactly one of ${expected}, but found ${count} in ${described}`);
  }
  if (TYPES_WITHOUT_POLICY.includes(set.Type ?? '')) {
    throw invalidInput(`Invalid request: a set of type ${set.Type} has no routing policy, in ${described}`);
  }
  const weight = set.Weight;
  if (weight !== undefined && !(Number.isInteger(weight) && weight >= 0 && weight <= MAX_WEIGHT)) {
    throw constraintViolation(`${member}.weight`, weight, `Member must be a whole number from 0 to ${MAX_WEIGHT}`);
  }
}
