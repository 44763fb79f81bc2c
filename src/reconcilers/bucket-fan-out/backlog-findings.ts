import type { Estate } from '../../engine/types.ts';
import type { Readers } from '../readers.ts';
import { backlogOf } from './backlog.ts';
import type { Backlog } from './backlog.ts';
import { figure, octets } from '../../fan-out/figures.ts';
import { fanOutDocument } from './function-document.ts';
import { questionOf } from './looking.ts';
import type { Judgement } from './looking.ts';
import { destinationName, homeOf, sourceOf, targetsOf } from './places.ts';
import type { BucketFanOut, Target } from './places.ts';

/** Objects of a bucket that are listed for a plan: ten requests. */
const MOST_LISTED = 10_000;

/** What a destination that has no function yet does not have, and what bringing it there takes. */
export async function backlogFindings(
  document: BucketFanOut,
  estate: Estate,
  readers: Pick<Readers, 'functionState' | 'listBucket'>,
): Promise<readonly Judgement[]> {
  const fresh = await newTargets(document, estate, readers);
  if (fresh.length === 0) return [];
  const source = sourceOf(document, estate);
  const listing = await readers.listBucket(
    questionOf(source, source, estate),
    document.spec.filter.prefix ?? '',
    MOST_LISTED,
  );
  // That the bucket cannot be looked at is said where it is.
  if (listing.state === 'unknown' || listing.objects.length === 0) return [];
  const found = await Promise.all(
    fresh.map(async (target): Promise<readonly Judgement[]> => {
      const { destination } = target;
      const there = await readers.listBucket(questionOf(destination, source, estate), destination.prefix, MOST_LISTED);
      const told = fanOutDocument(document, estate, target);
      const backlog = backlogOf(told, listing, there.state === 'listed' ? there : undefined);
      return backlog.objects.length === 0 ? [] : [backfillNeeded(document, target, backlog)];
    }),
  );
  return found.flat();
}

async function newTargets(
  document: BucketFanOut,
  estate: Estate,
  { functionState }: Pick<Readers, 'functionState'>,
): Promise<readonly Target[]> {
  const place = homeOf(document, estate);
  const asked = await Promise.all(
    targetsOf(document, estate).map(async (target) => {
      const state = await functionState(place, fanOutDocument(document, estate, target).functionName);
      return state === 'absent' ? [target] : [];
    }),
  );
  return asked.flat();
}

function backfillNeeded(document: BucketFanOut, { destination }: Target, backlog: Backlog): Judgement {
  const { objects, bytes, crossRegionBytes, requests, looked, isAll } = backlog;
  const count = `${figure(objects.length)}${isAll ? '' : ' or more'} existing object${objects.length === 1 && isAll ? '' : 's'}`;
  const stopped = isAll ? '' : `; counting stopped at ${figure(looked)} keys`;
  return {
    code: 'backfill-needed',
    severity: 'info',
    message: `${count} (${octets(bytes)}) ${objects.length === 1 && isAll ? 'is' : 'are'} not at ${destinationName(destination)}: only new ones are copied by themselves${stopped}`,
    hint: `trueup fan-out backfill ${document.name} copies them: ${figure(requests)} requests to S3 and ${octets(crossRegionBytes)} between regions${isAll ? '' : ' for those that were counted'}`,
    data: {
      destination: destinationName(destination),
      objects: objects.length,
      bytes,
      counted: looked,
      complete: isAll,
    },
  };
}
