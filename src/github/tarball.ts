import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { BundleError } from '../bundle/errors.ts';
import type { ArchiveLimits } from '../bundle/limits.ts';
import { readTar, withoutFolder } from '../bundle/tar-read.ts';
import type { TarEntry } from '../bundle/tar-read.ts';
import { mostTarBytes } from '../bundle/tar-write.ts';
import { isConfigFile, sizeRefusals } from '../engine/config/tree.ts';
import type { ConfigTree } from '../engine/config/tree.ts';
import type { Github, NamedCommit } from './client.ts';
import { GithubError } from './errors.ts';

/** Octets of a tarball as it is sent: the whole repository is in it. */
const MAX_TARBALL_BYTES = 48 * 1024 * 1024;
/** What it may hold: a function of 512 MB of memory can take both. */
const LIMITS: ArchiveLimits = { entries: 100_000, bytes: 192 * 1024 * 1024 };

/** Where in a repository the configuration lies. */
export interface TarballPlace {
  /** The REST API, without a slash at its end. */
  readonly api: string;
  /** Its name, without `heads/`. */
  readonly branch: string;
  /** The directory of the configuration, from the root of the repository; empty: the root. */
  readonly path: string;
}

/** What is known already. */
export interface KnownTarball {
  /** The commit whose tree the caller still has: of the same one nothing is fetched. */
  readonly held?: { readonly commit: string; readonly etag?: string | undefined };
  /** The commit that was taken last: a new one must follow it; undefined: any is taken. */
  readonly after?: string | undefined;
}

/** What a branch points at. `unchanged`: the commit that is held. */
export type Tarball =
  | ({ readonly state: 'unchanged' } & NamedCommit)
  | ({ readonly state: 'new'; readonly tree: ConfigTree } & NamedCommit);

/**
 * The configuration as a commit of a repository on GitHub has it, without git: a conditional request for the commit, and
 * its tarball where it is another one than before. It follows the rules by which a directory on disk is read.
 *
 * @throws GithubError where GitHub does not hand it out, or not whole
 * @throws BundleError `rolled-back` for a commit that does not follow the last one, `too-large`, `hostile-entry` or
 *   `malformed` for an archive that is not taken
 */
export async function readTarball(
  github: Github,
  place: TarballPlace,
  { held, after }: KnownTarball = {},
): Promise<Tarball> {
  // As a branch: a tag may have the same name (REST API reference, "Get a commit").
  const named = (await github.commit(`heads/${place.branch}`, held?.etag)) ?? held;
  if (!named) throw new GithubError(`${place.branch} is said not to have changed, and nothing of it is known`);
  const { commit, etag } = named;
  if (after !== undefined && after !== commit) await checkFollows(github, after, commit);
  if (commit === held?.commit) return { state: 'unchanged', commit, etag };
  const archive = await github.download(`/tarball/${commit}`, MAX_TARBALL_BYTES, admits(place.api));
  return { state: 'new', commit, etag, tree: treeOf(await entriesOf(archive, commit, place.path), place.path, commit) };
}

/** History may only grow: what was rewritten or went back is not taken (threats T72). */
async function checkFollows(github: Github, earlier: string, commit: string): Promise<void> {
  const status = await github.get<{ status?: string }>(`/compare/${earlier}...${commit}?per_page=1`).then(
    (compared) => compared.status,
    (error: unknown) => {
      // The earlier commit is gone, or has no past in common with this one.
      if (error instanceof GithubError && error.status === 404) return 'diverged';
      throw error;
    },
  );
  if (status === 'ahead' || status === 'identical') return;
  throw new BundleError('rolled-back', `the commit ${commit} does not follow ${earlier}, the last one that was taken`);
}

/**
 * GitHub serves archives from the API's own host or from `codeload.` beside it; an API on this machine may do so from
 * another port.
 */
function admits(api: string): (place: URL) => boolean {
  const { hostname } = new URL(api);
  const codeload = `codeload.${hostname.replace(/^api\./, '')}`;
  const isLocal = isLoopback(hostname);
  return (place) => (isLocal ? isLoopback(place.hostname) : place.hostname === hostname || place.hostname === codeload);
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '127.0.0.1';
}

async function entriesOf(archive: Uint8Array, commit: string, path: string): Promise<readonly TarEntry[]> {
  // Behind the folder that GitHub puts around all. What else is in a repository may have any name that git takes.
  const mustBePortable = (name: string): boolean =>
    path === '' || name.slice(name.indexOf('/') + 1).startsWith(`${path}/`);
  const options = { strict: false, limits: LIMITS, mustBePortable };
  const { entries, comment } = readTar(await inflate(archive), options);
  if (comment !== undefined && comment !== commit) {
    throw new GithubError(`the tarball of ${commit} says that it is of ${comment}`);
  }
  return withoutFolder(entries);
}

async function inflate(archive: Uint8Array): Promise<Uint8Array> {
  try {
    return await promisify(gunzip)(archive, { maxOutputLength: mostTarBytes(LIMITS) });
  } catch (cause) {
    const isTooLarge = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    if (isTooLarge) throw new BundleError('too-large', 'the tarball is too large once it is inflated', cause);
    throw new BundleError('malformed', 'the tarball cannot be inflated', cause);
  }
}

function treeOf(entries: readonly TarEntry[], path: string, commit: string): ConfigTree {
  const folder = path === '' ? '' : `${path}/`;
  const inside = entries.filter(({ name }) => name.startsWith(folder));
  if (
    folder !== '' &&
    inside.length === 0 &&
    !entries.some(({ name, type }) => name === path && type === 'directory')
  ) {
    const hint = 'create it with a Settings document, or name the right one';
    const message = `the configuration directory ${path} is not there at ${commit}`;
    return { files: [], refusals: [{ code: 'TU1024', message, hint }] };
  }
  const wanted = inside
    .map(({ name, ...rest }) => ({ ...rest, name: name.slice(folder.length) }))
    .filter(({ name }) => isConfigFile(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  // A folder of such a name is one of folders.
  const links = wanted.filter(({ type }) => type === 'symlink').map(({ name }) => irregular(name));
  const files = wanted.filter(({ type }) => type === 'file').map(({ name, bytes }) => ({ name, bytes }));
  const refusals = [...sizeRefusals(files.map(({ name, bytes }) => ({ name, size: bytes.length }))), ...links];
  return { files: refusals.length === 0 ? files : [], refusals };
}

function irregular(name: string) {
  const hint = 'put the file itself in its place';
  return { code: 'TU1010', name, message: `${name} is a symbolic link, not a regular file`, hint } as const;
}
