/** An answer of the API before paging and headers. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  /** Sent as it is, in the place of a body. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The whole list, of which one page is sent. */
  readonly list?: readonly unknown[];
  /** Puts a page into an object; the count is that of the whole list. */
  wrap?(page: readonly unknown[], total: number): object;
}

const DOCUMENTATION = 'https://docs.github.com/rest';

/** An answer that ends the handling of a request. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly answer: Answer;

  constructor(status: number, message: string, more: object = {}) {
    super(message);
    this.answer = {
      status,
      body: { message, documentation_url: DOCUMENTATION, status: String(status), ...more },
    };
  }
}

export function notFound(message = 'Not Found'): Refusal {
  return new Refusal(404, message);
}

/** 422 in the shape of the API. @param code such as `missing_field`, `invalid`, `unprocessable` */
export function invalid(resource: string, field: string, code: string, message?: string): Refusal {
  const error = { resource, field, code, ...(message !== undefined && { message }) };
  return new Refusal(422, 'Validation Failed', { errors: [error] });
}

export function ok(body: unknown): Answer {
  return { status: 200, body };
}

export function listed(list: readonly unknown[]): Answer {
  return { status: 200, list };
}
