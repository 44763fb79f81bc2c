import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GithubEvent } from './events.ts';
import type { Github } from './index.ts';
import type { WorkflowRun } from './types.ts';

export interface RunnerFiles {
  /** The event's file. */
  readonly event: string;
  readonly summary: string;
  readonly output: string;
  readonly environment: string;
  readonly path: string;
  /** RUNNER_TEMP. */
  readonly temp: string;
  /** GITHUB_WORKSPACE. */
  readonly workspace: string;
}

/** Makes the files that a runner hands to a step, empty. */
export function createRunnerFiles(directory: string, event: GithubEvent): RunnerFiles {
  const commands = join(directory, 'commands');
  const files: RunnerFiles = {
    event: join(directory, 'event.json'),
    summary: join(commands, 'summary.md'),
    output: join(commands, 'output'),
    environment: join(commands, 'env'),
    path: join(commands, 'path'),
    temp: join(directory, 'temp'),
    workspace: join(directory, 'workspace'),
  };
  for (const each of [commands, files.temp, files.workspace]) mkdirSync(each, { recursive: true });
  for (const each of [files.summary, files.output, files.environment, files.path]) writeFileSync(each, '');
  writeFileSync(files.event, JSON.stringify(event.payload));
  return files;
}

/** The default variables of a runner (docs.github.com, *Variables reference*); the token is none of them. */
export function defaultVariables(
  github: Github,
  event: GithubEvent,
  files: RunnerFiles,
  run: Pick<WorkflowRun, 'id' | 'number' | 'attempt' | 'path'>,
): Record<string, string> {
  const { state, repository, url } = github;
  const branch = event.ref.replace(/^refs\/(?:heads|tags|pull)\//, '');
  return {
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTOR: event.actor.login,
    GITHUB_ACTOR_ID: String(event.actor.id),
    GITHUB_API_URL: url,
    GITHUB_BASE_REF: event.pull?.pull.baseBranch ?? '',
    GITHUB_ENV: files.environment,
    GITHUB_EVENT_NAME: event.name,
    GITHUB_EVENT_PATH: files.event,
    GITHUB_GRAPHQL_URL: `${url}/graphql`,
    GITHUB_HEAD_REF: event.pull?.pull.headBranch ?? '',
    GITHUB_OUTPUT: files.output,
    GITHUB_PATH: files.path,
    GITHUB_REF: event.ref,
    GITHUB_REF_NAME: branch,
    GITHUB_REF_PROTECTED: String(state.settings.protection[branch] !== undefined),
    GITHUB_REF_TYPE: event.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    GITHUB_REPOSITORY: repository,
    GITHUB_REPOSITORY_ID: String(state.id),
    GITHUB_REPOSITORY_OWNER: state.owner.login,
    GITHUB_REPOSITORY_OWNER_ID: String(state.owner.id),
    GITHUB_RETENTION_DAYS: '90',
    GITHUB_RUN_ATTEMPT: String(run.attempt),
    GITHUB_RUN_ID: String(run.id),
    GITHUB_RUN_NUMBER: String(run.number),
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: event.sha,
    GITHUB_STEP_SUMMARY: files.summary,
    GITHUB_TRIGGERING_ACTOR: event.actor.login,
    GITHUB_WORKFLOW_REF: `${repository}/${run.path}@${event.ref}`,
    GITHUB_WORKFLOW_SHA: event.sha,
    GITHUB_WORKSPACE: files.workspace,
    RUNNER_ARCH: 'X64',
    RUNNER_ENVIRONMENT: 'github-hosted',
    RUNNER_NAME: 'GitHub Actions 1',
    RUNNER_OS: 'Linux',
    RUNNER_TEMP: files.temp,
  };
}

/**
 * All that a step of ours reads, with the fake's own token, for tests that start trueup without a workflow.
 * @param directory the files of the runner go there
 */
export function stepEnvironment(github: Github, event: GithubEvent, directory: string): Record<string, string> {
  const run = github.putRun({ event: event.name, path: pathOf(event), headSha: event.sha, conclusion: null });
  const files = createRunnerFiles(directory, event);
  return { ...defaultVariables(github, event, files, run), GITHUB_TOKEN: github.token };
}

function pathOf({ name }: GithubEvent): string {
  const file = name === 'push' ? 'apply' : name === 'schedule' ? 'drift' : 'plan';
  return `.github/workflows/${file}.yml`;
}
