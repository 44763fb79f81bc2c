import { notFound, ok, Refusal } from '../answer.ts';
import type { Answer } from '../answer.ts';
import type { ApiRequest, Route } from '../route.ts';
import { artifactShape, runShape } from '../shapes/actions.ts';
import type { Artifact, WorkflowRun } from '../types.ts';
import { refOf } from '../world.ts';

const READ = [['actions', 'read']] as const;
const WORKFLOWS = '.github/workflows';

function artifactOf({ world, params }: ApiRequest): Artifact {
  const artifact = world.state.artifacts.get(Number(params['id']));
  if (!artifact) throw notFound();
  return artifact;
}

/** @throws Refusal 404 */
function runOf({ world, params }: ApiRequest): WorkflowRun {
  const run = world.state.runs.get(Number(params['id']));
  if (!run) throw notFound();
  return run;
}

/** Newest first. */
function artifacts(request: ApiRequest, isWanted: (artifact: Artifact) => boolean): Answer {
  const { world, query } = request;
  const name = query.get('name');
  const found = [...world.state.artifacts.values()].filter((one) => isWanted(one) && (name ?? one.name) === one.name);
  return {
    status: 200,
    list: found.reverse().map((artifact) => artifactShape(world, artifact)),
    wrap: (page, total) => ({ total_count: total, artifacts: page }),
  };
}

function runs({ world, params, query }: ApiRequest): Answer {
  const found = [...world.state.runs.values()].filter((run) => {
    const status = query.get('status');
    return (
      run.path.split('/').at(-1) === params['file'] &&
      (query.get('event') ?? run.event) === run.event &&
      (query.get('branch') ?? run.headBranch) === run.headBranch &&
      (query.get('head_sha') ?? run.headSha) === run.headSha &&
      (query.get('actor') ?? run.actor.login) === run.actor.login &&
      (status === null || status === run.status || status === run.conclusion)
    );
  });
  return {
    status: 200,
    list: found.reverse().map((run) => runShape(world, run)),
    wrap: (page, total) => ({ total_count: total, workflow_runs: page }),
  };
}

/** Those of the default branch. */
function workflows({ world }: ApiRequest): Answer {
  const { defaultBranch, workflowStates } = world.state.settings;
  const branch = refOf(world, world.state.owner.login, defaultBranch);
  const paths = world.git
    .git(['ls-tree', '--name-only', branch, `${WORKFLOWS}/`])
    .split('\n')
    .filter(Boolean);
  return {
    status: 200,
    list: paths.map((path, index) => ({ id: index + 1, path, state: workflowStates[path] ?? 'active' })),
    wrap: (page, total) => ({ total_count: total, workflows: page }),
  };
}

export const ACTIONS_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/actions/artifacts',
    needs: READ,
    query: ['name'],
    handle: (request) => artifacts(request, () => true),
  },
  {
    method: 'GET',
    path: '/actions/artifacts/:id',
    needs: READ,
    handle: (request) => ok(artifactShape(request.world, artifactOf(request))),
  },
  {
    method: 'GET',
    path: '/actions/artifacts/:id/:format',
    needs: READ,
    strict: true,
    handle(request) {
      const artifact = artifactOf(request);
      if (request.params['format'] !== 'zip') throw notFound();
      if (artifact.expired) throw new Refusal(410, 'Artifact has expired');
      const location = `${request.world.storageUrl}/artifacts/${artifact.id}.zip?sig=${signatureOf(artifact)}`;
      return { status: 302, headers: { location } };
    },
  },
  {
    method: 'GET',
    path: '/actions/runs/:id',
    needs: READ,
    query: ['exclude_pull_requests'],
    handle: (request) => ok(runShape(request.world, runOf(request))),
  },
  {
    method: 'GET',
    path: '/actions/runs/:id/artifacts',
    needs: READ,
    query: ['name', 'direction'],
    handle(request) {
      const run = runOf(request);
      return artifacts(request, (artifact) => artifact.run === run);
    },
  },
  {
    method: 'GET',
    path: '/actions/workflows',
    needs: READ,
    handle: workflows,
  },
  {
    method: 'GET',
    path: '/actions/workflows/:file/runs',
    needs: READ,
    query: ['event', 'branch', 'status', 'head_sha', 'actor', 'exclude_pull_requests'],
    handle: runs,
  },
];

/** What makes a download link one that only the API can have given. */
export function signatureOf({ id, name }: Artifact): string {
  return Buffer.from(`signed ${id} ${name}`).toString('base64url');
}
