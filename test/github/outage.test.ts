import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { openEmbedded } from '../../src/embedded/index.ts';
import { pullRequestTarget, push, schedule } from '../support/github/events.ts';
import type { Fault } from '../support/github/faults.ts';
import { SETTINGS, openLoop, scheduleOf } from '../support/loop.ts';
import { openWorkshop } from './step.ts';
import type { Step, Workshop } from './step.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

const COMMENTS = /\/issues\/(?:\d+\/comments|comments)/;
const FILES = { 'config/a.yaml': scheduleOf('a') };
/** Retries of a process wait in real time, a quarter of a minute in all. */
const PATIENCE_MS = 180_000;

interface PlanJson {
  readonly complete: boolean;
  readonly digest: string;
  readonly github: { readonly head?: string; readonly comment?: { readonly action: string; readonly reason?: string } };
}

function expectTold(step: Step, reason: RegExp): void {
  const { complete, digest, github } = JSON.parse(step.stdout) as PlanJson;
  expect(complete).toBe(true);
  expect(github.head).toMatch(/^[0-9a-f]{40}$/);
  expect(github.comment).toMatchObject({ action: 'failed', reason: expect.stringMatching(reason) });
  expect(step.stderr).toMatch(/^GitHub: /m);
  expect(step.summary).toContain(digest.slice(0, 8));
  expect(step.outputs).toMatchObject({ digest, 'exit-code': String(step.exit) });
}

/** A plan of a new pull request with these faults in the way of its comment. */
async function planned(faults: readonly Fault[], more: readonly string[] = []): Promise<Step> {
  const shop = await openWorkshop();
  const { number } = shop.github.openPull({ files: FILES });
  shop.github.faults.push(...faults);
  const event = pullRequestTarget(shop.github, number, 'opened');
  const step = await shop.step(event, ['plan', '--head', '--comment', '--format', 'json', ...more]);
  expect(shop.github.pull(number).comments).toEqual([]);
  return step;
}

