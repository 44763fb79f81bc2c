import { compileDestinationKey } from '../../fan-out/destination-key.ts';
import type { CollidingKey } from '../../fan-out/verify-result.ts';
import type { FanOutDocument } from '../../reconcilers/bucket-fan-out/fan-out-document.ts';
import { holdersOf } from './holders.ts';
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
  session: Pick<FanOutSession, 'ledger'>,
  target: FanOutTarget,
  keys: readonly string[],
): Promise<readonly CollidingKey[]> {
  const { name: destination, told } = target;
  const mapKey = compileDestinationKey(told.key, told.destination.prefix);
  const mapped = keys.flatMap((key) => {
    const to = mapKey(key);
    return 'key' in to ? [{ key, copyKey: to.key }] : [];
  });
  const found: CollidingKey[] = [];
  for (let from = 0; from < mapped.length; from += AT_ONCE) {
    const some = mapped.slice(from, from + AT_ONCE);
    const holders = await holdersOf(
      session,
      target,
      some.map(({ copyKey }) => copyKey),
    );
    some.forEach(({ key, copyKey }, index) => {
      const other = holders[index];
      if (other !== undefined && other !== key) found.push({ destination, key, copyKey, with: other });
    });
  }
  return found;
}
