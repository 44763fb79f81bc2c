import type { FanOutWorld } from './bring.ts';
import type { SourceObject } from './buckets.ts';

/**
 * A look has a row by what it found. One that died, and finds something else when it comes again, comes to another row:
 * whoever comes again ends what is left of the first.
 *
 * @param isGone what the head names cannot be copied any more
 */
export async function sweepLooks<Source extends SourceObject>(
  { ledger, buckets }: FanOutWorld<Source>,
  pk: string,
  isGone: boolean,
): Promise<void> {
  const rows = await ledger.unfinishedLooks(pk);
  const head = rows.length > 0 ? await ledger.head(pk) : undefined;
  for (const row of rows) {
    // What the head names is being copied, by somebody who ends it.
    if (row.sk === head?.sk && !isGone) continue;
    if (row.hasUpload) await buckets.abandon(row, { pk, sk: row.sk });
    await ledger.giveUp({ pk, sk: row.sk });
  }
}
