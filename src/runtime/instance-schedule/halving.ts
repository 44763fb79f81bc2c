import { isServiceError, reasonOf } from '../../aws/errors.ts';

/** One item of a batch, and why it was refused; undefined: it went. */
export type Ending<Item> = readonly [item: Item, error: unknown];

export interface HalvingOptions {
  /** Items of one call. */
  readonly batch: number;
  /** No call begins any more. */
  readonly isOver: () => boolean;
}

/**
 * Refusals one after the other, without anything that went, after which nobody is looked for any more: then it is no one
 * item's doing. One bad item among 50 takes seven.
 */
const MAX_REFUSALS = 20;

/** What was not begun, for lack of time. */
export class TimeOver extends Error {
  override readonly name = 'TimeOver';

  constructor() {
    super('the function’s time was over: a longer function.timeout, or the next run, does it');
  }
}

/** Calls that are all or nothing, in batches: one that is refused is halved until the other items go. */
export async function inHalves<Item>(
  items: readonly Item[],
  call: (batch: readonly Item[]) => Promise<void>,
  { batch: size, isOver }: HalvingOptions,
): Promise<readonly Ending<Item>[]> {
  let refusals = 0;
  const endings: Ending<Item>[] = [];
  for (let from = 0; from < items.length; from += size) endings.push(...(await send(items.slice(from, from + size))));
  return endings;

  async function send(batch: readonly Item[]): Promise<readonly Ending<Item>[]> {
    try {
      if (isOver()) throw new TimeOver();
      await call(batch);
      refusals = 0;
      return batch.map((item) => [item, undefined]);
    } catch (error) {
      refusals += 1;
      if (batch.length === 1 || !isOfOne(error) || refusals >= MAX_REFUSALS) return batch.map((item) => [item, error]);
      const middle = Math.ceil(batch.length / 2);
      return [...(await send(batch.slice(0, middle))), ...(await send(batch.slice(middle)))];
    }
  }
}

/** May one item be what is refused? Not so where nothing came to the service, or the service had too much to do. */
function isOfOne(error: unknown): boolean {
  return isServiceError(error) && ['failed', 'denied'].includes(reasonOf(error));
}
