import { createHash, createHmac } from 'node:crypto';
import { STSClient } from '@aws-sdk/client-sts';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Place } from '../engine/types.ts';
import type { Aws, Credentials } from './clients.ts';

/** A request over HTTP, before it is signed. */
export interface UnsignedRequest {
  readonly method: string;
  /** As AWS knows it, whatever the connection goes to. */
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Headers of the signed request, those of the unsigned one among them. */
export type SignRequest = (request: UnsignedRequest, now: number) => Promise<Readonly<Record<string, string>>>;

/**
 * Signs requests to what is no service of the SDK, such as an HTTP API, with the credentials by which the clients of that place
 * act (Signature Version 4).
 *
 * @param service as the signature names it, such as execute-api
 * @throws AwsError as `aws.client` does: credentials of another account sign nothing
 */
export async function createSigner(aws: Aws, place: Place, service: string): Promise<SignRequest> {
  const { config } = (await aws.client(STSClient, place)) as unknown as ClientWithCredentials;
  return signerOf(config.credentials, place.region, service);
}

/** As far as a client of the SDK must be known; it asks anew when they expire. */
interface ClientWithCredentials {
  readonly config: { readonly credentials: () => Promise<Credentials> };
}

/** @param credentials asked for each request */
export function signerOf(credentials: () => Promise<Credentials>, region: string, service: string): SignRequest {
  const signer = new SignatureV4({ credentials, region, service, sha256: Sha256 });
  return async ({ method, url, headers, body }, now) => {
    const signed = await signer.sign(
      {
        method,
        protocol: url.protocol,
        hostname: url.hostname,
        path: url.pathname,
        query: {},
        headers: { ...headers, host: url.host },
        body,
      },
      { signingDate: new Date(now) },
    );
    return signed.headers;
  };
}

/** Node's own, in the shape that the signer takes. */
class Sha256 {
  readonly #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', octetsOf(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(octetsOf(data));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): void {
    throw new Error('a hash is made for each request');
  }
}

function octetsOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return new Uint8Array(data);
}
