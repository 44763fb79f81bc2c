import { documentAddress } from '../../engine/address.ts';
import { isLoop } from '../../reconcilers/reconcile-loop/loop-document.ts';
import type { ReconcileLoop } from '../../reconcilers/reconcile-loop/loop-document.ts';
import { WatchError } from '../errors.ts';
import type { LoopSettings } from '../loop/types.ts';
import type { Project } from '../project.ts';

const KIND = 'ReconcileLoop';
/** Of a watch that no document describes: no document can have it. */
const NO_DOCUMENT = 'watch';

/** The loop's document, by its address. @throws WatchError where there is none */
export function loopNamed({ documents }: Project, address: string): ReconcileLoop {
  const loops = documents.filter(isLoop);
  const found = loops.find((document) => documentAddress(document) === address);
  if (found) return found;
  const known = loops.map(documentAddress).join(', ');
  throw new WatchError(`there is no ${KIND} ${address}`, known === '' ? 'there is none at all' : `there is ${known}`);
}

/**
 * What a watch may do. The estate and the account are those of the configuration that it was started with: a commit that
 * names others is refused. So is the document: what a commit says of it counts when the watch is started anew.
 */
export function watchSettings(
  { estate, defaultAccount }: Project,
  document: ReconcileLoop | undefined,
  mode: LoopSettings['mode'],
): LoopSettings {
  return {
    address: document ? documentAddress(document) : NO_DOCUMENT,
    owner: estate.firstOwner,
    account: defaultAccount.id,
    mode,
    onlyKinds: document?.spec.onlyKinds ?? [],
    selfUpdate: document?.spec.selfUpdate ?? false,
    heedsDocument: false,
  };
}
