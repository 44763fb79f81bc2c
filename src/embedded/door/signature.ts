import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Hash, Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { DummyCredentials } from '../caller.ts';
import { decodePart } from './request.ts';
import type { DoorRequest } from './request.ts';

/** Who signed a request, as it says, and how. */
export interface ClaimedSignature {
  readonly accessKeyId: string;
  readonly sessionToken: string | undefined;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** Milliseconds since the epoch. */
  readonly signedAt: number;
}

/** IAM User Guide, "Create a signed AWS API request": a request is good for five minutes. */
const MAX_SKEW_MS = 5 * 60_000;
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 +Credential=([^/, ]+)\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request *, *SignedHeaders=([a-z0-9;_-]+) *, *Signature=([0-9a-f]{64})$/;
const LONG_DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** Reads the Authorization header of Signature Version 4. @returns undefined: there is none that is well-formed */
export function readSignature({ headers }: Pick<DoorRequest, 'headers'>): ClaimedSignature | undefined {
  const fields = AUTHORIZATION.exec(headers.get('authorization') ?? '');
  const date = headers.get('x-amz-date') ?? '';
  const parts = LONG_DATE.exec(date);
  if (fields === null || parts === null) return undefined;
  const [, accessKeyId = '', day = '', region = '', service = '', list = '', signature = ''] = fields;
  const [, year, month, dayOfMonth, hour, minute, second] = parts;
  const signedAt = Date.parse(`${year}-${month}-${dayOfMonth}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(signedAt) || !date.startsWith(day)) return undefined;
  const signedHeaders = list.split(';');
  const sessionToken = headers.get('x-amz-security-token');
  return { accessKeyId, sessionToken, region, service, signedHeaders, signature, signedAt };
}

/** Host and every header of AWS must be signed, and the request must be of now. */
export function isWellSigned(
  { signedHeaders, signedAt }: ClaimedSignature,
  headers: ReadonlyMap<string, string>,
  now: number,
): boolean {
  const needed = ['host', ...[...headers.keys()].filter((name) => name.startsWith('x-amz-'))];
  const isWhole = needed.every((name) => signedHeaders.includes(name));
  return isWhole && signedHeaders.every((name) => headers.has(name)) && Math.abs(now - signedAt) <= MAX_SKEW_MS;
}

/**
 * Whether the signature is that of the request under these credentials. A client that knows the API by its own address
 * signs that; one that knows the door signs what it sends: both name the same request.
 */
export async function isSigned(
  request: DoorRequest,
  claimed: ClaimedSignature,
  credentials: DummyCredentials,
  apiHost: string,
): Promise<boolean> {
  const digest = createHash('sha256').update(request.body).digest('hex');
  if ((request.headers.get('x-amz-content-sha256') ?? digest) !== digest) return false;
  const query = queryOf(request.query);
  if (query === undefined) return false;
  const { region, service, signedAt, signedHeaders, accessKeyId } = claimed;
  const signer = new SignatureV4({
    credentials: { ...credentials, accessKeyId },
    region,
    service,
    sha256: Sha256,
    applyChecksum: false,
  });
  const sentHost = request.headers.get('host') ?? '';
  for (const path of new Set([request.path, request.sentPath])) {
    for (const host of new Set([sentHost, apiHost])) {
      const headers = Object.fromEntries(signedHeaders.map((name) => [name, request.headers.get(name) ?? '']));
      const signed = await signer.sign(
        {
          method: request.method,
          protocol: 'https:',
          hostname: apiHost,
          path,
          query,
          headers: { ...headers, host },
          body: request.body,
        },
        { signingDate: new Date(signedAt), signableHeaders: new Set(signedHeaders) },
      );
      const [, expected = ''] = /Signature=([0-9a-f]{64})$/.exec(signed.headers['authorization'] ?? '') ?? [];
      if (isSame(expected, claimed.signature)) return true;
    }
  }
  return false;
}

function isSame(expected: string, given: string): boolean {
  const [left, right] = [Buffer.from(expected), Buffer.from(given)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Names and values as they were meant; undefined: malformed. A plus is a plus in a signature. */
function queryOf(text: string): Record<string, string | string[]> | undefined {
  const values = new Map<string, string[]>();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decodePart(equals === -1 ? pair : pair.slice(0, equals));
    const value = decodePart(equals === -1 ? '' : pair.slice(equals + 1));
    if (name === undefined || value === undefined) return undefined;
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  return Object.fromEntries(values);
}

/** The hash that the signer is given; keyed where it hands over a key. */
class Sha256 {
  readonly #hash: Hash | Hmac;

  constructor(key?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', octetsOf(key));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(octetsOf(data));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  /** The signer makes a new one for each digest. */
  reset(): void {}
}

function octetsOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
