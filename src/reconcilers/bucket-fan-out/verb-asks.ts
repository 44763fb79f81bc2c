import type { Estate } from '../../engine/types.ts';
import { arn, bucketArn } from '../../resources/arns.ts';
import { invokePermissions } from '../../resources/invoke.ts';
import { permit } from '../../resources/permissions.ts';
import { queueArn } from '../../resources/queue-address.ts';
import { nameOf } from '../function/names.ts';
import { asksIn } from '../readers.ts';
import type { Ask } from '../readers.ts';
import { askerOf } from './looking.ts';
import { filterOf } from './object-rules.ts';
import { homeOf, sourceOf, tableName, targetsOf } from './places.ts';
import type { BucketFanOut, Target } from './places.ts';
import { objectsArn } from './policy.ts';
import { fanOutDocument } from './function-document.ts';

/** What `fan-out verify`, `backfill`, `redrive`, `status` and `test` ask of IAM, beside what a plan asks. */
export function verbAsks(document: BucketFanOut, estate: Estate): readonly Ask[] {
  const home = homeOf(document, estate);
  const source = sourceOf(document, estate);
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
    // To compare what listings cannot tell; and a probe is put there and taken away.
    ...asksIn(
      askerOf(source, source, estate, 'applyRole').from,
      permit('s3', objectsArn(source, filterOf(document.spec)), [
        'DeleteObject',
        'DeleteObjectVersion',
        'GetObject',
        'PutObject',
      ]),
    ),
    ...asksIn(
      askerOf(source, source, estate, 'applyRole').from,
      permit('s3', bucketArn(source, source.bucket), ['ListBucketVersions']),
    ),
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
      ...permit('s3', objectsArn(destination, destination), ['DeleteObject', 'DeleteObjectVersion', 'GetObject']),
      ...permit('s3', bucketArn(destination, destination.bucket), ['ListBucketVersions']),
    ]),
  ];
}
