import type { Place } from '../../engine/types.ts';
import { ledgerPartitions } from '../../fan-out/ledger-keys.ts';
import type { ObjectFilter } from '../../fan-out/types.ts';
import { arn, bucketArn, dnsSuffix } from '../../resources/arns.ts';
import type { Statement } from '../function/policy.ts';
import type { FanOutDocument, OwnedBucket } from './fan-out-document.ts';

/** ARNs of the two queues of a destination. */
export interface DestinationQueues {
  readonly work: string;
  readonly deadLetters: string;
}

/** By object version and without: S3 asks for the one that the request is about. */
const READ = ['s3:GetObject', 's3:GetObjectTagging', 's3:GetObjectVersion', 's3:GetObjectVersionTagging'];
/**
 * UploadPartCopy and CompleteMultipartUpload go by PutObject (S3 user guide, "Multipart upload API and permissions").
 * GetObject is for HEAD: whether a copy has landed of whose completion nobody heard. Tags that no header holds are
 * written onto the version that has landed.
 */
const WRITE = [
  's3:AbortMultipartUpload',
  's3:GetObject',
  's3:ListMultipartUploadParts',
  's3:PutObject',
  's3:PutObjectTagging',
  's3:PutObjectVersionTagging',
];

/** Of the bucket: it knows no finer grain (Service Authorization Reference, "Amazon S3"). */
export const UPLOADS: readonly string[] = ['s3:ListBucketMultipartUploads'];

/** Lambda reads the queue with the function's rights (Lambda guide, "Using Lambda with Amazon SQS", execution role). */
const TAKE_WORK = ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'];

/**
 * What the function of one destination may do: read the source's objects under the filter, write below the destination's
 * prefix, and keep its own rows, queues and itself going.
 */
export function copyStatements(
  { source, destination, filter, replicateDeletes, ledger, place }: FanOutDocument,
  own: { readonly queues: DestinationQueues; readonly functionArn: string },
): readonly Statement[] {
  return [
    allow('Read', READ, admittedArns(source, filter)),
    // Without it an object that is gone is a refusal (API reference of HeadObject, "Permissions").
    allow('Absence', ['s3:ListBucket'], [bucketArn(source, source.bucket)]),
    decrypt(source),
    allow('Write', writeActions({ destination, replicateDeletes }), [objectsArn(destination, destination)]),
    // An upload whose id was lost with who began it is found again.
    allow('Uploads', UPLOADS, [bucketArn(destination, destination.bucket)]),
    ...(destination.kmsKey === undefined ? [] : [encrypt(destination.kmsKey, destination)]),
    {
      ...allow(
        'Ledger',
        ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
        [arn('dynamodb', place, `table/${ledger.table}`)],
      ),
      Condition: {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${ledgerPartitions(destination.bucket)}*`] },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    },
    allow('Work', TAKE_WORK, [own.queues.work]),
    // Lambda leaves there what failed, with the function's rights.
    allow('DeadLetters', ['sqs:SendMessage'], [own.queues.deadLetters]),
    allow('GoOn', ['lambda:InvokeFunction'], [own.functionArn]),
  ];
}

/** What a copy takes at the destination. */
export function writeActions({
  destination: { acl },
  replicateDeletes,
}: Pick<FanOutDocument, 'destination' | 'replicateDeletes'>): readonly string[] {
  return [
    ...WRITE,
    ...(acl === undefined ? [] : ['s3:PutObjectAcl']),
    ...(replicateDeletes ? ['s3:DeleteObject'] : []),
  ].sort();
}

/** Multipart uploads decrypt with the key of the parts (S3 user guide, "Using server-side encryption with AWS KMS keys"). */
export const ENCRYPT: readonly string[] = ['kms:Decrypt', 'kms:GenerateDataKey'];

/** Objects whose keys begin and end so. */
export function objectsArn(
  { bucket, ...place }: OwnedBucket,
  { prefix = '', suffix = '' }: Pick<ObjectFilter, 'prefix' | 'suffix'>,
): string {
  return `${bucketArn(place, bucket)}/${literal(prefix)}*${literal(suffix)}`;
}

/** All keys that a filter admits: those in which prefix and suffix overlap are no `prefix*suffix`. */
export function admittedArns(bucket: OwnedBucket, filter: Pick<ObjectFilter, 'prefix' | 'suffix'>): readonly string[] {
  const { prefix = '', suffix = '' } = filter;
  const lengths = Array.from({ length: Math.min(prefix.length, suffix.length) }, (_, index) => index + 1);
  const overlapping = lengths
    .filter((length) => prefix.endsWith(suffix.slice(0, length)))
    .map((length) => `${bucketArn(bucket, bucket.bucket)}/${literal(prefix + suffix.slice(length))}`);
  return [...new Set([objectsArn(bucket, filter), ...overlapping])];
}

/** Only through S3 in the bucket's region. */
export function viaS3(place: Place): string {
  return `s3.${place.region}.${dnsSuffix(place)}`;
}

/** Of what KMS encrypts for S3: the object, or its bucket where that has a bucket key (S3 user guide, "Encryption context"). */
export const ENCRYPTED_FOR = 'kms:EncryptionContext:aws:s3:arn';

/** ARNs, with wildcards, that KMS is told for the objects of a bucket. */
export function encryptedFor({ bucket, ...place }: OwnedBucket): readonly string[] {
  const bucketsArn = bucketArn(place, bucket);
  return [bucketsArn, `${bucketsArn}/*`];
}

/** Whatever keys of the account encrypt the source's objects, and nothing else that they encrypt. */
function decrypt(source: OwnedBucket): Statement {
  return {
    ...allow('Decrypt', ['kms:Decrypt'], [arn('kms', source, 'key/*')]),
    Condition: {
      StringEquals: { 'kms:ViaService': viaS3(source) },
      StringLike: { [ENCRYPTED_FOR]: encryptedFor(source) },
    },
  };
}

/** A policy names no key by its alias (KMS developer guide, "Use aliases to control access"): the key must have it. */
function encrypt(kmsKey: string, place: Place): Statement {
  const [, , , region = '', account = '', resource = ''] = kmsKey.split(':');
  const isAlias = resource.startsWith('alias/');
  return {
    ...allow('Encrypt', ENCRYPT, [isAlias ? arn('kms', { account, region }, 'key/*') : kmsKey]),
    Condition: {
      StringEquals: { 'kms:ViaService': viaS3(place) },
      ...(isAlias && { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': resource } }),
    },
  };
}

/**
 * As it stands, where policies know wildcards and variables (IAM user guide, "Variables", special characters). IAM takes
 * no document with characters beyond Latin-1 (API reference, PutRolePolicy, PolicyDocument): any text may stand for them.
 */
export function literal(text: string): string {
  return text.replaceAll(/[*?$]/g, (character) => `\${${character}}`).replaceAll(/[\u0100-\uFFFF]+/g, '*');
}

function allow(Sid: string, Action: readonly string[], Resource: readonly string[]): Statement {
  return { Sid, Effect: 'Allow', Action, Resource };
}
