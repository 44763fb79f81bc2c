import type { TsigKey } from '../tsig/tsig-key.ts';
import type { Budgets } from './budgets.ts';
import type { Timers } from './timers.ts';

/** Whom to ask, and how. */
export interface ServerOptions {
  readonly host: string;
  readonly port: number;
  /** Signs the query; the answer must then be signed too. */
  readonly tsig?: TsigKey | undefined;
  /** Default: `DEFAULT_BUDGETS`. */
  readonly budgets?: Partial<Budgets>;
  /**
   * Reading of `timers.now()` (Node: `performance.now()`) at which whoever calls has no time left: the budget
   * "out-of-time" strikes, and nothing is tried again.
   */
  readonly deadline?: number | undefined;
  /** Wall clock for TSIG, milliseconds since the epoch. */
  readonly now?: () => number;
  readonly timers?: Timers;
  /** Local address to connect from. */
  readonly localAddress?: string | undefined;
}

/** Which zone, from whom, and how. */
export interface PrimaryOptions extends ServerOptions {
  /** Text as in a master file, or wire form (`WireName`). */
  readonly zone: string;
}

/** How a zone came: whole, as differences from a base, or not at all because the base is current. */
export type TransferMode = 'axfr' | 'ixfr' | 'unchanged';
