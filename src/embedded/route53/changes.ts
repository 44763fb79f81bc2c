import type {
  ChangeResourceRecordSetsRequest,
  ChangeResourceRecordSetsResponse,
  ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import type { CallContext } from '../service.ts';
import { checkChange } from './change-input.ts';
import type { CheckedChange } from './change-input.ts';
import { submitChange } from './change-info.ts';
import { placementProblems, setProblems } from './change-rules.ts';
import { Draft, keyOf, meaning, storedSet } from './draft.ts';
import { constraintViolation, invalidChangeBatch } from './errors.ts';
import { ownZone, protectionKey, protections, setKey } from './model.ts';
import type { StoredZone } from './model.ts';
import { canonicalName, isInZone } from './name.ts';
import { quotasOf } from '../quotas.ts';

/** Developer Guide, "Quotas": elements and characters of one request; an UPSERT counts twice for both. */
const MAX_ELEMENTS = 1000;
const MAX_CHARACTERS = 32_000;
const MAX_COMMENT = 256;

/** All changes of the batch or none; every change is judged by the zone as the changes before it leave it. */
export function changeResourceRecordSets(
  input: ChangeResourceRecordSetsRequest,
  context: CallContext,
): ChangeResourceRecordSetsResponse {
  const zone = ownZone(input.HostedZoneId, context);
  const batch = input.ChangeBatch;
  const changes = (batch?.Changes ?? []).map(checkChange);
  if (changes.length === 0) {
    throw constraintViolation('changeBatch.changes', '[]', 'Member must have length greater than or equal to 1');
  }
  if ((batch?.Comment ?? '').length > MAX_COMMENT) {
    throw constraintViolation('changeBatch.comment', batch?.Comment, `Member must have length up to ${MAX_COMMENT}`);
  }
  const tooLarge = sizeProblem(changes);
  if (tooLarge !== undefined) throw invalidChangeBatch([tooLarge]);
  const draft = new Draft(zone, context.data);
  const seen = new Map<string, string>();
  const messages = changes.flatMap((change) => applyChange(change, draft, seen, zone, context));
  messages.push(...zoneProblems(draft, zone, context));
  if (messages.length > 0) throw invalidChangeBatch(messages);
  draft.stage();
  return { ChangeInfo: submitChange(batch?.Comment, context) };
}

function sizeProblem(changes: readonly CheckedChange[]): string | undefined {
  let elements = 0;
  let characters = 0;
  for (const { action, values } of changes) {
    const factor = action === 'UPSERT' ? 2 : 1;
    elements += factor * Math.max(values.length, 1);
    characters += factor * values.reduce((sum, value) => sum + value.length, 0);
  }
  if (elements > MAX_ELEMENTS) return `Number of records limit of ${MAX_ELEMENTS} exceeded.`;
  if (characters > MAX_CHARACTERS) return `Number of characters limit of ${MAX_CHARACTERS} exceeded.`;
  return undefined;
}

/** Applies one change to the draft, or says why not. */
function applyChange(
  change: CheckedChange,
  draft: Draft,
  seen: Map<string, string>,
  zone: StoredZone,
  context: CallContext,
): readonly string[] {
  const parsed = canonicalName(change.name);
  if (!('name' in parsed)) return [fatal(parsed.problem, parsed.explanation, change.name)];
  const { name } = parsed;
  if (!isInZone(name, zone.name)) return [`RRSet with DNS name ${name} is not permitted in zone ${zone.name}`];
  const isProtected = protectionProblem(name, change.type, zone, context);
  if (isProtected !== undefined) return [isProtected];
  const key = keyOf(change.set, name);
  const earlier = seen.get(key);
  seen.set(key, change.action);
  if (earlier !== undefined && !(earlier === 'DELETE' && change.action !== 'DELETE')) {
    return [`The request contains an invalid set of changes for a resource record set '${change.type} ${name}'`];
  }
  const set = storedSet(change.set, name);
  if (change.action === 'DELETE') return remove(set, key, draft);
  const sets = draft.at(name);
  if (change.action === 'CREATE' && sets.has(key)) {
    return [`Tried to create resource record set ${label(set)} but it already exists`];
  }
  const messages = [...setProblems(change, name), ...placementProblems(set, key, sets, zone, { draft, context })];
  if (messages.length === 0) sets.set(key, set);
  return messages;
}

function remove(set: ResourceRecordSet, key: string, draft: Draft): readonly string[] {
  const sets = draft.at(set.Name ?? '');
  const existing = sets.get(key);
  if (existing === undefined) return [`Tried to delete resource record set ${label(set)} but it was not found`];
  if (meaning(existing) !== meaning(set)) {
    return [
      `Tried to delete resource record set ${label(set)} but the values provided do not match the current values`,
    ];
  }
  sets.delete(key);
  return [];
}

function protectionProblem(name: string, type: string, zone: StoredZone, { data }: CallContext): string | undefined {
  const protection = data.get(protections(zone.id), protectionKey(name, type));
  if (protection === undefined) return undefined;
  const comment = protection.comment === undefined ? '' : `: ${protection.comment}`;
  return `Tried to change resource record set [name='${name}', type='${type}'] but it is protected${comment}`;
}

function zoneProblems(draft: Draft, zone: StoredZone, { data, caller }: CallContext): readonly string[] {
  const messages: string[] = [];
  const apex = draft.at(zone.name);
  if (!apex.has(setKey(zone.name, 'SOA'))) messages.push('A HostedZone must contain exactly one SOA record.');
  if (!apex.has(setKey(zone.name, 'NS'))) {
    messages.push('A HostedZone must contain at least one NS record for the zone itself.');
  }
  const quota = quotasOf(data, caller.account).recordSetsPerZone;
  const { before, after } = draft.sizes();
  if (after > quota && after > before) messages.push(`Number of records limit of ${quota} exceeded.`);
  return messages;
}

function label({ Name, Type, SetIdentifier }: ResourceRecordSet): string {
  const identifier = SetIdentifier === undefined ? '' : `, set-identifier='${SetIdentifier}'`;
  return `[name='${Name}', type='${Type}'${identifier}]`;
}

function fatal(problem: string, explanation: string, text: string): string {
  return `FATAL problem: ${problem} (${explanation}) encountered with '${text}'`;
}
