import type { GithubEvent } from '../github/events.ts';
import type { Github } from '../github/index.ts';
import type { PermissionName, Permissions } from '../github/types.ts';
import { ALL_OF_A_JOB } from '../github/world.ts';
import type { Job, Workflow } from './workflow.ts';

const NAMES = Object.keys(ALL_OF_A_JOB) as readonly PermissionName[];

function all(level: 'read' | 'write'): Permissions {
  return Object.fromEntries(NAMES.map((name) => [name, level]));
}

/**
 * What the token of a job may do: as the job says, else the workflow, else the settings of the repository. From a fork
 * no `pull_request` gets more than reading, nor an identity.
 */
export function permissionsOf(github: Github, workflow: Workflow, job: Job, event: GithubEvent): Permissions {
  const byDefault =
    github.state.settings.workflow.default_workflow_permissions === 'write'
      ? all('write')
      : ({ contents: 'read', packages: 'read' } as const);
  const said = job.permissions ?? workflow.permissions ?? byDefault;
  const permissions = said === 'write-all' ? all('write') : said === 'read-all' ? all('read') : said;
  const isFork = event.pull !== undefined && event.pull.pull.headOwner !== github.state.owner.login;
  if (event.name !== 'pull_request' || !isFork) return permissions;
  const kept = Object.keys(permissions).filter((name) => name !== 'id-token');
  return Object.fromEntries(kept.map((name) => [name, 'read']));
}
