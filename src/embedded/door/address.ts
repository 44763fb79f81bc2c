/** What a request is for. */
export interface Address {
  readonly api: string;
  /** Undefined: whichever the API is in. */
  readonly region?: string;
  /** Behind the door's prefix; begins with a slash. */
  readonly path: string;
  readonly query: string;
  readonly sentPath: string;
}

export const PREFIX = '/_aws/execute-api/';
const BY_PATH = /^\/_aws\/execute-api\/([a-z0-9]+)(\/.*)?$/;
const BY_HOST = /^([a-z0-9]+)\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?::\d+)?$/;
/** RFC 3986: what may stand in the path and query of a request target; not one of `"#<>\^{|}`, nor a backtick. */
const TARGET = /^\/[!$-;=?-[\]_a-z~]*$/;

/**
 * The API that a request is for, by the path of the door or by its Host header.
 *
 * @param target of the request line: only an absolute path is one (RFC 9112, "origin-form")
 * @returns undefined: for none; `malformed`: no target of a request to an API
 */
export function readAddress(target: string, host: string | undefined): Address | 'malformed' | undefined {
  if (!TARGET.test(target)) return 'malformed';
  const mark = target.indexOf('?');
  const sentPath = mark === -1 ? target : target.slice(0, mark);
  const query = mark === -1 ? '' : target.slice(mark + 1);
  const [, byPath, rest] = BY_PATH.exec(sentPath) ?? [];
  if (byPath !== undefined) return { api: byPath, path: rest ?? '/', query, sentPath };
  const [, api, region] = BY_HOST.exec((host ?? '').toLowerCase()) ?? [];
  return api === undefined || region === undefined ? undefined : { api, region, path: sentPath, query, sentPath };
}
