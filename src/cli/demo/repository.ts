import { execFileSync } from 'node:child_process';
import { devNull } from 'node:os';

/** The demo's own git repository: nothing of the user's configuration, hooks or signatures has a say in it. */
export interface DemoRepository {
  /** Commits the configuration as it lies there: the beginning of its id. */
  commit(message: string): string;
}

const OPTIONS = {
  'user.name': 'demo',
  'user.email': 'demo@example.com',
  'commit.gpgsign': 'false',
  'core.hooksPath': devNull,
  // Lines stay as they are, whatever the platform.
  'core.autocrlf': 'false',
};

export function createDemoRepository(directory: string): DemoRepository {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  const env = { ...Object.fromEntries(inherited), GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_NOSYSTEM: '1' };
  const git = (...args: readonly string[]): string =>
    execFileSync('git', [...args], { cwd: directory, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  git('init', '--quiet');
  for (const [name, value] of Object.entries(OPTIONS)) git('config', name, value);
  return {
    commit(message) {
      git('add', '--all', 'config');
      git('commit', '--quiet', '--message', message);
      return git('rev-parse', '--short=12', 'HEAD').trim();
    },
  };
}
