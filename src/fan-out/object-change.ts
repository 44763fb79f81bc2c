import { fieldsOf } from './fields.ts';
import type { Fields } from './fields.ts';
import { decodeEventKey } from './object-key.ts';
import { canonicalSequencer, isSequencer } from './sequencer.ts';

/** What an event tells of an object. */
export interface ObjectChange {
  /**
   * `deleted`: without a version, or by a delete marker. `version-deleted`: one version, or a delete marker, and only a look
   * tells what is current now.
   */
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

/**
 * One record of S3, read; `why` in fixed words that repeat nothing of it. `refused`: it is of somebody else. `unreadable`: it
 * is ours, and tells of an object in a way that is not known: that is to be a dead letter, since the object is not copied.
 */
export type ReadRecord =
  | { readonly is: 'change'; readonly change: ObjectChange }
  | { readonly is: 'ignored' | 'refused' | 'unreadable'; readonly why: string };

/** The message structure's versions differ by minor numbers in what they add only (S3 User Guide). */
const MAJOR = /^2\.\d{1,3}$/;
const ENTRY_PARTS = 4;
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
  const { eventVersion, eventName } = record;
  if (typeof eventVersion !== 'string' || !MAJOR.test(eventVersion)) {
    return unreadable('a record has a version that is not known');
  }
  if (typeof eventName !== 'string') return unreadable('a record names no event');
  const name = eventName.replace(/^s3:/, '');
  const kind = name.startsWith('ObjectCreated:') ? 'created' : KINDS[name];
  if (kind === undefined) return { is: 'ignored', why: 'a record tells of an event that copies nothing' };
  return readChange(record, kind, name);
}

function foreignTo({ eventSource, awsRegion, s3 }: Fields, origin: EventOrigin): string | undefined {
  const { bucket, configurationId } = fieldsOf(s3) ?? {};
  const { name, arn } = fieldsOf(bucket) ?? {};
  if (eventSource !== 'aws:s3') return 'a record is not of S3';
  if (awsRegion !== origin.region) return 'a record is of another region';
  if (name !== origin.bucket) return 'a record is of another bucket';
  if (typeof arn !== 'string' || !/^arn:[\w-]+:s3:::/.test(arn) || !arn.endsWith(`:::${origin.bucket}`)) {
    return 'a record is of another bucket';
  }
  return isEntryOf(configurationId, origin) ? undefined : 'a record is of another entry';
}

/**
 * Is it our entry, or what it was called before a change of the document? Topic and bucket are ours, and a bucket has one
 * fan-out: an id in the form of ours (`owner/Kind/name/LogicalId`) and of our kind is of this one, and events that were
 * under way when it changed are copied.
 */
function isEntryOf(id: unknown, { configurationId }: EventOrigin): boolean {
  if (id === configurationId) return true;
  if (typeof id !== 'string') return false;
  const [theirs, ours] = [id.split('/'), configurationId.split('/')];
  return ours.length === ENTRY_PARTS && theirs.length === ENTRY_PARTS && theirs[1] === ours[1] && !theirs.includes('');
}

function unreadable(why: string): ReadRecord {
  return { is: 'unreadable', why };
}

function readChange({ eventTime, s3 }: Fields, kind: ObjectChange['kind'], name: string): ReadRecord {
  const object = fieldsOf(fieldsOf(s3)?.['object']) ?? {};
  const { key: encoded, sequencer, versionId, eTag, size } = object;
  const key = typeof encoded === 'string' ? decodeEventKey(encoded) : undefined;
  const at = typeof eventTime === 'string' ? Date.parse(eventTime) : Number.NaN;
  if (key === undefined) return unreadable('a record names no key');
  if (typeof sequencer !== 'string' || !isSequencer(sequencer)) return unreadable('a record has no sequencer');
  if (Number.isNaN(at)) return unreadable('a record has no time');
  if (!isVersionId(versionId)) return unreadable('a record has a version that is none');
  const change = { key, sequencer: canonicalSequencer(sequencer), at, ...(versionId !== undefined && { versionId }) };
  if (kind !== 'created') {
    // A delete that names a version takes that one away, and no marker is there.
    const isVersion = name === 'ObjectRemoved:Delete' && versionId !== undefined;
    return { is: 'change', change: { ...change, kind: isVersion ? 'version-deleted' : kind } };
  }
  if (typeof eTag !== 'string' || !ETAG.test(eTag)) return unreadable('a record has no ETag');
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return unreadable('a record has no size');
  return { is: 'change', change: { ...change, kind, etag: eTag.toLowerCase(), size } };
}

function isVersionId(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === 'string' && value.length > 0 && value.length <= MAX_VERSION_ID);
}
