import type { ChecksumAlgorithm, StorageClass } from '@aws-sdk/client-s3';
import { EmbeddedError } from '../errors.ts';
import type { Transaction } from '../store/database.ts';
import type { Tags } from '../tags.ts';
import { etagOf, sparseBody } from './body.ts';
import { algorithmOf, checksumOf } from './checksums.ts';
import { DEFAULT_TYPE, buckets } from './model.ts';
import type { ObjectHeaders } from './model.ts';
import { keepObject } from './versions.ts';

/** An object of octets that nobody sent: of any size, and it takes no room. */
export interface SparseObject {
  readonly bucket: string;
  readonly key: string;
  /** Octets. */
  readonly size: number;
  /** Another seed gives other octets; default: bucket and key. */
  readonly seed?: string;
  readonly headers?: Partial<ObjectHeaders>;
  /** Names in lower case. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: Tags;
  readonly storageClass?: StorageClass;
  /** Path or URL to which the bucket's website redirects. */
  readonly redirect?: string;
  /** Default: CRC64NVME, as S3 gives it to what comes without. */
  readonly checksumAlgorithm?: ChecksumAlgorithm;
  /** It was put under a key of the customer (SSE-C). */
  readonly customerKey?: true;
}

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
