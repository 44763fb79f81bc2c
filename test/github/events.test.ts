import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stepEnvironment } from '../support/github/environment.ts';
import { pullRequest, pullRequestTarget, push, schedule, workflowDispatch } from '../support/github/events.ts';
import { openGithub } from '../support/github/index.ts';
import type { Github } from '../support/github/index.ts';

async function open(): Promise<Github> {
  const github = await openGithub({ files: { 'config/a.yaml': 'a: 1\n' } });
  onTestFinished(() => github.close());
  return github;
}

describe('events', () => {
  it('of a pull request run on the tip of the default branch, and name head and base', async () => {
    const github = await open();
    const { number } = github.openPull({ files: { 'config/b.yaml': 'b' }, by: 'bob' });
    const before = github.pull(number).pull.headSha;
    const after = github.pushTo(number, { 'config/b.yaml': 'c' });
    const tip = github.push({ 'config/a.yaml': 'a: 2\n' });
    expect(pullRequestTarget(github, number, 'synchronize', { before })).toMatchObject({
      sha: tip,
      ref: 'refs/heads/main',
      payload: {
        action: 'synchronize',
        before,
        after,
        pull_request: { head: { sha: after }, base: { ref: 'main', sha: github.git.resolve(`${tip}^`) } },
        sender: { login: 'bob' },
      },
    });
  });

  it('say who labelled what', async () => {
    const github = await open();
    const { number } = github.openPull({ fork: 'mallory', files: { a: '1' } });
    const { payload } = pullRequestTarget(github, number, 'labeled', { label: 'trueup:plan', by: 'root' });
    expect(payload).toMatchObject({ label: { name: 'trueup:plan' }, sender: { login: 'root' } });
    const { head } = (payload as { pull_request: { head: { repo: { id: number } } } }).pull_request;
    expect(head.repo.id).not.toBe(github.state.id);
  });

  it('do not change with what happens later', async () => {
    const github = await open();
    const { number, pull } = github.openPull({ files: { a: '1' } });
    const { headSha } = pull;
    const event = pullRequestTarget(github, number, 'opened');
    github.pushTo(number, { a: '2' });
    expect(event.payload).toMatchObject({ pull_request: { head: { sha: headSha } } });
  });

  it('pull_request runs on the test merge', async () => {
    const github = await open();
    const { number } = github.openPull({ files: { a: '1' } });
    const { sha, ref } = pullRequest(github, number, 'opened');
    expect(ref).toBe(`refs/pull/${number}/merge`);
    expect(github.git.git(['ls-tree', '--name-only', sha]).split('\n')).toStrictEqual(['a', 'config']);
    const rival = github.openPull({ files: { 'config/a.yaml': '2' } });
    github.push({ 'config/a.yaml': '3' });
    github.pushTo(rival.number, { 'config/a.yaml': '4' });
    expect(() => pullRequest(github, rival.number, 'opened')).toThrow('conflicts');
  });

  it.each([
    ['push', (github: Github) => push(github), 'main'],
    ['push', (github: Github) => push(github, { branch: 'other' }), 'other'],
    ['schedule', (github: Github) => schedule(github), 'main'],
    ['workflow_dispatch', (github: Github) => workflowDispatch(github, 'other'), 'other'],
  ] as const)('%s names the tip of its branch', async (name, make, branch) => {
    const github = await open();
    github.push({ a: '1' }, { branch: 'other' });
    const event = make(github);
    expect(event).toMatchObject({ name, sha: github.tip(branch), ref: `refs/heads/${branch}` });
    expect(event.payload).toMatchObject({ repository: { id: github.state.id, default_branch: 'main' } });
  });
});

describe('the environment of a step', () => {
  it('has the event as a file, and a run of its own', async () => {
    const github = await open();
    const directory = mkdtempSync(join(tmpdir(), 'trueup-step-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const { number } = github.openPull({ files: { a: '1' } });
    const event = pullRequestTarget(github, number, 'opened');
    const environment = stepEnvironment(github, event, directory);
    expect(environment).toMatchObject({
      GITHUB_ACTIONS: 'true',
      GITHUB_API_URL: github.url,
      GITHUB_EVENT_NAME: 'pull_request_target',
      GITHUB_REF: 'refs/heads/main',
      GITHUB_REPOSITORY: 'acme/estate',
      GITHUB_REPOSITORY_ID: String(github.state.id),
      GITHUB_SHA: github.tip(),
      GITHUB_TOKEN: github.token,
    });
    const payload: unknown = JSON.parse(readFileSync(environment['GITHUB_EVENT_PATH']!, 'utf8'));
    expect(payload).toMatchObject({ number });
    expect(readFileSync(environment['GITHUB_STEP_SUMMARY']!, 'utf8')).toBe('');
    expect(github.state.runs.get(Number(environment['GITHUB_RUN_ID']))).toMatchObject({ status: 'in_progress' });
  });
});
