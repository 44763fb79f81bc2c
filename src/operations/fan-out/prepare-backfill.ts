import type { BackfillEstimate, ResumedRun } from '../../fan-out/backfill-result.ts';
import type { ListedObject } from '../../fan-out/comparison.ts';
import { backfillKey } from '../../fan-out/ledger-keys.ts';
import type { CollidingKey } from '../../fan-out/verify-result.ts';
import type { LedgerKey } from '../../fan-out/ledger-keys.ts';
import type { WorkItem } from '../../reconcilers/bucket-fan-out/backfill-work.ts';
import { estimateBackfill } from '../../reconcilers/bucket-fan-out/estimate.ts';
import { readPosition } from '../../resources/fan-out/backfill-position.ts';
import type { BackfillPosition } from '../../resources/fan-out/backfill-position.ts';
import { awaitQueues, waitingAt } from './await-queues.ts';
import type { QueueWait } from './await-queues.ts';
import { compareTarget } from './compare.ts';
import { mayCollide } from './refused-keys.ts';
import { notApplied } from './open.ts';
import type { FanOutSession, FanOutTarget } from './open.ts';

/** A destination, with what it does not have. */
export interface Prepared {
  readonly target: FanOutTarget;
  readonly key: LedgerKey;
  /** What it does not have, in the order of the source's keys. */
  readonly objects: readonly WorkItem[];
  readonly estimate: BackfillEstimate;
  /** Of the run that is gone on with. */
  readonly before: BackfillPosition | undefined;
  readonly colliding: readonly CollidingKey[];
  /** Only a part of the source was compared: the functions may find more that collide. */
  readonly mayCollide: boolean;
  readonly unmappable: number;
  /** Objects that are to be restored first. */
  readonly archived: number;
  /** Why nothing can be handed over: what was handed over before is not done. */
  readonly end: 'stuck' | 'stopped' | undefined;
}

export interface PrepareRequest extends Pick<QueueWait, 'stop'> {
  readonly prefix?: string | undefined;
  /** Nothing is waited for, and nothing need exist but the buckets. */
  readonly isDry: boolean;
  /** Objects of the source that were looked at so far. */
  readonly onCompared: (target: FanOutTarget, objects: number) => void;
  /** Messages of an earlier run that are not done. */
  readonly onWaiting: (target: FanOutTarget, messages: number) => void;
}

/** What was handed over then is in no queue any more: messages are kept for so long. */
const RESUMABLE_MS = 14 * 86_400_000;

/**
 * Compares a destination with the source, from where an earlier run stopped. Whatever may be handed over already is waited
 * for before: the listings show it then, and it is not handed over twice.
 */
export async function prepare(
  session: FanOutSession,
  target: FanOutTarget,
  request: PrepareRequest,
): Promise<Prepared> {
  const { prefix = '', isDry, stop } = request;
  const key = backfillKey(target.name, prefix);
  const position = await readPosition(session.ledger, key);
  if (position === 'no-table' && !isDry) throw notApplied(session, 'the ledger');
  const isLive = typeof position === 'object' && session.clock.now() - position.at < RESUMABLE_MS;
  const before = isLive ? position : undefined;
  let end: Prepared['end'];
  if (!isDry && ((await waitingAt(session, target)) > 0 || before)) {
    const onLook = (messages: number): void => request.onWaiting(target, messages);
    const drained = await awaitQueues(session, [target], { stop, onLook });
    end = drained === 'empty' ? undefined : drained;
  }
  const objects: ListedObject[] = [];
  const left = { unmappable: 0, archived: 0 };
  const colliding: CollidingKey[] = [];
  const isPart = prefix !== '' || (before !== undefined && before.after !== '');
  const compared = await compareTarget(session, target, {
    prefix,
    ...(before && before.after !== '' && { after: before.after }),
    wantsExtras: false,
    stop,
    onProgress: (looked) => request.onCompared(target, looked),
    onDifference(difference) {
      if (difference.is === 'missing' || difference.is === 'stale') {
        if (difference.source.isArchived) left.archived += 1;
        else objects.push(difference.source);
      } else if (difference.is === 'collision') {
        const { source, destinationKey: copyKey, with: other } = difference;
        colliding.push({ destination: target.name, key: source.key, copyKey, with: other });
      } else if (difference.is === 'unmappable') left.unmappable += 1;
    },
  });
  const looksBack = isPart && mayCollide(target.told);
  return {
    target,
    key,
    objects,
    estimate: estimateBackfill(target.told, objects, { isResumed: before !== undefined, looksBack }),
    before,
    colliding,
    mayCollide: looksBack,
    unmappable: left.unmappable,
    archived: left.archived,
    end: end ?? (compared.isAll ? undefined : 'stopped'),
  };
}

export function resumedRun({ after, sent, began }: BackfillPosition): ResumedRun {
  return { after, sent, began: new Date(began).toISOString() };
}
