import { openBundle } from '../../bundle/bundle.ts';
import type { Verify } from '../../bundle/dsse.ts';
import { MAX_BUNDLE_BYTES } from '../../bundle/limits.ts';
import type { ObjectStore } from '../../resources/stored-object.ts';
import { LoopRefusal, refusalOf } from './refusal.ts';
import type { LoopSource } from './types.ts';

export interface SignedObject {
  readonly object: ObjectStore;
  /** `s3://bucket/key`, for people. */
  readonly name: string;
  /** Of the estate. */
  readonly owner: string;
  /** ARN of the key by which it must be signed. */
  readonly keyId: string;
  readonly verify: Verify;
}

/** The bundle that `trueup publish` wrote. It is unpacked once key, signature, owner, digest and generation hold. */
export function s3Source({ object, name, owner, keyId, verify }: SignedObject): LoopSource {
  return {
    async read({ generation }) {
      const stored = await object.read(MAX_BUNDLE_BYTES);
      if (stored === undefined)
        throw new LoopRefusal('missing', `there is no bundle ${name}: trueup publish writes it`);
      if (stored === 'too-large') throw new LoopRefusal('too-large', `${name} is larger than a bundle may be`);
      const expected = { owner, keyId, verify, ...(generation !== undefined && { lastGeneration: generation }) };
      const { statement, files } = await openBundle(stored.bytes, expected).catch((error: unknown) => {
        throw refusalOf(`the bundle ${name}`, error);
      });
      const { commit, generation: taken, digest } = statement;
      return { files, commit, generation: taken, digest, approvedSince: { generation: taken } };
    },
  };
}
