import { ListSubscriptionsCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeBucket } from '../support/fan-out-buckets.ts';
import { openFanOutSystem, REGION } from '../support/fan-out-system.ts';
import type { FanOutSystem } from '../support/fan-out-system.ts';

const SOURCE = 'acme-invoices';
const COPIES = 'acme-copies';

let system: FanOutSystem;
let subscription = '';
let end: (() => Promise<void>) | undefined;

beforeAll(async () => {
  system = await openFanOutSystem(
    [`source: { bucket: ${SOURCE} }`, `destinations: [{ bucket: ${COPIES} }]`],
    async (account) => {
      await makeBucket(account, SOURCE, { objects: { a: 'body' } });
      await makeBucket(account, COPIES);
    },
    {
      onFinished: (work) => {
        end = work;
      },
    },
  );
  const { Subscriptions = [] } = await system.account
    .client(SNSClient, { region: REGION })
    .send(new ListSubscriptionsCommand({}));
  subscription = Subscriptions[0]!.SubscriptionArn!;
});

afterAll(() => end?.());

type Fields = Record<string, unknown>;
type Parts = {
  readonly record: Fields;
  readonly sns: Fields;
  readonly s3: Fields;
  readonly bucket: Fields;
  readonly object: Fields;
};

/** The event of an object that is there; `forge` changes it. */
function eventOf(forge: (parts: Parts) => void): object {
  const { configurationId, topicArn } = system.told[0]!;
  const bucket: Fields = { name: SOURCE, arn: `arn:aws:s3:::${SOURCE}` };
  const object: Fields = { key: 'a', size: 4, eTag: '841a2d689ad86bd1611447453c22c6fc', sequencer: '0065' };
  const s3: Fields = { configurationId, bucket, object };
  const record: Fields = {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: REGION,
    eventTime: '2026-11-24T10:00:00.000Z',
    eventName: 'ObjectCreated:Put',
    s3,
  };
  const sns: Fields = { EventSource: 'aws:sns', EventSubscriptionArn: subscription };
  const notification: Fields = { Type: 'Notification', TopicArn: topicArn };
  sns['Sns'] = notification;
  forge({ record, sns, s3, bucket, object });
  notification['Message'] ??= JSON.stringify({ Records: [record] });
  return { Records: [sns] };
}

const inSns =
  (name: string, value: unknown) =>
  (parts: Parts): void => {
    (parts.sns['Sns'] as Fields)[name] = value;
  };
const inRecord =
  (name: string, value: unknown) =>
  ({ record }: Parts): void => {
    record[name] = value;
  };
const inBucket =
  (name: string, value: unknown) =>
  ({ bucket }: Parts): void => {
    bucket[name] = value;
  };
const inObject =
  (name: string, value: unknown) =>
  ({ object }: Parts): void => {
    object[name] = value;
  };

const TOPIC = `arn:aws:sns:${REGION}:111122223333:acme-invoices-fanout`;

const FORGED_ENVELOPES: readonly (readonly [string, (parts: Parts) => void])[] = [
  ['a topic of another account', inSns('TopicArn', TOPIC.replace('111122223333', '999988887777'))],
  ['another topic', inSns('TopicArn', `${TOPIC}2`)],
  ['a subscription of another topic', ({ sns }) => void (sns['EventSubscriptionArn'] = `${TOPIC}2:id`)],
  ['another bucket', inBucket('name', 'evil')],
  ['the ARN of another bucket', inBucket('arn', 'arn:aws:s3:::evil')],
  ['another region', inRecord('awsRegion', 'us-east-1')],
];

const FORGED_FIELDS: readonly (readonly [string, (parts: Parts) => void])[] = [
  ...FORGED_ENVELOPES,
  ['another entry', ({ s3 }) => void (s3['configurationId'] = 'theirs')],
  ['no entry', ({ s3 }) => void delete s3['configurationId']],
  ['a topic of another region', inSns('TopicArn', TOPIC.replace(REGION, 'us-east-1'))],
  ['a topic in a list', inSns('TopicArn', [TOPIC])],
  ['no topic', inSns('TopicArn', undefined)],
  ['no notification', inSns('Type', 'SubscriptionConfirmation')],
  ['another service', inRecord('eventSource', 'aws:ses')],
  ['another envelope', ({ sns }) => void (sns['EventSource'] = 'aws:kinesis')],
  ['a subscription that is none', ({ sns }) => void (sns['EventSubscriptionArn'] = { startsWith: 1 })],
  ['a bucket in other letters', inBucket('name', 'ACME-invoices')],
  ['a bucket behind the own one', inBucket('name', `${SOURCE}/`)],
  ['an ARN of no bucket', inBucket('arn', `arn:aws:sqs:::${SOURCE}`)],
];

