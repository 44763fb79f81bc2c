import type {
  ListMultipartUploadsOutput,
  ListMultipartUploadsRequest,
  ListPartsOutput,
  ListPartsRequest,
  MultipartUpload,
} from '@aws-sdk/client-s3';
import type { CallContext } from '../../service.ts';
import { bucketFor } from '../buckets.ts';
import { shownSum } from '../checksums.ts';
import { invalidArgument } from '../errors.ts';
import { pageSize, wordingOf } from '../list-objects.ts';
import { behind, keyOfRow, walk } from '../list-walk.ts';
import { objectRow, ownerOf } from '../model.ts';
import type { StoredBucket } from '../model.ts';
import { refuseFields } from '../not-embedded-fields.ts';
import { uploadFor } from './find-upload.ts';
import { partsOf, uploads } from './model.ts';
import type { Upload } from './model.ts';

/** Parts in the order of their numbers, at most 1,000 at once. */
export function listParts(input: ListPartsRequest, context: CallContext): ListPartsOutput {
  refuseFields(input, ['SSECustomerAlgorithm', 'SSECustomerKey']);
  const { bucket, upload } = uploadFor(input, context);
  const size = pageSize(input.MaxParts);
  const marker = Number(input.PartNumberMarker ?? '0');
  if (!Number.isInteger(marker) || marker < 0) {
    throw invalidArgument('Provided part-number-marker is not an integer', 'part-number-marker', marker);
  }
  const rest = partsOf(upload, context.data).filter(({ number }) => number > marker);
  const shown = rest.slice(0, size);
  const isTruncated = size > 0 && rest.length > size;
  return {
    Bucket: bucket.name,
    Key: upload.key,
    UploadId: upload.id,
    PartNumberMarker: String(marker),
    NextPartNumberMarker: String(shown.at(-1)?.number ?? 0),
    MaxParts: size,
    IsTruncated: isTruncated,
    ...(shown.length > 0 && {
      Parts: shown.map(({ number, body, etag, modified, checksum }) => ({
        PartNumber: number,
        LastModified: new Date(modified),
        ETag: etag,
        Size: body.size,
        ...(checksum && shownSum(checksum)),
      })),
    }),
    ...shownUpload(upload, bucket),
  };
}

/** One line of the list: an upload, or what keys have in common. */
interface Line {
  readonly key: string;
  readonly upload?: Upload;
}

/** Uploads by key, those of one key in the order in which they began. */
export function listMultipartUploads(
  input: ListMultipartUploadsRequest,
  context: CallContext,
): ListMultipartUploadsOutput {
  const bucket = bucketFor(input, context);
  const size = pageSize(input.MaxUploads);
  const word = wordingOf(input.EncodingType);
  const { KeyMarker: marker, UploadIdMarker: idMarker, Prefix: prefix, Delimiter: delimiter } = input;
  const lines: Line[] = [];
  for (const line of linesOf(bucket.name, input, context)) {
    if (lines.length > size) break;
    lines.push(line);
  }
  const isTruncated = size > 0 && lines.length > size;
  const shown = lines.slice(0, size);
  const last = isTruncated ? shown.at(-1) : undefined;
  const list = shown.flatMap(({ key, upload }): MultipartUpload[] => {
    if (upload === undefined) return [];
    const { id, initiated } = upload;
    return [{ UploadId: id, Key: word(key), Initiated: new Date(initiated), ...shownUpload(upload, bucket) }];
  });
  const prefixes = shown.flatMap(({ key, upload }) => (upload === undefined ? { Prefix: word(key) } : []));
  return {
    Bucket: bucket.name,
    KeyMarker: word(marker ?? ''),
    UploadIdMarker: idMarker ?? '',
    ...(last && { NextKeyMarker: word(last.key), NextUploadIdMarker: last.upload?.id ?? '' }),
    ...(prefix !== undefined && { Prefix: word(prefix) }),
    ...(delimiter !== undefined && { Delimiter: word(delimiter) }),
    MaxUploads: size,
    IsTruncated: isTruncated,
    ...(list.length > 0 && { Uploads: list }),
    ...(prefixes.length > 0 && { CommonPrefixes: prefixes }),
    ...(input.EncodingType !== undefined && { EncodingType: input.EncodingType }),
  };
}

/** From the markers on; without a key marker the one of uploads is ignored. */
function* linesOf(bucket: string, input: ListMultipartUploadsRequest, { data }: CallContext): Generator<Line> {
  const { KeyMarker: marker, UploadIdMarker: idMarker, Prefix: prefix = '', Delimiter: delimiter } = input;
  const grouping = { prefix, delimiter };
  const table = uploads(bucket);
  if (marker !== undefined && idMarker !== undefined && idMarker !== '' && marker.startsWith(prefix)) {
    const list = data.get(table, objectRow(marker)) ?? [];
    yield* list.filter(({ id }) => id > idMarker).map((upload) => ({ key: marker, upload }));
  }
  const from = marker === undefined ? '' : behind(marker, grouping);
  for (const { row, isCommon } of walk([data.keys(table)], grouping, from)) {
    if (isCommon) yield { key: keyOfRow(row) };
    else yield* (data.get(table, row) ?? []).map((upload) => ({ key: upload.key, upload }));
  }
}

function shownUpload({ initiator, object, checksum }: Upload, { account }: StoredBucket) {
  return {
    Initiator: { ID: initiator, DisplayName: initiator.split(/[/:]/).at(-1) },
    Owner: ownerOf(account),
    StorageClass: object.storageClass ?? ('STANDARD' as const),
    ...(checksum && { ChecksumAlgorithm: checksum.algorithm, ChecksumType: checksum.type }),
  };
}
