import { sizeRefusals } from '../engine/config/tree.ts';
import type { ConfigTree } from '../engine/config/tree.ts';
import type { Address } from '../engine/types.ts';
import type { CommittedDirectory } from '../git/repository.ts';
import { sealsOf } from './change.ts';
import { loadTree } from './project.ts';

/** What the configuration of a commit comes to. */
export interface CommittedConfig {
  /** What each document compiled to. */
  readonly documents: ReadonlyMap<Address, string>;
  /** Of its Settings. */
  readonly requireApprovals: number;
}

/**
 * Undefined: it is not valid.
 * @throws GitError where the clone does not hold it.
 */
export async function configIn(
  committed: CommittedDirectory,
  directory: string,
  cwd: string,
): Promise<CommittedConfig | undefined> {
  const refusals = sizeRefusals(await committed.sizes());
  const tree: ConfigTree = { files: refusals.length === 0 ? await committed.contents() : [], refusals };
  const loaded = await loadTree(directory, cwd, tree);
  if (!loaded) return undefined;
  const documents = sealsOf(loaded.documents, loaded.estate);
  return { documents, requireApprovals: loaded.settings.github.requireApprovals };
}
