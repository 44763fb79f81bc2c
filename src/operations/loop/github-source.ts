import { packTree } from '../../bundle/bundle.ts';
import { BundleError } from '../../bundle/errors.ts';
import type { Github } from '../../github/client.ts';
import { GithubError } from '../../github/errors.ts';
import { readTarball } from '../../github/tarball.ts';
import type { TarballPlace } from '../../github/tarball.ts';
import { LoopRefusal, refusalOf } from './refusal.ts';
import type { Fetched, LoopSource } from './types.ts';

/** What an environment that is used again still has of the last commit. */
export interface HeldTree {
  fetched?: Fetched;
  etag?: string | undefined;
}

export interface GithubSourceOptions {
  readonly github: Github;
  readonly place: TarballPlace;
  /** `OWNER/NAME`, for people. */
  readonly repository: string;
  /** The estate's first owner. */
  readonly owner: string;
  readonly held: HeldTree;
}

/**
 * The configuration as a branch on GitHub has it. History may only grow; the token and GitHub's own TLS say whose it is.
 * A commit that was fetched before costs one request, which does not count.
 */
export function githubSource({ github, place, repository, owner, held }: GithubSourceOptions): LoopSource {
  const name = `${place.branch} of ${repository}`;
  return {
    async read({ commit: after }) {
      try {
        const known = held.fetched && { commit: held.fetched.commit, etag: held.etag };
        const found = await readTarball(github, place, { ...(known && { held: known }), after });
        const fetched = found.state === 'new' ? fetchedFrom(found.commit, found.tree) : held.fetched;
        if (!fetched) throw new LoopRefusal('unreadable', `${name} could not be read`);
        // Together: what was refused is asked for again.
        [held.fetched, held.etag] = [fetched, found.etag];
        return fetched;
      } catch (error) {
        if (error instanceof GithubError) {
          const code = error.status === 404 ? 'missing' : 'unreadable';
          throw new LoopRefusal(code, `${name} could not be read: ${error.message}`, error);
        }
        if (error instanceof BundleError) throw refusalOf(name, error);
        throw error;
      }
    },
  };

  function fetchedFrom(
    commit: string,
    {
      files,
      refusals: [refusal],
    }: { readonly files: Fetched['files']; readonly refusals: readonly { readonly message: string }[] },
  ): Fetched {
    if (refusal) throw new LoopRefusal('invalid', `${name} is not taken: ${refusal.message}`);
    // Of which only the digest of the files counts: it is what `trueup approve` finds in the same commit.
    const { statement } = packTree(files, { owner, commit, committedAt: '1970-01-01T00:00:00Z', generation: 0 });
    return { files, commit, digest: statement.digest, approvedSince: { commit } };
  }
}
