import { createHash } from 'node:crypto';
import type { Artifact, WorkflowRun } from '../types.ts';
import type { World } from '../world.ts';
import { isoOf } from './git.ts';
import { minimalPull } from './issues.ts';
import { repositoryId, repositoryShape, userShape } from './repository.ts';

/** Artefacts are kept for so long unless a workflow says otherwise. */
const RETENTION = 90 * 24 * 3_600_000;

export function digestOf(zip: Uint8Array): string {
  return `sha256:${createHash('sha256').update(zip).digest('hex')}`;
}

/** A number by file name, which is all that anybody needs of a workflow's id. */
function workflowId(path: string): number {
  return createHash('sha256').update(path).digest().readUInt32BE(0);
}

export function runShape(world: World, run: WorkflowRun): object {
  const { state, url } = world;
  const repository = `${url}/repos/${state.owner.login}/${state.name}`;
  const isOurs = run.headOwner === state.owner.login;
  const pulls = [...state.issues.values()].filter(
    ({ pull, state: is }) => pull && is === 'open' && pull.headSha === run.headSha && pull.headOwner === run.headOwner,
  );
  return {
    id: run.id,
    name: run.path.split('/').at(-1),
    node_id: `WFR_${run.id}`,
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: run.path,
    display_title: run.event,
    run_number: run.number,
    run_attempt: run.attempt,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: workflowId(run.path),
    url: `${repository}/actions/runs/${run.id}`,
    html_url: `https://github.com/${state.owner.login}/${state.name}/actions/runs/${run.id}`,
    artifacts_url: `${repository}/actions/runs/${run.id}/artifacts`,
    pull_requests: isOurs ? pulls.map((pull) => minimalPull(world, pull)) : [],
    created_at: isoOf(run.createdAt),
    updated_at: isoOf(run.updatedAt),
    run_started_at: isoOf(run.createdAt),
    actor: userShape(run.actor),
    triggering_actor: userShape(run.actor),
    repository: { ...repositoryShape(world, state.owner.login), id: run.repositoryId },
    head_repository: repositoryShape(world, run.headOwner),
    head_repository_id: repositoryId(world, run.headOwner),
  };
}

export function artifactShape(world: World, artifact: Artifact): object {
  const { state, url } = world;
  const self = `${url}/repos/${state.owner.login}/${state.name}/actions/artifacts/${artifact.id}`;
  const { run } = artifact;
  return {
    id: artifact.id,
    node_id: `A_${artifact.id}`,
    name: artifact.name,
    size_in_bytes: artifact.zip.length,
    url: self,
    archive_download_url: `${self}/zip`,
    expired: artifact.expired,
    digest: artifact.digest,
    created_at: isoOf(artifact.createdAt),
    updated_at: isoOf(artifact.createdAt),
    expires_at: isoOf(artifact.createdAt + RETENTION),
    workflow_run: {
      id: run.id,
      repository_id: run.repositoryId,
      head_repository_id: repositoryId(world, run.headOwner),
      head_branch: run.headBranch,
      head_sha: run.headSha,
    },
  };
}
