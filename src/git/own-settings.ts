import type { Git } from './git.ts';

/** Names of settings, in lower case as git prints them, that would say how a clone is fetched. */
const OF_FETCHING = [
  /^core\.(?:askpass|gitproxy|sshcommand)$/,
  /^(?:credential|http|https|include|includeif|protocol|ssh)\./,
  /^url\..*\.insteadof$/,
  /^remote\..*\.(?:proxy|proxyauthmethod|uploadpack|vcs)$/,
];
/** Scopes that lie in the clone (git-config, "SCOPES"). */
const OF_THE_CLONE: ReadonlySet<string> = new Set(['local', 'worktree']);

/**
 * Settings of a clone itself that say how to fetch it, by their names, sorted. They may come from whoever made the clone
 * and may name programs, so a fetch heeds none of them; those of the user and the machine it does.
 *
 * @throws GitError
 */
export async function unheededSettings(git: Git): Promise<readonly string[]> {
  const printed = await git.run('config', ['--list', '--show-scope', '--name-only', '-z']);
  const fields = printed.split('\0');
  const names = fields.filter((_, index) => index % 2 === 1 && OF_THE_CLONE.has(fields[index - 1] ?? ''));
  return [...new Set(names.filter((name) => OF_FETCHING.some((pattern) => pattern.test(name.toLowerCase()))))].sort();
}
