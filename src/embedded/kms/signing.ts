import { createHash } from 'node:crypto';
import type { SignRequest, SignResponse, VerifyRequest, VerifyResponse } from '@aws-sdk/client-kms';
import { notEmbedded } from '../not-embedded.ts';
import type { CallContext } from '../service.ts';
import { isSignatureOf, signDigest } from './ecdsa.ts';
import { invalid, invalidKeyUsage, invalidSignature } from './errors.ts';
import { needKey } from './key-id.ts';
import { traitsOf } from './key-specs.ts';
import type { Scheme } from './key-specs.ts';
import { checkUsable } from './key-states.ts';
import { keyArn } from './model.ts';
import { isPkcs1SignatureOf, isPssSignatureOf, signPkcs1, signPss } from './rsa.ts';

/** Sign, Message: "up to 4096 bytes"; Verify, Signature: "Maximum length of 6144". */
const MAX_MESSAGE_BYTES = 4096;
const MAX_SIGNATURE_BYTES = 6144;

type Request = Omit<VerifyRequest, 'Signature'>;

/** Signatures of RSA are as RFC 8017 has them, those of elliptic curves DER (Sign, "Signature"). */
export function sign(input: SignRequest, context: CallContext): SignResponse {
  const { arn, privateKey, scheme, digest } = prepare(input, context);
  return { KeyId: arn, Signature: signature(privateKey, scheme, digest), SigningAlgorithm: input.SigningAlgorithm };
}

export function verify(input: VerifyRequest, context: CallContext): VerifyResponse {
  const { arn, privateKey, scheme, digest } = prepare(input, context);
  const { Signature: wanted = new Uint8Array() } = input;
  if (wanted.length === 0 || wanted.length > MAX_SIGNATURE_BYTES) {
    throw invalid(`signature must have 1 to ${MAX_SIGNATURE_BYTES} bytes, has ${wanted.length}`);
  }
  if (!fits(privateKey, scheme, digest, wanted)) throw invalidSignature();
  return { KeyId: arn, SignatureValid: true, SigningAlgorithm: input.SigningAlgorithm };
}

interface Prepared {
  readonly arn: string;
  readonly privateKey: string;
  readonly scheme: Scheme;
  readonly digest: Uint8Array;
}

function prepare(input: Request, context: CallContext): Prepared {
  if (input.DryRun === true) throw notEmbedded('dry runs of KMS');
  if ((input.GrantTokens ?? []).length > 0) throw notEmbedded('grants of KMS');
  const key = needKey(input, context);
  const arn = keyArn(key);
  checkUsable(key);
  const { usage, schemes } = traitsOf(key.spec);
  if (usage !== 'SIGN_VERIFY' || key.privateKey === undefined) {
    throw invalidKeyUsage(`${arn} key usage is ${usage} which is not valid for signing.`);
  }
  const { SigningAlgorithm: algorithm } = input;
  const scheme = algorithm && schemes[algorithm];
  if (scheme === undefined) {
    throw invalidKeyUsage(`Algorithm ${algorithm} is incompatible with key spec ${key.spec}.`);
  }
  return { arn, privateKey: key.privateKey, scheme, digest: digestOf(input, scheme) };
}

function digestOf(
  { Message: message = new Uint8Array(), MessageType: type = 'RAW' }: Request,
  { hash }: Scheme,
): Uint8Array {
  if (message.length === 0 || message.length > MAX_MESSAGE_BYTES) {
    throw invalid(`message must have 1 to ${MAX_MESSAGE_BYTES} bytes, has ${message.length}`);
  }
  const hasher = createHash(hash);
  if (type === 'RAW') return hasher.update(message).digest();
  if (type !== 'DIGEST') throw notEmbedded(`message type ${type} of KMS`);
  const { length } = hasher.digest();
  if (message.length !== length)
    throw invalid(`Digest is invalid length for algorithm: ${message.length}, not ${length}`);
  return message;
}

function signature(privateKey: string, { method, hash }: Scheme, digest: Uint8Array): Uint8Array {
  switch (method) {
    case 'ecdsa':
      return signDigest(privateKey, digest);
    case 'rsa-pkcs1':
      return signPkcs1(privateKey, hash, digest);
    case 'rsa-pss':
      return signPss(privateKey, hash, digest);
  }
}

function fits(privateKey: string, { method, hash }: Scheme, digest: Uint8Array, wanted: Uint8Array): boolean {
  switch (method) {
    case 'ecdsa':
      return isSignatureOf(privateKey, digest, wanted);
    case 'rsa-pkcs1':
      return isPkcs1SignatureOf(privateKey, hash, digest, wanted);
    case 'rsa-pss':
      return isPssSignatureOf(privateKey, hash, digest, wanted);
  }
}
