import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Aws } from '../aws/clients.ts';
import { watchSkew } from '../aws/clock-skew.ts';
import { isAwsError } from '../aws/errors.ts';
import type { Clock, Place } from '../engine/types.ts';

/** A message that was received: nobody else sees it until its time is over. */
export interface ReceivedMessage {
  readonly id: string;
  readonly body: string;
  /** Milliseconds since the epoch. */
  readonly sent: number;
  readonly handle: string;
}

/** The messages of one queue. */
export interface QueueMessages {
  /** So many at most, ten or fewer, out of sight for so many seconds; none: none can be seen. */
  receive(seconds: number, most: number): Promise<readonly ReceivedMessage[]>;
  /** Once a message is done. */
  remove(message: ReceivedMessage): Promise<void>;
  /** Out of sight for so many seconds from now; 0: to be seen at once. One that is gone, or somebody else's, stays as it is. */
  hide(message: ReceivedMessage, seconds: number): Promise<void>;
}

/** A long poll asks all of SQS's servers, a short one some of them (SQS Developer Guide, "Short and long polling"). */
const WAIT_SECONDS = 2;

/** Of a handle whose message is gone, or was received by somebody else since. */
const NOT_OURS = ['InvalidParameterValue', 'InvalidParameterValueException', 'MessageNotInflight'];

/** How far SQS's clock, by which `sent` is told, is ahead of another one, by its last answer; see `watchSkew`. */
export async function watchQueueClock(aws: Aws, place: Place, clock: Clock): Promise<() => number | undefined> {
  return watchSkew(await aws.client(SQSClient, place), clock);
}

export async function openQueueMessages(aws: Aws, place: Place, QueueUrl: string): Promise<QueueMessages> {
  const client = await aws.client(SQSClient, place);
  return {
    async receive(VisibilityTimeout, most) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          VisibilityTimeout,
          MaxNumberOfMessages: most,
          WaitTimeSeconds: WAIT_SECONDS,
          MessageSystemAttributeNames: ['SentTimestamp'],
        }),
      );
      return Messages.map(({ MessageId = '', Body = '', ReceiptHandle = '', Attributes }) => ({
        id: MessageId,
        body: Body,
        sent: Number(Attributes?.SentTimestamp ?? 0),
        handle: ReceiptHandle,
      }));
    },
    async remove({ handle: ReceiptHandle }) {
      await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    },
    async hide({ handle: ReceiptHandle }, VisibilityTimeout) {
      try {
        await client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));
      } catch (error) {
        if (!NOT_OURS.some((name) => isAwsError(error, name))) throw error;
      }
    },
  };
}
