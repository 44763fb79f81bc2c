import type { Answers } from './answers.ts';
import type { InitFile } from './result.ts';

/** The three commands after `init`: try it without an account, print what the roles may do, and commit. */
export function nextCommands(answers: Answers, files: readonly InitFile[]): readonly string[] {
  const changed = files.filter(({ state }) => state === 'written' || state === 'extended');
  const tops = [...new Set(changed.map(({ path }) => path.split('/', 1)[0] ?? ''))].sort();
  return [
    'trueup plan --endpoint embedded',
    `trueup iam ${githubFlags(answers).join(' ')}`,
    tops.length === 0 ? 'git status' : `git add ${tops.join(' ')} && git commit -m "Begin with trueup"`,
  ];
}

function githubFlags({ repository = 'OWNER/NAME', repositoryId, defaultBranch }: Answers): readonly string[] {
  return [
    `--repository ${repository}`,
    `--repository-id ${repositoryId ?? `"$(gh api repos/${repository} --jq .id)"`}`,
    ...(defaultBranch === 'main' ? [] : [`--default-branch ${defaultBranch}`]),
  ];
}
