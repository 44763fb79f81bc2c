import { documentAddress } from '../../engine/address.ts';
import { parseDuration } from '../../engine/duration.ts';
import type { Document, Estate, Finding } from '../../engine/types.ts';
import { copyPlan, MAX_OBJECT } from '../../fan-out/copy-plan.ts';
import { mostWithin, secondsFor, timeoutFor } from '../../fan-out/copy-time.ts';
import { octets } from '../../fan-out/figures.ts';
import { hopsOf, mayMeet } from './hops.ts';
import { filterOf } from './object-rules.ts';
import type { BucketFanOut } from './places.ts';

/** What other documents do, and what the function has no time for. */
export function check(document: BucketFanOut, estate: Estate, all: readonly Document[]): readonly Finding[] {
  return [...shared(document, estate, all), ...tooShort(document)];
}

/** Of the largest objects parts are so large that an invocation must last for long enough to see the end of one. */
function tooShort(document: BucketFanOut): readonly Finding[] {
  const { maxSize } = filterOf(document.spec);
  const { timeout } = document.spec.function;
  const seconds = parseDuration(timeout) ?? 0;
  const largest = Math.min(maxSize ?? MAX_OBJECT, MAX_OBJECT);
  if (secondsFor(largest) <= seconds) return [];
  const plan = copyPlan(largest);
  const part = plan.kind === 'parts' ? plan.partSize : largest;
  const enough = timeoutFor(part);
  return [
    {
      document: documentAddress(document),
      code: 'timeout-too-short',
      severity: maxSize === undefined ? 'info' : 'warning',
      message: `spec.function.timeout is ${timeout}: objects of more than ${octets(mostWithin(seconds))} are copied in parts that take longer, up to ${octets(part)} at 20 MB a second between far regions; they would become dead letters`,
      hint: `timeout: ${enough} is enough for all that spec.filter admits`,
    },
  ];
}

/**
 * Two documents that may write the same keys of one bucket. Each keeps the newest of its own source there, by its own
 * ledger, and knows nothing of the other.
 */
function shared(document: BucketFanOut, estate: Estate, all: readonly Document[]): readonly Finding[] {
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
