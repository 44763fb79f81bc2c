/** TSIG's own errors (RFC 8945 §5), and `UNSIGNED` for an answer without the signature that its query asks for. */
export type TsigErrorName = 'BADSIG' | 'BADKEY' | 'BADTIME' | 'BADTRUNC' | 'UNSIGNED';

/** A signature that is missing or does not hold. Names the key, never its secret. */
export class TsigError extends Error {
  override readonly name = 'TsigError';
  readonly tsigError: TsigErrorName;
  /** What to look at, most likely cause first. */
  readonly hints: readonly string[];

  constructor(tsigError: TsigErrorName, what: string, hints: readonly string[]) {
    super(what);
    this.tsigError = tsigError;
    this.hints = hints;
  }
}
