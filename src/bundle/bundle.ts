import { createHash } from 'node:crypto';
import { canonicalJson, parseCanonicalJson } from './canonical-json.ts';
import { envelopeOf, seal, unseal } from './dsse.ts';
import type { Signer, Verify } from './dsse.ts';
import { BundleError } from './errors.ts';
import { gzipBody, gzipHeader, inflateBody, splitGzip } from './gzip.ts';
import { MAX_BUNDLE_BYTES, TREE_LIMITS } from './limits.ts';
import { bundleStatement } from './statement.ts';
import type { BundleStatement } from './statement.ts';
import { readTar } from './tar-read.ts';
import { mostTarBytes, packTar } from './tar-write.ts';
import type { TreeFile } from './tar-write.ts';

/** DSSE's `payloadType`: what the envelope in the gzip header is about. */
const PAYLOAD_TYPE = 'application/vnd.trueup.bundle+json';

/** Where a tree comes from. */
export type BundleOrigin = Pick<BundleStatement, 'owner' | 'commit' | 'committedAt' | 'generation'>;

/** A tree that is packed and not signed yet. */
export interface PackedTree {
  /** All that stands behind the gzip header. */
  readonly body: Uint8Array;
  readonly statement: BundleStatement;
}

/** What a bundle must be to be taken. */
export interface BundleExpectation {
  readonly owner: string;
  /** The key's full ARN. */
  readonly keyId: string;
  readonly verify: Verify;
  /** Of what was taken before. */
  readonly lastGeneration?: number;
}

export interface OpenedBundle {
  readonly statement: BundleStatement;
  /** Sorted by the octets of their names. */
  readonly files: readonly TreeFile[];
}

/**
 * The same tree and origin give the same octets, wherever and by whichever Node.
 * @throws BundleError `too-large` or `hostile-entry` for a tree that no bundle can hold.
 */
export function packTree(files: readonly TreeFile[], origin: BundleOrigin): PackedTree {
  const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
  if (files.length > TREE_LIMITS.entries || bytes > TREE_LIMITS.bytes) {
    throw new BundleError('too-large', 'the tree is larger than a configuration may be');
  }
  const body = gzipBody(packTar(files));
  const statement: BundleStatement = {
    format: 'trueup/bundle@1',
    owner: origin.owner,
    commit: origin.commit,
    committedAt: origin.committedAt,
    generation: origin.generation,
    digest: digestOf(body),
    files: files.length,
    bytes,
  };
  return { body, statement };
}

/** A `tar.gz` that any tar reads, with the signed statement in its gzip header. */
export async function signBundle({ body, statement }: PackedTree, signer: Signer): Promise<Uint8Array> {
  const envelope = await seal(PAYLOAD_TYPE, statement, signer);
  return Buffer.concat([gzipHeader(Buffer.from(canonicalJson(envelope))), body]);
}

/** @throws BundleError as `packTree`. */
export async function makeBundle(
  files: readonly TreeFile[],
  origin: BundleOrigin,
  signer: Signer,
): Promise<{ readonly bytes: Uint8Array; readonly statement: BundleStatement }> {
  const packed = packTree(files, origin);
  return { bytes: await signBundle(packed, signer), statement: packed.statement };
}

/**
 * What a bundle says of itself, once its key, signature, owner, digest and generation hold. Nothing of it is inflated.
 * @throws BundleError
 */
export async function verifyBundle(bytes: Uint8Array, expected: BundleExpectation): Promise<BundleStatement> {
  return (await verified(bytes, expected)).statement;
}

/**
 * The files of a bundle. It is unpacked only when everything that `verifyBundle` asks holds, and must then be exactly what
 * `packTree` makes of these files.
 * @throws BundleError
 */
export async function openBundle(bytes: Uint8Array, expected: BundleExpectation): Promise<OpenedBundle> {
  const { statement, body } = await verified(bytes, expected);
  const limits = { entries: statement.files, bytes: statement.bytes };
  if (limits.entries > TREE_LIMITS.entries || limits.bytes > TREE_LIMITS.bytes) {
    throw new BundleError('too-large', 'it says to be larger than a configuration may be');
  }
  const archive = inflateBody(body, mostTarBytes(limits));
  const files = readTar(archive, { strict: true, limits }).entries.map(({ name, bytes: content }) => ({
    name,
    bytes: content,
  }));
  if (Buffer.compare(packTar(files), archive) !== 0) {
    throw new BundleError('malformed', 'its archive is not written as bundles are');
  }
  return { statement, files };
}

async function verified(
  bytes: Uint8Array,
  { owner, keyId, verify, lastGeneration }: BundleExpectation,
): Promise<{ readonly statement: BundleStatement; readonly body: Uint8Array }> {
  if (bytes.length > MAX_BUNDLE_BYTES) throw new BundleError('too-large', 'it is larger than a bundle may be');
  const { envelope, body } = splitGzip(bytes);
  const signed = envelopeOf(parseCanonicalJson(envelope, 'unsigned', 'its envelope'));
  const statement = bundleStatement(await unseal(signed, { payloadType: PAYLOAD_TYPE, keyId, verify }));
  if (statement.owner !== owner) {
    throw new BundleError('wrong-owner', `it is of the estate ${statement.owner}, not of ${owner}`);
  }
  if (digestOf(body) !== statement.digest)
    throw new BundleError('altered', 'its contents are not those that were signed');
  if (lastGeneration !== undefined && statement.generation < lastGeneration) {
    const message = `it is of generation ${statement.generation}, and ${lastGeneration} was taken before`;
    throw new BundleError('rolled-back', message);
  }
  return { statement, body };
}

function digestOf(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex');
}
