import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectTaggingCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import type { CreateMultipartUploadCommandInput, Part, S3Client, Tag } from '@aws-sdk/client-s3';
import { isAwsError, reasonOf } from '../../aws/errors.ts';
import { copySource } from '../../fan-out/object-key.ts';
import { listedKey } from '../object-listing.ts';
import type { ObjectPlace } from '../stored-object.ts';
import { copyProperties } from './copy-properties.ts';
import type { CopyWishes } from './copy-properties.ts';
import { isSourceGone, lookAtSource, tagsOfSource } from './source-object.ts';
import type { SourceObject, SourcePlace } from './source-object.ts';

/** One object that is copied in parts. */
export interface CopyInParts {
  readonly source: SourcePlace;
  /** As HEAD told it. */
  readonly object: SourceObject;
  readonly destination: ObjectPlace;
  readonly wishes: CopyWishes;
}

/** Clients in the regions of both buckets. */
export interface CopyClients {
  readonly source: S3Client;
  readonly destination: S3Client;
}

/** A part that S3 has. */
export interface UploadedPart {
  readonly number: number;
  /** Octets. */
  readonly size: number;
  /** With its quotes. */
  readonly etag: string;
  /** `ChecksumCRC64NVME` and the like, in base64. */
  readonly sums: Readonly<Record<string, string>>;
}

export interface OpenUpload {
  readonly parts: readonly UploadedPart[];
  /** Who began it, as S3 names him. */
  readonly initiator: string | undefined;
}

/** Octets `from` to `to`, both included. */
export interface OctetRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The calls of one copy in parts (S3 API Reference). Each names both owners (threats T67). An upload that is not there
 * any more is `gone`: completed, or aborted.
 */
export interface MultipartCopy {
  /** The copy's tags: those wished for, else the source's; undefined: the source is not there any more. */
  tags(): Promise<readonly Tag[] | undefined>;
  /** Begins an upload with all that the copy is to have, but for tags that no header holds. @returns its id */
  create(tags: readonly Tag[]): Promise<string>;
  /** Puts those onto what has landed. */
  tagLanded(tags: readonly Tag[], versionId?: string): Promise<void>;
  look(uploadId: string): Promise<OpenUpload | 'gone'>;
  /** Only from what the copy was begun with: the version, or the ETag. */
  copyPart(
    uploadId: string,
    number: number,
    range: OctetRange,
    stop?: AbortSignal,
  ): Promise<UploadedPart | 'source-gone' | 'gone'>;
  /** @throws also for the error in the body of a 200, which the SDK looks for */
  complete(
    uploadId: string,
    parts: readonly UploadedPart[],
  ): Promise<{ readonly etag: string; readonly versionId?: string } | 'gone'>;
  /** Aborts until S3 has nothing left of it: parts that were on their way may still have come in. */
  abort(uploadId: string): Promise<void>;
  /** Other open uploads of the same key that the same one has begun. */
  others(uploadId: string, initiator: string): Promise<readonly string[]>;
  /** What is at the destination; undefined: nothing that we may see. */
  landed(): Promise<SourceObject | undefined>;
}

/** "It might be necessary to abort a given multipart upload multiple times" (S3 API Reference, AbortMultipartUpload). */
const MOST_ABORTS = 5;

