import { isExpired, isServiceError, reasonOf } from '../../aws/errors.ts';

/** Refusals that say of themselves that they pass (S3 API Reference, "Error responses"). */
const PASSING: ReadonlySet<string> = new Set(['OperationAborted', 'RequestTimeout', 'ConditionalRequestConflict']);

/** Would it fail again, however often it is tried? Throttling, outages and what did not reach S3 pass. */
export function isForGood(error: unknown): boolean {
  if (!isServiceError(error) || isExpired(error) || reasonOf(error) === 'throttled') return false;
  const { name, $metadata } = error as Error & { readonly $metadata: { readonly httpStatusCode?: number } };
  const { httpStatusCode: status = 0 } = $metadata;
  return status >= 400 && status < 500 && status !== 429 && !PASSING.has(name);
}
