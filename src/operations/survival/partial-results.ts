import { createHash } from 'node:crypto';
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, rmSync } from 'node:fs';
import type { ResultRows } from '../../survival/tables/result-rows.ts';
import { writeWhole } from '../whole-file.ts';
import { SurvivalRunError } from './errors.ts';
import type { ComputedRows } from './jobs.ts';

/** Chunks that are done, in a file beside the results, so that a run that ended early goes on where it was. */
export interface PartialResults {
  /** How many chunks an earlier run had done. */
  readonly resumed: number;
  /** Chunks that are done, by their index. */
  readonly done: () => readonly number[];
  /** Of the lines that a chunk was computed from; undefined: it is not done. */
  digestOf(index: number): string | undefined;
  /** @throws SurvivalRunError TU0016 when another run has written since */
  append(index: number, chunk: ComputedRows): void;
  read(index: number): ResultRows;
  readonly close: () => void;
  /** The results are in their place: nothing is to be continued. */
  remove(): void;
}

interface StoredChunk {
  readonly rows: number;
  readonly digest: string;
  /** Of its content. */
  readonly at: number;
  readonly octets: number;
  /** SHA-256 of the content: a machine that lost power may have kept half of it, and two runs may write one file. */
  readonly sum: string;
}

/** A line before the content of each chunk. */
interface ChunkLine extends Omit<StoredChunk, 'at'> {
  readonly index: number;
}

const FORMAT = 'survival-partial 1';
/** Octets in which a `ChunkLine` surely ends: two digests and four numbers. */
const LONGEST_LINE = 512;
/** float64 columns of a chunk, before its statuses and lines. */
const NUMBER_COLUMNS = 3;

/**
 * Opens what is there for this run, or begins it.
 *
 * @param identity digest of all that results depend on
 * @param fresh what is there is thrown away
 * @throws SurvivalRunError TU0016 when it belongs to another run
 */
export function openPartialResults(path: string, identity: string, fresh: boolean): PartialResults {
  const descriptor = openSync(path, fresh ? 'w+' : 'a+', 0o600);
  const chunks = new Map<number, StoredChunk>();
  let end = 0;
  try {
    const { size } = fstatSync(descriptor);
    end = readHeader(descriptor, size, identity, path);
    for (let next = readChunk(descriptor, end); next !== undefined; next = readChunk(descriptor, end)) {
      chunks.set(next.index, next);
      end = next.at + next.octets;
    }
    // What a run was writing when it died is not whole.
    ftruncateSync(descriptor, end);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  return {
    resumed: chunks.size,
    done: () => [...chunks.keys()],
    digestOf: (index) => chunks.get(index)?.digest,
    append(index, chunk) {
      const content = contentOf(chunk);
      const { rows, digest } = chunk;
      const octets = content.length;
      const line: ChunkLine = { index, rows, digest, octets, sum: sumOf(content) };
      const head = Buffer.from(`${JSON.stringify(line)}\n`);
      // Of two runs of one file, whoever finds that the other has written ends, before it computes more for nothing.
      if (fstatSync(descriptor).size !== end) throw writtenByOthers(path);
      appendWhole(descriptor, end, Buffer.concat([head, content]));
      chunks.set(index, { rows, digest, at: end + head.length, octets, sum: line.sum });
      end += head.length + octets;
    },
    read(index) {
      const chunk = chunks.get(index);
      if (!chunk) throw new Error(`chunk ${index} is not done`);
      const content = readWhole(descriptor, chunk.at, chunk.octets);
      if (sumOf(content) !== chunk.sum) throw writtenByOthers(path);
      return rowsOf(chunk.rows, content);
    },
    close: () => closeSync(descriptor),
    remove: () => rmSync(path, { force: true }),
  };
}

/** All of it or nothing: what comes after a part would not be found again. */
function appendWhole(descriptor: number, end: number, octets: Buffer): void {
  try {
    writeWhole(descriptor, octets);
  } catch (error) {
    ftruncateSync(descriptor, end);
    throw error;
  }
}

function readHeader(descriptor: number, size: number, identity: string, path: string): number {
  const header = Buffer.from(`${JSON.stringify({ format: FORMAT, identity })}\n`);
  const found = readWhole(descriptor, 0, Math.min(size, header.length));
  if (found.length === header.length && found.equals(header)) return header.length;
  // A header that is not whole is that of a run that had done nothing.
  if (size < header.length && header.subarray(0, 12).equals(found.subarray(0, 12))) ftruncateSync(descriptor, 0);
  else if (size > 0) throw otherRun(path);
  writeWhole(descriptor, header);
  return header.length;
}

export function otherRun(path: string): SurvivalRunError {
  return new SurvivalRunError(
    'TU0016',
    `${path} was begun with other input or other options: its rows and new ones would not belong together`,
    { hint: '--fresh throws it away and begins anew; another --out keeps both', exit: 'usage' },
  );
}

function writtenByOthers(path: string): SurvivalRunError {
  return new SurvivalRunError('TU0016', `${path} is not as this run wrote it: another one writes it, too`, {
    hint: 'let the other one end, its results are the same; another --out keeps them apart',
    exit: 'usage',
  });
}

function readChunk(descriptor: number, at: number): (ChunkLine & StoredChunk) | undefined {
  const head = readWhole(descriptor, at, LONGEST_LINE);
  const length = head.indexOf('\n');
  if (length === -1) return undefined;
  try {
    const line = JSON.parse(head.toString('utf8', 0, length)) as ChunkLine;
    const start = at + length + 1;
    const content = readWhole(descriptor, start, line.octets);
    return content.length === line.octets && sumOf(content) === line.sum ? { ...line, at: start } : undefined;
  } catch {
    return undefined;
  }
}

/** As much of it as there is. */
function readWhole(descriptor: number, at: number, octets: number): Buffer {
  const buffer = Buffer.alloc(octets);
  let done = 0;
  while (done < octets) {
    const read = readSync(descriptor, buffer, done, octets - done, at + done);
    if (read === 0) break;
    done += read;
  }
  return buffer.subarray(0, done);
}

function sumOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function contentOf({ p, coef, log10P, status, lines }: ResultRows): Buffer {
  return Buffer.concat(
    [p, coef, log10P, status, lines].map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength)),
  );
}

function rowsOf(rows: number, content: Buffer): ResultRows {
  const column = (index: number): Float64Array<ArrayBuffer> =>
    new Float64Array(ownBuffer(content.subarray(8 * rows * index, 8 * rows * (index + 1))));
  const afterNumbers = 8 * rows * NUMBER_COLUMNS;
  return {
    rows,
    p: column(0),
    coef: column(1),
    log10P: column(2),
    status: new Uint8Array(ownBuffer(content.subarray(afterNumbers, afterNumbers + rows))),
    lines: new Uint8Array(ownBuffer(content.subarray(afterNumbers + rows))),
  };
}

function ownBuffer(octets: Uint8Array): ArrayBuffer {
  const buffer = new ArrayBuffer(octets.length);
  new Uint8Array(buffer).set(octets);
  return buffer;
}
