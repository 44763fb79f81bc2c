import { describeError, isReplyLost, isServiceError, reasonOf } from '../aws/errors.ts';
import { BundleError } from '../bundle/errors.ts';
import type { ObjectStore } from '../resources/stored-object.ts';
import { PublishError } from './errors.ts';

/** What lies at a place and holds, with its version. */
export interface Found<Content> {
  readonly content: Content;
  readonly bytes: Uint8Array;
  readonly etag: string;
}

/** An object in S3 that is taken only with its signature. */
export interface SignedObject<Content> {
  readonly store: ObjectStore;
  /** `s3://bucket/key`. */
  readonly name: string;
  /** Octets. */
  readonly most: number;
  readonly contentType: string;
  /** @throws BundleError */
  open(bytes: Uint8Array): Promise<Content>;
}

export function objectName({ bucket, key }: { readonly bucket: string; readonly key: string }): string {
  return `s3://${bucket}/${key}`;
}

/**
 * Undefined: nothing lies there.
 * @throws PublishError TU3043 for what does not hold.
 */
export async function readSigned<Content>(object: SignedObject<Content>): Promise<Found<Content> | undefined> {
  const found = await object.store.read(object.most);
  if (!found) return undefined;
  try {
    if (found === 'too-large') throw new BundleError('too-large', `it has more than ${object.most} octets`);
    return { ...found, content: await object.open(found.bytes) };
  } catch (cause) {
    if (!(cause instanceof BundleError)) throw cause;
    throw new PublishError('TU3043', `what lies at ${object.name} is not taken (${cause.code}): ${cause.message}`, {
      hint: `nobody but this command writes there: find out who did, then remove it and run again: aws s3 rm ${object.name}`,
      cause,
    });
  }
}

/**
 * Writes over what was read.
 * @throws PublishError TU3046 where another was faster.
 */
export async function writeSigned<Content>(
  object: SignedObject<Content>,
  bytes: Uint8Array,
  before: Found<Content> | undefined,
): Promise<void> {
  const { store, name, most, contentType } = object;
  if (await store.write(bytes, contentType, before?.etag)) return;
  // The reply to an earlier try may have been lost.
  const now = await store.read(most);
  if (now && now !== 'too-large' && Buffer.compare(now.bytes, bytes) === 0) return;
  throw new PublishError('TU3046', `${name} was written by somebody else in between; nothing was changed`, {
    hint: 'run the same command again: it looks at what lies there now',
    exit: 'stale',
  });
}

/**
 * What is done with an object, from the caller's credentials on.
 * @throws PublishError TU3049 where AWS refuses or cannot be reached.
 */
export async function explained<Result>(name: string, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (cause) {
    if (!isServiceError(cause) && reasonOf(cause) === 'failed') throw cause;
    throw new PublishError('TU3049', `${name} could not be read, signed or written: ${describeError(cause)}`, {
      hint: hintFor(cause),
      cause,
    });
  }
}

function hintFor(cause: unknown): string {
  const again = 'run the same command again: it looks at what lies there now';
  if (reasonOf(cause) === 'denied') {
    return 'the caller needs s3:GetObject and s3:PutObject on this object, s3:ListBucket on its bucket, kms:Sign and kms:Verify on the signing key';
  }
  if (reasonOf(cause) === 'throttled' || isReplyLost(cause))
    return `AWS did not answer in time or has too much to do: ${again}`;
  return `see that the bucket and the signing key of the document are there, then ${again}`;
}
