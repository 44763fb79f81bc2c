import type { BatchResultErrorEntry } from '@aws-sdk/client-sqs';
import { emptyBatch, idsNotDistinct, invalidEntryId, tooManyEntries } from './errors.ts';

/** "The maximum number of entries you can include in a single … request is 10." */
const MAX_ENTRIES = 10;
const ENTRY_ID = /^[\w-]{1,80}$/;

interface Entry {
  readonly Id: string | undefined;
}

interface BatchResult<Result> {
  Successful: (Result & { Id: string })[];
  Failed: BatchResultErrorEntry[];
}

/**
 * Each entry by itself: one that is refused does not stop the others.
 *
 * @throws what is wrong with the batch as a whole
 */
export function runBatch<One extends Entry, Result extends object>(
  entries: readonly One[] = [],
  run: (entry: One) => Result,
): BatchResult<Result> {
  checkEntries(entries);
  const result: BatchResult<Result> = { Successful: [], Failed: [] };
  for (const entry of entries) {
    const { Id = '' } = entry;
    try {
      result.Successful.push({ ...run(entry), Id });
    } catch (error) {
      if (!(error instanceof Error && 'Code' in error)) throw error;
      result.Failed.push({ Id, SenderFault: true, Code: String(error.Code), Message: error.message });
    }
  }
  return result;
}

function checkEntries(entries: readonly Entry[]): void {
  if (entries.length === 0) throw emptyBatch();
  if (entries.length > MAX_ENTRIES) throw tooManyEntries(MAX_ENTRIES, entries.length);
  const seen = new Set<string>();
  for (const { Id: id = '' } of entries) {
    if (!ENTRY_ID.test(id)) throw invalidEntryId();
    if (seen.has(id)) throw idsNotDistinct(id);
    seen.add(id);
  }
}
