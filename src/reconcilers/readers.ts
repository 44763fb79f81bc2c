import type { Invoke } from '../resources/invoke.ts';

/** What kinds may ask of the world, handed to `look` and `verify`. */
export interface Readers {
  readonly invoke: Invoke;
}
