import { simpleGit } from 'simple-git';
import type { SimpleGit } from 'simple-git';

/**
 * Nothing that a clone brings along may run or be believed: no hook, no monitor, no helper, no bare repository among
 * the files (threats T125). Commands that read attributes, and with them filters, are not on the list below.
 */
const HARMLESS = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'protocol.allow=never',
  'safe.bareRepository=explicit',
];

/** simple-git guards these settings, also against being switched off: here they are. */
const ADMITTED = { allowUnsafeFsMonitor: true, allowUnsafeHooksPath: true, allowUnsafeProtocolOverride: true };

/** `protocol.<name>.allow` of a clone would outweigh ours; these outweigh it. Objects that are missing stay missing. */
const QUIET = {
  GIT_ALLOW_PROTOCOL: '',
  GIT_NO_LAZY_FETCH: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_OPTIONAL_LOCKS: '0',
};

/** All that git gets of our own environment: where it is, and where the user's configuration is. */
const INHERITED = new Set(['PATH', 'HOME', 'XDG_CONFIG_HOME', 'USERPROFILE', 'SYSTEMROOT', 'TMPDIR', 'TEMP']);
/** What a fetch needs besides: keys that an agent holds, and the way out of a network. */
const ON_THE_WAY = new Set(['SSH_AUTH_SOCK', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY', 'SSL_CERT_FILE', 'SSL_CERT_DIR']);

/** No `ext::` and no `fd::`, which run what a URL says (git, `GIT_ALLOW_PROTOCOL`), and nobody is asked for a password. */
const FETCHING = { ...QUIET, GIT_ALLOW_PROTOCOL: 'file:https:ssh', GIT_TERMINAL_PROMPT: '0' };

/** Objects and one ref: no tags, no submodules, no FETCH_HEAD, no housekeeping. */
const FETCH_FLAGS = [
  '--quiet',
  '--no-tags',
  '--no-recurse-submodules',
  '--no-write-fetch-head',
  '--no-auto-gc',
  '--end-of-options',
];
/** A fetch that says nothing for so long is ended. */
const FETCH_TIMEOUT_MS = 10 * 60_000;

type Command = 'config' | 'ls-files' | 'ls-tree' | 'merge-base' | 'rev-list' | 'rev-parse';

/** A handful of commands that only read, in one directory. */
export interface Git {
  /**
   * What git prints; nothing where it quietly says no. Operands cannot be flags.
   * @throws GitError with git's words.
   */
  run(command: Command, flags: readonly string[], ...operands: readonly string[]): Promise<string>;
  /** What `cat-file` prints of objects: `--batch-check` says how large they are, `--batch` what is in them. */
  objects(how: '--batch' | '--batch-check', ids: readonly string[]): Promise<Buffer>;
}

/** Git said no, or there is none. */
export class GitError extends Error {
  override readonly name = 'GitError';
  /** There is no git, or no repository here: nothing is wrong. */
  readonly isOutside: boolean;

  constructor(cause: unknown) {
    const text = cause instanceof Error ? cause.message : String(cause);
    const lines = text.trim().split('\n');
    // What a remote says stands before what git says of it.
    const said = lines.find((line) => /^fatal: /i.test(line)) ?? lines[0] ?? '';
    super(withoutLogin(said.replace(/^(?:fatal|error): /i, '')), { cause });
    this.isOutside = /not a git repository|spawn \S+ ENOENT|directory that does not exist/.test(text);
  }
}

/** A URL in a message has neither user nor token. */
function withoutLogin(text: string): string {
  return text.replaceAll(/:\/\/[^\s/@]*@/g, '://');
}

/** What a fetch brings, and where it is kept. */
export interface Fetched {
  /** As `admitUrl` gives it: a scheme of its own, or an absolute path. */
  readonly url: string;
  /** Of the remote, whole: `refs/heads/…`. */
  readonly from: string;
  readonly to: string;
}

/**
 * Brings a ref of a remote into the repository of a directory, whatever was there before. Only into a repository whose
 * configuration is our own (`createStore`): that of a clone could name programs.
 * @throws GitError with git's words, also when it is stopped.
 */
export async function fetchInto(directory: string, { url, from, to }: Fetched, stop?: AbortSignal): Promise<void> {
  const git = simpleGit({
    baseDir: directory,
    config: HARMLESS,
    unsafe: ADMITTED,
    allowEnvironment: Object.keys(FETCHING),
    timeout: { block: FETCH_TIMEOUT_MS },
    ...(stop && { abort: stop }),
  }).env({ ...inherited((name) => INHERITED.has(name) || ON_THE_WAY.has(name)), LC_ALL: 'C', ...FETCHING });
  try {
    await git.raw(['fetch', ...FETCH_FLAGS, url, `+${from}:${to}`]);
  } catch (cause) {
    throw new GitError(cause);
  }
}

function inherited(isPassed: (name: string) => boolean): Record<string, string> {
  const given = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(given.filter(([name]) => isPassed(name.toUpperCase())));
}

export function openGit(directory: string): Git {
  return {
    async run(command, flags, ...operands) {
      const rest = operands.length === 0 ? [] : ['--end-of-options', ...operands];
      try {
        return await client(directory).raw([command, ...flags, ...rest]);
      } catch (cause) {
        throw new GitError(cause);
      }
    },
    async objects(how, ids) {
      const input = ids.map((id) => `${id}\n`).join('');
      try {
        return (await client(directory, input).binaryCatFile([how])) as Buffer;
      } catch (cause) {
        throw new GitError(cause);
      }
    },
  };
}

function client(directory: string, input?: string): SimpleGit {
  return simpleGit({
    baseDir: directory,
    config: HARMLESS,
    unsafe: ADMITTED,
    allowEnvironment: Object.keys(QUIET),
    ...(input !== undefined && { input: () => input }),
  }).env({ ...inherited((name) => INHERITED.has(name)), LC_ALL: 'C', ...QUIET });
}
