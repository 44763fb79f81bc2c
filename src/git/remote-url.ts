import { isAbsolute, resolve } from 'node:path';

/** Schemes whose other end is known: by a certificate, by a host key, or as a file (git-fetch, "GIT URLS"). */
const ADMITTED: ReadonlySet<string> = new Set(['https:', 'ssh:', 'git+ssh:', 'ssh+git:', 'file:']);
/** `host:path` without a slash before the colon; one letter would be a drive. */
const SCP_LIKE = /^[^/:\\]{2,}:/;
/** `transport::address`, which runs the program of that transport (gitremote-helpers). */
const HELPER = /^[\w.+-]*::/;

/** The URL of a remote is none that is fetched from. */
export class RemoteError extends Error {
  override readonly name = 'RemoteError';
}

/**
 * The URL of a remote as a fetch may be told it; a path becomes absolute.
 * @param root directory that paths are relative to
 * @throws RemoteError for transports that run programs or tell nobody whom they speak with
 */
export function admitUrl(url: string, root: string): string {
  const [, helper] = /^([\w.+-]*)::/.exec(url) ?? [];
  if (HELPER.test(url)) throw new RemoteError(`it is fetched by a program of its own (${helper}::)`);
  if (url === '' || /\p{Cc}/u.test(url)) throw new RemoteError('its URL is none');
  const [, scheme] = /^([a-z][\w.+-]*:)\/\//i.exec(url) ?? [];
  if (scheme !== undefined) {
    if (ADMITTED.has(scheme.toLowerCase())) return url;
    throw new RemoteError(`it is fetched over ${scheme}//, where nobody can tell who answers: use https or ssh`);
  }
  if (SCP_LIKE.test(url)) return url;
  return isAbsolute(url) ? url : resolve(root, url);
}

/** For people: without user, password and query. */
export function shownUrl(url: string): string {
  if (URL.canParse(url) && url.includes('://')) {
    const { protocol, host, pathname } = new URL(url);
    return `${protocol}//${host}${pathname}`;
  }
  return isAbsolute(url) ? url : url.slice(url.indexOf('@') + 1);
}
