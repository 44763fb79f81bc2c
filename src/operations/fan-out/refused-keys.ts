import { compileDestinationKey } from '../../fan-out/destination-key.ts';
import { HEAD, keyHash, ledgerPartition } from '../../fan-out/ledger-keys.ts';
import type { CollidingKey } from '../../fan-out/verify-result.ts';
import type { FanOutDocument } from '../../reconcilers/bucket-fan-out/fan-out-document.ts';
import { readRows } from '../../resources/fan-out/read-rows.ts';
import { readHead } from '../../resources/fan-out/rows.ts';
import type { FanOutSession, FanOutTarget } from './open.ts';

/** Rows that are held at once. */
const AT_ONCE = 1_000;

/** May two keys of the source have one place there? */
export function mayCollide({ key: { strip = '', replace = [] } }: Pick<FanOutDocument, 'key'>): boolean {
  return strip !== '' || replace.length > 0;
}

/**
 * Keys of what was handed over whose place another key has, as the functions found. Who compares a part of the source
 * cannot see it: the other key may be of another part.
 */
export async function refusedKeys(
  { ledger }: Pick<FanOutSession, 'ledger'>,
  { name: destination, told }: FanOutTarget,
  keys: readonly string[],
): Promise<readonly CollidingKey[]> {
  const mapKey = compileDestinationKey(told.key, told.destination.prefix);
  const mapped = keys.flatMap((key) => {
    const to = mapKey(key);
    return 'key' in to ? [{ key, copyKey: to.key }] : [];
  });
  const found: CollidingKey[] = [];
  for (let from = 0; from < mapped.length; from += AT_ONCE) {
    const some = mapped.slice(from, from + AT_ONCE);
    const rows = await readRows(
      ledger,
      some.map(({ copyKey }) => ({ pk: ledgerPartition(told.destination.bucket, keyHash(copyKey)), sk: HEAD })),
    );
    some.forEach(({ key, copyKey }, index) => {
      const row = rows[index];
      const other = row && readHead(row).sourceKey;
      if (other !== undefined && other !== key) found.push({ destination, key, copyKey, with: other });
    });
  }
  return found;
}
