import { decodeLine, splitCells, withoutMark } from './cells.ts';
import { duplicatesOf } from './duplicates.ts';
import { nameSome, TableError } from './table-error.ts';

/** The first line of a matrix: a corner cell and the ids of samples, in the order of the columns. */
export interface MatrixHeader {
  readonly ids: readonly string[];
}

/**
 * @param line the first line, with its end and a byte order mark if it has one
 * @throws TableError for quotes, and for ids that are empty or there twice
 */
export function parseHeader(line: Uint8Array, file: string): MatrixHeader {
  const [, ...ids] = splitCells(decodeLine(withoutMark(line), file, 1), file, 1);
  if (ids.length === 0) {
    throw new TableError('the first line has no sample ids', {
      file,
      line: 1,
      hint: 'a matrix is TSV: a corner cell and one column a sample, then one line a gene, with tabs between cells',
    });
  }
  const empty = ids.findIndex((id) => id.trim() === '');
  if (empty !== -1) throw new TableError(`column ${empty + 2} of the matrix has no sample id`, { file, line: 1 });
  const twice = duplicatesOf(ids);
  if (twice.length > 0) {
    throw new TableError(`sample ids that stand twice in the matrix: ${nameSome(twice)}`, {
      file,
      line: 1,
      hint: 'keep one column a sample',
    });
  }
  return { ids };
}
