import { createHash } from 'node:crypto';
import { KMSClient, SignCommand, VerifyCommand } from '@aws-sdk/client-kms';
import type { Aws } from '../aws/clients.ts';
import { AwsError, isAwsError } from '../aws/errors.ts';
import type { Place } from '../engine/types.ts';
import { arn } from './arns.ts';

/** Signs octets. */
export interface KmsSigner {
  /** The key's full ARN. */
  readonly keyId: string;
  /** @throws the SDK's error where the key may not be used */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/** Did this key sign these octets so? */
export type KmsVerify = (bytes: Uint8Array, signature: Uint8Array, keyId: string) => Promise<boolean>;

/**
 * Keys are of the specification ECC_NIST_P256; of a message only its SHA-256 is sent, so that it may have any length.
 * Signatures are DER.
 */
const SIGNING_ALGORITHM = 'ECDSA_SHA_256';

/** Of a key of one Region, or of several (`mrk-…`). */
const KEY_ID = /^key\/(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$/;

/**
 * Signs by a key of KMS.
 *
 * @param place whose credentials are used; its region does not count, since the key's own is asked. A key of another
 * account signs where its policy lets this one.
 * @throws AwsError TU2033 for anything but the full ARN of one key
 */
export function kmsSigner(aws: Aws, place: Place, keyArn: string): KmsSigner {
  const { region } = placeOfKey(keyArn);
  return {
    keyId: keyArn,
    async sign(bytes) {
      const client = await aws.client(KMSClient, { account: place.account, region });
      const { Signature } = await client.send(new SignCommand({ ...messageOf(bytes), KeyId: keyArn }));
      if (Signature === undefined)
        throw new AwsError('TU2034', `${keyArn} was asked to sign, and no signature came back`);
      return Signature;
    },
  };
}

/**
 * Verifies by keys of KMS: false where the signature is not one of the key, and an error where that could not be told.
 * `place` is as above; every key is asked in its own region.
 *
 * @throws AwsError TU2033 for anything but the full ARN of one key; the SDK's error where the key may not be used
 */
export function kmsVerify(aws: Aws, place: Place): KmsVerify {
  return async function verify(bytes, signature, keyId) {
    const { region } = placeOfKey(keyId);
    const client = await aws.client(KMSClient, { account: place.account, region });
    try {
      const command = new VerifyCommand({ ...messageOf(bytes), KeyId: keyId, Signature: signature });
      const { SignatureValid } = await client.send(command);
      return SignatureValid === true;
    } catch (error) {
      if (isAwsError(error, 'KMSInvalidSignatureException')) return false;
      throw error;
    }
  };
}

function messageOf(bytes: Uint8Array) {
  const Message = createHash('sha256').update(bytes).digest();
  return { Message, MessageType: 'DIGEST', SigningAlgorithm: SIGNING_ALGORITHM } as const;
}

/** An alias may be pointed at another key, and an id alone says nothing of its account: neither is what was agreed on. */
function placeOfKey(keyArn: string): Place {
  const [, , , region = '', account = '', key = ''] = keyArn.split(':');
  const place = { account, region };
  const isExact = KEY_ID.test(key) && /^\d{12}$/.test(account) && /^[a-z]{2}[a-z0-9-]+$/.test(region);
  if (isExact && keyArn === arn('kms', place, key)) return place;
  throw new AwsError('TU2033', `${JSON.stringify(keyArn)} is not the ARN of one KMS key`, {
    hint: 'write it in full, and no alias: arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  });
}
