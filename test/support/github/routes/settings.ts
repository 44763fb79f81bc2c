import { listed, notFound, ok } from '../answer.ts';
import type { ApiRequest, Route } from '../route.ts';
import { isoOf } from '../shapes/git.ts';
import type { Environment } from '../types.ts';
import { branchSha } from './repository.ts';

const ACTIONS = [['actions', 'read']] as const;
const ADMINISTRATION = [['administration', 'read']] as const;

/** @throws Refusal 404 */
function environmentOf({ world, params }: ApiRequest): Environment {
  const environment = world.state.settings.environments[params['name']!];
  if (!environment) throw notFound();
  return environment;
}

function environmentShape({ world }: ApiRequest, name: string, environment: Environment): object {
  const created = isoOf(world.now());
  const id = Object.keys(world.state.settings.environments).indexOf(name) + 1;
  const isRestricted = environment.branchPolicy !== null;
  const branchRule = { id: id * 1000, node_id: `GA_${id}`, type: 'branch_policy' };
  return {
    id,
    node_id: `EN_${id}`,
    name,
    created_at: created,
    updated_at: created,
    protection_rules: [...environment.protectionRules, ...(isRestricted ? [branchRule] : [])],
    deployment_branch_policy: environment.branchPolicy,
  };
}

export const SETTINGS_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/environments',
    needs: ACTIONS,
    handle(request) {
      const entries = Object.entries(request.world.state.settings.environments);
      return {
        status: 200,
        list: entries.map(([name, environment]) => environmentShape(request, name, environment)),
        wrap: (page, total) => ({ total_count: total, environments: page }),
      };
    },
  },
  {
    method: 'GET',
    path: '/environments/:name',
    needs: ACTIONS,
    handle: (request) => ok(environmentShape(request, request.params['name']!, environmentOf(request))),
  },
  {
    method: 'GET',
    path: '/environments/:name/deployment-branch-policies',
    needs: ACTIONS,
    handle(request) {
      const { branches, branchPolicy } = environmentOf(request);
      if (!branchPolicy?.custom_branch_policies) throw notFound();
      return {
        status: 200,
        list: branches.map((branch, index) => ({ id: index + 1, node_id: `GAB_${index + 1}`, ...branch })),
        wrap: (page, total) => ({ total_count: total, branch_policies: page }),
      };
    },
  },
  {
    method: 'GET',
    path: '/branches/:branch/protection',
    needs: ADMINISTRATION,
    strict: true,
    handle(request) {
      const branch = request.params['branch']!;
      branchSha(request, branch);
      const protection = request.world.state.settings.protection[branch];
      if (!protection) throw notFound('Branch not protected');
      return ok({ enabled: true, name: branch, ...protection });
    },
  },
  {
    method: 'GET',
    path: '/rules/branches/*branch',
    needs: [],
    handle: ({ world, params }) => listed(world.state.settings.rules[params['branch']!] ?? []),
  },
  {
    method: 'GET',
    path: '/actions/permissions',
    needs: ADMINISTRATION,
    strict: true,
    handle: ({ world }) => ok({ ...world.state.settings.actions }),
  },
  {
    method: 'GET',
    path: '/actions/permissions/workflow',
    needs: ADMINISTRATION,
    strict: true,
    handle: ({ world }) => ok({ ...world.state.settings.workflow }),
  },
];