/** They are ours by all that says whose they are, and no object is known to be copied: they are to be dead letters. */
const UNREADABLE: readonly (readonly [string, (parts: Parts) => void])[] = [
  ['a message that is no JSON', inSns('Message', '{')],
  ['a message without records', inSns('Message', '{"Records":[]}')],
  ['another major version', inRecord('eventVersion', '3.0')],
  ['no version', inRecord('eventVersion', undefined)],
  ['no name', inRecord('eventName', 7)],
  ['no time', inRecord('eventTime', 'yesterday')],
  ['a key that is no text', inObject('key', ['a'])],
  ['a key that is no UTF-8', inObject('key', '%FF')],
  ['a key too long', inObject('key', 'k'.repeat(1_025))],
  ['an ETag that is none', inObject('eTag', '*')],
  ['a size that is none', inObject('size', -1)],
  ['a sequencer that is none', inObject('sequencer', 'zz')],
  ['a version that is none', inObject('versionId', '')],
];

async function refusedWithoutACall(forge: (parts: Parts) => void): Promise<void> {
  const before = (await system.lines()).length;
  const calls = JSON.stringify(system.account.calls()['s3']);
  const events = system.account.events().length;
  const { answer } = await system.invoke(eventOf(forge));
  expect(answer).toMatchObject({ outcome: 'done', counts: { refused: 1, copied: 0, failed: 0 } });
  expect(system.account.events().length).toBe(events);
  expect(JSON.stringify(system.account.calls()['s3'])).toBe(calls);
  const lines = (await system.lines()).slice(before);
  expect(lines[0]).toMatchObject({ outcome: 'refused-event', RefusedEvents: 1 });
  expect(lines.at(-1)).toMatchObject({ calls: {} });
}

async function failsWithoutACall(forge: (parts: Parts) => void): Promise<void> {
  const before = (await system.lines()).length;
  const calls = JSON.stringify(system.account.calls()['s3']);
  const events = system.account.events().length;
  const { functionError, answer } = await system.invoke(eventOf(forge));
  expect(functionError).toBeDefined();
  expect(answer).toMatchObject({ errorMessage: expect.stringMatching(/^1 of 1 records failed/) as string });
  expect(system.account.events().length).toBe(events);
  expect(JSON.stringify(system.account.calls()['s3'])).toBe(calls);
  const lines = (await system.lines()).slice(before);
  expect(lines[0]).toMatchObject({ outcome: 'failed', Failed: 1 });
  expect(lines.at(-1)).toMatchObject({ calls: {} });
}

describe('an event of somebody else’s making', () => {
  it('there are as many as the rows say', () => {
    expect([FORGED_ENVELOPES.length, FORGED_FIELDS.length + UNREADABLE.length]).toEqual([6, 31]);
  });

  it.each(FORGED_ENVELOPES)('T90 %s: counted, 0 copies', async (_what, forge) => {
    await refusedWithoutACall(forge);
    expect(await system.keys(COPIES)).toEqual([]);
  });

  it.each(FORGED_FIELDS)('T71 %s: counted, 0 calls', async (_what, forge) => {
    const before = await system.outcomes();
    await refusedWithoutACall(forge);
    expect(await system.outcomes()).toEqual([...before, 'refused-event']);
  });

  it.each(UNREADABLE)('T71 %s: counted, 0 calls', async (_what, forge) => {
    const before = await system.outcomes();
    await failsWithoutACall(forge);
    expect(await system.outcomes()).toEqual([...before, 'failed']);
  });

  it('T71 as it should be it is copied', async () => {
    const { answer } = await system.invoke(eventOf(() => undefined));
    expect(answer).toMatchObject({ outcome: 'done', counts: { refused: 0, copied: 1 } });
    expect(await system.keys(COPIES)).toEqual(['a']);
  });
});
