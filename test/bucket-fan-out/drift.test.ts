import {
  GetBucketNotificationConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
} from '@aws-sdk/client-s3';
import type { NotificationConfiguration, S3Client } from '@aws-sdk/client-s3';
import { ListSubscriptionsCommand, SetSubscriptionAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import { createFanOutEstate, SOURCE, US } from '../support/bucket-fan-out.ts';
import { makeBucket } from '../support/fan-out-buckets.ts';

const Bucket = 'acme-invoices';

async function applied() {
  const estate = await createFanOutEstate([SOURCE, US, 'filter: { prefix: in/ }']);
  const source = await makeBucket(estate.account, Bucket);
  await makeBucket(estate.account, 'acme-invoices-us', { region: 'us-east-1' });
  expect(await estate.apply(await estate.plan())).toMatchObject({ outcome: 'applied', failed: [] });
  return { estate, source };
}

type Opened = Awaited<ReturnType<typeof applied>>;

/** As somebody would do it in the console. */
async function movePrefix(source: S3Client): Promise<void> {
  const { $metadata: _metadata, ...found } = await source.send(
    new GetBucketNotificationConfigurationCommand({ Bucket }),
  );
  const [own] = found.TopicConfigurations!;
  const moved = { ...own!, Filter: { Key: { FilterRules: [{ Name: 'prefix' as const, Value: 'elsewhere/' }] } } };
  const NotificationConfiguration: NotificationConfiguration = { ...found, TopicConfigurations: [moved] };
  await source.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
}

async function moveSubscription({ estate }: Opened): Promise<void> {
  const sns = estate.account.client(SNSClient, { region: 'eu-west-1' });
  const { Subscriptions = [] } = await sns.send(new ListSubscriptionsCommand({}));
  await sns.send(
    new SetSubscriptionAttributesCommand({
      SubscriptionArn: Subscriptions[0]!.SubscriptionArn,
      AttributeName: 'FilterPolicy',
      AttributeValue: JSON.stringify({ Records: { eventName: ['ObjectCreated:Put'] } }),
    }),
  );
}

describe('what has no tags of its own and was changed by hand', () => {
  it.each<[string, string, string, (opened: Opened) => Promise<void>]>([
    ['the entry of the source', 'Trueup::S3::BucketNotification', 'Prefix', ({ source }) => movePrefix(source)],
    ['a subscription', 'AWS::SNS::Subscription', 'FilterPolicy', moveSubscription],
  ])('is drift: %s', async (_what, type, path, move) => {
    const opened = await applied();
    expect(await opened.estate.drift()).toMatchObject({ drifted: [] });

    await move(opened);

    const found = await opened.estate.drift();
    expect(found.drifted).toMatchObject([{ type, changes: [{ path, cause: 'drift' }] }]);
    expect(found.findings.map(({ code }) => code)).not.toContain('not-judged');
  });

  it('is no drift where git moved it', async () => {
    const { estate } = await applied();
    estate.rewrite('invoices.yaml', (yaml) => yaml.replace('prefix: in/', 'prefix: other/'));

    const found = await estate.drift();
    expect(found.drifted).toEqual([]);
    expect(found.findings.map(({ code }) => code)).toContain('not-applied');
    expect(found.findings.map(({ code }) => code)).not.toContain('not-judged');
  });
});
