import { generateKeyPairSync } from 'node:crypto';
import type { KeyPairKeyObjectResult } from 'node:crypto';
import type { KeySpec, KeyUsageType, SigningAlgorithmSpec } from '@aws-sdk/client-kms';
import { notEmbedded } from '../not-embedded.ts';
import { invalid } from './errors.ts';

/** Specifications of keys that can be made here, each for one usage. */
export type StoredSpec = Extract<KeySpec, 'ECC_NIST_P256' | 'RSA_2048' | 'SYMMETRIC_DEFAULT'>;

/** How a signature is made: the hash of the message, and what is done with it. */
export interface Scheme {
  readonly hash: 'sha256' | 'sha384' | 'sha512';
  readonly method: 'ecdsa' | 'rsa-pkcs1' | 'rsa-pss';
}

interface SpecTraits {
  readonly usage: KeyUsageType;
  readonly schemes: Partial<Readonly<Record<SigningAlgorithmSpec, Scheme>>>;
  /** A new private key as PKCS #8, PEM. */
  readonly generate?: () => string;
}

/** Developer guide, "Key spec reference". */
const SPECS: Readonly<Record<StoredSpec, SpecTraits>> = {
  ECC_NIST_P256: {
    usage: 'SIGN_VERIFY',
    schemes: { ECDSA_SHA_256: { hash: 'sha256', method: 'ecdsa' } },
    generate: () => pemOf(generateKeyPairSync('ec', { namedCurve: 'P-256' })),
  },
  RSA_2048: {
    usage: 'SIGN_VERIFY',
    schemes: {
      RSASSA_PKCS1_V1_5_SHA_256: { hash: 'sha256', method: 'rsa-pkcs1' },
      RSASSA_PKCS1_V1_5_SHA_384: { hash: 'sha384', method: 'rsa-pkcs1' },
      RSASSA_PKCS1_V1_5_SHA_512: { hash: 'sha512', method: 'rsa-pkcs1' },
      RSASSA_PSS_SHA_256: { hash: 'sha256', method: 'rsa-pss' },
      RSASSA_PSS_SHA_384: { hash: 'sha384', method: 'rsa-pss' },
      RSASSA_PSS_SHA_512: { hash: 'sha512', method: 'rsa-pss' },
    },
    generate: () => pemOf(generateKeyPairSync('rsa', { modulusLength: 2048 })),
  },
  SYMMETRIC_DEFAULT: { usage: 'ENCRYPT_DECRYPT', schemes: {} },
};

function pemOf({ privateKey }: KeyPairKeyObjectResult): string {
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

export function traitsOf(spec: StoredSpec): SpecTraits {
  return SPECS[spec];
}

export function algorithmsOf(spec: StoredSpec): SigningAlgorithmSpec[] {
  return Object.keys(SPECS[spec].schemes) as SigningAlgorithmSpec[];
}

/** @throws ValidationException for a usage that is missing or does not fit, NotEmbedded for other specifications. */
export function checkSpec(spec: KeySpec, usage: KeyUsageType | undefined): StoredSpec {
  if (!isStored(spec)) throw notEmbedded(`keys of the specification ${spec}`);
  const wanted = usage ?? 'ENCRYPT_DECRYPT';
  if (wanted === SPECS[spec].usage) return spec;
  if (usage === undefined) throw invalid(`You must specify a KeyUsage value for an asymmetric KMS key (${spec}).`);
  if (spec === 'SYMMETRIC_DEFAULT' || wanted === 'GENERATE_VERIFY_MAC') {
    throw invalid(`KeyUsage ${wanted} is not compatible with KeySpec ${spec}`);
  }
  throw notEmbedded(`${spec} keys for ${wanted}`);
}

function isStored(spec: KeySpec): spec is StoredSpec {
  return Object.hasOwn(SPECS, spec);
}
