import { LeaseLostError } from '../engine/lease.ts';
import type { Place, Unknown, UnknownReason } from '../engine/types.ts';

/** A refusal of AWS's side of the work; `code` is one of the TU2 codes of docs/reference.md. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: string;
  readonly hint: string | undefined;

  constructor(code: string, message: string, options: { readonly hint?: string; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}

const DENIED = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationErrorException',
  'UnauthorizedOperation',
  'NotAuthorized',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'SignatureDoesNotMatch',
  'CredentialsProviderError',
]);

const THROTTLED = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'PriorRequestNotComplete',
]);

const UNREACHABLE = new Set([
  'TimeoutError',
  'NetworkingError',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

function systemCodeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

const EXPIRED = new Set(['ExpiredToken', 'ExpiredTokenException']);

/** Were the credentials good, and are no more? */
export function isExpired(error: unknown): boolean {
  return EXPIRED.has(nameOf(error));
}

/** Is it of AWS, or of the way to it? */
export function isServiceError(error: unknown): boolean {
  return error instanceof Error && '$metadata' in error;
}

/** Which call an error answers. */
export interface FailedCall {
  /** As the SDK names it: `S3`. */
  readonly service: string;
  readonly command: string;
  readonly place: Place;
}

const FAILED_CALLS = new WeakMap<Error, FailedCall>();

/** Remembers it of what AWS answered, or of the way to it; of anything else nothing. */
export function rememberCall(error: unknown, call: FailedCall): void {
  if (!(error instanceof Error) || error instanceof AwsError || error instanceof LeaseLostError) return;
  if (isServiceError(error) || reasonOf(error) !== 'failed') FAILED_CALLS.set(error, call);
}

export function failedCall(error: unknown): FailedCall | undefined {
  return error instanceof Error ? FAILED_CALLS.get(error) : undefined;
}

/** Is it the modelled error of this name? */
export function isAwsError(error: unknown, name: string): boolean {
  return nameOf(error) === name;
}

/** An answer to HEAD has no body, and so no word of why: only its status. */
export function isMuteDenial(error: unknown): boolean {
  const status = (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;
  return nameOf(error) === 'Unknown' && status === 403;
}

/** Why something could not be looked at. The one place where AWS's error names are sorted. */
export function reasonOf(error: unknown): Exclude<UnknownReason, 'parent-unknown'> {
  if (DENIED.has(nameOf(error)) || isMuteDenial(error)) return 'denied';
  if (THROTTLED.has(nameOf(error))) return 'throttled';
  if (UNREACHABLE.has(nameOf(error)) || UNREACHABLE.has(systemCodeOf(error))) return 'unreachable';
  return 'failed';
}

/** The reply may be lost while the effect is there: look again before sending again. */
export function isReplyLost(error: unknown): boolean {
  const status = (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode ?? 0;
  return reasonOf(error) === 'unreachable' || status >= 500;
}

/** The SDK tried more than once: this may be the answer to a call whose earlier try took effect. */
export function wasSentTwice(error: unknown): boolean {
  const attempts = (error as { $metadata?: { attempts?: number } }).$metadata?.attempts ?? 1;
  return attempts > 1;
}

/** A failed look as an observation. A refusal that concerns the whole command goes on upwards. */
export function unknownFrom(error: unknown): Unknown {
  if (error instanceof AwsError || error instanceof LeaseLostError) throw error;
  return { state: 'unknown', reason: reasonOf(error), detail: describeError(error) };
}

export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (isMuteDenial(error)) return 'AccessDenied: S3 answered 403';
  const message = error.message || systemCodeOf(error) || 'no message';
  return error.name === 'Error' || error instanceof AwsError ? message : `${error.name}: ${message}`;
}
