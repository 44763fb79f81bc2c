import type {
  CreateResourceRecordSetProtectionsRequest,
  DeleteResourceRecordSetProtectionsRequest,
  ListResourceRecordSetProtectionsRequest,
  ListResourceRecordSetProtectionsResponse,
  ProtectionError,
  RRType,
} from '@aws-sdk/client-route-53';
import { serviceError } from '../errors.ts';
import type { CallContext } from '../service.ts';
import { firstNotBefore } from '../store/database.ts';
import { constraintViolation, invalidInput, invalidPaginationToken } from './errors.ts';
import { ownZone, protectionKey, protections } from './model.ts';
import type { StoredProtection, StoredZone } from './model.ts';
import { canonicalName, isInZone } from './name.ts';
import { RECORD_TYPES } from './record-types.ts';

/** CreateResourceRecordSetProtections: up to 100 entries a request, comments up to 256 characters. */
const MAX_ENTRIES = 100;
const MAX_COMMENT = 256;
/** ListResourceRecordSetProtections: up to 300 a page. */
const PROTECTIONS_PAGE = 300;

interface Entry {
  readonly RecordName: string | undefined;
  readonly RecordType: RRType | undefined;
  readonly Comment?: string | undefined;
}

export function createProtections(input: CreateResourceRecordSetProtectionsRequest, context: CallContext): object {
  const zone = ownZone(input.HostedZoneId, context);
  const wanted = checkEntries(input.Protections ?? [], zone);
  const existing = [...wanted].filter(([key]) => context.data.get(protections(zone.id), key) !== undefined);
  if (existing.length > 0) {
    const errors = existing.map(([, entry]) => failure(entry, 'ProtectionAlreadyExists', 'It is protected already.'));
    throw batchError(existing.length === wanted.size ? 'ProtectionAlreadyExists' : INVALID_BATCH, errors);
  }
  for (const [key, entry] of wanted) context.data.put(protections(zone.id), key, entry);
  return {};
}

export function deleteProtections(input: DeleteResourceRecordSetProtectionsRequest, context: CallContext): object {
  const zone = ownZone(input.HostedZoneId, context);
  const wanted = checkEntries(input.Protections ?? [], zone);
  const missing = [...wanted].filter(([key]) => context.data.get(protections(zone.id), key) === undefined);
  if (missing.length > 0) {
    const errors = missing.map(([, entry]) => failure(entry, 'ProtectionNotFound', 'It is not protected.'));
    throw batchError(INVALID_BATCH, errors);
  }
  for (const key of wanted.keys()) context.data.delete(protections(zone.id), key);
  return {};
}

const INVALID_BATCH = 'InvalidResourceRecordSetProtectionBatch';

/** Invalid entries are reported before anything else, all of them and nothing but them. */
function checkEntries(entries: readonly Entry[], zone: StoredZone): ReadonlyMap<string, StoredProtection> {
  if (entries.length === 0 || entries.length > MAX_ENTRIES) {
    throw constraintViolation('protections', entries.length, `Member must have length 1 to ${MAX_ENTRIES}`);
  }
  const checked = new Map<string, StoredProtection>();
  const errors: ProtectionError[] = [];
  for (const entry of entries) {
    const { RecordName: text = '', RecordType: type = '', Comment: comment } = entry;
    const parsed = canonicalName(text);
    const name = 'name' in parsed ? parsed.name : text;
    const key = protectionKey(name, type);
    const problem = 'name' in parsed ? entryProblem(name, type, comment, zone) : parsed.explanation;
    const repeated = checked.has(key) ? 'The name and type appear more than once in the request.' : undefined;
    const message = problem ?? repeated;
    if (message !== undefined) errors.push(failure({ name: text, type }, 'InvalidInput', message));
    else checked.set(key, { name, type, ...(comment === undefined ? {} : { comment }) });
  }
  if (errors.length > 0) throw batchError(INVALID_BATCH, errors);
  return checked;
}

function entryProblem(name: string, type: string, comment: string | undefined, zone: StoredZone): string | undefined {
  if (!isInZone(name, zone.name)) return `The name is not in the hosted zone ${zone.name}`;
  if (!RECORD_TYPES.includes(type)) return `Records of type ${type} cannot be protected.`;
  if ((comment ?? '').length > MAX_COMMENT) return `The comment is longer than ${MAX_COMMENT} characters.`;
  return undefined;
}

function failure(
  entry: { readonly name: string; readonly type: string },
  code: string,
  message: string,
): ProtectionError {
  return { RecordName: entry.name, RecordType: entry.type as RRType, Code: code, Message: message };
}

function batchError(name: string, errors: readonly ProtectionError[]): Error {
  const message = `${errors.length} of the entries could not be processed; nothing was changed.`;
  return serviceError(name, message, { fields: { Message: message, Errors: [...errors] } });
}

export function listProtections(
  input: ListResourceRecordSetProtectionsRequest,
  context: CallContext,
): ListResourceRecordSetProtectionsResponse {
  const zone = ownZone(input.HostedZoneId, context);
  const keys = context.data.keys(protections(zone.id));
  const from = firstNotBefore(keys, input.NextToken === undefined ? startKey(input) : tokenKey(input.NextToken, keys));
  const to = from + Math.min(input.MaxResults ?? PROTECTIONS_PAGE, PROTECTIONS_PAGE);
  const page = keys.slice(from, to).flatMap((key) => context.data.get(protections(zone.id), key) ?? []);
  const next = keys[to];
  return {
    ResourceRecordSetProtections: page.map(({ name, type, comment }) => ({
      RecordName: name,
      RecordType: type as RRType,
      ...(comment === undefined ? {} : { Comment: comment }),
    })),
    ...(next === undefined ? {} : { NextToken: Buffer.from(next).toString('base64url') }),
  };
}

function startKey({ StartRecordName: name, StartRecordType: type }: ListResourceRecordSetProtectionsRequest): string {
  if (name === undefined) {
    if (type !== undefined) throw invalidInput('Specify StartRecordName when you specify StartRecordType.');
    return '';
  }
  const parsed = canonicalName(name);
  if (!('name' in parsed)) throw invalidInput(`StartRecordName '${name}' is not valid: ${parsed.explanation}`);
  return protectionKey(parsed.name, type ?? '');
}

function tokenKey(token: string, keys: readonly string[]): string {
  const key = Buffer.from(token, 'base64url').toString();
  if (keys[firstNotBefore(keys, key)] === undefined) throw invalidPaginationToken();
  return key;
}
