import type { FanOutOptions } from '../operations/fan-out/options.ts';
import { commandOptions } from './session.ts';
import type { Session, SharedFlags } from './session.ts';

/** Flags of every verb of a fan-out. */
export interface FanOutFlags extends SharedFlags {
  readonly destination?: readonly string[];
}

export function fanOutOptions(name: string, flags: FanOutFlags, session: Session): FanOutOptions {
  const { destination } = flags;
  return { ...commandOptions(flags, session), name, ...(destination && { destinations: destination }) };
}
