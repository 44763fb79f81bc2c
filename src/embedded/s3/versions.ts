import { createHash } from 'node:crypto';
import type { CallContext } from '../service.ts';
import { table } from '../store/database.ts';
import type { Table, Transaction } from '../store/database.ts';
import { invalidArgument } from './errors.ts';
import { objectAt, objectRow, objects } from './model.ts';
import type { StoredBucket, StoredObject } from './model.ts';

/**
 * Versions (User Guide, "How S3 Versioning works"). The newest object of a key is in `objects`, whether the bucket has
 * versions or not; what else a key has is listed in its past: older versions and delete markers, newest first. A key
 * whose newest is a delete marker has no row in `objects`.
 */
type PastVersion =
  | { readonly id: string }
  /** `marked`: when, in milliseconds since the epoch. */
  | { readonly id: string; readonly marked: number };

/** One version of a key, or a delete marker. */
export type Version = { readonly id: string; readonly key: string } & (
  | { readonly object: StoredObject }
  | { readonly marked: number }
);

/** Where and when something is written. */
type Writing = Pick<CallContext, 'data' | 'now'>;

/** The version id of what was written while versioning was not on. */
export const NULL_VERSION = 'null';
const VERSION_ID = /^(?:null|[\w.-]{32})$/;
const ID_LENGTH = 32;

/** By `objectRow`; absent: the key has no past. */
export function pasts(bucket: string): Table<readonly PastVersion[]> {
  return table(`s3/pasts ${bucket}`);
}

/** Older versions by `olderRow`. */
function older(bucket: string): Table<StoredObject> {
  return table(`s3/older ${bucket}`);
}

function olderRow(row: string, id: string): string {
  return `${row}\0${id}`;
}

export function idOf({ versionId = NULL_VERSION }: StoredObject): string {
  return versionId;
}

/** @throws InvalidArgument for what is no version id. */
export function checkVersionId(id: string): void {
  if (!VERSION_ID.test(id)) throw invalidArgument('Invalid version id specified', 'versionId', id);
}

/** The newest object of a key; undefined: there is none, or it is deleted. */
export function currentObject(bucket: string, key: string, data: Transaction): StoredObject | undefined {
  return objectAt(bucket, objectRow(key), data);
}

/** All that a key has, newest first. */
export function versionsOf(bucket: string, row: string, data: Transaction): readonly Version[] {
  const current = objectAt(bucket, row, data);
  const key = current?.key ?? Buffer.from(row, 'latin1').toString();
  const newest = current === undefined ? [] : [{ id: idOf(current), key, object: current }];
  const past = (data.get(pasts(bucket), row) ?? []).flatMap((one): Version[] => {
    if ('marked' in one) return [{ ...one, key }];
    const object = data.get(older(bucket), olderRow(row, one.id));
    return object === undefined ? [] : [{ id: one.id, key, object }];
  });
  return [...newest, ...past];
}

export function findVersion(bucket: string, key: string, id: string, data: Transaction): Version | undefined {
  return versionsOf(bucket, objectRow(key), data).find((version) => version.id === id);
}

/** Writes an object as the newest of its key. @returns as it is kept. */
export function keepObject(
  bucket: StoredBucket,
  object: Omit<StoredObject, 'modified' | 'versionId'>,
  { data, now }: Writing,
): StoredObject {
  const row = objectRow(object.key);
  retire(bucket, row, data);
  const kept = { ...object, modified: Math.floor(now / 1000) * 1000, ...newId(bucket, data) };
  data.put(objects(bucket.name), row, kept);
  return kept;
}

/** The same version with other tags. */
export function replaceObject(bucket: string, object: StoredObject, data: Transaction): void {
  const row = objectRow(object.key);
  const current = objectAt(bucket, row, data);
  if (current !== undefined && idOf(current) === idOf(object)) data.put(objects(bucket), row, object);
  else data.put(older(bucket), olderRow(row, idOf(object)), object);
}

/**
 * Deletes a key: for good where the bucket has no versions; else a delete marker becomes its newest, also of a key that
 * has nothing.
 *
 * @returns the id of the marker; undefined: the bucket has no versions.
 */
export function deleteKey(bucket: StoredBucket, key: string, { data, now }: Writing): string | undefined {
  const row = objectRow(key);
  if (bucket.versioning === undefined) {
    data.delete(objects(bucket.name), row);
    return undefined;
  }
  retire(bucket, row, data);
  const { versionId: id = NULL_VERSION } = newId(bucket, data);
  const past = data.get(pasts(bucket.name), row) ?? [];
  putPast(bucket, row, [{ id, marked: Math.floor(now / 1000) * 1000 }, ...past], data);
  return id;
}

/** Deletes one version for good; the newest of those that are left becomes the current one. @returns what it was. */
export function deleteVersion(bucket: StoredBucket, key: string, id: string, data: Transaction): Version | undefined {
  const found = findVersion(bucket.name, key, id, data);
  if (found === undefined) return undefined;
  const row = objectRow(key);
  const current = objectAt(bucket.name, row, data);
  const isCurrent = current !== undefined && idOf(current) === id;
  if (isCurrent) data.delete(objects(bucket.name), row);
  else data.delete(older(bucket.name), olderRow(row, id));
  const left = (data.get(pasts(bucket.name), row) ?? []).filter((one) => one.id !== id);
  putPast(bucket, row, left, data);
  if (isCurrent || current === undefined) promote(bucket, row, left, data);
  return found;
}

/** The next version becomes the current one, unless it is a delete marker. */
function promote(bucket: StoredBucket, row: string, past: readonly PastVersion[], data: Transaction): void {
  const [newest, ...rest] = past;
  if (newest === undefined || 'marked' in newest) return;
  const object = data.get(older(bucket.name), olderRow(row, newest.id));
  if (object === undefined) return;
  data.put(objects(bucket.name), row, object);
  data.delete(older(bucket.name), olderRow(row, newest.id));
  putPast(bucket, row, rest, data);
}

/** Makes room for what becomes the newest; while versioning is suspended the `null` version goes for good. */
function retire(bucket: StoredBucket, row: string, data: Transaction): void {
  if (bucket.versioning === undefined) return;
  const current = objectAt(bucket.name, row, data);
  const before = data.get(pasts(bucket.name), row) ?? [];
  const past = current === undefined ? before : [{ id: idOf(current) }, ...before];
  if (current !== undefined) {
    data.put(older(bucket.name), olderRow(row, idOf(current)), current);
    data.delete(objects(bucket.name), row);
  }
  const isSuspended = bucket.versioning === 'Suspended';
  if (isSuspended) data.delete(older(bucket.name), olderRow(row, NULL_VERSION));
  putPast(bucket, row, isSuspended ? past.filter(({ id }) => id !== NULL_VERSION) : past, data);
}

function putPast({ name }: StoredBucket, row: string, past: readonly PastVersion[], data: Transaction): void {
  if (past.length > 0) data.put(pasts(name), row, past);
  else if (data.get(pasts(name), row) !== undefined) data.delete(pasts(name), row);
}

function newId({ versioning }: StoredBucket, data: Transaction): { readonly versionId?: string } {
  if (versioning !== 'Enabled') return {};
  const digest = createHash('sha256')
    .update(`version ${data.next('s3/versions')}`)
    .digest('base64url');
  return { versionId: digest.slice(0, ID_LENGTH) };
}
