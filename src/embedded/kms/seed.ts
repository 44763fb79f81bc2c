import { createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { EmbeddedError } from '../errors.ts';
import type { Transaction } from '../store/database.ts';
import { placeOfKeyArn } from './key-id.ts';
import { defaultPolicy } from './key-policy.ts';
import { traitsOf } from './key-specs.ts';
import { findKey, putKey } from './model.ts';

/**
 * Makes the P-256 key of an ARN, with the default key policy. One that is there stays as it is, unless a private key is
 * given: then it becomes that one.
 *
 * @param privateKey PEM; undefined: a new one.
 * @throws EmbeddedError TU4015 for what is no key ARN, or no private key on that curve.
 */
export function putSigningKey(arn: string, privateKey: string | undefined, data: Transaction, now: number): void {
  const place = placeOfKeyArn(arn);
  if (place === undefined) {
    throw wrong(
      `${JSON.stringify(arn)} is not the ARN of a KMS key.`,
      'Write it as arn:aws:kms:REGION:ACCOUNT:key/UUID.',
    );
  }
  const known = findKey(place, { data, now });
  if (known !== undefined && privateKey === undefined) return;
  const spec = 'ECC_NIST_P256';
  const material = privateKey === undefined ? traitsOf(spec).generate?.() : readPrivateKey(privateKey);
  putKey(
    {
      description: '',
      policy: defaultPolicy(place.account),
      created: now,
      enabled: true,
      tags: {},
      ...known,
      ...place,
      spec,
      ...(material !== undefined && { privateKey: material }),
    },
    data,
  );
}

/** Makes the key of an ARN where there is none. @returns whether it was made: not so for the ARNs of keys that are not modelled. */
export function inventSigningKey(arn: string, data: Transaction, now: number): boolean {
  const place = placeOfKeyArn(arn);
  if (place === undefined || findKey(place, { data, now }) !== undefined) return false;
  putSigningKey(arn, undefined, data, now);
  return true;
}

function readPrivateKey(pem: string): string {
  const key = parsePem(pem);
  if (key?.asymmetricKeyDetails?.namedCurve === 'prime256v1') {
    return key.export({ type: 'pkcs8', format: 'pem' }).toString();
  }
  throw wrong(
    'This is not a private key on the curve P-256.',
    'Make one with: openssl ecparam -genkey -noout -name prime256v1',
  );
}

function parsePem(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

function wrong(message: string, hint: string): EmbeddedError {
  return new EmbeddedError('TU4015', message, hint);
}
