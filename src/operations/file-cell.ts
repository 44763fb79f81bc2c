import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Cell, StoredText } from '../resources/cell/types.ts';
import { openWholeFile } from './whole-file.ts';

/** The state of a loop is far smaller: whatever is larger is none. */
const MAX_BYTES = 16 * 1024 * 1024;

/** One text in a file of the user's own, for a loop that runs on one machine. */
export function fileCell(path: string): Cell {
  const cell: Cell = {
    async read() {
      return stored(path);
    },
    async create(text) {
      if (stored(path) !== undefined) return undefined;
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      return written(path, text);
    },
    async replace(text, version) {
      return stored(path)?.version === version ? written(path, text) : undefined;
    },
  };
  return cell;
}

/** One text that lives as long as the process. */
export function memoryCell(): Cell {
  let held: StoredText | undefined;
  const put = (text: string): string => {
    held = { text, version: versionOf(text) };
    return held.version;
  };
  return {
    read: async () => held,
    create: async (text) => (held === undefined ? put(text) : undefined),
    replace: async (text, version) => (held?.version === version ? put(text) : undefined),
  };
}

function stored(path: string): StoredText | undefined {
  try {
    const bytes = readFileSync(path);
    const text = bytes.length > MAX_BYTES ? '' : bytes.toString();
    return { text, version: versionOf(text) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function written(path: string, text: string): string {
  const file = openWholeFile(path);
  try {
    file.finish(Buffer.from(text));
  } finally {
    file.discard();
  }
  return versionOf(text);
}

function versionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
