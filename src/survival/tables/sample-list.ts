import { decodeLine, splitCells, withoutMark } from './cells.ts';
import { duplicatesOf } from './duplicates.ts';
import { nameSome, TableError } from './table-error.ts';

/**
 * Reads ids, one a line; empty lines count for nothing.
 *
 * @throws TableError for an id that stands there twice, a line of several cells, and a list without ids
 */
export function parseSampleList(octets: Uint8Array, file: string): readonly string[] {
  const bare = withoutMark(octets);
  const ids: string[] = [];
  for (let at = 0, line = 1; at < bare.length; line += 1) {
    const found = bare.indexOf(0x0a, at);
    const end = found === -1 ? bare.length : found + 1;
    const [id = '', ...more] = splitCells(decodeLine(bare.subarray(at, end), file, line), file, line);
    if (more.length > 0) {
      throw new TableError(`line ${line} has several cells`, { file, line, hint: 'a list has one sample id a line' });
    }
    if (id.trim() !== '') ids.push(id);
    at = end;
  }
  if (ids.length === 0) throw new TableError('it has no sample ids', { file, hint: 'one sample id a line' });
  const twice = duplicatesOf(ids);
  if (twice.length > 0) throw new TableError(`sample ids that stand twice in the list: ${nameSome(twice)}`, { file });
  return ids;
}
