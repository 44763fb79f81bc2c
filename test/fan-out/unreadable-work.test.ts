import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { makeBucket } from '../support/fan-out-buckets.ts';
import { openFanOutSystem, REGION } from '../support/fan-out-system.ts';

const HOUR_MS = 3_600_000;

describe('a message of work that nobody can read', () => {
  it.each([
    ['no JSON', 'copy a, please'],
    ['another document’s', JSON.stringify({ trueup: 'fan-out', document: 'BucketFanOut/other', items: [] })],
    ['of a shape that there is not', JSON.stringify({ trueup: 'fan-out', items: 'all' })],
  ])('is counted, and ends as a dead letter: %s', async (_what, MessageBody) => {
    const system = await openFanOutSystem(
      ['source: { bucket: acme-invoices }', 'destinations: [{ bucket: acme-copies }]'],
      async (account) => {
        for (const bucket of ['acme-invoices', 'acme-copies']) await makeBucket(account, bucket);
      },
    );
    const { account, told } = system;
    const sqs = account.client(SQSClient, { region: REGION });
    await sqs.send(new SendMessageCommand({ QueueUrl: told[0]!.workQueueUrl, MessageBody }));
    for (let hours = 0; hours < 24; hours += 1) await account.advance(HOUR_MS);

    expect(await system.letters()).toStrictEqual([MessageBody]);
    const refused = (await system.lines()).filter((line) => line['RefusedEvents'] === 1);
    expect(refused.length).toBeGreaterThan(0);
  });
});
