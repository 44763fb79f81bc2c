import { CARRIAGE_RETURN, LINE_FEED } from './cells.ts';
import { growingOctets } from './growing-octets.ts';
import { TableError } from './table-error.ts';

/** Whole lines of a matrix, in an ArrayBuffer of their own, so that they can be handed to a thread. */
export interface RowBlock {
  /** From 0, in the order of the matrix. */
  readonly index: number;
  /** Of its first line, from 0; that line is `firstRow + 2` of the file. */
  readonly firstRow: number;
  readonly rows: number;
  /** Each line with its end; only the last line of a file may have none. */
  readonly octets: Uint8Array<ArrayBuffer>;
}

export interface Matrix {
  /** The first line. */
  readonly header: Uint8Array;
  readonly blocks: (rows: number) => AsyncGenerator<RowBlock>;
}

/** A line with a million samples is shorter; what is longer is no table (threats T115). */
const LONGEST_LINE = 64 * 1024 * 1024;

/**
 * Cuts a stream of octets into its first line and blocks of lines. It holds one block and one piece of the stream.
 *
 * @param file for messages
 * @throws TableError for an empty file, a line without end, or an empty line within the table
 */
export async function openMatrix(pieces: AsyncIterable<Uint8Array>, file: string): Promise<Matrix> {
  const source = pieces[Symbol.asyncIterator]();
  const held = growingOctets();
  let isAtEnd = false;

  /** Where the line that begins there ends, after its line feed; undefined: the stream ends before. */
  async function endOfLine(from: number, line: number): Promise<number | undefined> {
    for (let searched = from; ;) {
      const found = held.indexOf(LINE_FEED, searched);
      if (found !== -1) return found + 1;
      if (isAtEnd) return held.length() > from ? held.length() : undefined;
      if (held.length() - from > LONGEST_LINE) {
        throw new TableError(`line ${line} is longer than 64 MiB: it has no end`, { file, line });
      }
      searched = held.length();
      const next = await source.next();
      if (next.done) isAtEnd = true;
      else held.add(next.value);
    }
  }

  const end = await endOfLine(0, 1);
  if (end === undefined) throw new TableError('the file is empty', { file });
  const header = held.take(end);

  async function* blocks(rows: number): AsyncGenerator<RowBlock> {
    let firstRow = 0;
    for (let index = 0; ; index += 1) {
      let taken = 0;
      let octets = 0;
      for (; taken < rows; taken += 1) {
        const next = await endOfLine(octets, firstRow + taken + 2);
        if (next === undefined) break;
        if (isBlank(octets, next)) {
          await expectEnd(next, firstRow + taken + 2);
          break;
        }
        octets = next;
      }
      if (taken === 0) return;
      yield { index, firstRow, rows: taken, octets: held.take(octets) };
      firstRow += taken;
    }
  }

  function isBlank(from: number, to: number): boolean {
    return to - from <= 2 && [LINE_FEED, CARRIAGE_RETURN].includes(held.at(from) ?? -1);
  }

  /** Empty lines may end a file, and stand nowhere else. */
  async function expectEnd(from: number, line: number): Promise<void> {
    for (let at = from; ;) {
      const next = await endOfLine(at, line);
      if (next === undefined) return;
      if (!isBlank(at, next)) {
        throw new TableError(`line ${line} is empty, and the table goes on after it`, { file, line });
      }
      at = next;
    }
  }

  return { header, blocks };
}
