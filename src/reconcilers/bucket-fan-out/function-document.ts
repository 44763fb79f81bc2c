import { documentAddress } from '../../engine/address.ts';
import { parseDuration } from '../../engine/duration.ts';
import type { Estate } from '../../engine/types.ts';
import { notificationId } from '../../resources/bucket-notification/types.ts';
import { queueUrl } from '../../resources/queue-address.ts';
import { nameOf } from '../function/names.ts';
import type { FanOutDocument } from './fan-out-document.ts';
import { filterOf, rewriteOf } from './object-rules.ts';
import { homeOf, notificationLogicalId, sourceOf, tableName, topicArn } from './places.ts';
import type { BucketFanOut, Target } from './places.ts';

const SECONDS_A_DAY = 86_400;

/** What the function of one destination is told. */
export function fanOutDocument(
  document: BucketFanOut,
  estate: Estate,
  { destination, ids }: Pick<Target, 'destination' | 'ids'>,
): FanOutDocument {
  const { spec } = document;
  const place = homeOf(document, estate);
  const name = (id: string): string => nameOf(document, estate, id);
  return {
    address: documentAddress(document),
    ...(document.formerly.length > 0 && {
      formerly: document.formerly.map((former) => documentAddress({ kind: document.kind, name: former })),
    }),
    owner: estate.firstOwner,
    place,
    source: sourceOf(document, estate),
    topicArn: topicArn(document, estate),
    configurationId: configurationId(document, estate),
    destination,
    key: rewriteOf(spec),
    filter: filterOf(spec),
    replicateDeletes: spec.replicateDeletes,
    ledger: { table: tableName(document, estate), ttlDays: daysOf(spec.ledger.ttl) },
    functionName: name(ids.copy),
    workQueueUrl: queueUrl(place, name(ids.work)),
    deadLetterQueueUrl: queueUrl(place, name(ids.deadLetters)),
  };
}

/** Id of our entry in the source bucket's notification configuration: what was renamed keeps that of its first name. */
export function configurationId(document: BucketFanOut, estate: Estate): string {
  const { kind, name, formerly } = document;
  const logicalId = notificationLogicalId(document);
  return notificationId({ owner: estate.firstOwner, kind, name: formerly[0] ?? name, logicalId });
}

/** Whole ones, of a duration of at least one. */
function daysOf(duration: string): number {
  return Math.floor((parseDuration(duration) ?? 0) / SECONDS_A_DAY);
}
