import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LambdaClient, ListFunctionsCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { expect, onTestFinished } from 'vitest';
import { openEmbedded } from '../../src/embedded/index.ts';
import type { EmbeddedAccount } from '../../src/embedded/index.ts';
import { pullRequestTarget, push, schedule } from './github/events.ts';
import type { PullAction } from './github/events.ts';
import { openGithub } from './github/index.ts';
import type { Github, GithubOptions } from './github/index.ts';
import { SETTINGS } from './loop.ts';
import { runWorkflow } from './runner/index.ts';
import type { RunResult } from './runner/index.ts';

const ROOT = new URL('../..', import.meta.url).pathname;

function workflow(name: string): string {
  return readFileSync(join(ROOT, `.github/workflows/${name}.yml`), 'utf8');
}

/** Our workflows as they stand, on a fake GitHub and an embedded account in a file. */
export interface Stage {
  readonly github: Github;
  planned(pull: number, action?: PullAction): Promise<RunResult>;
  applied(): Promise<RunResult>;
  looked(): Promise<RunResult>;
  /** The comment of a pull request, which is the only one. */
  comment(pull: number): string;
  /** The one drift issue. */
  issue(): { readonly number: number; readonly state: string; readonly body: string };
  /** Works on the account as its administrator. */
  within<Result>(work: (account: EmbeddedAccount) => Promise<Result>): Promise<Result>;
  /** Somebody changes a function by hand. */
  tamper(memory: number): Promise<void>;
}

/** @param settings further lines of the spec of Settings */
export async function openStage({
  settings = '',
  ...options
}: Omit<GithubOptions, 'files' | 'settings'> & { readonly settings?: string } = {}): Promise<Stage> {
  const directory = mkdtempSync(join(tmpdir(), 'trueup-story-'));
  const github = await openGithub({
    private: true,
    ...options,
    files: {
      'config/settings.yaml': `${SETTINGS}${settings}`,
      '.github/workflows/plan.yml': workflow('plan'),
      '.github/workflows/apply.yml': workflow('apply'),
      '.github/workflows/drift.yml': workflow('drift'),
    },
    settings: { protection: { main: {} } },
  });
  onTestFinished(async () => {
    await github.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const file = join(directory, 'account.json');
  const runner = { env: { TRUEUP_ENDPOINT: `embedded:${file}`, NO_COLOR: '1' } };
  return {
    github,
    planned: (pull, action = 'opened') =>
      runWorkflow(github, pullRequestTarget(github, pull, action), '.github/workflows/plan.yml', runner),
    applied: () => runWorkflow(github, push(github), '.github/workflows/apply.yml', runner),
    looked: () => runWorkflow(github, schedule(github), '.github/workflows/drift.yml', runner),
    comment(pull) {
      const comments = (github.state.issues.get(pull)?.comments ?? []).map(({ body }) => body);
      expect(comments).toHaveLength(1);
      return comments[0] ?? '';
    },
    issue() {
      const issues = [...github.state.issues.values()].filter(({ pull, labels }) => !pull && labels.includes('drift'));
      expect(issues).toHaveLength(1);
      const [{ number, state, body }] = issues as [(typeof issues)[0]];
      return { number, state, body: body ?? '' };
    },
    within,
    tamper: (memory) =>
      within(async (account) => {
        const lambda = account.client(LambdaClient, { region: 'eu-west-1' });
        const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
        const FunctionName = Functions.map(({ FunctionName: name = '' }) => name).find((name) => name.startsWith('a-'));
        await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, MemorySize: memory }));
      }),
  };

  async function within<Result>(work: (account: EmbeddedAccount) => Promise<Result>): Promise<Result> {
    const account = openEmbedded(file);
    try {
      return await work(account);
    } finally {
      account.close();
    }
  }
}

export function expectSuccess({ conclusion, jobs }: RunResult): void {
  const logs = Object.values(jobs)
    .map(({ log }) => log)
    .join('\n');
  if (conclusion !== 'success') throw new Error(logs);
  expect(conclusion).toBe('success');
}
