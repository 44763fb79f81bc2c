import type { Head, Named } from './ledger.ts';
import { isLookSortKey } from './ledger-keys.ts';

/** How what an event tells of stands to what a head names: `unordered` where a look at the source must say. */
export type EventOrder = 'newer' | 'older' | 'unordered';

/**
 * Sequencers order the events of one key (S3 User Guide, "Event message structure"), and nothing else. What a look found
 * has none: some event is its own, which may have come, may come, or may never. All that is known is that an event that
 * had come by then was not newer; the head's sequencer is the highest of those. So an event with a higher one may be older
 * than what the look found: it says that something happened, and another look says what. Two keys do not compare either.
 */
export function orderOfEvent(head: Head, { sourceKey, destinationKey, sequencer = '' }: Named): EventOrder {
  if (head.sourceKey !== sourceKey || head.destinationKey !== destinationKey) return 'unordered';
  const { sequencer: highest } = head;
  if (isLookSortKey(head.sk)) return highest !== undefined && sequencer <= highest ? 'older' : 'unordered';
  return highest !== undefined && sequencer < highest ? 'older' : 'newer';
}

/** What names a state of a key at the source, as far as its octets and headers go. */
type State = Pick<Named, 'versionId' | 'etag'>;

/**
 * Are two states of one key the same, for sure? A version never changes. Without versions, and for the version `null`, an
 * object that was written again has the same ETag, and maybe other metadata.
 */
export function isSameVersion(one: State, other: State): boolean {
  return one.versionId !== undefined && one.versionId !== 'null' && one.versionId === other.versionId;
}
