import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Content by path; null deletes. A symbolic link or a program is given with its mode. */
export type Files = Readonly<Record<string, string | Uint8Array | null | { mode: string; content: string }>>;

export interface CommitOptions {
  readonly message?: string;
  readonly author?: { readonly name: string; readonly email: string };
  /** Milliseconds. */
  readonly at?: number;
  /** Of the environment of git, such as GIT_INDEX_FILE. */
  readonly env?: NodeJS.ProcessEnv;
}

/** A bare repository, written to by the real git and without a working tree. */
export interface BareRepository {
  readonly directory: string;
  git(args: readonly string[], options?: { input?: string | Uint8Array; env?: NodeJS.ProcessEnv }): string;
  bytes(args: readonly string[]): Buffer;
  /** The full id of a ref or commit; undefined where there is none. */
  resolve(revision: string): string | undefined;
  /** A commit of the parent's files with these changed. Moves no ref. */
  commit(parent: string | undefined, files: Files, options?: CommitOptions): string;
  commitTree(tree: string, parents: readonly string[], options?: CommitOptions): string;
  setRef(ref: string, sha: string | null): void;
  close(): void;
}

const NULL_SHA = '0'.repeat(40);
const MEBIBYTES = 64 * 1024 * 1024;
const SHA = /^[0-9a-f]{40}$/;

export function openBare(branch: string): BareRepository {
  const directory = mkdtempSync(join(tmpdir(), 'trueup-github-'));
  const base = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  const run = (args: readonly string[], input?: string | Uint8Array, env: NodeJS.ProcessEnv = {}): Buffer =>
    execFileSync('git', args, {
      cwd: directory,
      env: { ...base, ...env },
      stdio: 'pipe',
      maxBuffer: MEBIBYTES,
      ...(input !== undefined && { input }),
    });
  const text = (args: readonly string[], input?: string | Uint8Array, env?: NodeJS.ProcessEnv): string =>
    run(args, input, env).toString().trim();
  text(['init', '--quiet', '--bare', `--initial-branch=${branch}`]);
  text(['config', 'uploadpack.allowAnySHA1InWant', 'true']);
  const repository: BareRepository = {
    directory,
    git: (args, { input, env } = {}) => text(args, input, env),
    bytes: (args) => run(args),
    resolve(revision) {
      try {
        return text(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
      } catch {
        return undefined;
      }
    },
    commit(parent, files, options = {}) {
      const index = join(directory, `index-${process.pid}`);
      const env = { GIT_INDEX_FILE: index };
      try {
        if (parent !== undefined) text(['read-tree', parent], undefined, env);
        const lines = Object.entries(files).map(([path, file]) => {
          if (file === null) return `0 ${NULL_SHA}\t${path}\n`;
          const isPlain = typeof file === 'string' || file instanceof Uint8Array;
          const blob = text(['hash-object', '-w', '--stdin'], isPlain ? file : file.content);
          return `${isPlain ? '100644' : file.mode} ${blob}\t${path}\n`;
        });
        if (lines.length > 0) text(['update-index', '--index-info'], lines.join(''), env);
        const tree = text(['write-tree'], undefined, env);
        return repository.commitTree(tree, parent === undefined ? [] : [parent], options);
      } finally {
        rmSync(index, { force: true });
      }
    },
    commitTree(tree, parents, { message = 'change', author, at, env = {} } = {}) {
      const { name = 't', email = 't@example.com' } = author ?? {};
      const date = at === undefined ? {} : { GIT_AUTHOR_DATE: dateOf(at), GIT_COMMITTER_DATE: dateOf(at) };
      const identity = {
        GIT_AUTHOR_NAME: name,
        GIT_AUTHOR_EMAIL: email,
        GIT_COMMITTER_NAME: name,
        GIT_COMMITTER_EMAIL: email,
      };
      const flags = parents.flatMap((parent) => ['-p', parent]);
      return text(['commit-tree', tree, ...flags], message, { ...identity, ...date, ...env });
    },
    setRef(ref, sha) {
      text(sha === null ? ['update-ref', '-d', ref] : ['update-ref', ref, sha]);
    },
    close: () => rmSync(directory, { recursive: true, force: true }),
  };
  return repository;
}

export function isSha(text: string): boolean {
  return SHA.test(text);
}

function dateOf(at: number): string {
  return `${Math.floor(at / 1000)} +0000`;
}
