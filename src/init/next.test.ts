import { expect, it } from 'vitest';
import type { Answers } from './answers.ts';
import { nextCommands } from './next.ts';
import type { InitFile } from './result.ts';

const ANSWERS: Answers = {
  owner: 'acme-net',
  accounts: [{ alias: 'prod', id: '222233334444' }],
  region: 'eu-west-1',
  planRole: 'trueup-plan',
  applyRole: 'trueup-apply',
  boundary: 'trueup-boundary',
  repository: 'acme/estate',
  repositoryId: '4711',
  defaultBranch: 'main',
  action: `trueup-dev/trueup@${'0'.repeat(40)}`,
};

const SETTINGS = 'config/settings.yaml';
const DOCUMENT = 'config/zone-mirror/corp.yaml';

function written(...paths: readonly string[]): readonly InitFile[] {
  return paths.map((path) => ({ path, state: 'written' }));
}

it.each([
  ['folders as a whole', written('.github/a.yml', '.github/b.yml', '.vscode/c.json'), 'git add .github .vscode &&'],
  ['a line more', [{ path: '.gitignore', state: 'extended' }], 'git add .gitignore &&'],
  ['Settings and no document', written(DOCUMENT, SETTINGS, '.gitignore'), `git add .gitignore ${SETTINGS} &&`],
  ['nothing where there is only the document', written(DOCUMENT), 'git status'],
  ['nothing that was there', [{ path: SETTINGS, state: 'left' }], 'git status'],
] as const)('the commit takes %s', (_, files, begin) => {
  const [, , commit = ''] = nextCommands(ANSWERS, files);
  expect(commit.slice(0, begin.length)).toBe(begin);
});
