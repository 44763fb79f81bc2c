import { physicalName } from '../engine/identity.ts';
import type { Identity } from '../engine/identity.ts';

/** Names of functions, roles and rules have at most 64 characters (API references). */
const MAX_NAME = 64;

/** The log group of the function `Mirror` is the resource `MirrorLogs`. */
export const LOGS_SUFFIX = 'Logs';

/** The mapping of a queue to the function `Copy` is the resource `CopySource`: so its function's name is its witness. */
export const SOURCE_SUFFIX = 'Source';

/** The subscription of the function, or of the queue, `Copy` is the resource `CopySubscription`. */
export const SUBSCRIPTION_SUFFIX = 'Subscription';

const LOG_GROUP_PREFIX = '/aws/lambda/';

/** The physical name of an object, where its type takes 64 characters. */
export function objectName(identity: Identity): string {
  return physicalName(identity, MAX_NAME);
}

export function logGroupName(functionName: string): string {
  return LOG_GROUP_PREFIX + functionName;
}

/** A marker, and the owners that its estate had. */
export interface Marking {
  readonly marker: string;
  readonly formerOwners?: readonly string[];
}

/** The marker as today's owner writes it, then as the earlier ones did. */
export function markersOf({ marker, formerOwners = [] }: Marking): readonly string[] {
  const address = marker.slice(marker.indexOf('/'));
  return [marker, ...formerOwners.map((owner) => owner + address)];
}

/** Does a physical name follow from a marker, whichever of its owners the object was made by? */
export function isNamedByOwner(marking: Marking, name: string): boolean {
  return markersOf(marking).some((marker) => isNamedAfter(marker, name));
}

/**
 * Does a physical name follow from the identity in a marker, or from one that its document had under another name? The
 * hash in it covers that name: nobody's object has such a name by chance.
 */
export function isNamedAfterSome(marking: Marking, name: string): boolean {
  return markersOf(marking).some((marker) => isNamedBefore(marker, name));
}

function isNamedBefore(marker: string, name: string): boolean {
  const [owner, kind, , logicalId = ''] = marker.split('/');
  const plain = name.startsWith(LOG_GROUP_PREFIX) ? name.slice(LOG_GROUP_PREFIX.length) : name;
  const names = [...plain.matchAll(/-/g)].map(({ index }) => plain.slice(0, index));
  return names.some((former) => isNamedAfter([owner, kind, former, logicalId].join('/'), name));
}

/** Does a physical name follow from the identity in a marker? A copied tag stands on an object of another name. */
export function isNamedAfter(marker: string, name: string): boolean {
  const [owner, kind, document, logicalId, ...more] = marker.split('/');
  if (!owner || !kind || !document || !logicalId || more.length > 0) return false;
  const identity = { owner, kind, name: document, logicalId };
  if (!logicalId.endsWith(LOGS_SUFFIX)) return name === objectName(identity);
  const functionId = logicalId.slice(0, -LOGS_SUFFIX.length);
  return name === objectName(identity) || name === logGroupName(objectName({ ...identity, logicalId: functionId }));
}
