import type {
  DeleteMarkerEntry,
  ListObjectVersionsOutput,
  ListObjectVersionsRequest,
  ObjectVersion,
} from '@aws-sdk/client-s3';
import type { CallContext } from '../service.ts';
import { bucketFor } from './buckets.ts';
import { invalidArgument } from './errors.ts';
import { pageSize, shownObject, wordingOf } from './list-objects.ts';
import { behind, keyOfRow, walk } from './list-walk.ts';
import { objectRow, objects, ownerOf } from './model.ts';
import { refuseFields } from './not-embedded-fields.ts';
import { checkVersionId, pasts, versionsOf } from './versions.ts';
import type { Version } from './versions.ts';

/** One line of the list: a version and whether it is the newest, or what keys have in common. */
type Line =
  | { readonly key: string; readonly version: Version; readonly isLatest: boolean }
  | { readonly key: string; readonly version?: undefined };

/** Versions and delete markers by key, those of one key newest first. */
export function listObjectVersions(input: ListObjectVersionsRequest, context: CallContext): ListObjectVersionsOutput {
  refuseFields(input, ['OptionalObjectAttributes']);
  const bucket = bucketFor(input, context);
  const size = pageSize(input.MaxKeys);
  const word = wordingOf(input.EncodingType);
  const { KeyMarker: marker, VersionIdMarker: idMarker, Prefix: prefix = '', Delimiter: delimiter } = input;
  if (idMarker !== undefined && marker === undefined) {
    throw invalidArgument(
      'A version-id marker cannot be specified without a key marker.',
      'version-id-marker',
      idMarker,
    );
  }
  const { lines, isTruncated } = takeLines(linesOf(bucket.name, input, context), size);
  const last = isTruncated ? lines.at(-1) : undefined;
  const owner = ownerOf(bucket.account);
  const versions: ObjectVersion[] = [];
  const markers: DeleteMarkerEntry[] = [];
  for (const { key, version, ...line } of lines) {
    if (version === undefined) continue;
    const named = {
      Key: word(key),
      VersionId: version.id,
      IsLatest: 'isLatest' in line && line.isLatest,
      Owner: owner,
    };
    if ('object' in version) versions.push({ ...shownObject(version.object), ...named } as ObjectVersion);
    else markers.push({ ...named, LastModified: new Date(version.marked) });
  }
  const prefixes = lines.flatMap(({ key, version }) => (version === undefined ? { Prefix: word(key) } : []));
  return {
    IsTruncated: isTruncated,
    ...(marker !== undefined && { KeyMarker: word(marker) }),
    ...(idMarker !== undefined && { VersionIdMarker: idMarker }),
    ...(last && { NextKeyMarker: word(last.key), ...(last.version && { NextVersionIdMarker: last.version.id }) }),
    ...(versions.length > 0 && { Versions: versions }),
    ...(markers.length > 0 && { DeleteMarkers: markers }),
    Name: bucket.name,
    Prefix: word(prefix),
    ...(delimiter !== undefined && { Delimiter: word(delimiter) }),
    MaxKeys: size,
    ...(prefixes.length > 0 && { CommonPrefixes: prefixes }),
    ...(input.EncodingType !== undefined && { EncodingType: input.EncodingType }),
  };
}

/** From the markers on: behind a version of a key, or behind a key. */
function* linesOf(bucket: string, input: ListObjectVersionsRequest, { data }: CallContext): Generator<Line> {
  const { KeyMarker: marker, VersionIdMarker: idMarker, Prefix: prefix = '', Delimiter: delimiter } = input;
  const grouping = { prefix, delimiter };
  if (marker !== undefined && idMarker !== undefined) {
    checkVersionId(idMarker);
    const lines = linesOfKey(bucket, objectRow(marker), data);
    const place = lines.findIndex(({ version }) => version?.id === idMarker);
    if (place >= 0) yield* lines.slice(place + 1);
  }
  const from = marker === undefined ? '' : behind(marker, grouping);
  for (const { row, isCommon } of walk([data.keys(objects(bucket)), data.keys(pasts(bucket))], grouping, from)) {
    if (isCommon) yield { key: keyOfRow(row) };
    else yield* linesOfKey(bucket, row, data);
  }
}

function linesOfKey(bucket: string, row: string, data: CallContext['data']): readonly Line[] {
  return versionsOf(bucket, row, data).map((version, index) => ({ key: version.key, version, isLatest: index === 0 }));
}

function takeLines(
  lines: Iterable<Line>,
  size: number,
): { readonly lines: readonly Line[]; readonly isTruncated: boolean } {
  const taken: Line[] = [];
  if (size === 0) return { lines: taken, isTruncated: false };
  for (const line of lines) {
    if (taken.length === size) return { lines: taken, isTruncated: true };
    taken.push(line);
  }
  return { lines: taken, isTruncated: false };
}
