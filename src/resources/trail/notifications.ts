import type {
  LambdaFunctionConfiguration,
  NotificationConfiguration,
  QueueConfiguration,
  TopicConfiguration,
} from '@aws-sdk/client-s3';
import { entriesOf } from '../bucket-notification/entries.ts';
import type { Entry } from '../bucket-notification/entries.ts';
import { asObject } from './record.ts';
import { oneLookup, removes } from './reading.ts';
import type { Parameters, Subject, TrailRow, Written } from './types.ts';

/** As CloudTrail calls PutBucketNotificationConfiguration (S3 User Guide, "CloudTrail events"). */
export const NOTIFICATION_EVENT = 'PutBucketNotification';

/** One entry of a bucket's notification configuration: each event holds all of them. */
export const bucketNotifications: TrailRow = {
  source: 's3.amazonaws.com',
  apart: true,
  lookups: (subject) => oneLookup(subject, bucketOf(subject)),
  writes: {
    DeleteBucket: removes,
    [NOTIFICATION_EVENT](parameters, subject): Written | undefined {
      const entries = writtenEntries(parameters);
      const { Id } = ownOf(subject);
      const own = entries?.find(({ id }) => id === Id);
      if (entries === undefined) return { fields: {} };
      if (own === undefined) return { fields: {}, removed: true };
      const { target, events, prefix, suffix } = own;
      return { fields: { TopicArn: target, Events: events, Prefix: prefix, Suffix: suffix } };
    },
  },
};

/** `BUCKET/ID`, the id being a marker with slashes of its own. */
function ownOf({ resource }: Subject): { readonly Bucket: string; readonly Id: string } {
  const cut = resource.indexOf('/');
  return { Bucket: resource.slice(0, cut), Id: resource.slice(cut + 1) };
}

function bucketOf(subject: Subject): string {
  const { Bucket } = subject.properties;
  return typeof Bucket === 'string' ? Bucket : ownOf(subject).Bucket;
}

/**
 * What a PutBucketNotification wrote, in the words of S3's REST API or of its SDKs, one entry or a list of them.
 * Undefined: the event does not tell.
 */
export function writtenEntries(parameters: Parameters): readonly Entry[] | undefined {
  const given = fieldOf(parameters, 'NotificationConfiguration');
  if (given === undefined) return undefined;
  // An empty element has neither name nor text in it.
  const configuration = asObject(given);
  return entriesOf({
    TopicConfigurations: listIn(configuration, 'TopicConfiguration', 'TopicConfigurations').map(
      (one): TopicConfiguration => ({ ...commonOf(one), TopicArn: textOf(fieldOf(one, 'Topic', 'TopicArn')) }),
    ),
    QueueConfigurations: listIn(configuration, 'QueueConfiguration', 'QueueConfigurations').map(
      (one): QueueConfiguration => ({ ...commonOf(one), QueueArn: textOf(fieldOf(one, 'Queue', 'QueueArn')) }),
    ),
    LambdaFunctionConfigurations: listIn(
      configuration,
      'CloudFunctionConfiguration',
      'LambdaFunctionConfiguration',
      'LambdaFunctionConfigurations',
    ).map((one): LambdaFunctionConfiguration => ({
      ...commonOf(one),
      LambdaFunctionArn: textOf(fieldOf(one, 'CloudFunction', 'LambdaFunctionArn')),
    })),
  } satisfies NotificationConfiguration);
}

type Common = Pick<TopicConfiguration, 'Id' | 'Events' | 'Filter'>;

function commonOf(entry: Parameters): Common {
  const rules = listIn(
    asObject(fieldOf(asObject(fieldOf(entry, 'Filter')), 'S3Key', 'Key')),
    'FilterRule',
    'FilterRules',
  );
  return {
    Id: textOf(fieldOf(entry, 'Id')),
    Events: [fieldOf(entry, 'Event', 'Events') ?? []].flat().map((event) => textOf(event)) as Common['Events'],
    Filter: {
      Key: {
        FilterRules: rules.map((rule) => ({
          Name: textOf(fieldOf(rule, 'Name')).toLowerCase() as 'prefix' | 'suffix',
          Value: textOf(fieldOf(rule, 'Value')),
        })),
      },
    },
  };
}

/** By whichever of its names, in any case: CloudTrail begins some with a small letter and some not. */
function fieldOf(object: Parameters, ...names: readonly string[]): unknown {
  const wanted = names.map((name) => name.toLowerCase());
  return Object.entries(object).find(([name]) => wanted.includes(name.toLowerCase()))?.[1];
}

/** One element stands alone, several in a list. */
function listIn(object: Parameters, ...names: readonly string[]): readonly Parameters[] {
  const value = fieldOf(object, ...names);
  return value === undefined ? [] : [value].flat().map(asObject);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
