/** A request as the door has read it. */
export interface DoorRequest {
  readonly method: string;
  /** The request target as it was sent, behind the door's own prefix: `/survival?x=1`. */
  readonly path: string;
  /** Behind the question mark, without it; empty: none. */
  readonly query: string;
  /** The whole path as it was sent, with the door's prefix where there is one. */
  readonly sentPath: string;
  /** By names in lower case; what came more than once is joined by commas. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
  readonly protocol: string;
  readonly sourceIp: string;
}

/** An answer of the door. */
export interface DoorAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array | string;
}

/** What API Gateway answers by itself: `{"message":"Not Found"}`. */
export function plainAnswer(status: number, message: string, headers: DoorAnswer['headers'] = []): DoorAnswer {
  return {
    status,
    headers: [['content-type', 'application/json'], ...headers],
    body: JSON.stringify({ message }),
  };
}

export const NOT_FOUND = plainAnswer(404, 'Not Found');
export const FORBIDDEN = plainAnswer(403, 'Forbidden');
export const BAD_REQUEST = plainAnswer(400, 'Bad Request');
export const TOO_SLOW = plainAnswer(408, 'Request Timeout');
export const TOO_LARGE = plainAnswer(413, 'Request Entity Too Large');
export const TOO_MANY = plainAnswer(429, 'Too Many Requests');
export const FAILED = plainAnswer(500, 'Internal Server Error');
export const UNAVAILABLE = plainAnswer(503, 'Service Unavailable');
export const HEADERS_TOO_LARGE = plainAnswer(431, 'Request Header Fields Too Large');

/** Headers by names in lower case, from Node's list of names and values in turn. */
export function joinHeaders(raw: readonly string[]): ReadonlyMap<string, string> {
  const joined = new Map<string, string>();
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase();
    const value = raw[index + 1] ?? '';
    const before = joined.get(name);
    const separator = name === 'cookie' ? '; ' : ',';
    joined.set(name, before === undefined ? value : `${before}${separator}${value}`);
  }
  return joined;
}

/** What a percent-encoded text says; undefined: it is malformed. */
export function decodePart(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
