import { bucketRegionIn } from '../aws/bucket-region.ts';
import { AwsError, describeError, failedCall, reasonOf } from '../aws/errors.ts';
import { DnsError, DnsSyntaxError } from '../dns/errors.ts';
import { EmbeddedError } from '../embedded/errors.ts';
import { LeaseHeldError } from '../engine/lease.ts';
import { GithubContextError, GithubError, ReviewError, UnprotectedError } from '../github/errors.ts';
import {
  AdoptError,
  EditError,
  IamError,
  InitError,
  PublishError,
  RevisionError,
  WatchError,
} from '../operations/errors.ts';
import { FanOutNameError } from '../operations/fan-out/find.ts';
import { SurvivalRunError } from '../operations/survival/errors.ts';
import { ScheduleNameError } from '../operations/schedules.ts';
import { SelectionError } from '../operations/selection.ts';
import type { ErrorReport } from '../report/options.ts';
import { TableError } from '../survival/tables/table-error.ts';
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

/** @param limit of V8's heap, MiB */
export function heapLimitError(limit: number): CliError {
  return new CliError('TU0009', `out of memory: Node's heap limit of ${limit} MiB is reached`, {
    hint: `NODE_OPTIONS=--max-old-space-size=${2 * limit} raises the limit, --only GLOB takes fewer documents at once; an apply is run again like one that was killed`,
  });
}

/** What is wrong with a name or a master file that was handed in. */
export function dnsReport(error: DnsError, file?: string): ErrorReport {
  const place = error instanceof DnsSyntaxError ? { line: error.line, column: error.column } : {};
  return {
    code: 'TU0002',
    message: error.message,
    ...(file !== undefined && { file }),
    ...(place.line !== undefined && { line: place.line }),
    ...(place.column !== undefined && { column: place.column }),
    ...(error.hint !== undefined && { hint: error.hint }),
  };
}

/** Refusals of a flag's value that only the documents can judge (`invoke --function`), and of `TRUEUP_FAULTS` and `TRUEUP_DELIVERY`. */
const USAGE: ReadonlySet<string> = new Set(['TU2032', 'TU4014']);

function leaseReport({ holder, expires }: LeaseHeldError): ErrorReport {
  const until = expires === null ? '' : `, until ${expires} by its clock`;
  return {
    code: 'TU3011',
    message: `another apply holds the lease: ${holder}${until}; nothing was changed`,
    hint: 'run the same command again when that apply has ended; if it died, its lease ends by itself, and there is nothing to unlock',
    holder,
    expires,
  };
}

/** What GitHub, or the environment of a run there, stands in the way with. */
function githubReport(error: unknown): { readonly report: ErrorReport; readonly exitCode: number } | undefined {
  if (error instanceof GithubContextError) {
    return { report: { code: 'TU5001', message: error.message, hint: error.hint }, exitCode: EXIT.usage };
  }
  if (error instanceof GithubError) {
    const hint = 'run the job again; a 403 or 404 asks for a permission that docs/github.md names';
    return { report: { code: 'TU5002', message: error.message, hint }, exitCode: EXIT.error };
  }
  if (error instanceof ReviewError) {
    return {
      report: { code: 'TU5003', message: `${error.message}; nothing was changed`, hint: error.hint },
      exitCode: EXIT.stale,
    };
  }
  if (error instanceof UnprotectedError) {
    const hint = 'protect it, in a ruleset or under branch protection (docs/github.md), and run the job again';
    return { report: { code: 'TU5005', message: `${error.message}; nothing was changed`, hint }, exitCode: EXIT.guard };
  }
  return undefined;
}

/** A table of survival run that cannot be used, or an expression about one. */
function tableReport(error: unknown): { readonly report: ErrorReport; readonly exitCode: number } | undefined {
  if (!(error instanceof TableError)) return undefined;
  const { message, file, line, column, hint } = error;
  const place = {
    ...(file !== undefined && { file }),
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
    ...(hint !== undefined && { hint }),
  };
  // An expression stands on the command line, a table is data.
  if (file === undefined) return { report: { code: 'TU0015', message, ...place }, exitCode: EXIT.usage };
  return { report: { code: 'TU0014', message, ...place }, exitCode: EXIT.invalid };
}

const NEXT = {
  denied:
    'trueup iam prints what the plan and the apply role need; what belongs to another account, its owner must open to them',
  throttled: 'run the same command again, at a quieter time: what is done is not done twice',
  unreachable: 'look at the network, the proxy and the endpoint, and run the same command again',
  failed: 'run the same command again; trueup plan tells whether what it asks for is as declared',
} as const;

