import { createHash } from 'node:crypto';
import { table } from '../../store/database.ts';
import type { Table, Transaction } from '../../store/database.ts';
import type { Body } from '../body.ts';
import type { Checksum } from '../checksums.ts';
import { invalidArgument } from '../errors.ts';
import { objectRow } from '../model.ts';
import type { StoredBucket, StoredObject } from '../model.ts';

/** A multipart upload that is neither completed nor aborted. */
export interface Upload {
  readonly id: string;
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly initiated: number;
  /** ARN of who began it. */
  readonly initiator: string;
  /** What was said of the object when the upload began: it cannot be said later. */
  readonly object: Pick<StoredObject, 'headers' | 'metadata' | 'tags' | 'storageClass' | 'redirect' | 'kms'>;
  /** Undefined: none was named; parts have none then, and the object gets S3's own. */
  readonly checksum?: UploadChecksum;
}

export interface UploadChecksum {
  readonly algorithm: Checksum['algorithm'];
  readonly type: 'COMPOSITE' | 'FULL_OBJECT';
}

export interface UploadedPart {
  readonly number: number;
  readonly body: Body;
  /** With its quotes. */
  readonly etag: string;
  /** Milliseconds since the epoch, whole seconds. */
  readonly modified: number;
  readonly checksum?: Checksum;
}

/** User Guide, "Amazon S3 multipart upload limits". */
export const MAX_PART_NUMBER = 10_000;
const NUMBER_DIGITS = 5;
const ID_LENGTH = 64;

/** Open uploads of one bucket by `objectRow`, those of a key in the order in which they began. */
export function uploads(bucket: string): Table<readonly Upload[]> {
  return table(`s3/uploads ${bucket}`);
}

/** Parts of one upload by `partRow`. */
export function parts(uploadId: string): Table<UploadedPart> {
  return table(`s3/parts ${uploadId}`);
}

export function partRow(number: number): string {
  return String(number).padStart(NUMBER_DIGITS, '0');
}

/** Grows from one upload to the next: lists of one key are in the order of ids and of moments alike. */
export function newUploadId(data: Transaction): string {
  const turn = data.next('s3/multipart uploads');
  const digest = createHash('sha512').update(`upload ${turn}`).digest('hex');
  return `${turn.toString(36).padStart(8, '0')}${digest}`.slice(0, ID_LENGTH);
}

/** @throws InvalidArgument */
export function checkPartNumber(number: number = 0): number {
  if (Number.isInteger(number) && number >= 1 && number <= MAX_PART_NUMBER) return number;
  throw invalidArgument(
    `Part number must be an integer between 1 and ${MAX_PART_NUMBER}, inclusive`,
    'partNumber',
    number,
  );
}

/** Parts in the order of their numbers. */
export function partsOf({ id }: Upload, data: Transaction): readonly UploadedPart[] {
  return [...data.entries(parts(id))].map(([, part]) => part);
}

/** An upload and its parts are gone, whether they became an object or not. */
export function dropUpload({ name }: StoredBucket, upload: Upload, data: Transaction): void {
  for (const row of data.keys(parts(upload.id))) data.delete(parts(upload.id), row);
  const row = objectRow(upload.key);
  const others = (data.get(uploads(name), row) ?? []).filter(({ id }) => id !== upload.id);
  if (others.length > 0) data.put(uploads(name), row, others);
  else data.delete(uploads(name), row);
}

/** A bucket that goes takes its open uploads along. */
export function dropUploads(bucket: StoredBucket, data: Transaction): void {
  const all = [...data.entries(uploads(bucket.name))].flatMap(([, list]) => list);
  for (const upload of all) dropUpload(bucket, upload, data);
}
