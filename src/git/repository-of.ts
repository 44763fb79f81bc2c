import { GitError, openGit } from './git.ts';
import type { Git } from './git.ts';

/**
 * Which repository a directory belongs to, the same in every clone: `host/path` of where GitHub says that a run belongs
 * to, or of the remote `origin`; `commit:…` of the first commit where there is neither; undefined where nothing tells.
 * No user and no token of a URL is in it.
 */
export async function repositoryOf(
  directory: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = environment;
  if (server && repository) return remoteName(`${server}/${repository}`);
  const git = openGit(directory);
  try {
    const url = (await git.run('config', ['--get', 'remote.origin.url'])).trim();
    return remoteName(url) ?? (await firstCommit(git));
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}

/** What a shallow clone has as its first commit is not the first. Of several (merged histories) the smallest. */
async function firstCommit(git: Git): Promise<string | undefined> {
  if ((await git.run('rev-parse', ['--is-shallow-repository'])).trim() === 'true') return undefined;
  if ((await git.run('rev-parse', ['--verify', '--quiet'], 'HEAD')) === '') return undefined;
  const [first] = (await git.run('rev-list', ['--max-parents=0'], 'HEAD')).trim().split('\n').sort();
  return first && `commit:${first}`;
}

/** Schemes by which one repository is reached over a network (git-fetch, "GIT URLS"). */
const NETWORK = /^(?:https?|ssh|git|git\+ssh|ssh\+git|git\+https?):$/;
/** `user@host:path`, no slash before the colon; one letter would be a drive. */
const SCP_LIKE = /^(?<host>[^/@:[\]]{2,}|\[[^/\]]+\]):(?!\/\/|:)(?<path>.+)$/s;

/** Reached over port 443 under a name of its own, and blind to letter case (GitHub Docs, "Using SSH over the HTTPS port"). */
const GITHUB = 'github.com';
const GITHUB_SSH = 'ssh.github.com';

/**
 * `host/path` of a remote's URL, whatever the scheme, user, port and ending; undefined for what is no place in a
 * network. A repository has several ports, one for each scheme.
 */
export function remoteName(url: string): string | undefined {
  // Whoever logs in stands before the last @ of the first segment; where that makes no host, it belongs to the path.
  const user = (url.split('/', 1)[0] ?? '').lastIndexOf('@');
  const scp = (SCP_LIKE.exec(url.slice(user + 1)) ?? SCP_LIKE.exec(url))?.groups;
  if (scp) return joined(scp['host'], scp['path']);
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname, pathname } = new URL(url);
  return NETWORK.test(protocol) ? joined(hostname, pathname) : undefined;
}

function joined(host = '', path = ''): string | undefined {
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  const trimmed = segments.join('/').replace(/\.git$/, '');
  if (host === '' || trimmed === '') return undefined;
  const name = host.toLowerCase();
  return name === GITHUB || name === GITHUB_SSH ? `${GITHUB}/${trimmed.toLowerCase()}` : `${name}/${trimmed}`;
}
