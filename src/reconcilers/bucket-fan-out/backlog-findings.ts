import { canonical } from '../../engine/value.ts';
import type { Estate } from '../../engine/types.ts';
import type { Readers } from '../readers.ts';
import { backlogOf } from './backlog.ts';
import type { Backlog } from './backlog.ts';
import type { DeployedTarget } from './deployed-targets.ts';
import { figure, octets } from '../../fan-out/figures.ts';
import { estimateBackfill } from './estimate.ts';
import type { FanOutDocument } from './fan-out-document.ts';
import { fanOutDocument } from './function-document.ts';
import { questionOf } from './looking.ts';
import type { Judgement } from './looking.ts';
import { destinationName, sourceOf } from './places.ts';
import type { BucketFanOut } from './places.ts';

/** Objects of a bucket that are listed for a plan: ten requests. */
const MOST_LISTED = 10_000;

/**
 * What a destination does not have that has no function yet, or whose function was told of another filter or rewrite, and
 * what bringing it there takes; and which keys are in each other's way.
 */
export async function backlogFindings(
  document: BucketFanOut,
  estate: Estate,
  { deployed, listBucket }: { readonly deployed: readonly DeployedTarget[] } & Pick<Readers, 'listBucket'>,
): Promise<readonly Judgement[]> {
  const fresh = deployed.flatMap(({ target, told }) => {
    if (told === 'unreadable') return [];
    return told === 'absent' || takesOthers(fanOutDocument(document, estate, target), told) ? [target] : [];
  });
  if (fresh.length === 0) return [];
  const source = sourceOf(document, estate);
  const listing = await listBucket(questionOf(source, source, estate), document.spec.filter.prefix ?? '', MOST_LISTED);
  // That the bucket cannot be looked at is said where it is.
  if (listing.state === 'unknown' || listing.objects.length === 0) return [];
  const found = await Promise.all(
    fresh.map(async (target): Promise<readonly Judgement[]> => {
      const { destination } = target;
      const there = await listBucket(questionOf(destination, source, estate), destination.prefix, MOST_LISTED);
      const told = fanOutDocument(document, estate, target);
      const backlog = backlogOf(told, listing, there.state === 'listed' ? there : undefined);
      return [
        ...(backlog.objects.length === 0 ? [] : [backfillNeeded(document, told, backlog)]),
        ...colliding(told, backlog),
      ];
    }),
  );
  return found.flat();
}

/** Other objects than before, or under other keys: what is there of the source already was not copied so. */
function takesOthers({ filter, key }: FanOutDocument, told: Exclude<DeployedTarget['told'], string>): boolean {
  const { filter: formerFilter, key: formerKey } = told;
  if (formerFilter === undefined || formerKey === undefined) return false;
  return canonical({ filter, key }) !== canonical({ filter: formerFilter, key: formerKey });
}

/** Keys of a collision that are named. */
const MOST_NAMED = 3;

function colliding(told: FanOutDocument, { collisions }: Backlog): readonly Judgement[] {
  if (collisions.length === 0) return [];
  const name = destinationName(told.destination);
  const some = collisions.slice(0, MOST_NAMED).map(({ key, with: other }) => `${key} (${other})`);
  const more = collisions.length > some.length ? ', …' : '';
  return [
    {
      code: 'keys-collide',
      severity: 'warning',
      message: `${figure(collisions.length)} existing object${collisions.length === 1 ? '' : 's'} map to a key at ${name} that another one has: ${some.join(', ')}${more}`,
      hint: 'spec.key gives both the same key: only the one that comes first is copied',
      data: {
        destination: name,
        collisions: collisions.map(({ key, copyKey, with: other }) => ({ key, copyKey, with: other })),
      },
    },
  ];
}

function backfillNeeded(document: BucketFanOut, told: FanOutDocument, backlog: Backlog): Judgement {
  const { destination } = told;
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
      crossRegionBytes,
      requests,
      requestsByService: estimateBackfill(told, objects).requests,
      counted: looked,
      complete: isAll,
    },
  };
}
