import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadConfig } from '../../src/operations/project.ts';
import type { LoadedProject, LoadOptions } from '../../src/operations/project.ts';
import { NOW, temporaryDirectory } from '../config/tree.ts';

/** A git repository in a directory of its own, made with the real program. */
export interface Repository {
  readonly directory: string;
  git(...args: readonly string[]): string;
  write(file: string, content: string | Uint8Array): void;
  /** Commits all there is; the id of the commit. */
  commit(...flags: readonly string[]): string;
  load(options?: LoadOptions): Promise<LoadedProject>;
}

export async function createRepository(...flags: readonly string[]): Promise<Repository> {
  const directory = await temporaryDirectory();
  const environment = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  const repository: Repository = {
    directory,
    git(...args) {
      const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false'];
      const options = { cwd: directory, env: environment, encoding: 'utf8', stdio: 'pipe' } as const;
      return execFileSync('git', [...identity, ...args], options).trim();
    },
    write(file, content) {
      mkdirSync(dirname(join(directory, file)), { recursive: true });
      writeFileSync(join(directory, file), content);
    },
    commit(...more) {
      repository.git('add', '--all', '.');
      repository.git('commit', '--quiet', '--allow-empty', '--message=x', ...more);
      return repository.git('rev-parse', 'HEAD');
    },
    load: (options = {}) => loadConfig(join(directory, 'config'), { cwd: directory, now: NOW, ...options }),
  };
  repository.git('init', '--quiet', '--initial-branch=main', ...flags);
  return repository;
}
