import { createHash, createHmac } from 'node:crypto';

/** A request as it came over the network, one character for each octet, without its body. */
export interface WireRequest {
  readonly method: string;
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** Is it signed (Signature Version 4) over the octets that came? */
export function isSigned({ method, url, headers }: WireRequest, secret: string): boolean {
  const pattern = /Credential=[^/]+\/(?<scope>[^,]+), SignedHeaders=(?<names>[^,]+), Signature=(?<signature>[0-9a-f]+)/;
  const { scope = '', names = '', signature } = pattern.exec(String(headers['authorization']))?.groups ?? {};
  const [path = '', query = ''] = url.split('?');
  const parameters = query.split('&').filter((part) => part !== '');
  const canonical = [
    method,
    path,
    parameters
      .map((part) => (part.includes('=') ? part : `${part}=`))
      .sort()
      .join('&'),
    ...names.split(';').map((name) => `${name}:${String(headers[name]).trim().replaceAll(/ +/g, ' ')}`),
    '',
    names,
    String(headers['x-amz-content-sha256']),
  ].join('\n');
  const digest = createHash('sha256').update(Buffer.from(canonical, 'latin1')).digest('hex');
  const key = scope.split('/').reduce<string | Buffer>((so, part) => hmac(so, part), `AWS4${secret}`);
  const toSign = ['AWS4-HMAC-SHA256', String(headers['x-amz-date']), scope, digest].join('\n');
  return hmac(key, toSign).toString('hex') === signature;
}
