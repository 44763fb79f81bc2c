import { EmbeddedError } from '../errors.ts';
import type { Transaction } from '../store/database.ts';
import { etagOf, sparseBody } from './body.ts';
import { algorithmOf, checksumOf } from './checksums.ts';
import { DEFAULT_TYPE, buckets } from './model.ts';
import type { SparseObject } from './sparse-object.ts';
import { keepObject } from './versions.ts';

/** 48.8 TiB: 10,000 parts of 5 GiB (User Guide, "Amazon S3 multipart upload limits"). */
const MAX_OBJECT: number = 10_000 * 5 * 1024 ** 3;

/**
 * Writes an object beside the API, over one that is there, or as a new version where the bucket has versions. No event
 * tells of it.
 *
 * @throws EmbeddedError TU4015 where there is no such bucket, or for a size that no object has.
 */
export function putSparseObject(object: SparseObject, data: Transaction, now: number): void {
  const { bucket, key, size, seed = `${bucket}/${key}`, headers, metadata = {}, tags = {} } = object;
  const { storageClass, redirect, checksumAlgorithm = 'CRC64NVME', customerKey } = object;
  const found = data.get(buckets, bucket);
  if (found === undefined) throw wrong(`There is no bucket ${JSON.stringify(bucket)}.`);
  if (!Number.isSafeInteger(size) || size < 0 || size > MAX_OBJECT)
    throw wrong(`An object cannot have ${size} octets.`);
  const body = sparseBody(seed, size);
  const kept = {
    key,
    body,
    etag: etagOf(body),
    headers: { ContentType: DEFAULT_TYPE, ...headers },
    metadata,
    checksum: checksumOf(algorithmOf(checksumAlgorithm), body),
    tags,
    ...(storageClass !== undefined && storageClass !== 'STANDARD' && { storageClass }),
    ...(redirect !== undefined && { redirect }),
    ...(customerKey && { customerKey }),
  };
  keepObject(found, kept, { data, now });
}

function wrong(message: string): EmbeddedError {
  return new EmbeddedError('TU4015', message, 'Make the bucket first, and give a number of octets up to 48.8 TiB.');
}
