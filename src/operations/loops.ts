import type { Aws } from '../aws/clients.ts';
import type { BundleExpectation } from '../bundle/bundle.ts';
import type { Signer } from '../bundle/dsse.ts';
import { documentAddress } from '../engine/address.ts';
import { homeOf, isLoop } from '../reconcilers/reconcile-loop/loop-document.ts';
import type { ReconcileLoop } from '../reconcilers/reconcile-loop/loop-document.ts';
import { kmsSigner, kmsVerify } from '../resources/signing.ts';
import { PublishError } from './errors.ts';
import type { Project } from './project.ts';
import { select } from './selection.ts';
import type { Selection } from './selection.ts';

/** A loop, and by what its bundle and approval are signed. */
export interface SignedLoop {
  readonly document: ReconcileLoop;
  readonly address: string;
  readonly keyId: string;
}

/**
 * The loops that a command is about.
 * @param what of them is wanted, for the message.
 * @throws PublishError TU3040 where there is none.
 */
export function loopsOf(
  { documents }: Pick<Project, 'documents'>,
  selection: Selection,
  what: { readonly isWanted: (loop: ReconcileLoop) => boolean; readonly message: string; readonly hint: string },
): readonly SignedLoop[] {
  const loops = select(documents, selection).filter(isLoop);
  const found = loops.filter(what.isWanted).flatMap((document): readonly SignedLoop[] => {
    const { signingKey: keyId } = document.spec;
    return keyId === undefined ? [] : [{ document, address: documentAddress(document), keyId }];
  });
  if (found.length > 0) return found;
  throw new PublishError('TU3040', what.message, { hint: what.hint, exit: 'usage' });
}

/** Signs and verifies with the key of a loop, by the caller's own credentials. */
export function keyOf(
  aws: Aws,
  { estate }: Project,
  { keyId }: SignedLoop,
): { readonly signer: Signer; readonly expected: BundleExpectation } {
  const home = homeOf(estate);
  return {
    signer: kmsSigner(aws, home, keyId),
    expected: { owner: estate.firstOwner, keyId, verify: kmsVerify(aws, home) },
  };
}
