import type { EncodingType, ListObjectsV2Output, ListObjectsV2Request, _Object } from '@aws-sdk/client-s3';
import type { CallContext } from '../service.ts';
import { bucketFor } from './buckets.ts';
import { invalidArgument } from './errors.ts';
import { encodeKey } from './events.ts';
import { behind, keyOfRow, walk } from './list-walk.ts';
import type { Step } from './list-walk.ts';
import { objectAt, objects, ownerOf } from './model.ts';
import type { StoredObject } from './model.ts';

/** ListObjectsV2: "returns up to 1,000 key names"; more may be asked for, and are not given. */
const MAX_PAGE = 1000;
const TOKEN = /^from:([^]*)$/;

/**
 * Keys in the order of their octets; empty lists are left out, as an empty XML list is. Whoever asks for RestoreStatus gets
 * none: S3 tells it of objects that were restored, and nothing is restored here.
 */
export function listObjectsV2(input: ListObjectsV2Request, context: CallContext): ListObjectsV2Output {
  const bucket = bucketFor(input, context);
  const { Prefix: prefix = '', Delimiter: delimiter, ContinuationToken: token, StartAfter: after } = input;
  const size = pageSize(input.MaxKeys);
  const word = wordingOf(input.EncodingType);
  const begin = after === undefined ? '' : behind(after);
  const from = token === undefined ? begin : readToken(token);
  const { steps, next } = takePage(walk([context.data.keys(objects(bucket.name))], { prefix, delimiter }, from), size);
  const owner = input.FetchOwner === true ? { Owner: ownerOf(bucket.account) } : {};
  const contents = steps.flatMap(({ row, isCommon }) => {
    const object = isCommon ? undefined : objectAt(bucket.name, row, context.data);
    return object === undefined ? [] : [{ Key: word(object.key), ...shownObject(object), ...owner }];
  });
  const prefixes = steps.flatMap(({ row, isCommon }) => (isCommon ? { Prefix: word(keyOfRow(row)) } : []));
  return {
    IsTruncated: next !== undefined,
    ...(contents.length > 0 && { Contents: contents }),
    Name: bucket.name,
    Prefix: word(prefix),
    ...(delimiter !== undefined && { Delimiter: word(delimiter) }),
    MaxKeys: size,
    ...(prefixes.length > 0 && { CommonPrefixes: prefixes }),
    ...(input.EncodingType !== undefined && { EncodingType: input.EncodingType }),
    KeyCount: steps.length,
    ...(token !== undefined && { ContinuationToken: token }),
    ...(next !== undefined && { NextContinuationToken: writeToken(next) }),
    ...(after !== undefined && { StartAfter: word(after) }),
  };
}

/** @throws InvalidArgument */
export function pageSize(most: number = MAX_PAGE): number {
  if (most >= 0) return Math.min(most, MAX_PAGE);
  throw invalidArgument('Argument maxKeys must be an integer between 0 and 2147483647', 'maxKeys', most);
}

/** How a list writes keys. @throws InvalidArgument */
export function wordingOf(encoding: EncodingType | undefined): (key: string) => string {
  if (encoding === undefined) return (key) => key;
  if (encoding === 'url') return encodeKey;
  throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', encoding);
}

/** The first steps, and where the next page begins, if there is one; a page of none says that it is the last. */
function takePage(walked: Iterable<Step>, size: number): { readonly steps: readonly Step[]; readonly next?: string } {
  const steps: Step[] = [];
  if (size === 0) return { steps };
  for (const step of walked) {
    const last = steps.at(-1);
    if (steps.length === size && last !== undefined) return { steps, next: last.next };
    steps.push(step);
  }
  return { steps };
}

function writeToken(from: string): string {
  return Buffer.from(`from:${from}`).toString('base64url');
}

function readToken(token: string): string {
  const from = TOKEN.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (from !== undefined) return from;
  throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token);
}

/** An object in a list, beside its key. */
export function shownObject({ modified, etag, checksum, body, storageClass = 'STANDARD' }: StoredObject): _Object {
  return {
    LastModified: new Date(modified),
    ETag: etag,
    ChecksumAlgorithm: [checksum.algorithm],
    ChecksumType: checksum.type ?? 'FULL_OBJECT',
    Size: body.size,
    StorageClass: storageClass,
  };
}