describe('F22 GitHub is down after the plan', () => {
  it(
    '5xx and cut connections cost the plan nothing but its comment',
    async () => {
      const [broken, cut] = await Promise.all([
        planned([{ method: 'POST', path: COMMENTS, fault: 'status:502', times: Infinity }]),
        planned([{ path: COMMENTS, fault: 'down' }]),
      ]);
      expect([broken.exit, cut.exit]).toEqual([0, 0]);
      expectTold(broken, /^POST .*comments: 502/);
      expectTold(cut, /^GET .*comments.*it was sent 5 times/);
    },
    PATIENCE_MS,
  );

  it(
    'the code of a plan with changes is kept',
    async () => {
      const faults: readonly Fault[] = [{ path: COMMENTS, fault: 'status:403', times: Infinity }];
      const step = await planned(faults, ['--detailed-exitcode']);
      expect(step.exit).toBe(2);
      expectTold(step, / 403 /);
    },
    PATIENCE_MS,
  );

  it(
    'the code of an invalid configuration is kept, and so is its summary',
    async () => {
      const shop = await openWorkshop();
      const { number } = shop.github.openPull({ files: { 'config/a.yaml': 'kind: Nothing\n' } });
      shop.github.faults.push({ path: COMMENTS, fault: 'status:404', times: Infinity });
      const event = pullRequestTarget(shop.github, number, 'opened');
      const step = await shop.step(event, ['plan', '--head', '--comment']);
      expect(step.exit).toBe(65);
      expect(step.summary).toContain('config/a.yaml');
      expect(step.stderr).toMatch(/^GitHub: .*404/m);
      expect(step.outputs).toEqual({ digest: '', changes: '{}', 'exit-code': '65' });
    },
    PATIENCE_MS,
  );

  it(
    'the code of a drift run is kept, and the issue is said to have failed',
    async () => {
      const shop = await openWorkshop({ 'config/settings.yaml': SETTINGS, ...FILES });
      shop.github.faults.push({ path: /\/issues/, fault: 'status:403', times: Infinity });
      const args = ['drift', '--issue', '--detailed-exitcode', '--format', 'json'];
      const step = await shop.step(schedule(shop.github), args);
      expect(step.exit).toBe(2);
      expect(JSON.parse(step.stdout)).toMatchObject({ github: { issue: { action: 'failed', reason: / 403 / } } });
      expect(step.summary).toContain('drifted');
    },
    PATIENCE_MS,
  );

  it(
    'a head that GitHub does not hand out is no plan: 1, TU5002, and nothing is asked of the accounts',
    async () => {
      const shop = await openWorkshop();
      const { number } = shop.github.openPull({ files: FILES });
      shop.github.faults.push({ path: /\/git\/blobs\//, fault: 'status:404', times: Infinity });
      const event = pullRequestTarget(shop.github, number, 'opened');
      const step = await shop.step(event, ['plan', '--head', '--comment', '--format', 'json']);
      expect(step.exit).toBe(1);
      expect(JSON.parse(step.stdout)).toMatchObject({ error: { code: 'TU5002' } });
    },
    PATIENCE_MS,
  );
});

describe('Settings that want no comment', () => {
  it.each<[what: string, files: Record<string, string>, exit: number]>([
    ['a plan', FILES, 0],
    ['an invalid configuration', { 'config/a.yaml': 'kind: Nothing\n' }, 65],
  ])(
    'of %s get none, and the summary all the same',
    async (_, files, exit) => {
      const shop = await openWorkshop({ 'config/settings.yaml': `${SETTINGS}  github: { comment: false }\n` });
      const { number } = shop.github.openPull({ files });
      const event = pullRequestTarget(shop.github, number, 'opened');
      const step = await shop.step(event, ['plan', '--head', '--comment']);
      expect(step.exit).toBe(exit);
      expect(step.summary).toContain('config/a.yaml');
      expect(shop.github.writes()).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    'get none for a plan that failed either',
    async () => {
      const shop = await openWorkshop({ 'config/settings.yaml': `${SETTINGS}  github: { comment: false }\n` });
      const { number } = shop.github.openPull({ files: FILES });
      const event = pullRequestTarget(shop.github, number, 'opened');
      const step = await shop.step(event, ['plan', '--head', '--comment', '--only', 'Nothing/*']);
      expect(step.exit).toBe(64);
      expect(step.summary).toContain('leave no document');
      expect(shop.github.writes()).toEqual([]);
    },
    PATIENCE_MS,
  );
});

/** A merged pull request with its plan, and a whole checkout of the tip. */
async function merged(): Promise<Workshop> {
  const shop = await openWorkshop();
  const { github, checkout, temp } = shop;
  const { number, pull } = github.openPull({ files: FILES });
  const out = join(temp, 'plan.json');
  const event = pullRequestTarget(github, number, 'opened');
  expect((await shop.step(event, ['plan', '--head', '--comment', '--out', out])).exit).toBe(0);
  const run = github.putRun({
    event: 'pull_request_target',
    path: '.github/workflows/plan.yml',
    headSha: pull.headSha,
  });
  github.putArtifact({ name: `trueup-plan-${number}-${pull.headSha}`, run, content: readFileSync(out, 'utf8') });
  github.merge(number);
  execFileSync('git', ['-C', checkout, 'fetch', '--quiet', '--unshallow'], { stdio: 'pipe' });
  execFileSync('git', ['-C', checkout, 'reset', '--quiet', '--hard', 'origin/main'], { stdio: 'pipe' });
  return shop;
}

const APPLY = ['apply', '--reviewed', '--format', 'json'];

/** Calls that changed something, the lease's among them. */
function writesOf({ temp }: Workshop): readonly string[] {
  const account = openEmbedded(join(temp, 'account.json'));
  const writes = account.events().filter(({ readOnly, eventSource }) => !readOnly && !eventSource.startsWith('sts.'));
  account.close();
  return writes.map(({ eventName }) => eventName);
}

describe('F22 GitHub is down before the apply', () => {
  it.each<[what: string, faults: readonly Fault[]]>([
    ['of the branch', [{ path: /\/branches\/main/, fault: 'status:500', times: Infinity }]],
    ['of artefacts', [{ path: /\/actions\/artifacts/, fault: 'down' }]],
    ['of pull requests', [{ path: /\/commits\/.*\/pulls/, fault: 'status:502', times: Infinity }]],
    ['of the archive itself', [{ path: /\.zip/, fault: 'status:503', times: Infinity }]],
  ])(
    'what it cannot ask %s it does not believe: 3, no write',
    async (_, faults) => {
      const shop = await merged();
      shop.github.faults.push(...faults);
      const step = await shop.step(push(shop.github), APPLY);
      expect(step.exit).toBe(3);
      expect(JSON.parse(step.stdout)).toMatchObject({ error: { code: 'TU5003' } });
      expect(step.stdout).toContain('nothing was changed');
      expect(writesOf(shop)).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    'when it answers again the same job applies, also where the comment cannot be written',
    async () => {
      const shop = await merged();
      shop.github.faults.push({ path: COMMENTS, fault: 'status:403', times: Infinity });
      const step = await shop.step(push(shop.github), APPLY);
      expect(step.exit).toBe(0);
      expect(JSON.parse(step.stdout)).toMatchObject({
        outcome: 'applied',
        github: { comments: [{ action: 'failed', pull: 1 }] },
      });
      expect(writesOf(shop)).toContain('CreateFunction');
      expect(step.summary).toContain('trueup apply');
    },
    PATIENCE_MS,
  );
});

describe('F25 the plan of a merged pull request has expired', () => {
  it('3, with the command that plans again in the message and in the comment', async () => {
    const loop = await openLoop({ 'config/settings.yaml': SETTINGS });
    const { number } = loop.github.openPull({ files: FILES });
    const { artifact } = await loop.plan(number);
    if (!artifact) throw new Error('there is no plan');
    loop.github.expire(artifact);
    loop.github.merge(number);
    const { result } = await loop.apply();
    expect(result).toMatchObject({ outcome: 'stale', done: [] });
    const said = result.refused.flatMap(({ differences }) => differences.map(({ message }) => message)).join('\n');
    for (const text of [said, loop.comments(number)[0]?.replaceAll(/\s+/g, ' ')]) {
      expect(text).toContain('has expired');
      expect(text).toContain("echo '# again' | tee -a 'config/a.yaml'");
    }
    expect(loop.writes()).toEqual([]);
    // And that is what it takes.
    const again = loop.github.openPull({ files: { 'config/a.yaml': `${scheduleOf('a')}# again\n` } });
    expect((await loop.plan(again.number)).exit).toBe(0);
    loop.github.merge(again.number);
    expect((await loop.apply()).result.outcome).toBe('applied');
  });
});
