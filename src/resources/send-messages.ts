import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Aws } from '../aws/clients.ts';
import { isAwsError } from '../aws/errors.ts';
import type { Clock, Place } from '../engine/types.ts';

/** SQS may take some messages of a batch and not others, and says which. */
const ATTEMPTS = 5;
const PAUSE_MS = 1_000;

/** Sends up to ten messages by one call. @returns `no-queue`: there is none of this URL @throws Error what SQS did not take */
export async function sendMessages(
  aws: Aws,
  clock: Clock,
  { place, url, bodies }: { readonly place: Place; readonly url: string; readonly bodies: readonly string[] },
): Promise<'sent' | 'no-queue'> {
  const client = await aws.client(SQSClient, place);
  let left = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: left }));
      const [first] = Failed;
      if (!first) return 'sent';
      const isTheirs = Failed.some(({ SenderFault }) => SenderFault === true);
      if (isTheirs || attempt === ATTEMPTS) {
        throw new Error(
          `SQS did not take ${Failed.length} messages: ${first.Code ?? ''} ${first.Message ?? ''}`.trim(),
        );
      }
      left = left.filter(({ Id }) => Failed.some((one) => one.Id === Id));
    } catch (error) {
      if (isAwsError(error, 'QueueDoesNotExist')) return 'no-queue';
      throw error;
    }
    await clock.sleep(attempt * PAUSE_MS);
  }
}
