import { packTree } from '../../bundle/bundle.ts';
import { BundleError } from '../../bundle/errors.ts';
import { sizeRefusals } from '../../engine/config/tree.ts';
import type { Followed, FollowedDirectory } from '../../git/follow.ts';
import { GitError } from '../../git/git.ts';
import { RemoteError } from '../../git/remote-url.ts';
import { shortId } from '../base.ts';
import { LoopRefusal, refusalOf } from '../loop/refusal.ts';
import type { Fetched, LoopSource } from '../loop/types.ts';

export interface BranchSourceOptions {
  /** Folder of the configuration, from the root of the repository; empty: the root. */
  readonly path: string;
  /** The estate's first owner. */
  readonly owner: string;
  /** The first commit is taken also where it does not follow the last one. */
  readonly rewritten: boolean;
  /** Ends a fetch. */
  readonly stop: AbortSignal;
}

/**
 * The configuration as the tip of a remote branch has it, fetched anew for each run. A tip that does not follow the
 * commit that was taken last, here or by the clone, is refused: somebody went back, or rewrote the branch.
 */
export function branchSource(followed: Followed, options: BranchSourceOptions): LoopSource {
  const { path, owner, stop } = options;
  let isFree = options.rewritten;
  let last: Fetched | undefined;
  return {
    async read({ commit: before = followed.seen }) {
      try {
        const commit = await followed.fetch(stop);
        if (!isFree && before !== undefined && !(await followed.isPast(before, commit))) {
          throw rolledBack(commit, before);
        }
        isFree = false;
        if (last?.commit !== commit) last = await fetched(commit);
        return last;
      } catch (error) {
        if (!(error instanceof GitError) && !(error instanceof RemoteError)) throw error;
        throw new LoopRefusal('unreadable', `${followed.url} cannot be fetched: ${error.message}${hint()}`, error);
      }
    },
  };

  async function fetched(commit: string): Promise<Fetched> {
    const directory = await followed.directoryAt(commit, path);
    if (!directory) throw new LoopRefusal('missing', `${shortId(commit)} has no directory ${path || '.'}`);
    refuseIrregular(directory, commit);
    const files = await directory.contents();
    const lineage = await followed.lineage(commit);
    try {
      // Of a bundle that was published for this tree the digest is the same: approvals name it.
      const { generation = 0, committedAt = '' } = lineage ?? {};
      const { statement } = packTree(files, { owner, commit, committedAt, generation });
      const changed = lineage && (await followed.lineage(await followed.lastChange(commit, path)));
      return {
        files,
        commit,
        ...(lineage && { generation }),
        digest: statement.digest,
        approvedSince: changed ? { generation: changed.generation } : { commit },
      };
    } catch (error) {
      if (error instanceof BundleError) throw refusalOf(`the configuration at ${shortId(commit)}`, error);
      throw error;
    }
  }

  function hint(): string {
    const names = followed.unheeded;
    if (names.length === 0) return '';
    return `; of the clone's own configuration these are not heeded: ${names.join(', ')} (git config --global is)`;
  }
}

function rolledBack(commit: string, before: string): LoopRefusal {
  const message =
    `${shortId(commit)} does not follow ${shortId(before)}, the commit before: ` +
    'the branch went back or was rewritten; --rewritten takes it as it is now';
  return new LoopRefusal('rolled-back', message);
}

/** The rules of a directory on disk: links and the like of such names are no configuration, and limits hold. */
function refuseIrregular({ files, irregular }: FollowedDirectory, commit: string): void {
  const [link] = irregular;
  if (link !== undefined) {
    throw new LoopRefusal('invalid', `${link} at ${shortId(commit)} is a link or a submodule, not a regular file`);
  }
  const [refusal] = sizeRefusals(files);
  if (refusal) throw new LoopRefusal('invalid', `at ${shortId(commit)} ${refusal.message}`);
}
