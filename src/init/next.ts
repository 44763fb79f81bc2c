import type { Answers } from './answers.ts';
import { writtenDocument } from './result.ts';
import type { InitFile } from './result.ts';

const FOLDER_OF_CONFIG = 'config/';

/**
 * The three commands after `init`: try it without an account, print what the roles may do, and commit. The document is
 * left out of the commit: what comes to the default branch without a pull request is not applied.
 */
export function nextCommands(answers: Answers, files: readonly InitFile[]): readonly string[] {
  const document = writtenDocument(files);
  const changed = files.filter(({ path, state }) => path !== document && (state === 'written' || state === 'extended'));
  const tops = [...new Set(changed.map(({ path }) => addedAs(path)))].sort();
  return [
    'trueup plan --endpoint embedded',
    `trueup iam ${githubFlags(answers).join(' ')}`,
    tops.length === 0 ? 'git status' : `git add ${tops.join(' ')} && git commit -m "Begin with trueup"`,
  ];
}

/** What names a file to git: its folder as a whole, but of the configuration the file alone. */
function addedAs(path: string): string {
  return path.startsWith(FOLDER_OF_CONFIG) ? path : (path.split('/', 1)[0] ?? '');
}

function githubFlags({ repository = 'OWNER/NAME', repositoryId, defaultBranch }: Answers): readonly string[] {
  return [
    `--repository ${repository}`,
    `--repository-id ${repositoryId ?? `"$(gh api repos/${repository} --jq .id)"`}`,
    ...(defaultBranch === 'main' ? [] : [`--default-branch ${defaultBranch}`]),
  ];
}
