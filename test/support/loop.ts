import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openGithubRun } from '../../src/cli/github-run.ts';
import type { GithubRun } from '../../src/cli/github-run.ts';
import { exitOfPlan } from '../../src/cli/exit-codes.ts';
import { openPullRequestRun } from '../../src/cli/pull-request-run.ts';
import type { PullRequestFlags } from '../../src/cli/pull-request-run.ts';
import { tellReviewers } from '../../src/cli/reviewers.ts';
import { openEmbedded } from '../../src/embedded/index.ts';
import type { EmbeddedAccount } from '../../src/embedded/index.ts';
import type { Clock, Plan, ValidateResult } from '../../src/engine/types.ts';
import { applyReviewed } from '../../src/operations/github/apply-reviewed.ts';
import type { ReviewedApply } from '../../src/operations/github/apply-reviewed.ts';
import { offlinePlan, plan } from '../../src/operations/plan.ts';
import { loadConfig } from '../../src/operations/project.ts';
import type { Project } from '../../src/operations/project.ts';
import { renderJson, toPlanJson } from '../../src/report/json.ts';
import { DESK_SETTINGS } from './cli-process.ts';
import { stepEnvironment } from './github/environment.ts';
import { pullRequestTarget, push } from './github/events.ts';
import type { GithubEvent, PullAction } from './github/events.ts';
import type { Files } from './github/git.ts';
import { openGithub } from './github/index.ts';
import type { Github, GithubOptions } from './github/index.ts';
import type { Artifact } from './github/types.ts';

interface PlanOptions {
  readonly action?: PullAction;
  readonly label?: string;
  /** The event as it was; default: one of now. */
  readonly event?: GithubEvent;
  readonly flags?: Partial<PullRequestFlags>;
}

export interface PlanStep {
  /** Undefined: the configuration is not valid. */
  readonly plan: Plan | undefined;
  readonly result: ValidateResult;
  readonly exit: number;
  /** Where it ended well. */
  readonly artifact?: Artifact;
}

/** A repository on a fake GitHub, an embedded account in memory, and what the steps of its workflows do, without processes. */
export interface Loop {
  readonly github: Github;
  readonly account: EmbeddedAccount;
  /** What was said on stderr. */
  readonly notes: string[];
  /** `plan --head --comment`, as plan.yml runs it; where it ends well, its artefact is kept. */
  plan(pull: number, options?: PlanOptions): Promise<PlanStep>;
  /** `apply --reviewed` in a checkout of the tip, as apply.yml runs it. */
  apply(options?: { readonly event?: GithubEvent; readonly commit?: string }): Promise<ReviewedApply>;
  /** Calls of the account that changed something, the lease's own left out. */
  writes(): readonly string[];
  comments(pull: number): readonly string[];
  /** A clone that stands at a commit. @returns its directory */
  checkout(commit?: string): string;
}

/** Of a desk, and whatever is removed stays within bounds. */
export const SETTINGS: string = `${DESK_SETTINGS}  guards: { deletes: { percent: 100 } }
`;

/** Stops machines at an hour of the evening. */
export function scheduleOf(name: string, { off = '18:00', memory = 256 } = {}): string {
  return `apiVersion: trueup/v1
kind: InstanceSchedule
metadata: { name: ${name} }
spec:
  tagKey: Schedule-${name}
  every: rate(10 minutes)
  function: { memory: ${memory} }
  schedules:
    office:
      timezone: Europe/London
      periods: [{ days: mon-fri, on: '08:30', off: '${off}' }]
`;
}

/** GitHub's time goes on as it does; nobody waits for it. */
export function unhurriedClock(): Clock & { readonly slept: number[] } {
  let ahead = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => Date.now() + ahead,
    async sleep(milliseconds) {
      ahead += milliseconds;
      slept.push(milliseconds);
    },
  };
}

