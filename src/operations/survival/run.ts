import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Calls } from '../../engine/types.ts';
import { packageRoot } from '../../package-root.ts';
import type { SurvivalRunResult } from '../../survival/run-result.ts';
import type { RowBlock } from '../../survival/tables/row-blocks.ts';
import { TableError } from '../../survival/tables/table-error.ts';
import { computeChunks } from './compute-chunks.ts';
import type { ChunksDone } from './compute-chunks.ts';
import { drawPlot } from './draw-plot.ts';
import type { ComputedRows, JobSetup } from './jobs.ts';
import type { SurvivalRunOptions } from './options.ts';
import { partialPathOf, refuseOutputs, written } from './output-paths.ts';
import { openPartialResults } from './partial-results.ts';
import type { PartialResults } from './partial-results.ts';
import { prepareRun } from './prepare-run.ts';
import type { PreparedRun } from './prepare-run.ts';
import { startWorkers } from './worker-pool.ts';
import type { WorkerPool } from './worker-pool.ts';
import { countStatuses, noStatuses, writeResults } from './write-results.ts';

/** Who computes the rows: threads here, or a deployed service. */
export interface Engine {
  /** kind/name; null: here. */
  readonly document: string | null;
  /** What results depend on beside the input, as words of its own. */
  readonly identity: readonly string[];
  /** For threads that fit; undefined: they do not. */
  readonly minEvents: number | undefined;
  /**
   * @param wanted by the user; undefined: as many as is best
   * @throws SurvivalRunError TU0018 when so many cannot be
   */
  rowsOfChunk(columns: number, subjects: number, wanted: number | undefined): number;
  /** Chunks that are under way at once. */
  concurrency(threads: number): number;
  compute(block: RowBlock, pool: WorkerPool): Promise<ComputedRows>;
  retries(): number;
  calls(): Calls;
}

/**
 * Reads the tables, computes every row and writes the results. What is done when it fails or is stopped lies in OUT.partial,
 * and the same command goes on from there.
 *
 * @throws TableError, SurvivalRunError
 */
export async function runSurvival(options: SurvivalRunOptions, engine: Engine): Promise<SurvivalRunResult> {
  const started = performance.now();
  refuseOutputs(options);
  const prepared = await prepareRun(options);
  const partialPath = partialPathOf(options);
  const { joined, input } = prepared;
  const threads = availableParallelism();
  let pool: WorkerPool | undefined;
  let partial: PartialResults | undefined;
  try {
    const rowsOfChunk = engine.rowsOfChunk(joined.places.length, joined.ids.length, options.chunkRows);
    const identity = identityOf(prepared, rowsOfChunk, engine);
    partial = written(partialPath, () => openPartialResults(partialPath, identity, options.fresh));
    const workers = startWorkers(threads, setupOf(prepared, options, engine));
    pool = workers;
    const done = await computeChunks({
      blocks: prepared.matrix.blocks(rowsOfChunk),
      partial,
      partialPath,
      concurrency: engine.concurrency(threads),
      digest: (block) => workers.run({ kind: 'digest', ...block }),
      compute: (block) => engine.compute(block, workers),
      stop: options.stop,
      onRows: (rows) =>
        options.onProgress({
          rows,
          share: input.size === 0 ? 1 : input.read() / input.size,
          retries: engine.retries(),
        }),
    });
    if (done.complete && done.rows === 0) {
      throw new TableError('the matrix has a header and no rows', { file: options.matrix });
    }
    return finish({ options, engine, prepared, partial, partialPath, done, started });
  } catch (error) {
    // What is wrong in the input is mended there, and rows of another input are nothing to go on from.
    if (error instanceof TableError) partial?.remove();
    throw error;
  } finally {
    partial?.close();
    input.close();
    await pool?.end();
  }
}

function setupOf({ joined }: PreparedRun, { matrix }: SurvivalRunOptions, { minEvents }: Engine): JobSetup {
  const { times, events, ids, places } = joined;
  return { times, events, ids, layout: { file: matrix, places, subjects: ids.length }, minEvents };
}

interface Finishing {
  readonly options: SurvivalRunOptions;
  readonly engine: Engine;
  readonly prepared: PreparedRun;
  readonly partial: PartialResults;
  readonly partialPath: string;
  readonly done: ChunksDone;
  readonly started: number;
}

function finish({ options, engine, prepared, partial, partialPath, done, started }: Finishing): SurvivalRunResult {
  const shared = {
    format: 'trueup/survival-run@1',
    document: engine.document,
    local: engine.document === null,
    samples: prepared.joined.counts,
    rows: done.rows,
    chunks: { done: partial.done().length, resumed: partial.resumed },
    retries: engine.retries(),
    out: options.out,
    calls: engine.calls(),
  } as const;
  const seconds = (): number => (performance.now() - started) / 1000;
  if (!done.complete) {
    const statuses = noStatuses();
    for (const index of partial.done()) countStatuses(partial.read(index).status, statuses);
    const rows = Object.values(statuses).reduce((sum, some) => sum + some, 0);
    const unwritten = { significant: 0, top: [], plot: null, partial: partialPath };
    return { ...shared, ...unwritten, outcome: 'interrupted', rows, statuses, seconds: seconds() };
  }
  const { statuses, significant, top, q } = written(options.out, () => writeResults(options.out, partial, done));
  const { plot } = options;
  if (plot !== undefined) written(plot, () => drawPlot(plot, partial, { ...done, q, labels: options.labels }));
  partial.remove();
  return {
    ...shared,
    outcome: 'done',
    statuses,
    significant,
    top,
    plot: plot ?? null,
    partial: null,
    seconds: seconds(),
  };
}

/**
 * Of all that results depend on but the rows themselves, each chunk of which has a digest of its own: what goes on is the same
 * run, and its results are those of one that never ended.
 */
function identityOf({ joined, matrix, input }: PreparedRun, rowsOfChunk: number, engine: Engine): string {
  const hash = createHash('sha256');
  const parts: readonly (string | Uint8Array)[] = [
    codeVersion(),
    ...engine.identity,
    String(engine.minEvents),
    String(rowsOfChunk),
    String(input.size),
    matrix.header,
    JSON.stringify(joined.ids),
    Buffer.from(joined.times.buffer),
    joined.events,
  ];
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex');
}

function codeVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };
  const commit = join(packageRoot(), 'dist', 'commit');
  return existsSync(commit) ? `${version} ${readFileSync(commit, 'utf8').trim()}` : version;
}
