import { renderVolcano } from '../../report/volcano.ts';
import { STATUSES } from '../../survival/columns.ts';
import { openWholeFile } from '../whole-file.ts';
import type { ChunksDone } from './compute-chunks.ts';
import type { PartialResults } from './partial-results.ts';
import { cellsOfRow } from './write-results.ts';

export interface PlottedRows extends ChunksDone {
  readonly q: Float64Array;
  readonly labels: number | undefined;
}

/** As files of a person are. */
const MODE = 0o644;

/** The volcano plot of all rows: their columns are 17 octets a row, and the drawing holds some 30 more while it is made. */
export function drawPlot(path: string, partial: PartialResults, { chunks, rows, q, labels }: PlottedRows): void {
  const coef = new Float64Array(rows);
  const log10P = new Float64Array(rows);
  const status = new Uint8Array(rows);
  const starts: number[] = [];
  for (let index = 0, at = 0; index < chunks; index += 1) {
    const chunk = partial.read(index);
    coef.set(chunk.coef, at);
    log10P.set(chunk.log10P, at);
    status.set(chunk.status, at);
    starts.push(at);
    at += chunk.rows;
  }
  const svg = renderVolcano(
    {
      count: rows,
      coef,
      log10P,
      q,
      status: (index) => STATUSES[status[index] ?? 0] ?? 'invalid',
      label: (index) => cellsOfRow(index, partial, starts)[0] ?? '',
    },
    labels === undefined ? {} : { labels },
  );
  const file = openWholeFile(path);
  try {
    file.finish(Buffer.from(svg), MODE);
  } finally {
    file.discard();
  }
}
