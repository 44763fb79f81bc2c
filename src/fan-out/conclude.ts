import type { Brought, FanOutWorld } from './bring.ts';
import type { Barred, SourceObject } from './buckets.ts';
import type { Finish, Ledger, Named } from './ledger.ts';
import { isLookSortKey } from './ledger-keys.ts';
import type { LedgerKey } from './ledger-keys.ts';
import type { ComeBack } from './loop-guard.ts';

/** What became of one record or item. */
export type Outcome =
  | {
      readonly is: 'copied';
      /** A tag is its loop marker. */
      readonly isTagged: boolean;
      /** Some metadata is lost. */
      readonly isIncomplete?: true;
      readonly size: number;
      /** When the object came to be at the source, in milliseconds since the epoch. */
      readonly at: number;
    }
  | { readonly is: 'collision'; readonly with: string }
  /**
   * `deleted`: at the destination too. `superseded`: something newer stands there or will. `skipped`: our own copy, come
   * back. `kept`: nothing that is known to be its copy was there to delete. `duplicate`: it was finished before.
   * `archived`, `customer-key`: S3 does not copy it as it is.
   */
  | { readonly is: 'deleted' | 'kept' | 'superseded' | 'skipped' | 'duplicate' | Barred }
  /** In another invocation; `at`: since when an event's object waits, in milliseconds since the epoch. */
  | { readonly is: 'continues'; readonly at?: number }
  /** What stands at the source now is none of those that are copied. */
  | { readonly is: 'filtered' }
  /** Another invocation is at it; or, where it is not its own, at something newer, which is to be waited for. */
  | { readonly is: 'busy'; readonly isOwn: boolean };

/** Nobody heard what became of a copy: it may land still. */
export class UnheardCopyError extends Error {
  override readonly name = 'UnheardCopyError';
}

/** What fails is told by its row too, where the ledger can be asked. */
export async function telling<Source extends SourceObject, Result>(
  { ledger }: Pick<FanOutWorld<Source>, 'ledger'>,
  key: LedgerKey,
  attempt: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    await ledger.fail(key, error, error instanceof UnheardCopyError ? undefined : attempt).catch(() => undefined);
    throw error;
  }
}

/** Writes what became of it into its row, which so is done with. */
export async function conclude(
  ledger: Ledger,
  pk: string,
  named: Named,
  attempt: string,
  brought: Brought | { readonly is: 'skipped' },
): Promise<Outcome> {
  const key = { pk, sk: named.sk };
  if (brought.is === 'continues' || (brought.is === 'busy' && brought.sk === named.sk)) {
    await ledger.leave(key, attempt);
    if (brought.is === 'busy') return { is: 'busy', isOwn: true };
    // What a backfill finds may be of any age.
    return { is: 'continues', ...(!isLookSortKey(named.sk) && { at: named.at }) };
  }
  // What this attempt may have landed is still to be looked after: it stays open.
  if (brought.is === 'busy') return { is: 'busy', isOwn: false };
  if (brought.is === 'landed') {
    // Somebody else's row may be one that nobody comes back to: who began it may be dead.
    await ledger.finish({ pk, sk: brought.sk }, landedEnd(brought), attempt);
    const { content, isTagged, isIncomplete } = brought;
    if (brought.sk === named.sk) {
      if (!content) return { is: brought.isKept ? 'kept' : 'deleted' };
      return { is: 'copied', isTagged, ...(isIncomplete && { isIncomplete }), size: content.size, at: named.at };
    }
  }
  const isOver = brought.is === 'landed' || brought.is === 'gone' || brought.is === 'moved';
  const state = isOver ? 'superseded' : brought.is;
  await ledger.finish(key, { state }, attempt);
  return { is: state };
}

/** Our own copy, come back: nothing is brought. Where it stands already, the head may say so. */
export async function skip<Source extends SourceObject>(
  { ledger }: Pick<FanOutWorld<Source>, 'ledger'>,
  pk: string,
  named: Named,
  attempt: string,
  why: Exclude<ComeBack, 'no'>,
): Promise<Outcome> {
  if (why === 'stands') await ledger.confirm(pk, named.sk, 'unchanged');
  return conclude(ledger, pk, named, attempt, { is: 'skipped' });
}

function landedEnd({ content, copy, isKept }: Extract<Brought, { readonly is: 'landed' }>): Finish {
  return { state: isKept ? 'kept' : 'done', ...(content && { content }), ...(copy && { copy }) };
}
