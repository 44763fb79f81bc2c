import type { ConfigCode } from './codes.ts';
import type { Span } from './source-text.ts';

/** Something wrong in one file, before its place is turned into line and column. */
export interface Problem {
  readonly code: ConfigCode;
  /** A whole sentence without a full stop: what, and why. */
  readonly message: string;
  /** Undefined: the file as a whole. */
  readonly span?: Span;
  /** JSON pointer into the document. */
  readonly path: string;
  /** What to do about it. */
  readonly hint?: string;
  readonly warning?: true;
}
