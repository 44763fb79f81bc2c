import { zipSync } from 'fflate';
import { digestOf } from './shapes/actions.ts';
import type { Artifact, WorkflowRun } from './types.ts';
import { personOf } from './world.ts';
import type { World } from './world.ts';

export interface NewRun {
  readonly event: string;
  /** `.github/workflows/plan.yml`. */
  readonly path: string;
  readonly headSha: string;
  readonly headBranch?: string | null;
  /** Login of who owns the repository of the head; default: ours. */
  readonly headOwner?: string;
  /** Of another repository, for a run that is not ours. */
  readonly repositoryId?: number;
  /** Default: a completed one that succeeded; null: it is still running. */
  readonly conclusion?: WorkflowRun['conclusion'];
  readonly actor?: string;
}

export interface NewArtifact {
  readonly name: string;
  readonly run: WorkflowRun;
  /** The one entry `plan.json`, or whole entries, or the bytes of an archive as they are. */
  readonly content: string | Readonly<Record<string, Uint8Array>> | Uint8Array;
  /** What the API says; default: that of the archive. */
  readonly digest?: string | null;
  readonly expired?: boolean;
}

export interface WorkflowRuns {
  putRun(run: NewRun): WorkflowRun;
  endRun(run: WorkflowRun, conclusion: WorkflowRun['conclusion']): void;
  putArtifact(artifact: NewArtifact): Artifact;
  expire(artifact: Artifact): void;
  deleteArtifact(artifact: Artifact): void;
}

export function workflowRunsOf(world: World): WorkflowRuns {
  const { state } = world;
  return {
    putRun({ event, path, headSha, headBranch = null, actor = 'ann', conclusion = 'success', ...more }) {
      const now = world.now();
      const run: WorkflowRun = {
        id: world.nextId(),
        number: state.runs.size + 1,
        attempt: 1,
        event,
        path,
        headSha,
        headBranch,
        headOwner: more.headOwner ?? state.owner.login,
        repositoryId: more.repositoryId ?? state.id,
        actor: personOf(world, actor),
        status: conclusion === null ? 'in_progress' : 'completed',
        conclusion,
        createdAt: now,
        updatedAt: now,
      };
      state.runs.set(run.id, run);
      return run;
    },
    endRun(run, conclusion) {
      Object.assign(run, {
        conclusion,
        status: conclusion === null ? 'in_progress' : 'completed',
        updatedAt: world.now(),
      });
    },
    putArtifact({ name, run, content, digest, expired = false }) {
      const entries = typeof content === 'string' ? { 'plan.json': new TextEncoder().encode(content) } : content;
      const zip = entries instanceof Uint8Array ? entries : zipSync(entries);
      const said = digest === undefined ? digestOf(zip) : digest;
      const artifact: Artifact = { id: world.nextId(), name, zip, digest: said, run, expired, createdAt: world.now() };
      state.artifacts.set(artifact.id, artifact);
      return artifact;
    },
    expire(artifact) {
      Object.assign(artifact, { expired: true });
    },
    deleteArtifact: ({ id }) => void state.artifacts.delete(id),
  };
}
