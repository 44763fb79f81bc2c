import { branchChecks } from './branch-checks.ts';
import { lookAtRepository } from './repository-state.ts';
import type { DeploymentEnvironment, RepositoryReader, RepositoryState } from './repository-state.ts';
import { judge, off, on } from './repository-verdict.ts';
import type { RepositoryCheck, Verdict } from './repository-verdict.ts';
import { WORKFLOWS, defaultBranchCheck, workflowChecks } from './workflow-checks.ts';

const ENVIRONMENTS = [
  ['environment-plan', 'trueup-plan'],
  ['environment-apply', 'trueup-apply'],
] as const;
const WORKFLOW_PERMISSIONS = 'Settings > Actions > General > Workflow permissions';

/** Looks at the settings that the loop's safety rests on, and judges them. Writes nothing. */
export async function checkRepository(github: RepositoryReader): Promise<readonly RepositoryCheck[]> {
  const environments = ENVIRONMENTS.map(([, name]) => name);
  const workflows = WORKFLOWS.map(({ path }) => path);
  return repositoryChecks(await lookAtRepository(github, { environments, workflows }));
}

/** Pure. */
export function repositoryChecks(state: RepositoryState): readonly RepositoryCheck[] {
  const branch = 'seen' in state.defaultBranch ? state.defaultBranch.seen : 'the default branch';
  return [
    defaultBranchCheck(state),
    ...branchChecks(state, branch),
    ...ENVIRONMENTS.map(([check, name]) => ({
      name: check,
      ...judge(state.environments, (all) => environmentVerdict(all, name, branch)),
    })),
    {
      name: 'token',
      ...judge(state.token, ({ default_workflow_permissions: access }) =>
        access === 'read'
          ? on('the token of a workflow reads unless its file says more')
          : off(`the token of a workflow may ${access} unless its file says less`, `Read in ${WORKFLOW_PERMISSIONS}`),
      ),
    },
    {
      name: 'approvals-by-actions',
      ...judge(state.token, ({ can_approve_pull_request_reviews: may }) =>
        may
          ? off('workflows may approve pull requests', `untick "Allow GitHub Actions to …" in ${WORKFLOW_PERMISSIONS}`)
          : on('workflows may not approve pull requests'),
      ),
    },
    ...workflowChecks(state, branch),
  ];
}

/** What a role trusts is the environment; so what the environment admits is who gets the role. */
function environmentVerdict(all: readonly DeploymentEnvironment[], name: string, branch: string): Verdict {
  const remedy = `in Settings > Environments > ${name} select ${branch}, and nothing else, as deployment branch`;
  const environment = all.find((one) => one.name.toLowerCase() === name);
  if (!environment) return off(`there is no environment ${name}`, remedy);
  const { admits } = environment;
  if (admits === 'any') return off(`${name} admits any branch`, remedy);
  if (admits === 'protected') return off(`${name} admits every protected branch, and any where none is`, remedy);
  if (admits.length === 1 && admits[0] === branch) return on(`${name} admits ${branch} and nothing else`);
  return off(`${name} admits ${admits.length === 0 ? 'nothing' : admits.join(', ')}`, remedy);
}
