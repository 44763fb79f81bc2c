import type { SurvivalRunResult } from '../../survival/run-result.ts';
import type { SurvivalRunOptions } from './options.ts';
import { runSurvival } from './run.ts';

export interface LocalRunOptions extends SurvivalRunOptions {
  readonly minEvents: number;
}

/** Text of a chunk: small enough that all cores are busy to the end, large enough that handing it over costs nothing. */
const CHUNK_TEXT_OCTETS = 1 << 20;
/** Of a cell with six decimals, its sign and the tab. */
const CELL_OCTETS = 10;
/** So that no thread waits for the next one. */
const CHUNKS_A_THREAD = 2;

/** Computes all rows on this computer, by all its cores; nothing is sent anywhere. */
export function runSurvivalLocally(options: LocalRunOptions): Promise<SurvivalRunResult> {
  return runSurvival(options, {
    document: null,
    identity: ['local'],
    minEvents: options.minEvents,
    rowsOfChunk: (columns, _subjects, wanted) =>
      wanted ?? Math.max(1, Math.floor(CHUNK_TEXT_OCTETS / (CELL_OCTETS * (columns + 1)))),
    concurrency: (threads) => threads * CHUNKS_A_THREAD,
    compute: (block, pool) => pool.run({ kind: 'fit', ...block }),
    retries: () => 0,
    calls: () => ({}),
  });
}
