import { inflateSync } from 'node:zlib';

/** A loopback address to which a function may open a socket. */
export interface DeclaredEndpoint {
  /** `localhost`, or an address without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Above any document: MAX_ENVIRONMENT_BYTES of deflated text cannot be more in earnest. */
const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;

const ENDPOINT =
  /^(?:(?<scheme>[a-z][a-z0-9+.-]*):\/\/(?:[^/@\s]*@)?)?(?<host>localhost|127(?:\.\d{1,3}){3}|\[::1\]|::1)(?::(?<port>\d{1,5}))?(?:\/.*)?$/i;
/** What an address without a port means: a name server's, or that of the URL's scheme. */
const DNS_PORT = 53;
const SCHEME_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };

const SECRET_REFERENCE = /^(?:ssm|secretsmanager):./;
const WEB_URL = /^https?:\/\//i;

/**
 * The loopback addresses that stand in a function's document: in its variable TRUEUP_DOCUMENT, deflated JSON as
 * base64url, every string that is such an address, with or without a port, or a URL at one; and the web URLs at such
 * addresses that are the whole of a secret which the document names by its reference, as webhooks are kept. None where
 * there is no document or it cannot be read.
 *
 * @param secretOf the value behind `ssm:/path` or `secretsmanager:name`; undefined: there is none.
 */
export function declaredEndpoints(
  variables: Readonly<Record<string, string>>,
  secretOf: (reference: string) => string | undefined,
): readonly DeclaredEndpoint[] {
  const { TRUEUP_DOCUMENT: packed } = variables;
  if (packed === undefined) return [];
  try {
    const octets = inflateSync(Buffer.from(packed, 'base64url'), { maxOutputLength: MAX_DOCUMENT_BYTES });
    return stringsIn(JSON.parse(octets.toString())).flatMap((text) => {
      const declared = SECRET_REFERENCE.test(text) ? webUrl(secretOf(text)) : text;
      return declared === undefined ? [] : (endpointOf(declared) ?? []);
    });
  } catch {
    return [];
  }
}

function webUrl(secret: string | undefined): string | undefined {
  const text = secret?.trim() ?? '';
  return WEB_URL.test(text) ? text : undefined;
}

function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(stringsIn);
}

function endpointOf(text: string): DeclaredEndpoint | undefined {
  const { scheme, host, port } = ENDPOINT.exec(text)?.groups ?? {};
  if (host === undefined) return undefined;
  const implied = scheme === undefined ? DNS_PORT : SCHEME_PORTS[scheme.toLowerCase()];
  const number = port === undefined ? implied : Number(port);
  return number === undefined ? undefined : { host: host.toLowerCase().replaceAll(/[[\]]/g, ''), port: number };
}
