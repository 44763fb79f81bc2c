import type { Brought, FanOutWorld } from './bring.ts';
import type { Barred, SourceObject } from './buckets.ts';
import type { Finish, Ledger, Named } from './ledger.ts';
import { isLookSortKey } from './ledger-keys.ts';
import type { LedgerKey } from './ledger-keys.ts';

/** What became of one record or item. */
export type Outcome =
  | {
      readonly is: 'copied';
      readonly isUnmarked: boolean;
      /** Some metadata is lost. */
      readonly isIncomplete?: true;
      readonly size: number;
      /** When the object came to be at the source, in milliseconds since the epoch. */
      readonly at: number;
    }
  | { readonly is: 'collision'; readonly with: string }
  /**
   * `deleted`: at the destination too. `superseded`: something newer stands there or will. `skipped`: our own copy, come
   * back. `duplicate`: it was finished before. `archived`, `customer-key`: S3 does not copy it as it is.
   */
  | { readonly is: 'deleted' | 'superseded' | 'skipped' | 'duplicate' | Barred }
  /** In another invocation; `at`: since when an event's object waits, in milliseconds since the epoch. */
  | { readonly is: 'continues'; readonly at?: number }
  /** What stands at the source now is none of those that are copied. */
  | { readonly is: 'filtered' }
  /** Another invocation is at it; or, where it is not its own, at something newer, which is to be waited for. */
  | { readonly is: 'busy'; readonly isOwn: boolean };

/** What fails is told by its row too, where the ledger can be asked. */
export async function telling<Source extends SourceObject>(
  { ledger }: Pick<FanOutWorld<Source>, 'ledger'>,
  key: LedgerKey,
  attempt: string,
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    await ledger.fail(key, error, attempt).catch(() => undefined);
    throw error;
  }
}

/** Writes what became of it into its row, which so is done with. */
export async function conclude(
  ledger: Ledger,
  pk: string,
  named: Named,
  attempt: string,
  brought: Brought,
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
    const { content, isUnmarked, isIncomplete } = brought;
    if (brought.sk === named.sk) {
      if (!content) return { is: 'deleted' };
      return { is: 'copied', isUnmarked, ...(isIncomplete && { isIncomplete }), size: content.size, at: named.at };
    }
  }
  const isOver = brought.is === 'landed' || brought.is === 'gone' || brought.is === 'moved';
  const state = isOver ? 'superseded' : brought.is;
  await ledger.finish(key, { state }, attempt);
  return { is: state };
}

function landedEnd({ content, copy }: Extract<Brought, { readonly is: 'landed' }>): Finish {
  return { state: 'done', ...(content && { content }), ...(copy && { copy }) };
}
