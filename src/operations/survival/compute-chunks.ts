import type { RowBlock } from '../../survival/tables/row-blocks.ts';
import { StoppedError } from './ask-service.ts';
import type { ComputedRows } from './jobs.ts';
import { written } from './output-paths.ts';
import { otherRun } from './partial-results.ts';
import type { PartialResults } from './partial-results.ts';

export interface ChunkWork {
  readonly blocks: AsyncIterable<RowBlock>;
  readonly partial: PartialResults;
  /** Of OUT.partial, for messages. */
  readonly partialPath: string;
  /** Blocks that are under way at once. */
  readonly concurrency: number;
  digest(block: RowBlock): Promise<string>;
  compute(block: RowBlock): Promise<ComputedRows>;
  /** Aborted: what is under way ends, nothing new begins. */
  readonly stop: AbortSignal;
  /** @param rows done so far, those of earlier runs too */
  onRows(rows: number): void;
}

export interface ChunksDone {
  /** Of this matrix; where it is not complete, not always the first ones. */
  readonly chunks: number;
  readonly rows: number;
  /** All of the matrix. */
  readonly complete: boolean;
}

/**
 * Computes the blocks that are not done yet, in whatever order they end. The first that fails, in the order of the matrix, is
 * the failure of all; what was under way by then is done and kept.
 */
export async function computeChunks(work: ChunkWork): Promise<ChunksDone> {
  const { partial, stop } = work;
  const running = new Set<Promise<void>>();
  let failed: { readonly index: number; readonly error: unknown } | undefined;
  let chunks = 0;
  let rows = 0;
  let complete = true;

  async function done(block: RowBlock): Promise<void> {
    const known = partial.digestOf(block.index);
    if (known === undefined) {
      const computed = await work.compute(block);
      written(work.partialPath, () => partial.append(block.index, computed));
    } else if ((await work.digest(block)) !== known) throw otherRun(work.partialPath);
    chunks += 1;
    rows += block.rows;
    work.onRows(rows);
  }

  function fail(index: number, error: unknown): void {
    if (failed === undefined || index < failed.index) failed = { index, error };
  }

  try {
    for await (const block of work.blocks) {
      if (stop.aborted || failed !== undefined) {
        complete = false;
        break;
      }
      const task = done(block)
        .catch((error: unknown) => {
          if (error instanceof StoppedError) complete = false;
          else fail(block.index, error);
        })
        .finally(() => running.delete(task));
      running.add(task);
      if (running.size >= work.concurrency) await Promise.race(running);
    }
  } catch (error) {
    fail(Number.POSITIVE_INFINITY, error);
  }
  await Promise.all(running);
  if (failed !== undefined) throw failed.error;
  return { chunks, rows, complete };
}
