import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { CLI } from '../support/cli-process.ts';
import { stepEnvironment } from '../support/github/environment.ts';
import type { GithubEvent } from '../support/github/events.ts';
import type { Files } from '../support/github/git.ts';
import { openGithub } from '../support/github/index.ts';
import type { Github } from '../support/github/index.ts';
import { readCommandFile } from '../support/runner/command-files.ts';
import { SETTINGS } from '../support/loop.ts';

/** What a step of a workflow left behind. */
export interface Step {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** What was written to GITHUB_ENV and GITHUB_PATH. */
  readonly environment: string;
  readonly path: string;
}

export interface Workshop {
  readonly github: Github;
  /** A shallow checkout of the default branch, as actions/checkout makes it. */
  readonly checkout: string;
  /** An empty directory beside it, such as RUNNER_TEMP. */
  readonly temp: string;
  /** Runs the built command line as a step of a job, with an embedded account in a file. */
  step(event: GithubEvent, args: readonly string[], environment?: NodeJS.ProcessEnv): Promise<Step>;
}

/** A repository on a fake GitHub and a runner's directories. */
export async function openWorkshop(files: Files = { 'config/settings.yaml': SETTINGS }): Promise<Workshop> {
  const github = await openGithub({ private: true, files, settings: { protection: { main: {} } } });
  const temp = mkdtempSync(join(tmpdir(), 'trueup-step-'));
  const checkout = join(temp, 'checkout');
  const source = `file://${github.git.directory}`;
  execFileSync('git', ['clone', '--quiet', '--depth', '1', '--branch', 'main', source, checkout], { stdio: 'pipe' });
  onTestFinished(async () => {
    await github.close();
    rmSync(temp, { recursive: true, force: true });
  });
  let steps = 0;
  return {
    github,
    checkout,
    temp,
    async step(event, args, more = {}) {
      const variables = stepEnvironment(github, event, join(temp, `runner-${(steps += 1)}`));
      const env = {
        PATH: process.env['PATH'],
        HOME: join(temp, 'home'),
        LC_ALL: 'C.UTF-8',
        TRUEUP_ENDPOINT: `embedded:${join(temp, 'account.json')}`,
        ...variables,
        ...more,
      };
      const { exit, stdout, stderr } = await ended(args, { cwd: checkout, env });
      const read = (name: string): string => readFileSync(variables[name] ?? '', 'utf8');
      return {
        exit,
        stdout,
        stderr,
        summary: read('GITHUB_STEP_SUMMARY'),
        outputs: readCommandFile(read('GITHUB_OUTPUT')),
        environment: read('GITHUB_ENV'),
        path: read('GITHUB_PATH'),
      };
    },
  };
}

async function ended(
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Pick<Step, 'exit' | 'stdout' | 'stderr'>> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [CLI, ...args], {
      ...options,
      maxBuffer: 64 << 20,
    });
    return { exit: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { exit: code, stdout, stderr };
  }
}

/** Every file below a directory with a hash of its content; links as they are, git's index left out. */
export function snapshot(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && entry.name !== 'index')
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const content = entry.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'no file';
      return `${relative(directory, path)} ${content}`;
    })
    .sort();
}
