import { parseDuration } from '../../engine/duration.ts';
import type { Desired, Estate, Place } from '../../engine/types.ts';
import { tagList } from '../../resources/marker.ts';
import { queueUrl } from '../../resources/queue-address.ts';
import { nameOf } from '../function/names.ts';
import type { BucketFanOut, DestinationIds } from './places.ts';
import type { DestinationQueues } from './policy.ts';

/** SQS's longest: 14 days. */
const RETENTION_SECONDS = 1_209_600;
/** As Lambda advises for a queue that starts a function (Lambda guide, "Creating and configuring an Amazon SQS event source mapping"). */
const TIMEOUTS = 6;
/** Lambda counts a message that it takes and then has no room for (same page, on concurrency): such ones are no failures. */
const MAX_RECEIVES = 20;

interface QueuesRequest {
  readonly document: BucketFanOut;
  readonly estate: Estate;
  readonly place: Place;
  readonly ids: DestinationIds;
  readonly queues: DestinationQueues;
  readonly topic: string;
}

/** The queue of what failed for good, with who may send there, and the queue of work. */
export function queueResources({ document, estate, place, ids, queues, topic }: QueuesRequest): readonly Desired[] {
  const shared = { MessageRetentionPeriod: RETENTION_SECONDS, Tags: tagList(estate.tags) };
  const timeout = parseDuration(document.spec.function.timeout) ?? 0;
  const names = { deadLetters: nameOf(document, estate, ids.deadLetters), work: nameOf(document, estate, ids.work) };
  return [
    {
      id: ids.deadLetters,
      type: 'AWS::SQS::Queue',
      place,
      properties: { QueueName: names.deadLetters, ...shared },
    },
    {
      id: ids.deadLetterPolicy,
      type: 'AWS::SQS::QueueInlinePolicy',
      place,
      properties: {
        // As it will be, so that a plan shows it before the queue is there.
        Queue: queueUrl(place, names.deadLetters),
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'Undelivered',
              Effect: 'Allow',
              Principal: { Service: 'sns.amazonaws.com' },
              Action: 'sqs:SendMessage',
              Resource: queues.deadLetters,
              Condition: { ArnEquals: { 'aws:SourceArn': topic } },
            },
          ],
        },
      },
      after: [ids.deadLetters],
    },
    {
      id: ids.work,
      type: 'AWS::SQS::Queue',
      place,
      properties: {
        QueueName: names.work,
        VisibilityTimeout: TIMEOUTS * timeout,
        RedrivePolicy: { deadLetterTargetArn: queues.deadLetters, maxReceiveCount: MAX_RECEIVES },
        ...shared,
      },
      // SQS refuses a dead-letter queue that does not exist.
      after: [ids.deadLetters],
    },
  ];
}
