import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { GithubEvent } from '../github/events.ts';
import type { Github } from '../github/index.ts';
import type { WorkflowRun } from '../github/types.ts';
import { runJob } from './job.ts';
import type { JobResult } from './job.ts';
import type { AwsSession, PlayedAction, Stage } from './scene.ts';
import { isTriggered } from './triggers.ts';
import { readWorkflow } from './workflow.ts';

export interface RunnerOptions {
  /** More environment for every step, such as TRUEUP_ENDPOINT. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where `uses: trueup-dev/trueup@…` is taken from; default: this checkout. */
  readonly actionDirectory?: string;
  /** More actions by `owner/name`. */
  readonly actions?: ReadonlyMap<string, PlayedAction>;
  /** Answers whoever assumes a role, with environment for later steps. Throws to refuse. */
  readonly assumeRole?: (session: AwsSession) => Readonly<Record<string, string>>;
  /** Cancels the run: SIGINT to the process of the step, and later worse. */
  readonly cancel?: AbortSignal;
  /** What the API says to be the head of a run of `pull_request_target`; default: that of the pull request. */
  readonly targetHead?: 'pull' | 'default';
}

export interface RunResult {
  readonly run: WorkflowRun;
  /** `.github/workflows/plan.yml`. */
  readonly path: string;
  readonly event: GithubEvent;
  readonly conclusion: WorkflowRun['conclusion'];
  /** In the order in which they ran. */
  readonly jobs: Readonly<Record<string, JobResult>>;
}

const CHECKOUT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
const WORKFLOWS = '.github/workflows';

/** Runs every workflow of the repository that the event starts, as the files stand at the commit of the event. */
export async function dispatch(
  github: Github,
  event: GithubEvent,
  options: RunnerOptions = {},
): Promise<readonly RunResult[]> {
  const results: RunResult[] = [];
  const listed = github.git.git(['ls-tree', '--name-only', event.sha, `${WORKFLOWS}/`]).split('\n');
  for (const path of listed.filter((name) => /\.ya?ml$/.test(name))) {
    if (!isTriggered(readWorkflow(github.git.git(['show', `${event.sha}:${path}`])), event)) continue;
    results.push(await runWorkflow(github, event, path, options));
  }
  return results;
}

/** Runs one workflow for the event, whether the event starts it or not. */
export async function runWorkflow(
  github: Github,
  event: GithubEvent,
  path: string,
  options: RunnerOptions = {},
): Promise<RunResult> {
  const { headSha, headBranch, headOwner } = headOf(github, event, options);
  const actor = event.actor.login;
  const run = github.putRun({ event: event.name, path, headSha, headBranch, headOwner, actor, conclusion: null });
  return await attempt(github, event, run, options);
}

/** The same event once more, at the same commit: what the button *Re-run all jobs* does. */
export async function rerun(github: Github, before: RunResult, options: RunnerOptions = {}): Promise<RunResult> {
  before.run.attempt += 1;
  github.endRun(before.run, null);
  return await attempt(github, before.event, before.run, options);
}

async function attempt(
  github: Github,
  event: GithubEvent,
  run: WorkflowRun,
  options: RunnerOptions,
): Promise<RunResult> {
  const directory = mkdtempSync(join(tmpdir(), 'trueup-runner-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const workflow = readWorkflow(github.git.git(['show', `${event.sha}:${run.path}`]));
  const stage: Stage = {
    github,
    event,
    run,
    workflow,
    extra: options.env ?? {},
    actionDirectory: options.actionDirectory ?? CHECKOUT,
    actions: options.actions ?? new Map(),
    assumeRole: options.assumeRole,
    cancel: options.cancel,
    directory,
  };
  const jobs: Record<string, JobResult> = {};
  const waiting = new Map(Object.entries(workflow.jobs));
  while (waiting.size > 0) {
    const ready = [...waiting].find(([, { needs = [] }]) => [needs].flat().every((name) => jobs[name]));
    if (!ready) throw new Error(`the jobs ${[...waiting.keys()].join(', ')} need each other, or one that is not there`);
    const [id, job] = ready;
    waiting.delete(id);
    jobs[id] = await runJob(stage, id, job, jobs);
  }
  const conclusion = conclusionOf(Object.values(jobs));
  github.endRun(run, conclusion);
  return { run, path: run.path, event, conclusion, jobs };
}

function conclusionOf(jobs: readonly JobResult[]): WorkflowRun['conclusion'] {
  const has = (conclusion: JobResult['conclusion']): boolean => jobs.some((job) => job.conclusion === conclusion);
  if (has('cancelled')) return 'cancelled';
  if (has('failure')) return 'failure';
  return has('success') ? 'success' : 'skipped';
}

function headOf(github: Github, event: GithubEvent, { targetHead = 'pull' }: RunnerOptions) {
  const { pull } = event;
  const isPulls = pull !== undefined && (event.name === 'pull_request' || targetHead === 'pull');
  if (isPulls) return { headSha: pull.pull.headSha, headBranch: pull.pull.headBranch, headOwner: pull.pull.headOwner };
  const headBranch = event.ref.replace(/^refs\/heads\//, '');
  return { headSha: event.sha, headBranch, headOwner: github.state.owner.login };
}
