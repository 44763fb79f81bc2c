import { isAbsolute, join, relative, sep } from 'node:path';
import { isConfigFile, readTree, sizeRefusals } from '../engine/config/tree.ts';
import type { ConfigFile, ConfigTree, Refusal } from '../engine/config/tree.ts';
import type { PullRequestHead } from '../engine/types.ts';
import { blobId, knownBlobs } from '../git/blobs.ts';
import { openHistory, prefixOf } from '../git/history.ts';
import type { Github } from '../github/client.ts';
import type { PullRequestEvent } from '../github/context.ts';
import { GithubContextError, GithubError } from '../github/errors.ts';
import { fetchBlobs, listRemote } from '../github/tree.ts';
import type { RemoteDirectory } from '../github/tree.ts';
import type { LoadOptions } from './project.ts';

/** How the configuration of a pull request is loaded, and what its plan says of where it comes from. */
export interface PullRequestSource {
  readonly load: Pick<LoadOptions, 'base' | 'remote'>;
  readonly pullRequest: PullRequestHead;
}

/**
 * The head of a pull request as data: trees and blobs by the head's id, of the REST API. The directory on disk, whatever
 * commit it shows, only spares requests. Nothing of the head is written, installed or run (threats T40).
 *
 * @param directory as the command line names it, relative to `cwd`.
 * @throws GithubError where GitHub does not hand it out.
 */
export async function fetchHead(
  github: Github,
  event: PullRequestEvent,
  { directory, cwd }: { readonly directory: string; readonly cwd: string },
): Promise<PullRequestSource> {
  const inside = await insideRepository(directory, cwd);
  const base = await mergeBaseOf(github, event);
  const known = contentsOf((await readTree(directory)).files, event.head.length);
  const [head, before] = await Promise.all([listRemote(github, event.head, inside), listRemote(github, base, inside)]);
  const tree = await treeFrom(github, head, known);
  const earlier = before && (await treeFrom(github, before, known));
  return {
    load: {
      remote: {
        tree: head ? tree : { files: [], refusals: [noDirectory(inside, event)] },
        checkout: {
          commit: event.head,
          dirty: false,
          ...(earlier && {
            base: { commit: base, tree: { ...earlier, revision: base }, isSame: before.tree === head?.tree },
          }),
        },
      },
    },
    pullRequest: { pull: event.number, head: event.head, base, tree: head?.tree ?? null },
  };
}

/**
 * A checkout of the head, as workflows without `--head` have it: what it is compared with is the merge base.
 * @throws GithubContextError where the clone does not hold that.
 */
export async function findHead(event: PullRequestEvent, directory: string): Promise<PullRequestSource> {
  const history = openHistory(directory);
  const base = await history.mergeBase(event.base, event.head);
  if (base === undefined) {
    throw new GithubContextError(
      `this clone does not hold where pull request ${event.number} parts from its base branch`,
      'check out with fetch-depth: 0, name the commit with --base, or let --head fetch the configuration',
    );
  }
  const tree = (await history.treeAt(event.head)) ?? null;
  return { load: { base }, pullRequest: { pull: event.number, head: event.head, base, tree } };
}

async function mergeBaseOf(github: Github, { base, head }: PullRequestEvent): Promise<string> {
  const compared = await github.get<{ merge_base_commit?: { sha: string } }>(`/compare/${base}...${head}`);
  if (!compared.merge_base_commit) throw new GithubError('the head has no history in common with its base branch');
  return compared.merge_base_commit.sha;
}

/** Where the directory lies in the repository, POSIX separators, no slash at its ends. */
export async function insideRepository(directory: string, cwd: string): Promise<string> {
  const within = isAbsolute(directory) ? relative(cwd, directory) : directory;
  const path = join(await prefixOf(cwd), within)
    .split(sep)
    .filter((part) => part !== '')
    .join('/');
  if (path === '..' || path.startsWith('../')) {
    throw new GithubContextError(`${directory} lies outside the repository`, 'name a folder of it with --config');
  }
  return path === '.' ? '' : path;
}

function noDirectory(inside: string, { head }: PullRequestEvent): Refusal {
  return {
    code: 'TU1024',
    message: `the configuration directory ${inside || '.'} is not there at ${head}`,
    hint: 'create it with a Settings document, or name another with --config',
  };
}

function contentsOf(files: readonly ConfigFile[], digits: number): ReadonlyMap<string, Buffer> {
  return knownBlobs(files, digits).contents;
}

/** The files of configuration in it, as if they lay on disk: under the same limits, links refused. */
async function treeFrom(
  github: Github,
  directory: RemoteDirectory | undefined,
  known: ReadonlyMap<string, Buffer>,
): Promise<ConfigTree> {
  const files = (directory?.files ?? [])
    .filter(({ name }) => isConfigFile(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const refusals = [...sizeRefusals(files), ...(directory?.irregular ?? []).filter(isConfigFile).map(irregular)];
  if (refusals.length > 0) return { files: [], refusals };
  const missing = [...new Set(files.map(({ id }) => id))].filter((id) => !known.has(id));
  const fetched = await fetchBlobs(github, missing);
  return { files: files.map(({ name, id }) => ({ name, bytes: known.get(id) ?? checked(id, fetched) })), refusals: [] };
}

function irregular(name: string): Refusal {
  const hint = 'put the file itself in its place';
  return { code: 'TU1010', name, message: `${name} is a link or a submodule, not a regular file`, hint };
}

function checked(id: string, fetched: ReadonlyMap<string, Buffer>): Buffer {
  const bytes = fetched.get(id);
  if (bytes && blobId(bytes, id.length) === id) return bytes;
  throw new GithubError(`the blob ${id} is not what its name says`);
}
