import type { Place } from '../../engine/types.ts';

/** Where a loop keeps what it knows between two runs: beside the lease, in the bucket or in the table. */
export interface LoopStatePlace {
  /** The estate's first owner. */
  readonly owner: string;
  /** The first name of the loop's document. */
  readonly name: string;
  /** Account and region of the lease. */
  readonly place: Place;
  readonly store: { readonly bucket: string } | { readonly table: string };
}

type Named = Pick<LoopStatePlace, 'owner' | 'name'>;

/** The object's key. */
export function loopStateKey({ owner, name }: Named): string {
  return `${loopStateRow({ owner, name })}.json`;
}

/** The value of its row's partition key. */
export function loopStateRow({ owner, name }: Named): string {
  return `trueup/${owner}/loop/${name}`;
}
