import { packTree } from '../bundle/bundle.ts';
import type { PackedTree } from '../bundle/bundle.ts';
import { BundleError } from '../bundle/errors.ts';
import type { TreeFile } from '../bundle/tar-write.ts';
import { isConfigFile, readTree } from '../engine/config/tree.ts';
import { openHistory } from '../git/history.ts';
import { lineageOf } from '../git/lineage.ts';
import { openRepository } from '../git/repository.ts';
import { PublishError } from './errors.ts';
import type { Project } from './project.ts';

/** The configuration as its commit holds it, packed and not signed yet. */
export interface CommittedTree extends PackedTree {
  readonly files: readonly TreeFile[];
  /** Generation of the last commit that changed any of it. */
  readonly unchangedSince: number;
}

/**
 * What the commit of a clean checkout holds, as octets of git and not of the working directory: a checkout may have added
 * carriage returns.
 * @throws PublishError TU3041 where the files are not those of a commit, or no archive can hold them; TU3042 for a shallow clone.
 */
export async function committedTree({ directory, config, estate }: Project): Promise<CommittedTree> {
  const { commit } = config;
  if (commit === null) {
    throw new PublishError('TU3041', `${directory} is at no commit: a bundle is the configuration of one`, {
      hint: 'run it in a clone of the repository: git clone, or in a workflow actions/checkout with fetch-depth: 0',
    });
  }
  if (config.dirty) throw uncommitted(directory, commit);
  const lineage = await lineageOf(directory, commit);
  if (!lineage) {
    throw new PublishError('TU3042', `this is a shallow clone: it cannot tell how many commits came before ${commit}`, {
      hint: 'git fetch --unshallow; in a workflow: actions/checkout with fetch-depth: 0',
    });
  }
  const { files: working } = await readTree(directory);
  const repository = await openRepository(directory, working, isConfigFile);
  const committed = await repository?.directoryAt(commit);
  // Between the load and now somebody may have gone on.
  if (!repository || !committed || repository.dirty || repository.commit !== commit)
    throw uncommitted(directory, commit);
  const files = await committed.contents();
  const [changed = commit] = await openHistory(directory).changes(1, commit);
  const { generation: unchangedSince } = (await lineageOf(directory, changed)) ?? lineage;
  try {
    return { files, unchangedSince, ...packTree(files, { owner: estate.firstOwner, commit, ...lineage }) };
  } catch (cause) {
    if (!(cause instanceof BundleError)) throw cause;
    throw new PublishError('TU3041', `no bundle holds this configuration: ${cause.message}`, {
      hint: 'rename the file',
      cause,
    });
  }
}

function uncommitted(directory: string, commit: string): PublishError {
  return new PublishError('TU3041', `the files of ${directory} are not those of the commit ${commit}`, {
    hint: 'git status shows what differs; commit it, have it reviewed and merged, and publish the merge',
  });
}
