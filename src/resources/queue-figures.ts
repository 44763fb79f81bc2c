import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Aws } from '../aws/clients.ts';
import { isAwsError } from '../aws/errors.ts';
import type { Place } from '../engine/types.ts';

/** Messages of a queue, as SQS counts them: approximately, and up to a minute late. */
export interface QueueFigures {
  readonly visible: number;
  /** Received, and neither deleted nor back yet. */
  readonly inFlight: number;
  readonly delayed: number;
}

/** One request. @returns undefined: there is no such queue */
export async function readQueueFigures(aws: Aws, place: Place, url: string): Promise<QueueFigures | undefined> {
  const client = await aws.client(SQSClient, place);
  try {
    const { Attributes = {} } = await client.send(
      new GetQueueAttributesCommand({
        QueueUrl: url,
        AttributeNames: [
          'ApproximateNumberOfMessages',
          'ApproximateNumberOfMessagesDelayed',
          'ApproximateNumberOfMessagesNotVisible',
        ],
      }),
    );
    return {
      visible: Number(Attributes.ApproximateNumberOfMessages ?? 0),
      inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
      delayed: Number(Attributes.ApproximateNumberOfMessagesDelayed ?? 0),
    };
  } catch (error) {
    if (isAwsError(error, 'QueueDoesNotExist') || isAwsError(error, 'AWS.SimpleQueueService.NonExistentQueue')) {
      return undefined;
    }
    throw error;
  }
}

export function messagesIn({ visible, inFlight, delayed }: QueueFigures): number {
  return visible + inFlight + delayed;
}
