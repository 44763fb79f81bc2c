import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { TableError } from '../../survival/tables/table-error.ts';
import { SurvivalRunError } from './errors.ts';

/** Octets of a table, as a stream of large pieces; what is gzip is inflated. */
export interface InputFile {
  readonly pieces: AsyncIterable<Uint8Array>;
  /** Of the file as it lies there. */
  readonly size: number;
  /** Octets of it that are read. */
  readonly read: () => number;
  close(): void;
}

const PIECE_OCTETS = 1 << 20;
/** Two octets begin every gzip (RFC 1952 §2.3.1). */
const GZIP_MAGIC = Buffer.of(0x1f, 0x8b);
/** Of clinical tables and lists of samples, which are held whole: a million samples have room. */
const WHOLE_LIMIT = 256 * 1024 * 1024;

/** @throws SurvivalRunError TU0004 when it cannot be read */
export function openInput(path: string): InputFile {
  const { size, isGzip } = lookAt(path);
  const file = createReadStream(path, { highWaterMark: PIECE_OCTETS });
  if (!isGzip) return { pieces: file, size, read: () => file.bytesRead, close: () => file.destroy() };
  const inflated = createGunzip({ chunkSize: PIECE_OCTETS });
  file.on('error', (error) => inflated.destroy(error));
  file.pipe(inflated);
  return {
    pieces: inflatedPieces(inflated, path),
    size,
    read: () => file.bytesRead,
    close() {
      file.destroy();
      inflated.destroy();
    },
  };
}

async function* inflatedPieces(inflated: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* inflated;
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (!code.startsWith('Z_')) throw error;
    throw new TableError(`its gzip is damaged: ${message}`, {
      file: path,
      hint: 'gzip -t says the same; make it again',
    });
  }
}

/** @throws SurvivalRunError TU0004 when it cannot be read, TableError when it is too large to be held */
export async function readInput(path: string): Promise<Uint8Array> {
  const file = openInput(path);
  const pieces: Uint8Array[] = [];
  let octets = 0;
  try {
    for await (const piece of file.pieces) {
      octets += piece.length;
      if (octets > WHOLE_LIMIT)
        throw new TableError('it is larger than 256 MiB', { file: path, hint: 'is it the matrix?' });
      pieces.push(piece);
    }
  } finally {
    file.close();
  }
  return Buffer.concat(pieces);
}

function lookAt(path: string): { readonly size: number; readonly isGzip: boolean } {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) throw noFile(path);
    const descriptor = openSync(path, 'r');
    const first = Buffer.alloc(GZIP_MAGIC.length);
    try {
      readSync(descriptor, first, 0, first.length, 0);
    } finally {
      closeSync(descriptor);
    }
    return { size: stats.size, isGzip: first.equals(GZIP_MAGIC) };
  } catch (cause) {
    if (cause instanceof SurvivalRunError) throw cause;
    if (path === '-') throw noFile('standard input');
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SurvivalRunError('TU0004', `${path} cannot be read: ${why}`, {
      hint: 'check the path and its permissions',
      cause,
    });
  }
}

/** What an interrupted run goes on from is read a second time, and a pipe cannot be. */
function noFile(name: string): SurvivalRunError {
  return new SurvivalRunError('TU0004', `${name} cannot be read: it is not a regular file`, {
    hint: 'write the table into a file, as it is or in gzip',
  });
}
