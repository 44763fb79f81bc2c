import { createComparison } from '../../fan-out/comparison.ts';
import type { Difference, Extra, ListedObject } from '../../fan-out/comparison.ts';
import { compileDestinationKey } from '../../fan-out/destination-key.ts';
import { admits } from '../../fan-out/filter.ts';
import { byHolders } from './by-holders.ts';
import { listPages, partOf } from './listings.ts';
import type { FanOutSession, FanOutTarget } from './open.ts';
import { ownAmong } from './own-copies.ts';
import { mayCollide } from './refused-keys.ts';
import { equalAmong } from './settle.ts';

/** Extras that are looked up at once: ten requests for their heads, and as many for what these name. */
const EXTRAS_A_LOOK = 1_000;

/** A difference that is one: nothing is left undecided. */
export type Settled = Exclude<Difference, { readonly is: 'undecided' }>;

export interface CompareRequest {
  /** Only keys of the source that begin so. */
  readonly prefix?: string | undefined;
  /** Only keys of the source that come after this one. */
  readonly after?: string;
  readonly wantsExtras: boolean;
  /** In the order of the source's keys, then the extras. */
  readonly onDifference: (difference: Settled) => void;
  /** Objects of the source that were looked at so far. */
  readonly onProgress?: (objects: number) => void;
  readonly stop?: AbortSignal | undefined;
}

export interface Compared {
  /** Objects of the source that the filter admits. */
  readonly objects: number;
  readonly equal: number;
  /** Own copies that no source stands behind any more, and that are to stay: of extras, where they are looked for. */
  readonly kept: number;
  /** False: it was stopped. */
  readonly isAll: boolean;
  /** False: extras were not looked for, since a rewrite moves keys about. */
  readonly toldExtras: boolean;
}

/**
 * Compares the source with one destination by listings, page by page. The destination's keys are held, since rewritten
 * ones come in another order. What listings leave open is settled by the ledger, else by a look at both.
 */
export async function compareTarget(
  session: FanOutSession,
  target: FanOutTarget,
  request: CompareRequest,
): Promise<Compared> {
  const { told } = target;
  const part = partOf(told, request.prefix);
  const copies: ListedObject[] = [];
  for await (const page of listPages(session, told.destination, { prefix: part.copies })) {
    copies.push(...page);
    if (request.stop?.aborted) break;
  }
  // Whether a bucket encrypts by KMS is not asked: unequal ETags of equal size are looked at.
  const comparison = createComparison(copies, compileDestinationKey(told.key, told.destination.prefix), {
    isPlain: false,
  });
  const holders = mayCollide(told) ? byHolders(session, target) : undefined;
  let objects = 0;
  let settledEqual = 0;

  async function judge(page: readonly ListedObject[]): Promise<void> {
    const admitted = page.filter(({ key, size }) => admits(told.filter, key, size));
    const listed = admitted.flatMap((object) => comparison.source(object) ?? []);
    objects += admitted.length;
    const { found, equal: more } = holders ? await holders.judge(listed) : { found: listed, equal: 0 };
    settledEqual += more;
    const pairs = found.filter((one) => one.is === 'undecided');
    const equal = await equalAmong(session, target, pairs);
    settledEqual += equal.size;
    for (const one of found) {
      if (one.is !== 'undecided') request.onDifference(one);
      else if (!equal.has(one)) request.onDifference({ ...one, is: 'stale' });
    }
    request.onProgress?.(objects);
  }

  if (part.source !== undefined) {
    const { after } = request;
    const listed = { prefix: part.source, ...(after !== undefined && { after }) };
    for await (const page of listPages(session, told.source, listed)) {
      if (request.stop?.aborted) break;
      await judge(page);
    }
  }
  const isAll = request.stop?.aborted !== true;
  const wantsExtras = request.wantsExtras && part.tellsExtras && isAll;
  const kept = wantsExtras ? await tellExtras(session, target, [...comparison.extras()], request) : 0;
  const isWhole = isAll && !request.stop?.aborted;
  return { objects, equal: comparison.equal + settledEqual, kept, isAll: isWhole, toldExtras: wantsExtras && isWhole };
}

/** Where deletions are not replicated, copies of what was deleted are to stay. @returns how many of them there are */
async function tellExtras(
  session: FanOutSession,
  target: FanOutTarget,
  extras: readonly Extra[],
  { onDifference, stop }: CompareRequest,
): Promise<number> {
  let kept = 0;
  for (let at = 0; at < extras.length; at += EXTRAS_A_LOOK) {
    if (stop?.aborted) break;
    const some = extras.slice(at, at + EXTRAS_A_LOOK);
    const copies = some.map(({ copy }) => copy);
    const own = target.told.replicateDeletes ? undefined : await ownAmong(session, target, copies);
    for (const extra of some) {
      if (own?.has(extra.copy)) kept += 1;
      else onDifference(extra);
    }
  }
  return kept;
}
