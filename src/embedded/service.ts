import type { Caller } from './caller.ts';
import type { ServiceError } from './errors.ts';
import type { Host } from './host.ts';
import type { Transaction } from './store/database.ts';
import type { Tags } from './tags.ts';
import type { TrailView } from './trail.ts';

/** What an operation knows beside its input. */
export interface CallContext {
  readonly caller: Caller;
  readonly region: string;
  /** The account's clock, milliseconds since the epoch. */
  readonly now: number;
  readonly data: Transaction;
  /** Of calls that clients make. */
  readonly trail?: TrailView;
  /** X-Ray's header of the request; undefined: no function made it. */
  readonly trace?: string | undefined;
}

/** Condition keys of a request and their values, such as `aws:SourceArn`; keys compare without case. */
export type ConditionKeys = Readonly<Record<string, string | readonly string[]>>;

/** The policy that hangs on a resource. */
export interface ResourcePolicy {
  /** The account that the resource belongs to. */
  readonly account: string;
  /** JSON or a parsed document; undefined: it names nobody. */
  readonly document: string | object | undefined;
  /**
   * It adds to what the caller's own policies say, such as that of a bucket. Default: nobody gets in without its word,
   * not even in its own account, as with that of a KMS key.
   */
  readonly adds?: true;
}

/** What IAM is asked before an operation runs (Service Authorization Reference). */
export interface Access<Input = object> {
  /** Default: the service's prefix and the command's name. */
  readonly action?: string;
  /** Of calls that are one action or another by what they name. */
  actionOf?(input: Input): string;
  /** ARNs that the call is about; default `*`, for actions that know no resources. */
  resource?(input: Input, context: CallContext): string | readonly string[];
  /** Condition keys of the service; the global ones are added. */
  conditions?(input: Input, context: CallContext): ConditionKeys;
  /** Condition keys that differ from one resource of the call to the next, such as the tags that it carries. */
  conditionsOf?(resource: string, input: Input, context: CallContext): ConditionKeys;
  /** The policy that hangs on a resource of the call; undefined: it has none, and the caller's own decide alone. */
  resourcePolicy?(resource: string, input: Input, context: CallContext): ResourcePolicy | undefined;
  /** Needs no permission, such as GetCallerIdentity. */
  readonly open?: true;
}

/** Work that goes on when the state is read or written already, such as running a function; it ends in the answer. */
export class Deferred<Output extends object = object> {
  readonly finish: (host: Host) => Promise<Output>;

  constructor(finish: (host: Host) => Promise<Output>) {
    this.finish = finish;
  }
}

/** One API operation; `run` answers or throws a service error, and what it staged is written only if it answers. */
export interface Operation<Input = object, Output = object> {
  readonly kind: 'read' | 'write';
  readonly access: Access<Input>;
  /**
   * What CloudTrail records of the input; default: all but the service's secret fields. It never throws. What is not
   * recorded is not quoted either: messages of a ValidationException are hidden.
   */
  recorded?(input: Input, context: CallContext): object;
  run(input: Input, context: CallContext): Output | Deferred;
}

/** Something that a service hands to a function: an event of a rule. */
export interface Delivery {
  /** ARN of the function. */
  readonly target: string;
  readonly event: unknown;
  /** Who asks, as the function's policy names it: `events.amazonaws.com`. */
  readonly principal: string;
  readonly sourceArn: string;
  readonly sourceAccount: string;
  /** X-Ray's header of what led to it, where a function did. */
  readonly trace?: string | undefined;
}

/** What happens by the clock alone, while `advance` turns it. */
export interface Clockwork {
  /** The first moment after `after` at which something is due; undefined: nothing ever is. */
  due(after: number, data: Transaction): number | undefined;
  /** What happens at that moment: writes through `data`, and what is to be delivered. */
  strike(at: number, data: Transaction): readonly Delivery[];
  /** Judges the state once a moment's deliveries are done, and at the end of a turn of the clock. */
  settle?(now: number, data: Transaction): void;
}

/** A resource with tags, as the Resource Groups Tagging API lists it. */
export interface TaggedResource {
  /** Service and type as that API's filters name them: `lambda:function`. */
  readonly type: string;
  readonly arn: string;
  /** Without any the resource is not listed. */
  readonly tags: Tags;
}

export interface Service {
  /** As in CloudTrail: `route53.amazonaws.com`. */
  readonly eventSource: string;
  /** IAM's prefix of actions: `route53`. */
  readonly actionPrefix: string;
  /** How the service names a refused permission. */
  readonly deniedName:
    | 'AccessDenied'
    | 'AccessDeniedException'
    | 'AuthorizationErrorException'
    | 'UnauthorizedOperation';
  /** Input fields that CloudTrail hides. */
  readonly secretFields: readonly string[];
  /** What it answers when it throttles a command. */
  throttled(command: string): Error;
  /** What the SDK makes of an error; default: the error. */
  asSeen?(command: string, error: ServiceError): ServiceError;
  /** By command name. */
  readonly operations: Readonly<Record<string, Operation>>;
  readonly clockwork?: Clockwork;
  /** The resources with tags of the caller's account in the call's region; of a global service, in us-east-1 alone. */
  tagged?(context: CallContext): readonly TaggedResource[];
}

export function read<Input, Output extends object>(
  run: (input: Input, context: CallContext) => Output | Deferred<Output>,
  access: Access<Input> = {},
): Operation<Input, Output> {
  return { kind: 'read', access, run };
}

export function write<Input, Output extends object>(
  run: (input: Input, context: CallContext) => Output | Deferred<Output>,
  access: Access<Input> = {},
): Operation<Input, Output> {
  return { kind: 'write', access, run };
}
