import type { Place, Unknown } from '../engine/types.ts';
import type { Invoke } from '../resources/invoke.ts';
import type { Network, NetworkQuestion } from '../resources/network-view.ts';

/** What kinds may ask of the world, handed to `look` and `verify`. */
export interface Readers {
  readonly invoke: Invoke;
  /** What a network looks like from where a function would stand in it. */
  readonly network: (place: Place, asked: NetworkQuestion) => Promise<Network | Unknown>;
}
