import type {
  BucketNamespace,
  BucketVersioningStatus,
  PublicAccessBlockConfiguration,
  ServerSideEncryptionConfiguration,
  StorageClass,
} from '@aws-sdk/client-s3';
import { table } from '../store/database.ts';
import type { Table, Transaction } from '../store/database.ts';
import type { Tags } from '../tags.ts';
import { bodyOf } from './body.ts';
import type { Body } from './body.ts';
import type { Checksum } from './checksums.ts';
import type { ObjectHeaders } from './stored-headers.ts';

export interface StoredBucket {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  readonly namespace: BucketNamespace;
  readonly tags: Tags;
  /** Undefined: it was deleted. */
  readonly publicAccessBlock?: PublicAccessBlockConfiguration;
  readonly encryption: ServerSideEncryptionConfiguration;
  /** Undefined: it never was on. */
  readonly versioning?: BucketVersioningStatus;
  /** JSON, as it was written. */
  readonly policy?: string;
}

/** Encryption by a key of KMS. */
export interface KmsEncryption {
  readonly keyArn: string;
  /** Whether KMS is asked for the bucket and not for each object. */
  readonly bucketKey: boolean;
}

export interface StoredObject {
  readonly key: string;
  readonly body: Body;
  /** With its quotes. */
  readonly etag: string;
  /** Milliseconds since the epoch, whole seconds as in `Last-Modified`. */
  readonly modified: number;
  readonly headers: ObjectHeaders;
  /** Names in lower case, as headers come back. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly checksum: Checksum;
  readonly tags: Tags;
  /** Undefined: `null`, as of what is written while versioning is not on. */
  readonly versionId?: string;
  /** Undefined: STANDARD. */
  readonly storageClass?: StorageClass;
  /** Path or URL to which the bucket's website redirects. */
  readonly redirect?: string;
  /** Undefined: keys of S3's own. */
  readonly kms?: KmsEncryption;
  /** Encrypted under a key that the customer sends with each request, and nobody sends here (SSE-C). */
  readonly customerKey?: true;
}

/** What S3 answers for an object that was put without one. */
export const DEFAULT_TYPE = 'application/octet-stream';

/** By name: all accounts and regions share one namespace. */
export const buckets = table<StoredBucket>('s3/buckets');

/** As account files have it that were written before objects had segments: the body is base64. */
type OlderObject = Omit<StoredObject, 'body'> & { readonly body: string };

/** Objects of one bucket by `objectRow`; read with `objectAt`. */
export function objects(bucket: string): Table<StoredObject | OlderObject> {
  return table(`s3/objects ${bucket}`);
}

export function objectAt(bucket: string, row: string, data: Transaction): StoredObject | undefined {
  const found = data.get(objects(bucket), row);
  if (found === undefined || !isOlder(found)) return found;
  return { ...found, body: bodyOf(Buffer.from(found.body, 'base64')) };
}

function isOlder(object: StoredObject | OlderObject): object is OlderObject {
  return typeof object.body === 'string';
}

/** Octets of UTF-8 as characters: rows have the order in which S3 lists keys. */
export function objectRow(key: string): string {
  return Buffer.from(key).toString('latin1');
}

export function bucketArn(name: string | undefined): string {
  return `arn:aws:s3:::${name ?? '*'}`;
}

export function objectArn(bucket: string | undefined, key: string | undefined): string {
  return `${bucketArn(bucket)}/${key ?? '*'}`;
}

/** The canonical user id of an account, which S3 shows as owner: 64 hexadecimal digits. */
export function ownerOf(account: string): { readonly ID: string } {
  return { ID: Buffer.from(`embedded ${account}`).toString('hex').padEnd(64, '0').slice(0, 64) };
}
