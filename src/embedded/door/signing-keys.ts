import type { JSONWebKeySet } from 'jose';
import { EmbeddedError } from '../errors.ts';
import type { Host } from '../host.ts';
import { LOOPBACK } from '../apigatewayv2/authorizers.ts';
import { table } from '../store/database.ts';
import type { Transaction } from '../store/database.ts';

/** Keys of issuers, put beside the API. */
const signingKeys = table<JSONWebKeySet>('door/signing-keys');

/** "HTTP API quotas": time-out of discovery and of the key set, and size of the key set. */
const TIMEOUT_MS = 1500;
const MAX_OCTETS = 150_000;
/** Developer guide, "Control access to HTTP APIs with JWT authorizers": the public key is cached for two hours. */
const CACHED_MS = 2 * 3600_000;

/** @throws EmbeddedError TU4015 for what is no JSON Web Key Set, or holds a private key */
export function putSigningKeys(issuer: string, keys: object, data: Transaction): void {
  if (!isKeySet(keys)) {
    throw new EmbeddedError(
      'TU4015',
      `The keys of ${issuer} are no JSON Web Key Set.`,
      'A key set is {"keys": [{"kty": "RSA", "kid": "…", "n": "…", "e": "AQAB"}]}.',
    );
  }
  if (keys.keys.some((key) => 'd' in key || 'k' in key)) {
    throw new EmbeddedError(
      'TU4015',
      `The keys of ${issuer} hold a secret part.`,
      'Give the public keys alone: without the members d and k.',
    );
  }
  data.put(signingKeys, issuer, keys);
}

function isKeySet(value: unknown): value is JSONWebKeySet {
  if (typeof value !== 'object' || value === null || !('keys' in value) || !Array.isArray(value.keys)) return false;
  return value.keys.every((key: unknown) => typeof key === 'object' && key !== null);
}

/** Finds the keys of issuers, and remembers them. */
export interface KeyRing {
  /** @returns undefined: they could not be had */
  keysOf(issuer: string): Promise<JSONWebKeySet | undefined>;
}

/** Keys are asked for on this machine alone: of an issuer elsewhere they are put beside the API, or there are none. */
export function openKeyRing(host: Pick<Host, 'read' | 'now'>): KeyRing {
  const cached = new Map<string, { readonly keys: JSONWebKeySet; readonly at: number }>();
  return {
    async keysOf(issuer) {
      const put = host.read((data) => data.get(signingKeys, issuer));
      if (put !== undefined) return put;
      const known = cached.get(issuer);
      const now = host.now();
      if (known !== undefined && now - known.at < CACHED_MS) return known.keys;
      const keys = await discover(issuer);
      if (keys !== undefined) cached.set(issuer, { keys, at: now });
      return keys;
    },
  };
}

/** OpenID Connect Discovery 1.0, section 4. */
async function discover(issuer: string): Promise<JSONWebKeySet | undefined> {
  const found = await fetchJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  if (typeof found !== 'object' || found === null || !('jwks_uri' in found)) return undefined;
  const keys = await fetchJson(String(found.jwks_uri));
  return isKeySet(keys) ? keys : undefined;
}

async function fetchJson(url: string): Promise<unknown> {
  if (!isOnThisMachine(url)) return undefined;
  try {
    const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!answer.ok || answer.body === null) return undefined;
    const octets: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      if (size > MAX_OCTETS) return undefined;
      octets.push(chunk);
    }
    return JSON.parse(Buffer.concat(octets).toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

function isOnThisMachine(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && LOOPBACK.includes(hostname);
}
