import { compareContent } from '../../fan-out/comparison.ts';
import type { Difference } from '../../fan-out/comparison.ts';
import { lookAt } from './copy-looks.ts';
import { holdersOf, lookListed } from './holders.ts';
import type { FanOutSession, FanOutTarget } from './open.ts';

type Placed = Exclude<Difference, { readonly is: 'unmappable' | 'extra' }>;

export interface ByHolders {
  /** Differences as they are, once it is known who has each place. `equal`: by how much more, or fewer, are equal. */
  judge(found: readonly Difference[]): Promise<{ readonly found: readonly Difference[]; readonly equal: number }>;
}

/**
 * Of keys that map to one place a comparison takes the first of the listing for its holder. The ledger knows who came
 * first: it has the place, whoever stands before it in a listing, and no backfill brings another one there.
 */
export function byHolders(session: FanOutSession, target: FanOutTarget): ByHolders {
  /** Sources of which it was said that another one has their place. */
  const displaced = new Set<string>();

  async function ofHolder({ source, destinationKey, with: first }: Extract<Difference, { readonly is: 'collision' }>) {
    const said: Difference[] = [];
    let equal = 0;
    if (!displaced.has(first)) {
      // Its content is that of the copy, and yet the copy is not its own.
      const found = await lookAt(session, target.told.source, first);
      displaced.add(first);
      equal -= 1;
      const other = { key: first, size: found?.size ?? 0, etag: found?.etag ?? '' };
      if (found) said.push({ is: 'collision', source: other, destinationKey, with: source.key });
    }
    const copy = await lookListed(session, target, destinationKey);
    const is = copy ? compareContent(source, copy, false) : 'missing';
    if (is === 'equal') equal += 1;
    else if (!copy || is === 'missing') said.push({ is: 'missing', source, destinationKey });
    else said.push({ is, source, copy });
    return { said, equal };
  }

  return {
    async judge(found) {
      const placed = found.filter(isPlaced);
      const holders = await holdersOf(session, target, placed.map(placeOf));
      const holderOf = new Map(placed.map((one, index) => [one as Difference, holders[index]]));
      const judged: Difference[] = [];
      let equal = 0;
      for (const one of found) {
        const holder = holderOf.get(one);
        if (holder === undefined || !isPlaced(one) || (one.is !== 'collision' && holder === one.source.key)) {
          judged.push(one);
        } else if (holder !== one.source.key) {
          displaced.add(one.source.key);
          judged.push({ is: 'collision', source: one.source, destinationKey: placeOf(one), with: holder });
        } else if (one.is === 'collision') {
          const of = await ofHolder(one);
          judged.push(...of.said);
          equal += of.equal;
        }
      }
      return { found: judged, equal };
    },
  };
}

function isPlaced(one: Difference): one is Placed {
  return one.is !== 'unmappable' && one.is !== 'extra';
}

function placeOf(one: Placed): string {
  return 'destinationKey' in one ? one.destinationKey : one.copy.key;
}
