import { canonicalJson, isRecord, parseCanonicalJson } from './canonical-json.ts';
import { BundleError } from './errors.ts';

/** Octets of a signature: ECDSA on P-256 in DER, a sequence of two integers of 1 to 33 octets each (RFC 3279 §2.2.3). */
const SIGNATURE_BYTES = { least: 8, most: 72 } as const;

/** Signs octets; KMS in earnest. */
export interface Signer {
  /** The key's full ARN. */
  readonly keyId: string;
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/** Did this key sign these octets so? */
export type Verify = (bytes: Uint8Array, signature: Uint8Array, keyId: string) => Promise<boolean>;

/** DSSE v1.0.2, envelope.md: with one signature always. */
export interface Envelope {
  /** Base64. */
  readonly payload: string;
  readonly payloadType: string;
  readonly signatures: readonly [{ readonly keyid: string; readonly sig: string }];
}

/** What a signature covers: type and payload, so that neither passes for another (DSSE v1.0.2, protocol.md). */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

export async function seal(payloadType: string, statement: object, signer: Signer): Promise<Envelope> {
  const payload = Buffer.from(canonicalJson(statement));
  const signature = await signer.sign(preAuthEncoding(payloadType, payload));
  return {
    payload: payload.toString('base64'),
    payloadType,
    signatures: [{ keyid: signer.keyId, sig: Buffer.from(signature).toString('base64') }],
  };
}

/** @throws BundleError `unsigned` for a value that is no envelope with one signature. */
export function envelopeOf(value: unknown): Envelope {
  const signatures = isRecord(value) ? value['signatures'] : undefined;
  const [first, ...others] = Array.isArray(signatures) ? (signatures as unknown[]) : [];
  if (
    isRecord(value) &&
    hasTexts(value, ['payload', 'payloadType'], 3) &&
    isRecord(first) &&
    hasTexts(first, ['keyid', 'sig'], 2) &&
    others.length === 0
  ) {
    return value as unknown as Envelope;
  }
  throw new BundleError('unsigned', 'it carries no envelope with one signature');
}

function hasTexts(record: Readonly<Record<string, unknown>>, names: readonly string[], members: number): boolean {
  return Object.keys(record).length === members && names.every((name) => typeof record[name] === 'string');
}

/**
 * The statement that this key signed. Nothing of it is read before its signature holds.
 * @throws BundleError `unsigned`, `wrong-key`, `bad-signature`, or `malformed` for what was signed and is no JSON of ours.
 */
export async function unseal(
  { payload, payloadType, signatures: [{ keyid, sig }] }: Envelope,
  expected: { readonly payloadType: string; readonly keyId: string; readonly verify: Verify },
): Promise<unknown> {
  if (payloadType !== expected.payloadType) {
    throw new BundleError('unsigned', `what is signed is ${payloadType}, not ${expected.payloadType}`);
  }
  if (keyid !== expected.keyId) {
    throw new BundleError('wrong-key', `it is signed by ${keyid}, not by ${expected.keyId}`);
  }
  const [bytes, signature] = [fromBase64(payload), fromBase64(sig)];
  // KMS answers with another error than for a signature that does not hold.
  const isPossible = signature.length >= SIGNATURE_BYTES.least && signature.length <= SIGNATURE_BYTES.most;
  if (!isPossible || !(await expected.verify(preAuthEncoding(payloadType, bytes), signature, keyid))) {
    throw new BundleError('bad-signature', `its signature is not one of ${keyid}`);
  }
  return parseCanonicalJson(bytes, 'malformed', 'what was signed');
}

/** One text for the same octets, so that no octet of an envelope can be another one. */
function fromBase64(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') === text) return bytes;
  throw new BundleError('bad-signature', 'its envelope is not plain base64');
}