export async function openLoop(files: Files, options: Omit<GithubOptions, 'files'> = {}): Promise<Loop> {
  const directory = mkdtempSync(join(tmpdir(), 'trueup-loop-'));
  const { settings, ...more } = options;
  const github = await openGithub({
    private: true,
    ...more,
    files,
    settings: { protection: { main: {} }, ...settings },
  });
  const account = openEmbedded('memory');
  const endpoint = { kind: 'embedded', account } as const;
  const notes: string[] = [];
  const note = (text: string): void => void notes.push(text);
  let steps = 0;
  onTestFinished(async () => {
    account.close();
    await github.close();
    rmSync(directory, { recursive: true, force: true });
  });

  function checkout(commit = github.tip()): string {
    const target = join(directory, `checkout-${(steps += 1)}`);
    execFileSync('git', ['clone', '--quiet', github.git.directory, target], { stdio: 'pipe' });
    execFileSync('git', ['-C', target, 'checkout', '--quiet', '-B', 'main', commit], { stdio: 'pipe' });
    return target;
  }

  function environmentOf(event: GithubEvent): Record<string, string> {
    return stepEnvironment(github, event, join(directory, `runner-${(steps += 1)}`));
  }

  const open = (environment: NodeJS.ProcessEnv): GithubRun => openGithubRun(environment, unhurriedClock());

  async function projectAt(cwd: string, load = {}): Promise<{ project: Project | undefined; result: ValidateResult }> {
    return loadConfig(join(cwd, 'config'), { cwd, ...load });
  }

  return {
    github,
    account,
    notes,
    async plan(pull, { action = 'opened', label, event, flags } = {}) {
      const happened = event ?? pullRequestTarget(github, pull, action, label === undefined ? {} : { label });
      const cwd = checkout(happened.sha);
      const all = { config: join(cwd, 'config'), head: true, comment: true, ...flags };
      const run = await openPullRequestRun(all, note, { open, environment: environmentOf(happened), cwd });
      const { project, result } = await projectAt(cwd, run.source?.load);
      if (!project || !run.source) {
        await run.invalid(result, { comment: true });
        return { plan: undefined, result, exit: 65 };
      }
      const { pullRequest } = run.source;
      const looked = run.isOffline
        ? offlinePlan(project, { endpoint, pullRequest })
        : await plan(project, { endpoint, pullRequest });
      const made = await run.show(project, looked);
      await run.planned(made, project.settings.github);
      const exit = exitOfPlan(made, false);
      if (exit !== 0 || run.isOffline) return { plan: made, result, exit };
      const { head } = pullRequest;
      const planRun = github.putRun({
        event: 'pull_request_target',
        path: '.github/workflows/plan.yml',
        headSha: head,
      });
      const content = renderJson(toPlanJson(made, { records: false }));
      return {
        plan: made,
        result,
        exit,
        artifact: github.putArtifact({ name: `trueup-plan-${pull}-${head}`, run: planRun, content }),
      };
    },
    async apply({ event, commit } = {}) {
      const happened = event ?? push(github);
      const cwd = checkout(commit);
      const { project, result } = await projectAt(cwd);
      if (!project) throw new Error(JSON.stringify(result.errors));
      const run = open(environmentOf(happened));
      const applied = await applyReviewed(project, run.github, run.context, { endpoint, cwd });
      await tellReviewers(applied, run, note);
      if (applied.result.outcome === 'applied' || applied.result.outcome === 'nothing') {
        github.putRun({
          event: 'push',
          path: '.github/workflows/apply.yml',
          headSha: happened.sha,
          headBranch: 'main',
        });
      }
      return applied;
    },
    writes: () =>
      account
        .events()
        .filter(({ readOnly, eventSource }) => !readOnly && !/^(?:sts|s3)\./.test(eventSource))
        .map(({ eventName }) => eventName),
    comments: (pull) => [...(github.state.issues.get(pull)?.comments ?? [])].map(({ body }) => body),
    checkout,
  };
}
