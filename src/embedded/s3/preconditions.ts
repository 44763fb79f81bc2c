import type { StoredObject } from './model.ts';
import { noSuchKey, notModified, preconditionFailed, s3Error } from './errors.ts';

/** Conditions of a request that writes or deletes. */
export interface WriteConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
}

/** Conditions of a request that reads. */
export interface ReadConditions extends WriteConditions {
  readonly IfModifiedSince?: Date | undefined;
  readonly IfUnmodifiedSince?: Date | undefined;
}

/**
 * Conditional writes and deletes (User Guide, "How to prevent object overwrites with conditional writes", "How to
 * perform conditional deletes").
 *
 * @throws PreconditionFailed, NoSuchKey for If-Match where there is no object, NotImplemented for an If-None-Match that
 *   is not `*`.
 */
export function checkWrite(
  key: string,
  found: StoredObject | undefined,
  { IfMatch, IfNoneMatch }: WriteConditions,
): void {
  if (IfNoneMatch !== undefined && IfNoneMatch !== '*') {
    throw s3Error('NotImplemented', 'A header you provided implies functionality that is not implemented', 501, {
      Header: 'If-None-Match',
    });
  }
  if (IfNoneMatch === '*' && found !== undefined) throw preconditionFailed('If-None-Match');
  if (IfMatch === undefined) return;
  if (found === undefined) throw noSuchKey(key);
  if (!isSame(IfMatch, found)) throw preconditionFailed('If-Match');
}

/**
 * Conditional reads: a matching ETag goes before the date, as GetObject describes the pairs (RFC 7232, section 6).
 *
 * @throws PreconditionFailed, NotModified
 */
export function checkRead(found: StoredObject, conditions: ReadConditions): void {
  const { IfMatch, IfNoneMatch, IfModifiedSince: newer, IfUnmodifiedSince: older } = conditions;
  if (IfMatch !== undefined && !isSame(IfMatch, found)) throw preconditionFailed('If-Match');
  if (IfMatch === undefined && older !== undefined && found.modified > older.getTime()) {
    throw preconditionFailed('If-Unmodified-Since');
  }
  if (IfNoneMatch !== undefined && isSame(IfNoneMatch, found)) throw notModified();
  if (IfNoneMatch === undefined && newer !== undefined && found.modified <= newer.getTime()) throw notModified();
}

/** ETags are taken with and without their quotes. */
function isSame(wanted: string, { etag }: StoredObject): boolean {
  return wanted === '*' || wanted.replaceAll('"', '') === etag.replaceAll('"', '');
}
