import { describe, expect, it } from 'vitest';
import { readNotification, readSnsEvent } from './envelope.ts';
import type { Fields } from './fields.ts';
import type { EventOrigin } from './object-change.ts';

const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:invoices-fanout';
const origin: EventOrigin = { topicArn: TOPIC, bucket: 'invoices', region: 'eu-west-1', configurationId: 'ours' };

const object = { key: 'red+flower.jpg', size: 3, eTag: 'D41D8CD98F00B204E9800998ECF8427E', sequencer: '0055ae00' };
const record = {
  eventVersion: '2.1',
  eventSource: 'aws:s3',
  awsRegion: 'eu-west-1',
  eventTime: '2026-11-24T10:00:00.000Z',
  eventName: 'ObjectCreated:Put',
  s3: { configurationId: 'ours', bucket: { name: 'invoices', arn: 'arn:aws:s3:::invoices' }, object },
};

type Change = (value: Record<string, unknown>) => Record<string, unknown>;
const same: Change = (value) => value;

function sns(records: readonly unknown[], changes: { readonly outer?: Change; readonly inner?: Change } = {}): Fields {
  const { outer = same, inner = same } = changes;
  const Sns = inner({ Type: 'Notification', TopicArn: TOPIC, Message: JSON.stringify({ Records: records }) });
  return { Records: [outer({ EventSource: 'aws:sns', EventSubscriptionArn: `${TOPIC}:id`, Sns })] };
}

function withObject(fields: object) {
  return { ...record, s3: { ...record.s3, object: { ...object, ...fields } } };
}

const created = {
  is: 'change',
  change: {
    kind: 'created',
    key: 'red flower.jpg',
    sequencer: '0055AE',
    at: Date.parse('2026-11-24T10:00:00Z'),
    etag: 'd41d8cd98f00b204e9800998ecf8427e',
    size: 3,
  },
};

