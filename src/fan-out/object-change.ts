import { fieldsOf } from './fields.ts';
import type { Fields } from './fields.ts';
import { decodeEventKey } from './object-key.ts';
import { canonicalSequencer, isSequencer } from './sequencer.ts';

/** What an event tells of an object. */
export interface ObjectChange {
  /** `deleted`: without a version, or by a delete marker. `version-deleted`: one version, which others outlive. */
  readonly kind: 'created' | 'deleted' | 'version-deleted';
  readonly key: string;
  /** Canonical. */
  readonly sequencer: string;
  /** When it happened, in milliseconds since the epoch. */
  readonly at: number;
  readonly versionId?: string;
  /** Of what was created; without quotes. */
  readonly etag?: string;
  readonly size?: number;
}

/** Whose events are listened to; everything else is refused (threats T71, T90). */
export interface EventOrigin {
  readonly topicArn: string;
  readonly bucket: string;
  /** Of the bucket. */
  readonly region: string;
  readonly configurationId: string;
}

/** One record of S3, read; `why` in fixed words that repeat nothing of it. */
export type ReadRecord =
  | { readonly is: 'change'; readonly change: ObjectChange }
  | { readonly is: 'ignored'; readonly why: string }
  | { readonly is: 'refused'; readonly why: string };

/** The message structure's versions differ by minor numbers in what they add only (S3 User Guide). */
const MAJOR = /^2\.\d{1,3}$/;
const MAX_VERSION_ID = 512;
const ETAG = /^[0-9a-f]{32}(?:-\d{1,5})?$/i;

const KINDS: Readonly<Record<string, ObjectChange['kind']>> = {
  'ObjectRemoved:Delete': 'deleted',
  'ObjectRemoved:DeleteMarkerCreated': 'deleted',
};

export function readRecord(value: unknown, origin: EventOrigin): ReadRecord {
  const record = fieldsOf(value) ?? {};
  const why = foreignTo(record, origin);
  if (why !== undefined) return { is: 'refused', why };
  const { eventName } = record;
  if (typeof eventName !== 'string') return { is: 'refused', why: 'a record names no event' };
  const name = eventName.replace(/^s3:/, '');
  const kind = name.startsWith('ObjectCreated:') ? 'created' : KINDS[name];
  if (kind === undefined) return { is: 'ignored', why: 'a record tells of an event that copies nothing' };
  return readChange(record, kind, name);
}

function foreignTo({ eventSource, eventVersion, awsRegion, s3 }: Fields, origin: EventOrigin): string | undefined {
  const { bucket, configurationId } = fieldsOf(s3) ?? {};
  const { name, arn } = fieldsOf(bucket) ?? {};
  if (eventSource !== 'aws:s3') return 'a record is not of S3';
  if (typeof eventVersion !== 'string' || !MAJOR.test(eventVersion)) return 'a record has a version that is not known';
  if (awsRegion !== origin.region) return 'a record is of another region';
  if (name !== origin.bucket) return 'a record is of another bucket';
  if (typeof arn !== 'string' || !/^arn:[\w-]+:s3:::/.test(arn) || !arn.endsWith(`:::${origin.bucket}`)) {
    return 'a record is of another bucket';
  }
  return configurationId === origin.configurationId ? undefined : 'a record is of another entry';
}

function readChange({ eventTime, s3 }: Fields, kind: ObjectChange['kind'], name: string): ReadRecord {
  const refused = (why: string): ReadRecord => ({ is: 'refused', why });
  const object = fieldsOf(fieldsOf(s3)?.['object']) ?? {};
  const { key: encoded, sequencer, versionId, eTag, size } = object;
  const key = typeof encoded === 'string' ? decodeEventKey(encoded) : undefined;
  const at = typeof eventTime === 'string' ? Date.parse(eventTime) : Number.NaN;
  if (key === undefined) return refused('a record names no key');
  if (typeof sequencer !== 'string' || !isSequencer(sequencer)) return refused('a record has no sequencer');
  if (Number.isNaN(at)) return refused('a record has no time');
  if (!isVersionId(versionId)) return refused('a record has a version that is none');
  const change = { key, sequencer: canonicalSequencer(sequencer), at, ...(versionId !== undefined && { versionId }) };
  if (kind !== 'created') {
    // A delete that names a version takes that one away, and no marker is there.
    const isVersion = name === 'ObjectRemoved:Delete' && versionId !== undefined;
    return { is: 'change', change: { ...change, kind: isVersion ? 'version-deleted' : kind } };
  }
  if (typeof eTag !== 'string' || !ETAG.test(eTag)) return refused('a record has no ETag');
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return refused('a record has no size');
  return { is: 'change', change: { ...change, kind, etag: eTag.toLowerCase(), size } };
}

function isVersionId(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === 'string' && value.length > 0 && value.length <= MAX_VERSION_ID);
}
