/** Where in a table something is wrong. */
export interface TablePlace {
  /** 1-based; the header is line 1. */
  readonly line?: number;
  /** 1-based, of a character of the line or of an expression. */
  readonly column?: number;
}

/**
 * A table, or what was asked of it, that cannot be used. It names ids and columns, which are the reader's own, and is told to
 * nobody else.
 */
export class TableError extends Error {
  override readonly name = 'TableError';
  /** As it was named; undefined for what is no file, such as an expression. */
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly hint: string | undefined;

  constructor(message: string, options: TablePlace & { readonly file?: string; readonly hint?: string } = {}) {
    super(message);
    this.file = options.file;
    this.line = options.line;
    this.column = options.column;
    this.hint = options.hint;
  }
}

/** Ids that a message names. */
const NAMED = 5;

/** `a, b, c, d, e and 3 more`. */
export function nameSome(names: readonly string[], most = NAMED): string {
  const shown = names.slice(0, most).join(', ');
  const more = names.length - most;
  return more > 0 ? `${shown} and ${more.toLocaleString('en-US')} more` : shown;
}
