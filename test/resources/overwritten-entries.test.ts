import { describe, expect, it } from 'vitest';
import { overwrittenEntries } from '../../src/resources/bucket-notification/overwritten.ts';
import type { Put } from '../../src/resources/bucket-notification/overwritten.ts';
import type { Entry } from '../../src/resources/bucket-notification/entries.ts';
import { writtenEntries } from '../../src/resources/trail/notifications.ts';

const THEIRS = 'arn:aws:sqs:eu-west-1:111122223333:theirs';
const OURS: Entry = entry('acme-network/BucketFanOut/invoices/Notification');

function entry(id: string, prefix = `${id}/`): Entry {
  return { id, target: THEIRS, events: ['s3:ObjectCreated:*'], prefix, suffix: '' };
}

function put(at: string, actor: 'apply' | 'alice' | 'bob', ...entries: readonly Entry[]): Put {
  return { at: `2026-11-24T10:${at}Z`, isApply: actor === 'apply', actor, entries };
}

function lost(puts: readonly Put[], now: readonly Entry[]): readonly string[] {
  return overwrittenEntries(puts, now).map(
    ({ entry: { id }, actor, at }) => `${id} of ${actor} at ${at.slice(14, 19)}`,
  );
}

const [old, fresh] = [entry('old'), entry('new')];

describe('T70 what an apply overwrote', () => {
  it.each<[string, readonly Put[], readonly Entry[], readonly string[]]>([
    [
      'is what was written right before, and is neither in its write nor there',
      [put('00:01', 'alice', old, fresh), put('00:02', 'apply', old, OURS)],
      [old, OURS],
      ['new of alice at 00:01'],
    ],
    [
      'may be of the same second, in whichever order the trail has them',
      [put('00:02', 'apply', old, OURS), put('00:02', 'alice', old, fresh)],
      [old, OURS],
      ['new of alice at 00:02'],
    ],
    [
      'is an entry as it was changed, though it stands there as it was',
      [put('00:01', 'alice', entry('new', 'b/')), put('00:02', 'apply', entry('new', 'a/'), OURS)],
      [entry('new', 'a/'), OURS],
      ['new of alice at 00:01'],
    ],
    [
      'is said once, whatever number of writes it took',
      [put('00:01', 'alice', fresh), put('00:02', 'apply', OURS), put('00:03', 'apply', OURS)],
      [OURS],
      ['new of alice at 00:01'],
    ],
    ['is nothing that it kept', [put('00:01', 'alice', fresh), put('00:02', 'apply', fresh, OURS)], [OURS], []],
    ['is nothing that is back', [put('00:01', 'alice', fresh), put('00:02', 'apply', OURS)], [fresh, OURS], []],
    [
      'is nothing that is back under another id',
      [put('00:01', 'alice', fresh), put('00:02', 'apply', OURS)],
      [{ ...fresh, id: 'made-up' }, OURS],
      [],
    ],
    [
      'is nothing that was put back and went later',
      [put('00:01', 'alice', fresh), put('00:02', 'apply', OURS), put('05:00', 'alice', OURS, fresh)],
      [OURS],
      [],
    ],
    [
      'is nothing that somebody took away before it read',
      [put('00:01', 'alice', fresh), put('00:03', 'bob'), put('00:05', 'apply', OURS)],
      [OURS],
      [],
    ],
    [
      'is nothing that was written long before: an apply reads right before it writes',
      [put('00:01', 'alice', fresh), put('01:02', 'apply', OURS)],
      [OURS],
      [],
    ],
    ['is nothing that came after it', [put('00:02', 'apply', OURS), put('00:03', 'alice', fresh)], [OURS], []],
    [
      'is no entry of another estate: that sees for itself',
      [put('00:01', 'alice', entry('acme-data/BucketFanOut/x/Notification')), put('00:02', 'apply', OURS)],
      [OURS],
      [],
    ],
    ['is nothing of what others overwrite', [put('00:01', 'alice', fresh), put('00:02', 'bob', old)], [old], []],
  ])('%s', (_name, puts, now, expected) => {
    expect(lost(puts, now)).toEqual(expected);
    expect(lost(puts.toReversed(), now)).toEqual(expected);
  });
});

describe('a write of the configuration in the trail', () => {
  const expected = [
    { id: 't', target: 'arn:t', events: ['s3:ObjectCreated:*'], prefix: 'a b/', suffix: '.pdf' },
    { id: 'q1', target: 'arn:q', events: ['s3:ObjectRemoved:*', 's3:ObjectRestore:Post'], prefix: '', suffix: '' },
    { id: 'q2', target: 'arn:q', events: ['s3:ObjectAcl:Put'], prefix: '', suffix: '' },
    { id: 'f', target: 'arn:f', events: ['s3:ObjectTagging:*'], prefix: 'x/', suffix: '' },
  ];

  it('is read in the words of S3’s REST API, one element or several', () => {
    const NotificationConfiguration = {
      xmlns: 'http://s3.amazonaws.com/doc/2006-03-01/',
      TopicConfiguration: {
        Id: 't',
        Topic: 'arn:t',
        Event: 's3:ObjectCreated:*',
        Filter: {
          S3Key: {
            FilterRule: [
              { Name: 'prefix', Value: 'a+b/' },
              { Name: 'suffix', Value: '.pdf' },
            ],
          },
        },
      },
      QueueConfiguration: [
        { Id: 'q1', Queue: 'arn:q', Event: ['s3:ObjectRestore:Post', 's3:ObjectRemoved:*'] },
        { Id: 'q2', Queue: 'arn:q', Event: 's3:ObjectAcl:Put' },
      ],
      CloudFunctionConfiguration: {
        Id: 'f',
        CloudFunction: 'arn:f',
        Event: 's3:ObjectTagging:*',
        Filter: { S3Key: { FilterRule: { Name: 'Prefix', Value: 'x/' } } },
      },
    };

    expect(writtenEntries({ bucketName: 'b', NotificationConfiguration })).toEqual(expected);
  });

  it('is read in the words of the SDKs', () => {
    const filterOf = (...filterRules: readonly object[]) => ({ key: { filterRules } });
    const notificationConfiguration = {
      topicConfigurations: [
        {
          id: 't',
          topicArn: 'arn:t',
          events: ['s3:ObjectCreated:*'],
          filter: filterOf({ name: 'prefix', value: 'a+b/' }, { name: 'suffix', value: '.pdf' }),
        },
      ],
      queueConfigurations: [
        { id: 'q1', queueArn: 'arn:q', events: ['s3:ObjectRemoved:*', 's3:ObjectRestore:Post'] },
        { id: 'q2', queueArn: 'arn:q', events: ['s3:ObjectAcl:Put'] },
      ],
      lambdaFunctionConfigurations: [
        {
          id: 'f',
          lambdaFunctionArn: 'arn:f',
          events: ['s3:ObjectTagging:*'],
          filter: filterOf({ name: 'Prefix', value: 'x/' }),
        },
      ],
    };

    expect(writtenEntries({ bucketName: 'b', notificationConfiguration })).toEqual(expected);
  });

  it('that is empty took everything away, and one that is not told says nothing', () => {
    expect(writtenEntries({ bucketName: 'b', NotificationConfiguration: '' })).toEqual([]);
    expect(writtenEntries({ bucketName: 'b' })).toBeUndefined();
  });
});
