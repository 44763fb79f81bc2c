interface DnsErrorDetail {
  /** Kebab-case, stable: what tests and callers look at. */
  readonly code: string;
  /** What to do next. */
  readonly hint?: string | undefined;
}

interface Place {
  /** 1-based. */
  readonly line: number;
  /** 1-based, in characters. */
  readonly column: number;
}

/** Anything `src/dns` refuses: a stable code, a sentence, and what to do next. */
export class DnsError extends Error {
  override readonly name: string = 'DnsError';
  readonly code: string;
  readonly hint: string | undefined;

  constructor(message: string, detail: DnsErrorDetail) {
    super(message);
    this.code = detail.code;
    this.hint = detail.hint;
  }
}

/** Text that is no name, no RDATA or no master file; line and column are set once the place is known. */
export class DnsSyntaxError extends DnsError {
  override readonly name = 'DnsSyntaxError';
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(message: string, detail: DnsErrorDetail & Partial<Place>) {
    super(message, detail);
    this.line = detail.line;
    this.column = detail.column;
  }

  /** The same error at a place; a place that is known already stays. */
  at(place: Place): DnsSyntaxError {
    if (this.line !== undefined) return this;
    return new DnsSyntaxError(this.message, {
      code: this.code,
      hint: this.hint,
      line: place.line,
      column: place.column,
    });
  }
}

/** RDATA octets that break the layout of their type. */
export class MalformedRdataError extends DnsError {
  override readonly name = 'MalformedRdataError';

  constructor(message: string) {
    super(message, { code: 'malformed-rdata' });
  }
}

/** Records that do not make a zone. */
export class ZoneError extends DnsError {
  override readonly name = 'ZoneError';
}