describe('readSnsEvent', () => {
  it('reads all records of all messages', () => {
    const { Records } = sns([record, withObject({ key: 'b', versionId: 'v1' })]);
    const twice = { Records: [...(Records as unknown[]), ...(Records as unknown[])] };
    const read = readSnsEvent(twice, origin);
    expect(read).toHaveLength(4);
    expect(read[0]).toStrictEqual(created);
    expect(read[3]).toMatchObject({ change: { key: 'b', versionId: 'v1' } });
  });

  it.each(['2.0', '2.1', '2.3', '2.9'])('takes version %s', (eventVersion) => {
    expect(readSnsEvent(sns([{ ...record, eventVersion }]), origin)).toStrictEqual([created]);
  });

  it.each([
    ['ObjectRemoved:Delete', {}, 'deleted'],
    ['ObjectRemoved:Delete', { versionId: 'v1' }, 'version-deleted'],
    ['ObjectRemoved:DeleteMarkerCreated', { versionId: 'v2' }, 'deleted'],
    ['s3:ObjectCreated:Copy', {}, 'created'],
  ])('reads %s with %j as %s', (eventName, fields, kind) => {
    const [read] = readSnsEvent(sns([{ ...withObject(fields), eventName }]), origin);
    expect(read).toMatchObject({ is: 'change', change: { kind } });
  });

  it('ignores the test of the topic, and events that copy nothing', () => {
    const test = sns([], { inner: (value) => ({ ...value, Message: JSON.stringify({ Event: 's3:TestEvent' }) }) });
    const [tested] = readSnsEvent(test, origin);
    const [tagged] = readSnsEvent(sns([{ ...record, eventName: 'ObjectTagging:Put' }]), origin);
    expect([tested?.is, tagged?.is]).toStrictEqual(['ignored', 'ignored']);
  });

  const bucket = record.s3.bucket;
  it.each<[string, Fields]>([
    ['another source of the envelope', sns([record], { outer: (one) => ({ ...one, EventSource: 'aws:sqs' }) })],
    ['another subscription', sns([record], { outer: (one) => ({ ...one, EventSubscriptionArn: `${TOPIC}-2:id` }) })],
    ['no subscription', sns([record], { outer: (one) => ({ ...one, EventSubscriptionArn: undefined }) })],
    ['no message', sns([record], { outer: (one) => ({ ...one, Sns: null }) })],
    ['another type', sns([record], { inner: (one) => ({ ...one, Type: 'SubscriptionConfirmation' }) })],
    ['another topic', sns([record], { inner: (one) => ({ ...one, TopicArn: `${TOPIC}-2` }) })],
    ['a record that is none', sns([null])],
    ['another service', sns([{ ...record, eventSource: 'aws:s4' }])],
    ['another region', sns([{ ...record, awsRegion: 'us-east-1' }])],
    ['another bucket', sns([{ ...record, s3: { ...record.s3, bucket: { ...bucket, name: 'invoices2' } } }])],
    ['another ARN', sns([{ ...record, s3: { ...record.s3, bucket: { ...bucket, arn: 'arn:aws:s3:::other' } } }])],
    ['no ARN', sns([{ ...record, s3: { ...record.s3, bucket: { name: 'invoices' } } }])],
    ['another entry', sns([{ ...record, s3: { ...record.s3, configurationId: 'theirs' } }])],
    ['no entry', sns([{ ...record, s3: { ...record.s3, configurationId: undefined } }])],
  ])('refuses %s', (_, event) => {
    const read = readSnsEvent(event, origin);
    expect(read.map(({ is }) => is)).toStrictEqual(['refused']);
  });

  it.each<[string, Fields]>([
    ['no JSON', sns([record], { inner: (one) => ({ ...one, Message: "{'a': None}" }) })],
    ['a message that is no text', sns([record], { inner: (one) => ({ ...one, Message: { Records: [record] } }) })],
    ['no records', sns([])],
    ['version 3', sns([{ ...record, eventVersion: '3.0' }])],
    ['no version', sns([{ ...record, eventVersion: undefined }])],
    ['a version that is a number', sns([{ ...record, eventVersion: 2.1 }])],
    ['no event', sns([{ ...record, eventName: undefined }])],
    ['no time', sns([{ ...record, eventTime: 'now' }])],
    ['no key', sns([withObject({ key: undefined })])],
    ['a key that is none', sns([withObject({ key: '%zz' })])],
    ['a key that is too long', sns([withObject({ key: 'a'.repeat(1_025) })])],
    ['no sequencer', sns([withObject({ sequencer: undefined })])],
    ['a sequencer that is none', sns([withObject({ sequencer: 'zz' })])],
    ['a version that is no text', sns([withObject({ versionId: 1 })])],
    ['an empty version', sns([withObject({ versionId: '' })])],
    ['no ETag', sns([withObject({ eTag: undefined })])],
    ['an ETag that is none', sns([withObject({ eTag: '*' })])],
    ['a size that is none', sns([withObject({ size: -1 })])],
    ['a size that is text', sns([withObject({ size: '3' })])],
  ])('does not know what ours with %s tells of, and says so', (_, event) => {
    const read = readSnsEvent(event, origin);
    expect(read.map(({ is }) => is)).toStrictEqual(['unreadable']);
  });

  it.each([
    ['acme/BucketFanOut/invoices/Notification1a2b', 'change'],
    ['acme/BucketFanOut/renamed/Notification', 'change'],
    ['acme/Other/invoices/Notification', 'refused'],
    ['acme/BucketFanOut//Notification', 'refused'],
    ['acme/BucketFanOut/invoices', 'refused'],
    ['theirs', 'refused'],
  ])('takes an entry called %s for ours before a change, or not: %s', (configurationId, is) => {
    const ours = { ...origin, configurationId: 'acme/BucketFanOut/invoices/Notification' };
    const [read] = readSnsEvent(sns([{ ...record, s3: { ...record.s3, configurationId } }]), ours);
    expect(read?.is).toBe(is);
  });

  it('refuses one record and reads the others', () => {
    const read = readSnsEvent(sns([{ ...record, awsRegion: 'x' }, record]), origin);
    expect(read.map(({ is }) => is)).toStrictEqual(['refused', 'change']);
  });
});

describe('readNotification', () => {
  it('reads what a dead letter of a subscription holds', () => {
    const [{ Sns }] = sns([record])['Records'] as [{ readonly Sns: Fields }];
    expect(readNotification(Sns, origin)).toStrictEqual([created]);
  });
});
