import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openEmbedded } from '../../src/embedded/index.ts';
import type { EmbeddedAccount } from '../../src/embedded/index.ts';
import { CLI } from './cli-process.ts';
import { stepEnvironment } from './github/environment.ts';
import type { GithubEvent, PullAction } from './github/events.ts';
import { pullRequestTarget, push, schedule } from './github/events.ts';
import { openGithub } from './github/index.ts';
import type { Github, GithubOptions } from './github/index.ts';
import type { Files } from './github/git.ts';
import type { Artifact } from './github/types.ts';

/** One step of a workflow, ended. */
export interface Step {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Of `--format json`. @throws SyntaxError */
  json<T = Record<string, unknown>>(): T;
}

interface StepOptions {
  readonly args?: string;
  readonly env?: NodeJS.ProcessEnv;
}

interface PlanOptions extends StepOptions {
  readonly action?: PullAction;
  readonly label?: string;
  /** The event as it was; default: one of now. */
  readonly event?: GithubEvent;
}

/** A repository on a fake GitHub, an embedded account, and the steps of its workflows as processes. */
export interface Loop {
  readonly github: Github;
  /** `plan --head --comment`, as plan.yml runs it; where it ends well, its artefact is kept. */
  plan(pull: number, options?: PlanOptions): Promise<Step & { readonly artifact?: Artifact }>;
  /** `apply --reviewed` in a checkout of the tip, as apply.yml runs it. */
  apply(options?: StepOptions & { readonly event?: GithubEvent; readonly commit?: string }): Promise<Step>;
  drift(options?: StepOptions): Promise<Step>;
  /** The command line in a checkout of the tip, as a person runs it. */
  run(args: string, env?: NodeJS.ProcessEnv): Promise<Step>;
  open(): EmbeddedAccount;
  /** Calls that changed something in the account so far. */
  writes(): number;
  /** Bodies of the comments of a pull request by this tool. */
  comments(pull: number): readonly string[];
}

export const SETTINGS = `apiVersion: trueup/v1
kind: Settings
metadata: { name: estate }
spec:
  owner: acme-network
  accounts: { prod: { id: '111122223333' } }
  defaultAccount: prod
  defaultRegion: eu-west-1
  permissionsBoundary: trueup-boundary
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

export async function openLoop(files: Files, options: Omit<GithubOptions, 'files'> = {}): Promise<Loop> {
  const directory = mkdtempSync(join(tmpdir(), 'trueup-loop-'));
  const { settings, ...more } = options;
  const github = await openGithub({
    private: true,
    ...more,
    files,
    settings: { protection: { main: {} }, ...settings },
  });
  const file = join(directory, 'account.json');
  let steps = 0;
  onTestFinished(async () => {
    await github.close();
    rmSync(directory, { recursive: true, force: true });
  });

  function checkout(commit: string): string {
    const target = join(directory, `checkout-${(steps += 1)}`);
    execFileSync('git', ['clone', '--quiet', github.git.directory, target], { stdio: 'pipe' });
    execFileSync('git', ['-C', target, 'checkout', '--quiet', '-B', 'main', commit], { stdio: 'pipe' });
    return target;
  }

  function start(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Step> {
    const child = spawn(process.execPath, [CLI, ...args], {
      cwd,
      env: {
        PATH: process.env['PATH'],
        HOME: directory,
        LC_ALL: 'C.UTF-8',
        NO_COLOR: '1',
        TRUEUP_ENDPOINT: `embedded:${file}`,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    return new Promise((resolve) => {
      child.on('close', (exit) => resolve({ exit, stdout, stderr, json: <T>() => JSON.parse(stdout) as T }));
    });
  }

  function environmentOf(event: GithubEvent): Record<string, string> {
    return stepEnvironment(github, event, join(directory, `runner-${(steps += 1)}`));
  }

  const split = (args = ''): readonly string[] => args.split(' ').filter(Boolean);

  return {
    github,
    async plan(pull, { action = 'opened', label, event, args, env } = {}) {
      const happened = event ?? pullRequestTarget(github, pull, action, label === undefined ? {} : { label });
      const environment = environmentOf(happened);
      const out = join(environment['RUNNER_TEMP'] ?? directory, 'plan.json');
      const head = (happened.payload as { pull_request: { head: { sha: string } } }).pull_request.head.sha;
      const flags = ['plan', '--head', '--comment', '--out', out, '--format', 'json', ...split(args)];
      const step = await start(checkout(happened.sha), flags, { ...environment, ...env });
      if (step.exit !== 0) return step;
      const run = github.putRun({ event: 'pull_request_target', path: '.github/workflows/plan.yml', headSha: head });
      const artifact = github.putArtifact({
        name: `trueup-plan-${pull}-${head}`,
        run,
        content: readFileSync(out, 'utf8'),
      });
      return { ...step, artifact };
    },
    async apply({ event, commit, args, env } = {}) {
      const happened = event ?? push(github);
      const flags = ['apply', '--reviewed', '--format', 'json', ...split(args)];
      const environment = environmentOf(happened);
      const step = await start(checkout(commit ?? github.tip()), flags, { ...environment, ...env });
      if (step.exit === 0) {
        github.putRun({
          event: 'push',
          path: '.github/workflows/apply.yml',
          headSha: happened.sha,
          headBranch: 'main',
        });
      }
      return step;
    },
    drift({ args, env } = {}) {
      const environment = environmentOf(schedule(github));
      return start(checkout(github.tip()), ['drift', '--issue', '--format', 'json', ...split(args)], {
        ...environment,
        ...env,
      });
    },
    run: (args, env = {}) => start(checkout(github.tip()), split(args), env),
    open: () => openEmbedded(file),
    writes() {
      const account = openEmbedded(file);
      const count = account
        .events()
        .filter(({ readOnly, eventSource }) => !readOnly && !eventSource.startsWith('sts')).length;
      account.close();
      return count;
    },
    comments(pull) {
      return [...(github.state.issues.get(pull)?.comments ?? [])].map(({ body }) => body);
    },
  };
}
