import type { Caller } from './caller.ts';

/** One call as CloudTrail records it. */
export interface TrailEvent {
  readonly eventID: string;
  /** ISO 8601, UTC, by the account's clock. */
  readonly eventTime: string;
  readonly eventSource: string;
  readonly eventName: string;
  readonly readOnly: boolean;
  readonly awsRegion: string;
  readonly recipientAccountId: string;
  readonly userIdentity: {
    readonly type: string;
    readonly principalId: string;
    readonly arn: string;
    readonly accountId: string;
    /** Of a user. */
    readonly userName?: string;
    /** Of an assumed role: the role itself. */
    readonly sessionContext?: {
      readonly sessionIssuer: {
        readonly type: 'Role';
        readonly principalId: string;
        readonly arn: string;
        readonly accountId: string;
        readonly userName: string;
      };
    };
  };
  /** As the client names itself; undefined: it does not. */
  readonly userAgent?: string;
  /** Field names begin in lower case, as in CloudTrail; long lists and strings are cut, secrets hidden. */
  readonly requestParameters: Readonly<Record<string, unknown>> | null;
  readonly errorCode?: string;
  readonly errorMessage?: string;
}

/** What an operation that looks into the trail is told. */
export interface TrailView {
  /** The newest events, oldest first. */
  readonly events: () => readonly TrailEvent[];
  /** Milliseconds after which an event can be looked up (CloudTrail: up to 15 minutes). */
  readonly delay: number;
  /** LookupEvents a second, for an account in a region, by the account's clock; undefined: as many as you like. */
  readonly lookupsPerSecond?: number;
}

/** How many events an account keeps. */
export const TRAIL_LENGTH = 10_000;

/** JSON characters of one event's parameters; above it lists and strings are cut. */
const MAX_PARAMETERS = 16_384;
const CUT_LIST = 20;
const CUT_STRING = 256;
export const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS';

export function userIdentity(caller: Caller): TrailEvent['userIdentity'] {
  const { type, userId, arn, account, session } = caller;
  const identity = { type, principalId: userId, arn, accountId: account };
  if (session === undefined) {
    const userName = arn.split('/').at(-1);
    return { ...identity, ...(type === 'IAMUser' && userName && { userName }) };
  }
  // A role's path is not among what is kept of a session.
  const issuer = `arn:aws:iam::${session.account}:role/${session.role}`;
  return {
    ...identity,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: userId.split(':')[0] ?? '',
        arn: issuer,
        accountId: session.account,
        userName: session.role,
      },
    },
  };
}

/** The parameters of a request as the trail keeps them. */
export function requestParameters(input: object, secretFields: readonly string[]): Record<string, unknown> | null {
  const entries = Object.entries(input).filter(([, value]) => value !== undefined);
  if (entries.length === 0) return null;
  const shown = entries.map(([field, value]: [string, unknown]): [string, unknown] =>
    secretFields.includes(field) ? [field, HIDDEN] : [field, value],
  );
  const whole = lowerKeys(Object.fromEntries(shown), Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  if (JSON.stringify(whole).length <= MAX_PARAMETERS) return whole;
  return lowerKeys(Object.fromEntries(shown), CUT_LIST, CUT_STRING);
}

function lowerKeys(value: object, maxItems: number, maxLength: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([field, item]: [string, unknown]) => [
        field.charAt(0).toLowerCase() + field.slice(1),
        cut(item, maxItems, maxLength),
      ]),
  );
}

function cut(value: unknown, maxItems: number, maxLength: number): unknown {
  if (typeof value === 'string' && value.length > maxLength) return `${value.slice(0, maxLength)}…`;
  if (Array.isArray(value)) {
    const kept = value.slice(0, maxItems).map((item: unknown) => cut(item, maxItems, maxLength));
    return value.length > maxItems ? [...kept, `… ${value.length - maxItems} more`] : kept;
  }
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object' && value !== null) return lowerKeys(value, maxItems, maxLength);
  return value;
}
