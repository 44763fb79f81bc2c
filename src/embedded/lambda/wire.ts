import type { MessagePort } from 'node:worker_threads';
import type { ClientRequest } from '../attach.ts';
import type { ResolverAddress } from '../hook.ts';
import type { DeclaredEndpoint } from './declared-endpoints.ts';
import type { SharedTime } from './shared-time.ts';

/** What an execution environment is started with. Everything here and below survives the structured clone. */
export interface WorkerData {
  readonly port: MessagePort;
  /** Answers `now`: an Int32 that is 1 when the Float64 at octet 8 is the account's time. */
  readonly clock: SharedArrayBuffer;
  /** Undefined: the host alone can read the clock, and is asked. */
  readonly time?: SharedTime | undefined;
  /** Path of the folder with the function's files. */
  readonly folder: string;
  /** `index.handler`. */
  readonly handler: string;
  readonly endpoints: readonly DeclaredEndpoint[];
  readonly resolver?: ResolverAddress;
}

/** An error as a function's caller gets it. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export interface Invocation {
  readonly requestId: string;
  /** JSON. */
  readonly payload: string;
  /** X-Ray's header, `_X_AMZN_TRACE_ID`. */
  readonly trace: string;
  /** Milliseconds. */
  readonly timeout: number;
  readonly context: {
    readonly functionName: string;
    readonly functionVersion: string;
    readonly invokedFunctionArn: string;
    readonly memoryLimitInMB: string;
    readonly logGroupName: string;
    readonly logStreamName: string;
  };
}

export type ToWorker =
  | { readonly kind: 'invoke'; readonly invocation: Invocation }
  | { readonly kind: 'answer'; readonly id: number; readonly output: object }
  | { readonly kind: 'refusal'; readonly id: number; readonly error: WireError }
  | { readonly kind: 'slept'; readonly id: number };

export type ToHost =
  | { readonly kind: 'ready' }
  | { readonly kind: 'call'; readonly id: number; readonly request: ClientRequest }
  | { readonly kind: 'sleep'; readonly id: number; readonly milliseconds: number }
  | { readonly kind: 'now' }
  | { readonly kind: 'log'; readonly message: string }
  | { readonly kind: 'unstarted'; readonly error: FunctionError }
  | { readonly kind: 'done'; readonly requestId: string; readonly payload: string; readonly heap: number }
  | { readonly kind: 'failed'; readonly requestId: string; readonly error: FunctionError; readonly heap: number };

/** An error with its own fields, which the structured clone of an Error would lose. */
export interface WireError {
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export function packError(error: unknown): WireError {
  if (!(error instanceof Error)) return { message: String(error), fields: {} };
  const fields = Object.entries(error).filter(([, value]) => typeof value !== 'function');
  return { message: error.message, fields: { name: error.name, ...Object.fromEntries(fields) } };
}

export function unpackError({ message, fields }: WireError): Error {
  return Object.assign(new Error(message), fields);
}
