import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createRunnerFiles } from '../github/environment.ts';
import type { Permissions } from '../github/types.ts';
import type { Github } from '../github/index.ts';
import { annotationsOf } from './annotations.ts';
import type { Annotation } from './annotations.ts';
import { holds, interpolate } from './expressions/index.ts';
import type { Scope, Status } from './expressions/index.ts';
import { permissionsOf } from './permissions.ts';
import { githubContext, scopeOf } from './scene.ts';
import type { AwsSession, Scene, Stage, StepResult } from './scene.ts';
import { runSteps, textsOf } from './steps.ts';
import { matches } from './triggers.ts';
import type { Job } from './workflow.ts';

export interface JobResult {
  readonly id: string;
  readonly conclusion: Status | 'skipped';
  readonly steps: readonly StepResult[];
  /** Of all steps. */
  readonly log: string;
  readonly summary: string;
  readonly annotations: readonly Annotation[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly permissions: Permissions;
  readonly environment: string | undefined;
  /** Group of the job, or else of the workflow. */
  readonly concurrency: string | undefined;
  readonly sessions: readonly AwsSession[];
  /** Of the checkout and of RUNNER_TEMP, which are left for tests to look at. */
  readonly workspace: string;
  readonly temp: string;
}

const NOTHING = { steps: [], log: '', summary: '', annotations: [], outputs: {}, sessions: [] } as const;

/** Runs a job, or skips it. @param done the jobs that ran before it, by id */
export async function runJob(
  stage: Stage,
  id: string,
  job: Job,
  done: Readonly<Record<string, JobResult>>,
): Promise<JobResult> {
  const { github, event, workflow } = stage;
  const needed = [job.needs ?? []].flat();
  const needs = Object.fromEntries(
    needed.map((name) => [name, { result: done[name]!.conclusion, outputs: done[name]!.outputs }]),
  );
  const early: Scope = {
    status: statusOf(needed.map((name) => done[name]!.conclusion)),
    contexts: { github: githubContext(stage), needs, vars: {}, inputs: {} },
  };
  const permissions = permissionsOf(github, workflow, job, event);
  const directory = join(stage.directory, id);
  const files = createRunnerFiles(directory, event);
  const group = job.concurrency ?? workflow.concurrency;
  const base = {
    id,
    permissions,
    environment: environmentOf(job, early),
    concurrency: group === undefined ? undefined : interpolate(typeof group === 'string' ? group : group.group, early),
    workspace: files.workspace,
    temp: files.temp,
  };
  if (!holds(job.if, early)) return { ...base, ...NOTHING, conclusion: 'skipped' };
  const refusal = refusalOf(github, base.environment, event.ref);
  if (refusal !== undefined) {
    const annotations = [{ level: 'error', message: refusal, properties: {} }] as const;
    return { ...base, ...NOTHING, annotations, conclusion: 'failure' };
  }
  mkdirSync(join(directory, 'home'));
  const token = github.jobToken(permissions);
  const scene: Scene = {
    ...stage,
    directory,
    jobId: id,
    environmentName: base.environment,
    permissions,
    token,
    files,
    variables: new Map(),
    searchPath: [],
    sessions: [],
    steps: [],
    log: '',
    status: 'success',
    needs,
    env: textsOf({ ...workflow.env, ...job.env }, (text) => interpolate(text, early)),
  };
  const byId = await runSteps(scene, job.steps);
  github.revoke(token);
  const scope = scopeOf(scene, { steps: byId });
  const log = scene.steps.map((step) => step.log).join('');
  return {
    ...base,
    conclusion: scene.status,
    steps: scene.steps,
    log,
    summary: scene.steps.map(({ summary }) => summary).join(''),
    annotations: annotationsOf(log),
    outputs: textsOf(job.outputs ?? {}, (text) => interpolate(text, scope)),
    sessions: scene.sessions,
  };
}

/** How the jobs went that a job needs: the worst of them counts. */
function statusOf(conclusions: readonly JobResult['conclusion'][]): Scope['status'] {
  const worst = (['cancelled', 'failure', 'skipped'] as const).find((one) => conclusions.includes(one));
  return worst ?? 'success';
}

function environmentOf({ environment }: Job, scope: Scope): string | undefined {
  if (environment === undefined) return undefined;
  return interpolate(typeof environment === 'string' ? environment : environment.name, scope);
}

/** Why the rules of an environment keep a job away from it; undefined: they do not, or there are none. */
function refusalOf({ state }: Github, name: string | undefined, ref: string): string | undefined {
  if (name === undefined) return undefined;
  const environment = state.settings.environments[name];
  if (!environment?.branchPolicy) return undefined;
  const [, kind, text = ''] = /^refs\/(heads|tags)\/(.*)$/.exec(ref) ?? [];
  const type = kind === 'tags' ? 'tag' : 'branch';
  const isAllowed = environment.branchPolicy.protected_branches
    ? type === 'branch' && state.settings.protection[text] !== undefined
    : kind !== undefined && environment.branches.some((one) => one.type === type && matches(one.name, text));
  if (isAllowed) return undefined;
  return `Branch "${text || ref}" is not allowed to deploy to ${name} due to environment protection rules.`;
}
