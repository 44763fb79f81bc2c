import type { Tags } from '../tags.ts';
import type { ObjectHeaders } from './stored-headers.ts';

// Users of the package see these types, and need not have the SDK: it is spelled out what its own would say.

type SparseChecksum = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256';

type SparseStorageClass =
  | 'DEEP_ARCHIVE'
  | 'GLACIER'
  | 'GLACIER_IR'
  | 'INTELLIGENT_TIERING'
  | 'ONEZONE_IA'
  | 'REDUCED_REDUNDANCY'
  | 'STANDARD'
  | 'STANDARD_IA';

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
  readonly storageClass?: SparseStorageClass;
  /** Path or URL to which the bucket's website redirects. */
  readonly redirect?: string;
  /** Default: CRC64NVME, as S3 gives it to what comes without. */
  readonly checksumAlgorithm?: SparseChecksum;
  /** It was put under a key of the customer (SSE-C). */
  readonly customerKey?: true;
}
