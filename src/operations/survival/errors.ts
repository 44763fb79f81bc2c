// Errors of survival run that the command line knows.

/** A run that cannot begin or go on; code is one of the TU codes of docs/reference.md. */
export class SurvivalRunError extends Error {
  override readonly name = 'SurvivalRunError';
  readonly code: string;
  readonly hint: string;
  readonly exit: 'error' | 'usage' | 'invalid';

  constructor(
    code: string,
    message: string,
    {
      hint,
      exit = 'error',
      cause,
    }: { readonly hint: string; readonly exit?: SurvivalRunError['exit']; readonly cause?: unknown },
  ) {
    super(message, { cause });
    this.code = code;
    this.hint = hint;
    this.exit = exit;
  }
}
