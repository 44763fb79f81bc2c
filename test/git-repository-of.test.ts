import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryOf } from '../src/git/repository-of.ts';
import { createRepository } from './support/repository.ts';
import type { Repository } from './support/repository.ts';

async function committed(): Promise<Repository & { first: string }> {
  const repository = await createRepository();
  repository.write('config/settings.yaml', 'x: 1\n');
  const first = repository.commit();
  repository.write('config/settings.yaml', 'x: 2\n');
  repository.commit();
  return { ...repository, first };
}

const ACTIONS = { GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'acme/estate' };

describe('which repository this is', () => {
  it('is what GitHub says, whatever the clone says', async () => {
    const { directory, git } = await committed();
    git('remote', 'add', 'origin', 'https://elsewhere.example/x');
    expect(await repositoryOf(directory, ACTIONS)).toBe('github.com/acme/estate');
    expect(await repositoryOf(directory, { ...ACTIONS, GITHUB_SERVER_URL: 'https://GHE.example:8443' })).toBe(
      'ghe.example/acme/estate',
    );
  });

  it.each([{}, { GITHUB_REPOSITORY: 'acme/other' }, { ...ACTIONS, GITHUB_REPOSITORY: '' }])(
    'is its origin, without the token, also below its root: %j',
    async (environment) => {
      const { directory, git } = await committed();
      git('remote', 'add', 'upstream', 'https://github.com/other/other');
      git('remote', 'add', 'origin', 'https://x-access-token:ghp_0123456789@github.com/acme/estate.git');
      expect(await repositoryOf(join(directory, 'config'), environment)).toBe('github.com/acme/estate');
    },
  );

  it.each([[], ['/srv/git/estate.git'], ['file:///srv/git/estate.git'], ['ext::/bin/true']])(
    'is its first commit where the origin is nowhere: %j',
    async (...urls) => {
      const { directory, git, first } = await committed();
      for (const url of urls) git('remote', 'add', 'origin', url);
      expect(await repositoryOf(join(directory, 'config'), {})).toBe(`commit:${first}`);
    },
  );

  it('is the smallest of several first commits', async () => {
    const { directory, git, commit, first } = await committed();
    git('checkout', '--quiet', '--orphan', 'other');
    const other = commit('--message=other');
    git('checkout', '--quiet', 'main');
    git('merge', '--quiet', '--allow-unrelated-histories', '--strategy=ours', '--message=x', 'other');
    expect(await repositoryOf(directory, {})).toBe(`commit:${[first, other].sort()[0]}`);
  });

  it.each<[string, (repository: Repository) => void]>([
    ['before the first commit', () => undefined],
    ['outside of a repository', ({ directory }) => rmSync(join(directory, '.git'), { recursive: true })],
  ])('is not known %s', async (_, change) => {
    const repository = await createRepository();
    change(repository);
    expect(await repositoryOf(repository.directory, {})).toBeUndefined();
  });

  it('is not known in a shallow clone without an origin: its first commit is another in each', async () => {
    const source = await committed();
    const clone = await createRepository();
    clone.git('fetch', '--quiet', '--depth=1', `file://${source.directory}`, 'main');
    clone.git('checkout', '--quiet', 'FETCH_HEAD');
    expect(await repositoryOf(clone.directory, {})).toBeUndefined();
  });
});
