import type { FanOutWorld } from './bring.ts';
import type { SourceObject } from './buckets.ts';
import type { Head, Named } from './ledger.ts';
import { isSameVersion } from './order.ts';

/**
 * What the source says of what an event tells. `there`: the object that it names; `isCurrent`: nothing newer stands under
 * its key. `absent`: nothing does, as a deletion says. `again`: something does, against a deletion. `gone`: what it names is
 * not there, or not any more.
 */
export type Witness<Source> =
  | { readonly is: 'there'; readonly source: Source; readonly isCurrent: boolean }
  | { readonly is: 'absent' }
  | { readonly is: 'again' }
  | { readonly is: 'gone' };

/** Asked before anything is claimed: no event raises a head by its own word (threats T71). One look as a rule. */
export async function witness<Source extends SourceObject>(
  { buckets }: Pick<FanOutWorld<Source>, 'buckets'>,
  named: Named,
): Promise<Witness<Source>> {
  const current = await buckets.look(named.sourceKey);
  if (named.isDeleted) return { is: current ? 'again' : 'absent' };
  if (current && isNamed(named, current)) return { is: 'there', source: current, isCurrent: true };
  if (named.versionId === undefined) return { is: 'gone' };
  const source = await buckets.look(named.sourceKey, named.versionId);
  const isThere = source !== undefined && (source.barred === 'customer-key' || source.etag === named.etag);
  return isThere ? { is: 'there', source, isCurrent: false } : { is: 'gone' };
}

/** Without versions, and under a customer's key, there is the ETag alone. */
function isNamed({ versionId, etag }: Named, source: SourceObject): boolean {
  const areVersions = versionId !== undefined && source.versionId !== undefined;
  return source.etag === etag && (!areVersions || source.versionId === versionId);
}

/**
 * Does the source say that an event is not older than the head, whatever sequencers say? So a head that an event of
 * somebody's making has raised stands in nobody's way: what is there now is looked at.
 */
export function contradicts(head: Head, named: Named, seen: Witness<SourceObject>): boolean {
  if (head.sourceKey !== named.sourceKey) return false;
  if (seen.is === 'absent') return !head.isDeleted;
  if (seen.is !== 'there') return false;
  const { source, isCurrent } = seen;
  if (isSameVersion(head, source)) return false;
  const isAnother = head.isDeleted || idOf(head) !== idOf(source) || head.etag !== source.etag;
  return (isCurrent && isAnother) || source.modified > head.at;
}

/** The version `null` is that of a bucket without versions. */
function idOf({ versionId }: Pick<Named, 'versionId'>): string | undefined {
  return versionId === 'null' ? undefined : versionId;
}
