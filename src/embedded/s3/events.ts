import { stage } from '../delivery/pending.ts';
import { SOURCE_IP } from '../iam/request-keys.ts';
import type { CallContext } from '../service.ts';
import type { Transaction } from '../store/database.ts';
import { bucketArn, buckets, ownerOf } from './model.ts';
import type { StoredBucket } from './model.ts';
import { notifications, takesIn } from './notification-model.ts';
import type { NotificationEntry } from './notification-model.ts';

/** What happened to an object. */
export interface ObjectChange {
  readonly name:
    | 'ObjectCreated:Put'
    | 'ObjectCreated:Copy'
    | 'ObjectCreated:CompleteMultipartUpload'
    | 'ObjectRemoved:Delete'
    | 'ObjectRemoved:DeleteMarkerCreated';
  readonly bucket: string;
  readonly key: string;
  /** Octets, of what was created. */
  readonly size?: number;
  /** With or without its quotes, of what was created. */
  readonly etag?: string;
  /** In buckets with versions. */
  readonly versionId?: string;
}

/** User Guide, "Event message structure": of all events but replication's, Lifecycle's, those of tags and of ACLs. */
const EVENT_VERSION = '2.1';
/** What S3 calls its mail where a topic gets it. */
const SUBJECT = 'Amazon S3 Notification';
const PRINCIPAL = 's3.amazonaws.com';

/** Stages a notification for every entry of the bucket's configuration that wants to know; each write calls it once. */
export function announce(change: ObjectChange, context: CallContext): void {
  const { data } = context;
  const bucket = data.get(buckets, change.bucket);
  const { entries = [] } = data.get(notifications, change.bucket) ?? {};
  if (bucket === undefined || entries.length === 0) return;
  const key = encodeKey(change.key);
  const sequencer = nextSequencer(change.bucket, data);
  for (const entry of entries) {
    if (!wants(entry, change.name, key)) continue;
    const record = recordOf({ change, key, sequencer, bucket, entry }, context);
    notify(bucket, entry.target, { Records: [record] }, context);
  }
}

/** Hands a message to a target of the bucket's as S3. */
export function notify(bucket: StoredBucket, target: string, message: object, context: CallContext): void {
  const { data, now, trace } = context;
  stage({ target, message: JSON.stringify(message), subject: SUBJECT, due: now, trace, ...senderOf(bucket) }, data);
}

/** S3 on behalf of a bucket, as policies of topics, queues and functions name it. */
export function senderOf({ name, account }: StoredBucket): {
  readonly principal: string;
  readonly sourceArn: string;
  readonly sourceAccount: string;
} {
  return { principal: PRINCIPAL, sourceArn: bucketArn(name), sourceAccount: account };
}

function wants({ events, prefix, suffix }: NotificationEntry, name: string, key: string): boolean {
  return events.some((event) => takesIn(event, `s3:${name}`)) && key.startsWith(prefix) && key.endsWith(suffix);
}

/** As a form encodes it, but for slashes: `a b/c(1)` is `a+b/c%281%29`. */
export function encodeKey(key: string): string {
  return new URLSearchParams({ key }).toString().slice('key='.length).replaceAll('%2F', '/');
}

const SEQUENCER_PREFIX = '0055';
const SEQUENCER_DIGITS = 14;

/**
 * Grows with every change of a bucket, compared as the User Guide says: the shorter one filled up with zeros at its
 * right end, then digit by digit. Lengths differ, as they may at S3: zeros at the end are left out.
 */
function nextSequencer(bucket: string, data: Transaction): string {
  const turn = data.next(`s3/sequencer ${bucket}`).toString(16).toUpperCase();
  return SEQUENCER_PREFIX + turn.padStart(SEQUENCER_DIGITS, '0').replace(/(?<!0)0+$/, '');
}

interface Occurrence {
  readonly change: ObjectChange;
  /** Encoded. */
  readonly key: string;
  readonly sequencer: string;
  readonly bucket: StoredBucket;
  readonly entry: NotificationEntry;
}

/** User Guide, "Event message structure". */
function recordOf({ change, key, sequencer, bucket, entry }: Occurrence, { caller, now }: CallContext): object {
  const { name, size, etag, versionId } = change;
  return {
    eventVersion: EVENT_VERSION,
    eventSource: 'aws:s3',
    awsRegion: bucket.region,
    eventTime: new Date(now).toISOString(),
    eventName: name,
    userIdentity: { principalId: `AWS:${caller.userId}` },
    requestParameters: { sourceIPAddress: SOURCE_IP },
    responseElements: { 'x-amz-request-id': requestId(), 'x-amz-id-2': hostId() },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: entry.id,
      bucket: {
        name: bucket.name,
        ownerIdentity: { principalId: ownerOf(bucket.account).ID },
        arn: bucketArn(bucket.name),
      },
      object: {
        key,
        ...(size !== undefined && { size }),
        ...(etag !== undefined && { eTag: etag.replaceAll('"', '') }),
        ...(versionId !== undefined && { versionId }),
        sequencer,
      },
    },
  };
}

/** 16 characters, as S3 numbers its requests. */
export function requestId(): string {
  return crypto.randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase();
}

export function hostId(): string {
  return Buffer.from(crypto.randomUUID() + crypto.randomUUID()).toString('base64');
}
