import { AwsError } from '../aws/errors.ts';
import { DnsSyntaxError } from '../dns/errors.ts';
import { EmbeddedError } from '../embedded/index.ts';
import type { ErrorReport } from '../report/options.ts';
import { EXIT } from './exit-codes.ts';

/** Something the person at the keyboard can mend: it has a code, a reason and a next step. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: string;
  readonly exitCode: number;
  readonly hint: string | undefined;
  /** Further fields of `trueup/error@1`. */
  readonly fields: ErrorReport | undefined;

  constructor(
    code: string,
    message: string,
    options: {
      readonly exitCode?: number;
      readonly hint?: string;
      readonly fields?: ErrorReport;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.exitCode = options.exitCode ?? EXIT.error;
    this.hint = options.hint;
    this.fields = options.fields;
  }
}

export function usageError(message: string, hint?: string): CliError {
  return new CliError('TU0001', message, { exitCode: EXIT.usage, ...(hint && { hint }) });
}

/** Any error as the report shows it. What is nobody's fault but ours says so. */
export function toReport(error: unknown): { readonly report: ErrorReport; readonly exitCode: number } {
  if (error instanceof CliError) {
    const { code, message, hint, fields, exitCode } = error;
    return { report: { ...fields, code, message, ...(hint && { hint }) }, exitCode };
  }
  if (error instanceof AwsError || error instanceof EmbeddedError) {
    const { code, message, hint } = error;
    return { report: { code, message, ...(hint && { hint }) }, exitCode: EXIT.error };
  }
  if (error instanceof DnsSyntaxError) {
    return { report: { code: 'TU0002', message: error.message }, exitCode: EXIT.usage };
  }
  const message = error instanceof Error ? error.message : String(error);
  const hint = 'this is a bug in trueup: run again with TRUEUP_DEBUG=1 and report the stack';
  return { report: { code: 'TU0999', message, hint }, exitCode: EXIT.error };
}
