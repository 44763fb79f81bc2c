import type { ListObjectsV2Output, ListObjectsV2Request, _Object } from '@aws-sdk/client-s3';
import { pageOf } from '../paging.ts';
import type { CallContext } from '../service.ts';
import { bucketFor } from './buckets.ts';
import { invalidArgument } from './errors.ts';
import { objectRow, objects, ownerOf } from './model.ts';
import type { StoredObject } from './model.ts';
import { refuseFields } from './not-embedded-fields.ts';

/** ListObjectsV2: "returns up to 1,000 key names"; more may be asked for, and are not given. */
const MAX_PAGE = 1000;

/** An object, or what keys have in common up to a delimiter. */
type Item = { readonly row: string } & ({ readonly object: StoredObject } | { readonly prefix: string });

/** Keys in the order of their octets; empty lists are left out, as an empty XML list is. */
export function listObjectsV2(input: ListObjectsV2Request, context: CallContext): ListObjectsV2Output {
  refuseFields(input, ['EncodingType', 'OptionalObjectAttributes']);
  const bucket = bucketFor(input, context);
  const { Prefix: prefix = '', Delimiter: delimiter, ContinuationToken: token, StartAfter: after } = input;
  const { MaxKeys: most = MAX_PAGE } = input;
  if (most < 0) throw invalidArgument('Argument maxKeys must be an integer between 0 and 2147483647', 'maxKeys', most);
  const kept = [...context.data.entries(objects(bucket.name))]
    .filter(([row, { key }]) => key.startsWith(prefix) && (after === undefined || row > objectRow(after)))
    .map(([, object]) => object);
  const refuse = (): Error =>
    invalidArgument('The continuation token provided is incorrect', 'continuation-token', token);
  const page = { token, size: Math.min(most, MAX_PAGE) };
  const { items, next } = pageOf(grouped(kept, prefix, delimiter), ({ row }) => row, page, refuse);
  const owner = input.FetchOwner === true ? { Owner: ownerOf(bucket.account) } : {};
  const contents = items.flatMap((item) => ('object' in item ? { ...shown(item.object), ...owner } : []));
  const prefixes = items.flatMap((item) => ('prefix' in item ? { Prefix: item.prefix } : []));
  return {
    IsTruncated: next !== undefined,
    ...(contents.length > 0 && { Contents: contents }),
    Name: bucket.name,
    Prefix: prefix,
    ...(delimiter !== undefined && { Delimiter: delimiter }),
    MaxKeys: page.size,
    ...(prefixes.length > 0 && { CommonPrefixes: prefixes }),
    KeyCount: items.length,
    ...(token !== undefined && { ContinuationToken: token }),
    ...(next !== undefined && { NextContinuationToken: next }),
    ...(after !== undefined && { StartAfter: after }),
  };
}

/** Keys with the delimiter behind the prefix become one item each group. */
function grouped(list: readonly StoredObject[], prefix: string, delimiter: string | undefined): readonly Item[] {
  const items = new Map<string, Item>();
  for (const object of list) {
    const end = delimiter ? object.key.indexOf(delimiter, prefix.length) : -1;
    const common = end < 0 ? undefined : object.key.slice(0, end + (delimiter ?? '').length);
    const row = objectRow(common ?? object.key);
    items.set(row, common === undefined ? { row, object } : { row, prefix: common });
  }
  return [...items.values()];
}

function shown({ key, modified, etag, checksum, body }: StoredObject): _Object {
  return {
    Key: key,
    LastModified: new Date(modified),
    ETag: etag,
    ChecksumAlgorithm: [checksum.algorithm],
    ChecksumType: 'FULL_OBJECT',
    Size: body.size,
    StorageClass: 'STANDARD',
  };
}
