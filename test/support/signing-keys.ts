import { generateKeyPairSync, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Signer, Verify } from '../../src/bundle/dsse.ts';

/** Keys that sign as KMS does with ECDSA_SHA_256: P-256, the signature in DER. */
export interface SigningKeys {
  signer(keyId: string): Signer;
  readonly verify: Verify;
}

export const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555';
export const OTHER_KEY = 'arn:aws:kms:eu-west-1:111122223333:key/99999999-2222-3333-4444-555555555555';

export function createSigningKeys(): SigningKeys {
  const pairs = new Map<string, { readonly publicKey: KeyObject; readonly privateKey: KeyObject }>();
  return {
    signer(keyId) {
      const pair = pairs.get(keyId) ?? generateKeyPairSync('ec', { namedCurve: 'P-256' });
      pairs.set(keyId, pair);
      return { keyId, sign: async (bytes) => sign('sha256', bytes, pair.privateKey) };
    },
    async verify(bytes, signature, keyId) {
      const pair = pairs.get(keyId);
      return pair !== undefined && verify('sha256', bytes, pair.publicKey, signature);
    },
  };
}
