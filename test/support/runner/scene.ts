import type { RunnerFiles } from '../github/environment.ts';
import type { GithubEvent } from '../github/events.ts';
import type { Github } from '../github/index.ts';
import type { Permissions, WorkflowRun } from '../github/types.ts';
import type { Scope, Status } from './expressions/index.ts';
import type { Workflow } from './workflow.ts';

/** What a job's step asked AWS for, by the identity of its run. */
export interface AwsSession {
  readonly role: string;
  readonly session: string;
  readonly region: string;
  /** Of the token that GitHub would issue (docs.github.com, *OpenID Connect reference*). */
  readonly claims: Readonly<Record<string, string>>;
}

export interface StepResult {
  readonly name: string;
  readonly id: string | undefined;
  /** `skipped`: its `if` did not hold. */
  readonly outcome: 'success' | 'failure' | 'skipped' | 'cancelled';
  /** Of a script: null where a signal ended it; undefined of actions. */
  readonly exit: number | null | undefined;
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** An action that the runner plays itself. Its errors fail the step. */
export type PlayedAction = (
  scene: Scene,
  inputs: Readonly<Record<string, string>>,
) => Promise<Readonly<Record<string, string>>> | Readonly<Record<string, string>>;

/** What is the same for all jobs of a run. */
export interface Stage {
  readonly github: Github;
  readonly event: GithubEvent;
  readonly run: WorkflowRun;
  readonly workflow: Workflow;
  /** More environment for every step. */
  readonly extra: Readonly<Record<string, string>>;
  /** Where `uses: trueup-dev/trueup@…` is taken from. */
  readonly actionDirectory: string;
  /** By `owner/name`, beside those that the runner knows. */
  readonly actions: ReadonlyMap<string, PlayedAction>;
  /** Answers whoever assumes a role, with environment for later steps. Throws to refuse. */
  readonly assumeRole: ((session: AwsSession) => Readonly<Record<string, string>>) | undefined;
  readonly cancel: AbortSignal | undefined;
  readonly directory: string;
}

/** A job while it runs. */
export interface Scene extends Stage {
  readonly jobId: string;
  readonly environmentName: string | undefined;
  readonly permissions: Permissions;
  readonly token: string;
  readonly files: RunnerFiles;
  /** Set for all later steps: by GITHUB_ENV and by actions. */
  readonly variables: Map<string, string>;
  /** What GITHUB_PATH put in front, the last first. */
  readonly searchPath: string[];
  readonly sessions: AwsSession[];
  /** In their order, those inside a composite action too. */
  readonly steps: StepResult[];
  /** Of the step that is running. */
  log: string;
  status: Status;
  readonly needs: Readonly<Record<string, unknown>>;
  /** Of the job and the workflow, evaluated. */
  readonly env: Readonly<Record<string, string>>;
}

/** Contexts that a step's expressions see. @param own of the step or of the composite action that it stands in */
export function scopeOf(scene: Scene, own: Readonly<Record<string, unknown>>): Scope {
  return { status: scene.status, contexts: { ...contextsOf(scene), ...own } };
}

function contextsOf(scene: Scene): Readonly<Record<string, unknown>> {
  const { files, token, jobId, status, needs, env, variables } = scene;
  return {
    github: { ...githubContext(scene), token, job: jobId, workspace: files.workspace, event_path: files.event },
    runner: { os: 'Linux', arch: 'X64', name: 'GitHub Actions 1', environment: 'github-hosted', temp: files.temp },
    job: { status },
    needs,
    env: { ...env, ...Object.fromEntries(variables) },
    secrets: { GITHUB_TOKEN: token },
    vars: {},
  };
}

/** What of the `github` context is known before any job runs. */
export function githubContext({ github, event, run, workflow }: Stage): Readonly<Record<string, unknown>> {
  const { state, repository, url } = github;
  return {
    actor: event.actor.login,
    actor_id: String(event.actor.id),
    api_url: url,
    base_ref: event.pull?.pull.baseBranch ?? '',
    event: event.payload,
    event_name: event.name,
    head_ref: event.pull?.pull.headBranch ?? '',
    ref: event.ref,
    ref_name: event.ref.replace(/^refs\/(?:heads|tags|pull)\//, ''),
    repository,
    repository_id: String(state.id),
    repository_owner: state.owner.login,
    repository_owner_id: String(state.owner.id),
    run_attempt: String(run.attempt),
    run_id: String(run.id),
    run_number: String(run.number),
    server_url: 'https://github.com',
    sha: event.sha,
    triggering_actor: event.actor.login,
    workflow: workflow.name ?? run.path,
    workflow_ref: `${repository}/${run.path}@${event.ref}`,
    workflow_sha: event.sha,
  };
}
