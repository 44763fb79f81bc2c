import type { Aws } from '../../aws/clients.ts';
import type { LoopDocument, ObjectPlace } from '../../reconcilers/reconcile-loop/loop-document.ts';
import type { Cell } from '../../resources/cell/types.ts';
import { loopStateKey, loopStateRow } from '../../resources/lease/loop-state.ts';
import { cellBeside } from '../../resources/lease/open.ts';
import { kmsVerify } from '../../resources/signing.ts';
import { openObject } from '../../resources/stored-object.ts';
import { s3Approvals } from './approvals.ts';
import { s3Source } from './s3-source.ts';
import type { SignedObject } from './s3-source.ts';
import type { Approvals, LoopSettings, LoopSource } from './types.ts';

/** What a loop stands on, opened with its own rights. */
export interface LoopParts {
  readonly loop: LoopSettings;
  readonly source: LoopSource;
  readonly approvals?: Approvals;
  readonly state: Cell;
  /** Whose estate it is, as far as the document says. */
  readonly repository?: string;
}

/** @param aws the function's own credentials: neither the plan role nor the apply role reads these. */
export async function openLoop(aws: Aws, document: LoopDocument): Promise<LoopParts> {
  const { address, owner, name, place, store, mode, onlyKinds, selfUpdate, approvals } = document;
  return {
    loop: { address, owner, account: place.account, mode, onlyKinds, selfUpdate },
    source: await sourceOf(aws, document),
    ...(approvals && { approvals: s3Approvals(await signedObject(aws, document, approvals)) }),
    state: await cellBeside(
      aws,
      { owner, place, ...store },
      { key: loopStateKey({ owner, name }), row: loopStateRow({ owner, name }) },
    ),
  };
}

/** What may be applied, by the same rules wherever the loop runs; undefined: nothing. */
export async function openApprovals(aws: Aws, document: LoopDocument): Promise<Approvals | undefined> {
  return document.approvals && s3Approvals(await signedObject(aws, document, document.approvals));
}

async function sourceOf(aws: Aws, document: LoopDocument): Promise<LoopSource> {
  const { source } = document;
  if ('s3' in source) return s3Source(await signedObject(aws, document, source.s3));
  throw new Error('sources on GitHub come with the next commit');
}

async function signedObject(aws: Aws, document: LoopDocument, at: ObjectPlace): Promise<SignedObject> {
  const { owner, place, signingKey } = document;
  if (signingKey === undefined) throw new Error('a valid document names its signing key');
  return {
    object: await openObject(aws, place, at),
    name: `s3://${at.bucket}/${at.key}`,
    owner,
    keyId: signingKey,
    verify: kmsVerify(aws, place),
  };
}
