import { createHash } from 'node:crypto';
import { documentAddress } from '../../engine/address.ts';
import type { Document, Estate, Place } from '../../engine/types.ts';
import { arn } from '../../resources/arns.ts';
import { SOURCE_SUFFIX, SUBSCRIPTION_SUFFIX } from '../../resources/names.ts';
import { nameOf } from '../function/names.ts';
import type { FanOutDestination, OwnedBucket } from './fan-out-document.ts';
import type { BucketFanOutDestination, BucketFanOutSpec } from './spec.gen.ts';

export type BucketFanOut = Document<BucketFanOutSpec>;

export const KIND = 'BucketFanOut';

export function isFanOut(document: Document): document is BucketFanOut {
  return document.kind === KIND;
}

/** Hex digits by which the resources of destinations and sources are told apart. */
const ID_DIGITS = 8;

/** Characters of a destination's name in descriptions. */
const MAX_NAME = 100;

/** Where topic, functions, queues and ledger live. */
export function homeOf({ spec }: BucketFanOut, estate: Estate): Place {
  return estate.place(spec.source.account, spec.source.region);
}

export function sourceOf(document: BucketFanOut, estate: Estate): OwnedBucket {
  return { ...homeOf(document, estate), bucket: document.spec.source.bucket };
}

/** A bucket's name may have dots, a topic's may not. */
export function topicName({ spec }: BucketFanOut): string {
  return spec.topic ?? `${spec.source.bucket.replaceAll('.', '-')}-fanout`;
}

export function topicArn(document: BucketFanOut, estate: Estate): string {
  return arn('sns', homeOf(document, estate), topicName(document));
}

export function tableName(document: BucketFanOut, estate: Estate): string {
  return document.spec.ledger.table ?? nameOf(document, estate, 'Ledger');
}

/** A destination with its place filled in, and the logical ids of what serves it. */
export interface Target {
  /** Where in `spec.destinations` it stands. */
  readonly index: number;
  readonly destination: FanOutDestination;
  readonly ids: DestinationIds;
}

/** Logical ids. */
export interface DestinationIds {
  readonly copy: string;
  readonly permission: string;
  readonly invoke: string;
  readonly deadLetters: string;
  readonly deadLetterPolicy: string;
  readonly work: string;
  readonly mapping: string;
  readonly subscription: string;
  readonly alarms: {
    readonly deadLetters: string;
    readonly oldest: string;
    readonly throttles: string;
    readonly errors: string;
  };
}

/** In the order of the document. */
export function targetsOf(document: BucketFanOut, estate: Estate): readonly Target[] {
  const home = homeOf(document, estate);
  return document.spec.destinations.map((one, index) => ({
    index,
    destination: destinationOf(one, home, estate),
    ids: destinationIds(one),
  }));
}

function destinationOf(
  { bucket, account, region, prefix = '', storageClass, kmsKey, acl }: BucketFanOutDestination,
  home: Place,
  estate: Estate,
): FanOutDestination {
  const place = estate.place(account ?? home.account, region ?? home.region);
  return {
    ...place,
    bucket,
    prefix,
    ...(storageClass !== undefined && { storageClass }),
    ...(kmsKey !== undefined && { kmsKey: keyArn(kmsKey, place) }),
    ...(acl !== undefined && { acl }),
  };
}

/** An alias without an account would be one of the caller's own account: S3 resolves it there. */
function keyArn(kmsKey: string, place: Place): string {
  return kmsKey.startsWith('alias/') ? arn('kms', place, kmsKey) : kmsKey;
}

/**
 * Of the entry in the source bucket's notification configuration. By the bucket: a document that gets another source has
 * another entry there, and the one in the first bucket is nobody's any more.
 */
export function notificationLogicalId({ spec }: BucketFanOut): string {
  return `Notification${digitsOf(spec.source.bucket)}`;
}

/** By bucket and prefix, so that a destination keeps its function when another one is put before it. */
function destinationIds({ bucket, prefix = '' }: Pick<BucketFanOutDestination, 'bucket' | 'prefix'>): DestinationIds {
  const hash = digitsOf(`${bucket}/${prefix}`);
  const id = (role: string): string => role + hash;
  return {
    copy: id('Copy'),
    permission: id('Permission'),
    invoke: id('InvokeConfig'),
    deadLetters: id('DeadLetters'),
    deadLetterPolicy: id('DeadLettersPolicy'),
    work: id('Work'),
    mapping: id('Copy') + SOURCE_SUFFIX,
    subscription: id('Copy') + SUBSCRIPTION_SUFFIX,
    alarms: {
      deadLetters: id('DeadLettersAlarm'),
      oldest: id('OldestAlarm'),
      throttles: id('ThrottlesAlarm'),
      errors: id('ErrorsAlarm'),
    },
  };
}

const DIGITS = new RegExp(`[0-9a-f]{${ID_DIGITS}}`);

/** All that serves one destination is one part of the document. */
export function partOf(logicalId: string): string | undefined {
  return DIGITS.exec(logicalId)?.[0];
}

function digitsOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, ID_DIGITS);
}

/** As people call it. */
export function destinationName({ bucket, prefix }: Pick<FanOutDestination, 'bucket' | 'prefix'>): string {
  return prefix === '' ? bucket : `${bucket}/${prefix}`;
}

/** For descriptions: with a source's name and a document's, Lambda takes 256 characters. */
export function shortName(destination: Pick<FanOutDestination, 'bucket' | 'prefix'>): string {
  const name = destinationName(destination);
  return name.length <= MAX_NAME ? name : `${name.slice(0, MAX_NAME)}…`;
}

/** Where from and where to, for descriptions. */
export function pathOf(document: BucketFanOut, { destination }: Pick<Target, 'destination'>): string {
  return `${document.spec.source.bucket} → ${shortName(destination)} (${documentAddress(document)})`;
}
