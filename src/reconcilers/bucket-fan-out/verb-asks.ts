import type { Estate, Permission, Place } from '../../engine/types.ts';
import { arn, bucketArn } from '../../resources/arns.ts';
import { invokePermissions } from '../../resources/invoke.ts';
import { permit } from '../../resources/permissions.ts';
import { PROBE } from '../../resources/probe-object.ts';
import { queueArn } from '../../resources/queue-address.ts';
import { nameOf } from '../function/names.ts';
import { asksIn } from '../readers.ts';
import type { Ask } from '../readers.ts';
import { askerOf } from './looking.ts';
import { filterOf } from './object-rules.ts';
import { homeOf, sourceOf, tableName, targetsOf } from './places.ts';
import type { BucketFanOut, Target } from './places.ts';
import { fanOutDocument } from './function-document.ts';
import type { OwnedBucket } from './fan-out-document.ts';
import { ENCRYPTED_FOR, admittedArns, encryptedFor, objectsArn, viaS3 } from './policy.ts';

/** A probe's versions are told from others' by a look, and deleted one by one. */
const CLEAR_PROBE = ['DeleteObjectVersion', 'GetObjectVersion'] as const;

/** What `fan-out verify`, `backfill`, `redrive`, `status` and `test` ask of IAM, beside what a plan asks. */
export function verbAsks(document: BucketFanOut, estate: Estate): readonly Ask[] {
  const home = homeOf(document, estate);
  const source = sourceOf(document, estate);
  const filter = filterOf(document.spec);
  return [
    ...asksIn(
      home,
      permit('dynamodb', arn('dynamodb', home, `table/${tableName(document, estate)}`), [
        'BatchGetItem',
        'DeleteItem',
        'GetItem',
        'PutItem',
        'Query',
        'Scan',
        'UpdateItem',
      ]),
    ),
    ...asksIn(askerOf(source, source, estate, 'applyRole').from, [
      // To compare what listings cannot tell.
      ...admittedArns(source, filter).flatMap((one) => permit('s3', one, ['GetObject'])),
      ...permit('s3', objectsArn(source, { ...filter, prefix: `${filter.prefix ?? ''}${PROBE}` }), [
        ...CLEAR_PROBE,
        'PutObject',
      ]),
      ...permit('s3', bucketArn(source, source.bucket), ['ListBucketVersions']),
      ...keyPermissions(source, source, ['Decrypt', 'GenerateDataKey']),
    ]),
    ...targetsOf(document, estate).flatMap((target) => targetAsks(document, estate, target)),
  ];
}

function targetAsks(document: BucketFanOut, estate: Estate, target: Target): readonly Ask[] {
  const home = homeOf(document, estate);
  const { destination, ids } = target;
  const { functionName } = fanOutDocument(document, estate, target);
  const queue = (id: string): string => queueArn(home, nameOf(document, estate, id));
  return [
    ...asksIn(home, permit('sqs', queue(ids.work), ['GetQueueAttributes', 'SendMessage'])),
    ...asksIn(
      home,
      permit('sqs', queue(ids.deadLetters), [
        'ChangeMessageVisibility',
        'DeleteMessage',
        'GetQueueAttributes',
        'ReceiveMessage',
      ]),
    ),
    ...asksIn(home, invokePermissions(home, functionName)),
    ...asksIn(askerOf(destination, sourceOf(document, estate), estate, 'applyRole').from, [
      ...permit('s3', objectsArn(destination, destination), ['GetObject']),
      ...permit('s3', `${objectsArn(destination, destination)}${PROBE}*`, CLEAR_PROBE),
      ...permit('s3', bucketArn(destination, destination.bucket), ['ListBucketVersions']),
      ...keyPermissions(destination, keyPlace(destination), ['Decrypt']),
    ]),
  ];
}

/**
 * Whatever key of the account encrypts there, through S3 alone, and of this bucket: HEAD that asks for a checksum decrypts,
 * too. What the document names today is not all: older objects are under older keys.
 */
function keyPermissions(
  bucket: OwnedBucket,
  { account, region }: Place,
  names: readonly string[],
): readonly Permission[] {
  const keys = arn('kms', { account, region }, 'key/*');
  return encryptedFor(bucket).flatMap((pattern) =>
    permit('kms', keys, names, { 'kms:ViaService': viaS3(bucket), [ENCRYPTED_FOR]: pattern }),
  );
}

/** Where the key is by which copies are encrypted. */
function keyPlace({ kmsKey, account, region }: Target['destination']): Place {
  const [, , , keyRegion = region, keyAccount = account] = kmsKey?.split(':') ?? [];
  return { account: keyAccount, region: keyRegion };
}
