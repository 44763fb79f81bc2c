import { documentAddress } from '../../engine/address.ts';
import type { Document, Estate, Finding } from '../../engine/types.ts';
import { hopsOf, mayMeet } from './hops.ts';
import type { BucketFanOut } from './places.ts';

/**
 * Two documents that may write the same keys of one bucket. Each keeps the newest of its own source there, by its own
 * ledger, and knows nothing of the other.
 */
export function check(document: BucketFanOut, estate: Estate, all: readonly Document[]): readonly Finding[] {
  const own = documentAddress(document);
  const hops = hopsOf(estate);
  return hops
    .filter((hop) => hop.document === own)
    .flatMap((hop): readonly Finding[] => {
      const other = hops.find((one) => one.document !== own && one.to === hop.to && mayMeet(one.writes, hop.writes));
      if (!other) return [];
      const rival = all.find((one) => documentAddress(one) === other.document);
      const where = rival ? ` (${rival.source.file}:${rival.source.line})` : '';
      return [
        {
          document: own,
          code: 'destination-shared',
          severity: 'warning',
          message: `${other.document}${where} copies to ${hop.to} too, under keys that may be the same: the later copy stands, whichever it is of`,
          hint: 'give the two destinations prefixes that do not overlap',
        },
      ];
    });
}
