/**
 * Codes of refusals (`TU4nnn`, docs/reference.md): TU4010 damaged file · TU4011 format of a newer trueup · TU4012 locked ·
 * TU4013 a file that may not be used · TU4014 bad faults or deliveries · TU4015 bad argument.
 */
export type EmbeddedErrorCode = 'TU4010' | 'TU4011' | 'TU4012' | 'TU4013' | 'TU4014' | 'TU4015';

/** What stands in the way of using an embedded account: `message` says what and why, `hint` the next thing to do. */
export class EmbeddedError extends Error {
  override readonly name = 'EmbeddedError';
  readonly code: EmbeddedErrorCode;
  readonly hint: string;
  /** The account file, where the error is about one. */
  readonly file: string | undefined;

  constructor(code: EmbeddedErrorCode, message: string, hint: string, about: { file?: string; cause?: unknown } = {}) {
    super(message, about.cause === undefined ? undefined : { cause: about.cause });
    this.code = code;
    this.hint = hint;
    this.file = about.file;
  }
}

/** An error as a service answers it: what the SDK would have made of the response. */
export interface ServiceError extends Error {
  readonly $fault: 'client' | 'server';
  readonly $metadata: { readonly httpStatusCode?: number; readonly requestId?: string };
}

export interface ServiceErrorDetail {
  /** HTTP status, default 400. */
  readonly status?: number;
  /** Modelled fields, such as `messages` of InvalidChangeBatch. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/**
 * A plain error with the modelled name: the SDK's exception classes recognise it by `name` and `$fault`, so that
 * `instanceof` holds without importing a client.
 */
export function serviceError(name: string, message: string, detail: ServiceErrorDetail = {}): ServiceError {
  const status = detail.status ?? 400;
  return Object.assign(new Error(message), {
    name,
    $fault: status >= 500 ? ('server' as const) : ('client' as const),
    $metadata: { httpStatusCode: status },
    ...detail.fields,
  });
}
