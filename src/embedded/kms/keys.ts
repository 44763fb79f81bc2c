import { createPublicKey } from 'node:crypto';
import type {
  DescribeKeyRequest,
  DescribeKeyResponse,
  GetPublicKeyRequest,
  GetPublicKeyResponse,
  KeyMetadata,
  ListKeysRequest,
  ListKeysResponse,
} from '@aws-sdk/client-kms';
import { pageOf } from '../paging.ts';
import type { CallContext } from '../service.ts';
import { invalid, invalidMarker, unsupported } from './errors.ts';
import { needKey } from './key-id.ts';
import { algorithmsOf, traitsOf } from './key-specs.ts';
import { checkUsable, stateOf } from './key-states.ts';
import { keyArn, keysOf } from './model.ts';
import type { StoredKey } from './model.ts';

/** ListKeys, Limit. */
const DEFAULT_PAGE = 100;
const MAX_PAGE = 1000;

export function describeKey(input: DescribeKeyRequest, context: CallContext): DescribeKeyResponse {
  return { KeyMetadata: metadataOf(needKey(input, context)) };
}

export function metadataOf(key: StoredKey): KeyMetadata {
  const { usage } = traitsOf(key.spec);
  return {
    AWSAccountId: key.account,
    KeyId: key.id,
    Arn: keyArn(key),
    CreationDate: new Date(key.created),
    CustomerMasterKeySpec: key.spec,
    Description: key.description,
    Enabled: key.enabled,
    KeyManager: 'CUSTOMER',
    KeySpec: key.spec,
    KeyState: stateOf(key),
    KeyUsage: usage,
    MultiRegion: false,
    Origin: 'AWS_KMS',
    ...(key.deletion !== undefined && { DeletionDate: new Date(key.deletion) }),
    ...(usage === 'SIGN_VERIFY' && { SigningAlgorithms: algorithmsOf(key.spec) }),
    ...(usage === 'ENCRYPT_DECRYPT' && { EncryptionAlgorithms: ['SYMMETRIC_DEFAULT' as const] }),
  };
}

/** The public key is "DER-encoded X.509 … SubjectPublicKeyInfo". */
export function getPublicKey(input: GetPublicKeyRequest, context: CallContext): GetPublicKeyResponse {
  const key = needKey(input, context);
  const { spec, privateKey } = key;
  if (privateKey === undefined) throw unsupported(`${keyArn(key)} is a symmetric key and has no public key.`);
  checkUsable(key);
  return {
    KeyId: keyArn(key),
    PublicKey: new Uint8Array(createPublicKey(privateKey).export({ type: 'spki', format: 'der' })),
    CustomerMasterKeySpec: spec,
    KeySpec: spec,
    KeyUsage: traitsOf(spec).usage,
    SigningAlgorithms: algorithmsOf(spec),
  };
}

export function listKeys(input: ListKeysRequest, context: CallContext): ListKeysResponse {
  const { Limit: size = DEFAULT_PAGE, Marker: token } = input;
  if (size < 1 || size > MAX_PAGE) throw invalid(`limit must be from 1 to ${MAX_PAGE}: ${size}`);
  const { items, next } = pageOf(keysOf(context), ({ id }) => id, { token, size }, invalidMarker);
  return {
    Keys: items.map((key) => ({ KeyId: key.id, KeyArn: keyArn(key) })),
    Truncated: next !== undefined,
    ...(next !== undefined && { NextMarker: next }),
  };
}
