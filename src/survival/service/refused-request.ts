/** Why a whole request is refused. The message names field, row and index, and never a value (threats T117). */
export class RefusedRequest extends Error {
  override readonly name = 'RefusedRequest';
  /** HTTP status: 400, 413 or 415. */
  readonly status: 400 | 413 | 415;

  constructor(status: RefusedRequest['status'], message: string) {
    super(message);
    this.status = status;
  }
}

export function badRequest(message: string): RefusedRequest {
  return new RefusedRequest(400, message);
}
