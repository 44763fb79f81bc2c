import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LambdaClient, ListFunctionsCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openEmbedded } from '../../src/embedded/index.ts';
import { pullRequestTarget, push, schedule } from '../support/github/events.ts';
import type { PullAction } from '../support/github/events.ts';
import { openGithub } from '../support/github/index.ts';
import type { Github } from '../support/github/index.ts';
import { SETTINGS, scheduleOf } from '../support/loop.ts';
import { runWorkflow } from '../support/runner/index.ts';
import type { RunResult } from '../support/runner/index.ts';

const DAY = 24 * 3_600_000;
const A = 'config/a.yaml';
const B = 'config/b.yaml';
const ROOT = new URL('../..', import.meta.url).pathname;

function workflow(name: string): string {
  return readFileSync(join(ROOT, `.github/workflows/${name}.yml`), 'utf8');
}

interface Stage {
  readonly github: Github;
  planned(pull: number, action?: PullAction): Promise<RunResult>;
  applied(): Promise<RunResult>;
  looked(): Promise<RunResult>;
  /** The comment of a pull request, which is the only one. */
  comment(pull: number): string;
  /** The one drift issue. */
  issue(): { readonly number: number; readonly state: string; readonly body: string };
  /** Somebody changes a function by hand. */
  tamper(memory: number): Promise<void>;
}

async function openStage(): Promise<Stage> {
  const directory = mkdtempSync(join(tmpdir(), 'trueup-story-'));
  const github = await openGithub({
    private: true,
    files: {
      'config/settings.yaml': SETTINGS,
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
  const options = { env: { TRUEUP_ENDPOINT: `embedded:${file}`, NO_COLOR: '1' } };
  return {
    github,
    planned: (pull, action = 'opened') =>
      runWorkflow(github, pullRequestTarget(github, pull, action), '.github/workflows/plan.yml', options),
    applied: () => runWorkflow(github, push(github), '.github/workflows/apply.yml', options),
    looked: () => runWorkflow(github, schedule(github), '.github/workflows/drift.yml', options),
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
    async tamper(memory) {
      const account = openEmbedded(file);
      const lambda = account.client(LambdaClient, { region: 'eu-west-1' });
      const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
      const FunctionName = Functions.map(({ FunctionName: name = '' }) => name).find((name) => name.startsWith('a-'));
      await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, MemorySize: memory }));
      account.close();
    },
  };
}

function expectSuccess({ conclusion, jobs }: RunResult): void {
  const logs = Object.values(jobs)
    .map(({ log }) => log)
    .join('\n');
  expect(conclusion, logs).toBe('success');
}

describe('the whole story, by the workflows as they stand', () => {
  it('plans, applies, refuses, plans again, explains drift, heals', { timeout: 600_000 }, async () => {
    const stage = await openStage();
    const { github } = stage;

    // A pull request is opened: one comment. Pushed again: the same comment says something else.
    const first = github.openPull({ files: { [A]: scheduleOf('a') } }).number;
    expectSuccess(await stage.planned(first));
    const before = stage.comment(first);
    expect(before).toContain('InstanceSchedule/a');
    github.pushTo(first, { [B]: scheduleOf('b') });
    expectSuccess(await stage.planned(first, 'synchronize'));
    expect(stage.comment(first)).toContain('InstanceSchedule/b');
    expect(stage.comment(first)).not.toBe(before);
    github.merge(first);
    expectSuccess(await stage.applied());
    expect(stage.comment(first)).toMatch(/applied .*: (\d+) of \1, re-plan empty/);

    // Two of the same object: the other one is merged first.
    const slow = github.openPull({ files: { [A]: scheduleOf('a', { memory: 512 }) } }).number;
    const quick = github.openPull({ files: { [A]: scheduleOf('a', { off: '17:00' }) } }).number;
    expectSuccess(await stage.planned(slow));
    expectSuccess(await stage.planned(quick));
    github.merge(quick);
    expectSuccess(await stage.applied());
    expect(stage.comment(slow)).toContain(`out of date: #${quick} changed`);
    github.merge(slow);
    const refused = await stage.applied();
    expect(refused.conclusion).toBe('failure');
    expect(refused.jobs['apply']?.annotations).toContainEqual(
      expect.objectContaining({ message: 'Process completed with exit code 3.' }),
    );
    expect(stage.comment(slow)).toMatch(/refused .* UTC, the world is not as reviewed/);
    expect(stage.comment(slow)).toContain('another than the reviewed one');
    expect(stage.comment(slow)).toContain(`pull request ${quick} (`);

    // Planned again, merged, applied exactly.
    const again = github.openPull({
      files: { [A]: `# again\n${scheduleOf('a', { memory: 512, off: '17:00' })}` },
    }).number;
    expectSuccess(await stage.planned(again));
    expect(stage.comment(again)).toMatch(/MemorySize +256 → 512/);
    github.merge(again, 'squash');
    expectSuccess(await stage.applied());
    expect(stage.comment(again)).toMatch(/applied .*: 1 of 1, re-plan empty/);

    // Somebody changes it behind our back.
    expectSuccess(await stage.looked());
    expect([...github.state.issues.values()].filter(({ pull }) => !pull)).toEqual([]);
    await stage.tamper(1024);
    expectSuccess(await stage.looked());
    const opened = stage.issue();
    expect(opened.state).toBe('open');
    expect(opened.body).toMatch(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/);
    expect(opened.body).toContain('UpdateFunctionConfiguration');
    expect(opened.body).toContain('exact');
    expect(opened.body).toMatch(/MemorySize +wanted 512 +found 1024/);

    // Healed by a pull request that touches the file; a disjoint one is merged at the same time.
    const heal = github.openPull({
      files: { [A]: `# heal\n${scheduleOf('a', { memory: 512, off: '17:00' })}` },
    }).number;
    const disjoint = github.openPull({ files: { [B]: scheduleOf('b', { memory: 512 }) } }).number;
    expectSuccess(await stage.planned(heal));
    expect(stage.comment(heal)).toMatch(/MemorySize +1024 → 512/);
    expectSuccess(await stage.planned(disjoint));
    github.merge(heal, 'rebase');
    github.merge(disjoint);
    expectSuccess(await stage.applied());
    expect(stage.comment(heal)).toMatch(/applied .*: 1 of 1, re-plan empty/);
    expect(stage.comment(disjoint)).toMatch(/applied .*: 1 of 1, re-plan empty/);
    expectSuccess(await stage.looked());
    expect(stage.issue()).toMatchObject({ number: opened.number, state: 'closed' });

    // Again within a week: the same issue is taken up.
    github.setTime(github.now() + 3 * DAY);
    await stage.tamper(2048);
    expectSuccess(await stage.looked());
    expect(stage.issue()).toMatchObject({ number: opened.number, state: 'open' });
    expect(stage.issue().body).toContain('found 2048');
  });
});
