import { createHash, createHmac } from 'node:crypto';
import type { DummyCredentials } from '../../src/embedded/index.ts';

/** What is signed of a request to an API; each part can be said otherwise than it is sent. */
export interface Signing {
  readonly credentials: DummyCredentials;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly method: string;
  /** Of the URL that is sent. */
  readonly url: string;
  readonly body?: string | Uint8Array;
  readonly region?: string;
  readonly service?: string;
  /** Default: the path and the host of the URL. */
  readonly path?: string;
  readonly host?: string;
  /** Default: that of the body; undefined in `headers`: it is not sent. */
  readonly digest?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Headers of Signature Version 4, computed from the IAM User Guide and not with the SDK. */
export function sign(signing: Signing): Record<string, string> {
  const { credentials, method, url, region = 'eu-west-1', service = 'execute-api' } = signing;
  const { host, pathname, search } = new URL(url);
  const time = new Date(signing.at).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
  const digest =
    signing.digest ??
    createHash('sha256')
      .update(signing.body ?? '')
      .digest('hex');
  const sent: Record<string, string> = {
    'x-amz-date': time,
    'x-amz-content-sha256': digest,
    ...(credentials.sessionToken !== undefined && { 'x-amz-security-token': credentials.sessionToken }),
    ...signing.headers,
  };
  const signed: Record<string, string> = { host: signing.host ?? host, ...sent };
  const names = Object.keys(signed).sort();
  const canonical = [
    method,
    // Encoded once more: every service but S3.
    (signing.path ?? pathname).split('/').map(encodeURIComponent).join('/'),
    search
      .slice(1)
      .split('&')
      .filter((part) => part !== '')
      .sort()
      .join('&'),
    ...names.map((name) => `${name}:${signed[name]!.trim().replaceAll(/ +/g, ' ')}`),
    '',
    names.join(';'),
    digest,
  ].join('\n');
  const hash = createHash('sha256').update(canonical).digest('hex');
  const keyed = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
  const key = scope.split('/').reduce<string | Buffer>(keyed, `AWS4${credentials.secretAccessKey}`);
  const signature = keyed(key, ['AWS4-HMAC-SHA256', time, scope, hash].join('\n')).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { ...sent, authorization };
}
