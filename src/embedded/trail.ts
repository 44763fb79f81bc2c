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
  };
  /** Field names begin in lower case, as in CloudTrail; long lists and strings are cut, secrets hidden. */
  readonly requestParameters: Readonly<Record<string, unknown>> | null;
  readonly errorCode?: string;
  readonly errorMessage?: string;
}

/** How many events an account keeps. */
export const TRAIL_LENGTH = 10_000;

/** JSON characters of one event's parameters; above it lists and strings are cut. */
const MAX_PARAMETERS = 16_384;
const CUT_LIST = 20;
const CUT_STRING = 256;
export const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS';

export function userIdentity(caller: Caller): TrailEvent['userIdentity'] {
  return { type: caller.type, principalId: caller.userId, arn: caller.arn, accountId: caller.account };
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
