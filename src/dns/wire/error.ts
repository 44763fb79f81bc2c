/** A DNS message that breaks the wire format (RFC 1035 §4). */
export class WireError extends Error {
  override readonly name = 'WireError';
  /** Octet of the message at which reading stopped. */
  readonly at: number;

  constructor(what: string, at: number) {
    super(`${what} (octet ${at} of the message)`);
    this.at = at;
  }
}
