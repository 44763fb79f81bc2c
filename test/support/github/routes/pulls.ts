import { listed, notFound, ok } from '../answer.ts';
import type { ApiRequest, Route } from '../route.ts';
import { changedFiles } from '../shapes/git.ts';
import { pullShape, reviewShape } from '../shapes/issues.ts';
import type { Issue } from '../types.ts';
import type { World } from '../world.ts';

/** @throws Refusal 404 */
function pullOf({ world, params }: ApiRequest): Issue {
  const issue = world.state.issues.get(Number(params['number']));
  if (!issue?.pull) throw notFound();
  return issue;
}

/** Oldest first, as commits lie between the base and the head. */
function commitsOf({ git }: World, { pull }: Issue): readonly string[] {
  return git
    .git(['rev-list', '--reverse', `${pull!.baseSha}..${pull!.headSha}`])
    .split('\n')
    .filter(Boolean);
}

/** The merged pull request that brought a commit to the default branch; of other commits, all that hold it. */
function pullsOfCommit(request: ApiRequest): readonly Issue[] {
  const { world, params } = request;
  const { git, state } = world;
  const given = params['sha']!;
  const sha = git.resolve(given) ?? git.resolve(`refs/heads/${given}`);
  if (sha === undefined) throw notFound(`No commit found for SHA: ${given}`);
  const pulls = [...state.issues.values()].filter(({ pull, deleted }) => pull && !deleted);
  const introduced = pulls.filter(({ pull }) => pull!.introduced.includes(sha));
  const tip = git.resolve(`refs/heads/${state.settings.defaultBranch}`);
  const isInDefault = tip !== undefined && git.git(['merge-base', sha, tip]) === sha;
  return isInDefault ? introduced : pulls.filter((issue) => commitsOf(world, issue).includes(sha));
}

const READ = [['pull-requests', 'read']] as const;

export const PULL_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/pulls',
    needs: READ,
    query: ['state', 'head', 'base', 'sort', 'direction'],
    handle({ world, query }) {
      const state = query.get('state') ?? 'open';
      const sort = query.get('sort') ?? 'created';
      const direction = query.get('direction') ?? (sort === 'created' ? 'desc' : 'asc');
      const found = [...world.state.issues.values()].filter(({ pull, deleted, state: is }) => {
        if (!pull || deleted || (state !== 'all' && is !== state)) return false;
        const isHead = !query.has('head') || query.get('head') === `${pull.headOwner}:${pull.headBranch}`;
        return isHead && (!query.has('base') || query.get('base') === pull.baseBranch);
      });
      const key = (issue: Issue): number => (sort === 'updated' ? issue.updatedAt : issue.number);
      found.sort((a, b) => (key(a) - key(b)) * (direction === 'asc' ? 1 : -1));
      return listed(found.map((issue) => pullShape(world, issue)));
    },
  },
  {
    method: 'GET',
    path: '/pulls/:number',
    needs: READ,
    handle: (request) => ok(pullShape(request.world, pullOf(request), true)),
  },
  {
    method: 'GET',
    path: '/pulls/:number/files',
    needs: READ,
    handle(request) {
      const { git } = request.world;
      const { baseSha, headSha } = pullOf(request).pull!;
      return listed(changedFiles(request.world, git.git(['merge-base', baseSha, headSha]), headSha));
    },
  },
  {
    method: 'GET',
    path: '/pulls/:number/reviews',
    needs: READ,
    handle(request) {
      const issue = pullOf(request);
      return listed(issue.pull!.reviews.map((review) => reviewShape(request.world, issue, review)));
    },
  },
  {
    method: 'GET',
    path: '/commits/:sha/pulls',
    needs: READ,
    handle: (request) => listed(pullsOfCommit(request).map((issue) => pullShape(request.world, issue))),
  },
];
