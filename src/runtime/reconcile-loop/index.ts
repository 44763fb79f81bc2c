import { documentAddress } from '../../engine/address.ts';
import type { LoopDocument } from '../../reconcilers/reconcile-loop/loop-document.ts';
import { readFunctionDocument } from '../function-document.ts';

/** @throws Error always: this branch has the kind, and not the loop itself. */
export function handler(): never {
  const { name } = readFunctionDocument(process.env) as LoopDocument;
  throw new Error(`${documentAddress({ kind: 'ReconcileLoop', name })}: this build of trueup has no loop`);
}