/** A call that AWS refused, or that did not reach it, and that nobody could do without. */
function callReport(error: unknown): ErrorReport | undefined {
  const call = failedCall(error);
  if (!call) return undefined;
  const { service, command, place } = call;
  const reason = reasonOf(error);
  const what = { denied: 'was denied', throttled: 'was throttled', unreachable: 'got no answer', failed: 'failed' };
  const where = `account ${place.account}, ${place.region}`;
  const region = bucketRegionIn(error);
  if (region !== undefined) {
    return {
      code: 'TU2038',
      message: `${service} ${command} in ${where}, failed: the bucket is in ${region}`,
      hint: `write region: ${region} where the document names the bucket; trueup plan says where`,
    };
  }
  return {
    code: 'TU2038',
    message: `${service} ${command} in ${where}, ${what[reason]}: ${describeError(error)}`,
    hint: NEXT[reason],
  };
}

/** Any error as the report shows it. What is nobody's fault but ours says so. */
export function toReport(error: unknown): { readonly report: ErrorReport; readonly exitCode: number } {
  if (error instanceof CliError) {
    const { code, message, hint, fields, exitCode } = error;
    return { report: { ...fields, code, message, ...(hint && { hint }) }, exitCode };
  }
  if (error instanceof AwsError || error instanceof EmbeddedError) {
    const { code, message, hint } = error;
    return { report: { code, message, ...(hint && { hint }) }, exitCode: USAGE.has(code) ? EXIT.usage : EXIT.error };
  }
  if (error instanceof LeaseHeldError) return { report: leaseReport(error), exitCode: EXIT.error };
  if (error instanceof SelectionError) {
    const hint = `documents: ${error.known.join(', ')}`;
    return { report: { code: 'TU0001', message: error.message, hint }, exitCode: EXIT.usage };
  }
  if (error instanceof RevisionError) {
    const { message, hint } = error;
    return { report: { code: 'TU0001', message, hint }, exitCode: EXIT.usage };
  }
  const ofGithub = githubReport(error);
  if (ofGithub) return ofGithub;
  if (error instanceof IamError) {
    const { code, message, hint } = error;
    return { report: { code, message, hint }, exitCode: EXIT.usage };
  }
  if (error instanceof ScheduleNameError) {
    const { message, hint } = error;
    return { report: { code: 'TU0008', message, ...(hint && { hint }) }, exitCode: EXIT.usage };
  }
  if (error instanceof FanOutNameError) {
    const { message, hint } = error;
    return { report: { code: 'TU0012', message, ...(hint && { hint }) }, exitCode: EXIT.usage };
  }
  if (error instanceof PublishError) {
    const { code, message, hint, exit } = error;
    return { report: { code, message, hint }, exitCode: EXIT[exit] };
  }
  if (error instanceof AdoptError) {
    const hint = 'write the line yourself: adopt: true, under metadata of the document';
    return { report: { code: 'TU0006', message: error.message, hint }, exitCode: EXIT.error };
  }
  if (error instanceof EditError) {
    const hint = 'run trueup drift again, and accept once nobody else writes the file';
    return { report: { code: 'TU0010', message: error.message, hint }, exitCode: EXIT.error };
  }
  if (error instanceof InitError) {
    const hint = 'nothing was written: make the place writable, or name another with --dir';
    return { report: { code: 'TU0011', message: error.message, hint }, exitCode: EXIT.error };
  }
  const ofTable = tableReport(error);
  if (ofTable) return ofTable;
  if (error instanceof SurvivalRunError) {
    const { code, message, hint, exit } = error;
    return { report: { code, message, hint }, exitCode: EXIT[exit] };
  }
  if (error instanceof WatchError) {
    const { message, hint } = error;
    return { report: { code: 'TU0020', message, hint }, exitCode: EXIT.usage };
  }
  if (error instanceof DnsError) return { report: dnsReport(error), exitCode: EXIT.usage };
  const ofCall = callReport(error);
  if (ofCall) return { report: ofCall, exitCode: EXIT.error };
  const message = error instanceof Error ? error.message : String(error);
  const hint = 'this is a bug in trueup: run again with TRUEUP_DEBUG=1 and report the stack';
  return { report: { code: 'TU0999', message, hint }, exitCode: EXIT.error };
}
