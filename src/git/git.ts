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

type Command = 'config' | 'ls-files' | 'ls-tree' | 'merge-base' | 'rev-list' | 'rev-parse';

/** The one way to git: a handful of commands that only read, in one directory. */
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
    const [first = ''] = text.trim().split('\n');
    super(first.replace(/^(?:fatal|error): /i, ''), { cause });
    this.isOutside = /not a git repository|spawn \S+ ENOENT|directory that does not exist/.test(text);
  }
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
  const environment = Object.entries(process.env).filter(([name]) => INHERITED.has(name.toUpperCase()));
  return simpleGit({
    baseDir: directory,
    config: HARMLESS,
    unsafe: ADMITTED,
    allowEnvironment: Object.keys(QUIET),
    ...(input !== undefined && { input: () => input }),
  }).env({ ...Object.fromEntries(environment), LC_ALL: 'C', ...QUIET });
}