export function multipartCopy(clients: CopyClients, copy: CopyInParts): MultipartCopy {
  const { object, destination } = copy;
  const source = { ...copy.source, ...(object.versionId !== undefined && { versionId: object.versionId }) };
  const client = clients.destination;
  const bucket = { Bucket: destination.bucket, ExpectedBucketOwner: destination.account };
  const where = { ...bucket, Key: destination.key };

  async function look(uploadId: string): Promise<OpenUpload | 'gone'> {
    const parts: UploadedPart[] = [];
    let marker: string | undefined;
    try {
      for (;;) {
        const page = await client.send(
          new ListPartsCommand({ ...where, UploadId: uploadId, PartNumberMarker: marker }),
        );
        parts.push(...(page.Parts ?? []).map(partOf));
        if (!page.IsTruncated) return { parts, initiator: page.Initiator?.ID };
        marker = page.NextPartNumberMarker;
      }
    } catch (error) {
      if (isAwsError(error, 'NoSuchUpload')) return 'gone';
      throw error;
    }
  }

  return {
    look,
    tags: () => (copy.wishes.tags ? Promise.resolve(copy.wishes.tags) : tagsOfSource(clients.source, source)),
    async create(tags) {
      const Tagging = tagHeader(tags);
      const { UploadId = '' } = await client.send(
        new CreateMultipartUploadCommand({ ...where, ...propertiesOf(copy), ...(Tagging !== '' && { Tagging }) }),
      );
      return UploadId;
    },
    async tagLanded(tags, versionId) {
      const Tagging = { TagSet: [...tags] };
      await client.send(new PutObjectTaggingCommand({ ...where, VersionId: versionId, Tagging }));
    },
    async copyPart(uploadId, number, { from, to }, stop) {
      const command = new UploadPartCopyCommand({
        ...where,
        UploadId: uploadId,
        PartNumber: number,
        CopySource: copySource(source.bucket, source.key, source.versionId),
        CopySourceIfMatch: object.etag,
        CopySourceRange: `bytes=${from}-${to}`,
        ExpectedSourceBucketOwner: source.account,
      });
      try {
        const { CopyPartResult: result = {} } = await client.send(command, stop && { abortSignal: stop });
        return partOf({ ...result, PartNumber: number, Size: to - from + 1 });
      } catch (error) {
        if (isAwsError(error, 'NoSuchUpload')) return 'gone';
        if (isSourceGone(error)) return 'source-gone';
        throw error;
      }
    },
    async complete(uploadId, parts) {
      const command = new CompleteMultipartUploadCommand({
        ...where,
        UploadId: uploadId,
        MultipartUpload: {
          Parts: parts.map(({ number, etag, sums }) => ({ PartNumber: number, ETag: etag, ...sums })),
        },
        MpuObjectSize: object.size,
        ...wholeSumOf(object),
      });
      try {
        const { ETag = '', VersionId } = await client.send(command);
        return { etag: ETag, ...(VersionId !== undefined && { versionId: VersionId }) };
      } catch (error) {
        if (isAwsError(error, 'NoSuchUpload')) return 'gone';
        throw error;
      }
    },
    async abort(uploadId) {
      for (let turn = 0; turn < MOST_ABORTS; turn += 1) {
        try {
          await client.send(new AbortMultipartUploadCommand({ ...where, UploadId: uploadId }));
        } catch (error) {
          if (isAwsError(error, 'NoSuchUpload')) return;
          throw error;
        }
        if ((await look(uploadId)) === 'gone') return;
      }
      throw new Error(
        `The multipart upload ${uploadId} of ${destination.key} is still there after ${MOST_ABORTS} aborts.`,
      );
    },
    async others(uploadId, initiator) {
      const found: string[] = [];
      let from: { readonly KeyMarker?: string; readonly UploadIdMarker?: string } = {};
      for (;;) {
        // Unencoded, XML has no words for some keys, and drops others' line ends (S3 API Reference, ListMultipartUploads).
        const page = await client.send(
          new ListMultipartUploadsCommand({ ...bucket, Prefix: destination.key, EncodingType: 'url', ...from }),
        );
        const own = (page.Uploads ?? []).filter(
          ({ Key, Initiator }) => listedKey(Key) === destination.key && Initiator?.ID === initiator,
        );
        found.push(...own.flatMap(({ UploadId }) => UploadId ?? []).filter((id) => id !== uploadId));
        // Keys are in order, and longer ones come behind.
        const { IsTruncated, NextKeyMarker, NextUploadIdMarker } = page;
        if (!IsTruncated || listedKey(NextKeyMarker) !== destination.key) return found;
        from = {
          KeyMarker: destination.key,
          ...(NextUploadIdMarker !== undefined && { UploadIdMarker: NextUploadIdMarker }),
        };
      }
    },
    async landed() {
      try {
        return await lookAtSource(client, destination);
      } catch (error) {
        // Reading the destination is nobody's right by need: what cannot be told is copied anew.
        if (reasonOf(error) === 'denied') return undefined;
        throw error;
      }
    },
  };
}

/**
 * Octets of a header with tags. S3 takes 8 KB of headers in all (S3 API Reference, "PutObject"): 2 KB are for metadata, and
 * as many may be for the names of its headers, for credentials, and for the rest. Ten tags may have 34 KB.
 */
const MAX_TAG_HEADER = 2_048;

/** Do the tags go into a header? */
export function fitHeader(tags: readonly Tag[]): boolean {
  return tagsAsHeader(tags).length <= MAX_TAG_HEADER;
}

/** Empty: there are none, or too many. */
function tagHeader(tags: readonly Tag[]): string {
  return fitHeader(tags) ? tagsAsHeader(tags) : '';
}

export function tagsAsHeader(tags: readonly Tag[]): string {
  return new URLSearchParams(tags.map(({ Key = '', Value = '' }): [string, string] => [Key, Value])).toString();
}

/** All that is said when an upload begins: nothing of it can be said later. */
function propertiesOf({ object, wishes }: CopyInParts): Partial<CreateMultipartUploadCommandInput> {
  return {
    ...object.headers,
    Metadata: { ...wishes.metadata },
    ...copyProperties(object, wishes),
    ...checksumProperties(object),
  };
}

/**
 * The source's algorithm. A digest of an object in parts is always one of the parts' digests (S3 User Guide, "Checking
 * object integrity in Amazon S3", table of checksum types).
 */
function checksumProperties({ checksum }: SourceObject): Partial<CreateMultipartUploadCommandInput> {
  if (checksum === undefined) return {};
  return {
    ChecksumAlgorithm: checksum.algorithm as NonNullable<CreateMultipartUploadCommandInput['ChecksumAlgorithm']>,
    ChecksumType: typeInParts(checksum),
  };
}

function typeInParts({ algorithm, type }: NonNullable<SourceObject['checksum']>): 'FULL_OBJECT' | 'COMPOSITE' {
  if (algorithm === 'CRC64NVME') return 'FULL_OBJECT';
  return algorithm.startsWith('CRC') ? type : 'COMPOSITE';
}

/** With the source's checksum S3 itself holds the copy against it, from one end to the other. */
function wholeSumOf({ checksum }: SourceObject): object {
  if (checksum === undefined) return {};
  const type = typeInParts(checksum);
  const isComparable = type === 'FULL_OBJECT' && checksum.type === 'FULL_OBJECT';
  return { ChecksumType: type, ...(isComparable && { [`Checksum${checksum.algorithm}`]: checksum.value }) };
}

function partOf(part: Part): UploadedPart {
  const { PartNumber = 0, Size = 0, ETag = '' } = part;
  const sums = Object.entries(part).filter(
    (field): field is [string, string] => field[0].startsWith('Checksum') && typeof field[1] === 'string',
  );
  return { number: PartNumber, size: Size, etag: ETag, sums: Object.fromEntries(sums) };
}
