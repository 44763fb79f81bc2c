import { notFound, ok } from '../answer.ts';
import type { ApiRequest, Route } from '../route.ts';
import { commitShape } from '../shapes/git.ts';
import { repositoryShape } from '../shapes/repository.ts';
import { refOf } from '../world.ts';

/** @throws Refusal 404 */
export function branchSha({ world, owner }: ApiRequest, branch: string): string {
  const sha = world.git.resolve(refOf(world, owner, branch));
  if (sha === undefined) throw notFound('Branch not found');
  return sha;
}

export const REPOSITORY_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '',
    needs: [],
    forks: true,
    handle: ({ world, owner }) => ok(repositoryShape(world, owner)),
  },
  {
    method: 'GET',
    path: '/branches/*branch',
    needs: [['contents', 'read']],
    forks: true,
    handle(request) {
      const { world, params } = request;
      const name = params['branch']!;
      const { protection, rules } = world.state.settings;
      // Rulesets count as well as classic protection (crs-k/stale-branches#1061).
      const isProtected = protection[name] !== undefined || (rules[name]?.length ?? 0) > 0;
      return ok({
        name,
        commit: commitShape(world, branchSha(request, name)),
        protected: isProtected,
        protection: {
          enabled: protection[name] !== undefined,
          required_status_checks: { enforcement_level: 'off', contexts: [], checks: [] },
        },
      });
    },
  },
];
