import type { CreateMultipartUploadCommandInput, S3Client } from '@aws-sdk/client-s3';
import type { UploadRow } from './upload-state.ts';

/** What a copy of more than 5 GiB is told (`large-copy.ts`: `copyLarge(job, world)`, which answers a `CopyResult` of src/fan-out/buckets.ts). */
export interface LargeCopyJob {
  readonly source: {
    readonly bucket: string;
    /** `ExpectedSourceBucketOwner`. */
    readonly account: string;
    readonly key: string;
    readonly versionId?: string;
    /** Without quotes: for `CopySourceIfMatch`. */
    readonly etag: string;
    /** Octets. */
    readonly size: number;
  };
  readonly destination: {
    readonly bucket: string;
    /** `ExpectedBucketOwner`. */
    readonly account: string;
    readonly key: string;
  };
  /** What the object carries: metadata, headers, storage class, encryption, ACL, checksum algorithm; no tags. */
  readonly carried: Omit<CreateMultipartUploadCommandInput, 'Bucket' | 'Key' | 'ExpectedBucketOwner' | 'Tagging'>;
  /** It has tags, which are asked for. */
  readonly isTagged: boolean;
}

export interface LargeCopyWorld {
  /** Of the source's region. */
  readonly source: S3Client;
  /** Of the destination's region. */
  readonly destination: S3Client;
  readonly row: UploadRow;
  /** Milliseconds until nothing new is to be started. */
  left(): number;
  readonly stop: AbortSignal;
  /** Starts the invocation that goes on; called once the row is handed over. */
  goOn(): Promise<void>;
}
