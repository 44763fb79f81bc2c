import type { Plan, Value } from '../engine/types.ts';
import type { TerminalOptions } from './style.ts';

/** How a result is shown to people. JSON and NDJSON take no options: see `json.ts`. */
export interface RenderOptions extends TerminalOptions {
  readonly format: 'text' | 'markdown';
  /** Every changed record instead of the first three. */
  readonly records?: boolean;
  /** The code the process will end with; shown where it is not 0. */
  readonly exitCode?: number;
  /** Milliseconds the run took. */
  readonly elapsed?: number;
}

export interface ApplyOptions extends RenderOptions {
  /** The plan that was applied: gives the actions their names and the count its total. */
  readonly plan?: Plan;
}

export interface BackfillOptions extends RenderOptions {
  /** What it takes was said before it began: it is not said again. */
  readonly wasForetold: boolean;
}

/** The payload of `trueup/error@1`; further fields are free. */
export interface ErrorReport {
  readonly code: string;
  readonly message: string;
  readonly file?: string | null;
  /** 1-based. */
  readonly line?: number;
  readonly column?: number;
  readonly hint?: string;
  readonly [field: string]: Value | undefined;
}
