import type { Caller } from './caller.ts';
import type { Transaction } from './store/database.ts';

/** What an operation knows beside its input. */
export interface CallContext {
  readonly caller: Caller;
  readonly region: string;
  /** The account's clock, milliseconds since the epoch. */
  readonly now: number;
  readonly data: Transaction;
}

/** One API operation; `run` answers or throws a service error, and what it staged is written only if it answers. */
export interface Operation<Input = object, Output = object> {
  readonly access: 'read' | 'write';
  run(input: Input, context: CallContext): Output;
}

export interface Service {
  /** As in CloudTrail: `route53.amazonaws.com`. */
  readonly eventSource: string;
  /** IAM's prefix of actions: `route53`. */
  readonly actionPrefix: string;
  /** How the service names a refused permission: query and XML services `AccessDenied`, JSON services with `Exception`. */
  readonly deniedName: 'AccessDenied' | 'AccessDeniedException';
  /** Input fields that CloudTrail hides. */
  readonly secretFields: readonly string[];
  /** What it answers when it throttles a command. */
  throttled(command: string): Error;
  /** By command name. */
  readonly operations: Readonly<Record<string, Operation>>;
}

export function read<Input, Output extends object>(
  run: (input: Input, context: CallContext) => Output,
): Operation<Input, Output> {
  return { access: 'read', run };
}

export function write<Input, Output extends object>(
  run: (input: Input, context: CallContext) => Output,
): Operation<Input, Output> {
  return { access: 'write', run };
}
