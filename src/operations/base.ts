import { isConfigFile, sizeRefusals } from '../engine/config/tree.ts';
import type { ConfigTree } from '../engine/config/tree.ts';
import { GitError } from '../git/git.ts';
import { openRepository } from '../git/repository.ts';
import type { Repository } from '../git/repository.ts';
import { RevisionError } from './errors.ts';

/** Digits of a commit's id that name it in messages. */
const SHORT_ID = 12;

export function shortId(commit: string): string {
  return commit.slice(0, SHORT_ID);
}

/** The configuration as an earlier commit holds it: guards compare with it. */
interface BaseTree {
  /** Full id. */
  readonly commit: string;
  readonly tree: ConfigTree;
  /** The files are those of the working directory. */
  readonly isSame: boolean;
}

/** Where the working directory stands, and what it is to be compared with. */
export interface Checkout {
  /** Full id of HEAD; null outside a repository and before its first commit. */
  readonly commit: string | null;
  readonly dirty: boolean;
  readonly base?: BaseTree;
  /** Why there is no base where there could be one. A sentence. */
  readonly fault?: string;
}

/**
 * The base is `revision`; else HEAD where the directory holds something else; else HEAD's first parent.
 * @throws RevisionError for a revision that was named and is no commit.
 */
export async function readCheckout(directory: string, tree: ConfigTree, revision?: string): Promise<Checkout> {
  if (revision !== undefined) checkRevision(revision);
  let place: Pick<Checkout, 'commit' | 'dirty'> = { commit: null, dirty: false };
  try {
    const repository = await openRepository(directory, tree.files, isConfigFile);
    if (repository) place = { commit: repository.commit, dirty: repository.dirty };
    if (revision !== undefined) return { ...place, ...(await namedBase(repository, revision)) };
    const commit = repository && (await usualBase(repository));
    const base = commit && (await baseAt(repository, commit, shortId(commit)));
    if (base) return { ...place, base };
    // A folder that was moved has its past elsewhere; where there were no Settings at all, this is the beginning.
    const isMoved = repository && commit !== undefined && (await repository.hasSettings(commit));
    return { ...place, ...(isMoved && { fault: `${shortId(commit)} has its configuration in another folder.` }) };
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return { ...place, fault: `git does not show what the configuration was before: ${error.message}.` };
  }
}

/** What is no name at all, and what git could take for a flag. */
function checkRevision(revision: string): void {
  if (revision.startsWith('-')) {
    const hint = `a branch of that name is refs/heads/${revision}`;
    throw new RevisionError(revision, 'begins with -: no revision does', hint);
  }
  if (revision === '' || /\p{Cc}/u.test(revision)) throw new RevisionError(revision, 'is no revision');
}

async function namedBase(
  repository: Repository | undefined,
  revision: string,
): Promise<Pick<Checkout, 'base' | 'fault'>> {
  if (!repository) throw new RevisionError(revision, 'needs a git repository, and the configuration lies in none');
  const commit = await repository.resolve(revision);
  if (commit === undefined) throw new RevisionError(revision, 'is no commit of this repository');
  const base = await baseAt(repository, commit, revision);
  return base ? { base } : { fault: `${revision} has no such configuration directory.` };
}

async function usualBase(repository: Repository): Promise<string | undefined> {
  if (repository.commit === null) return undefined;
  return repository.dirty ? repository.commit : repository.resolve(`${repository.commit}^1`);
}

async function baseAt(repository: Repository, commit: string, revision: string): Promise<BaseTree | undefined> {
  const committed = await repository.directoryAt(commit);
  if (!committed) return undefined;
  const refusals = sizeRefusals(await committed.sizes());
  const files = refusals.length === 0 ? await committed.contents() : [];
  return { commit, tree: { revision, files, refusals }, isSame: committed.isAsWorking };
}
