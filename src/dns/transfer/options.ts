import type { TsigKey } from '../tsig/tsig-key.ts';
import type { Budgets } from './budgets.ts';
import type { Timers } from './timers.ts';

/** Which zone, from whom, and how. */
export interface PrimaryOptions {
  /** Text as in a master file, or wire form (`WireName`). */
  readonly zone: string;
  readonly host: string;
  readonly port: number;
  /** Signs the query; the answer must then be signed too. */
  readonly tsig?: TsigKey | undefined;
  /** Default: `DEFAULT_BUDGETS`. */
  readonly budgets?: Partial<Budgets>;
  /** Wall clock for TSIG, milliseconds since the epoch. */
  readonly now?: () => number;
  readonly timers?: Timers;
  /** Local address to connect from. */
  readonly localAddress?: string | undefined;
}
