import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { toReport } from '../../src/cli/errors.ts';
import { readPlanFile } from '../../src/cli/plan-file.ts';
import type { Plan } from '../../src/engine/types.ts';
import { renderJson, toPlanJson } from '../../src/report/json.ts';
import { pullRequestTarget } from '../support/github/events.ts';
import type { GithubEvent, PullAction } from '../support/github/events.ts';
import type { Files } from '../support/github/git.ts';
import { SETTINGS, openLoop, scheduleOf } from '../support/loop.ts';
import type { Loop } from '../support/loop.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

const LABEL = 'trueup:plan';
const FUNCTION = 'InstanceSchedule/a/Scheduler';

async function forked(memory = 256): Promise<{ loop: Loop; number: number; first: string }> {
  const loop = await openLoop({ 'config/settings.yaml': SETTINGS });
  const { number, pull } = loop.github.openPull({
    fork: 'mallory',
    files: { 'config/a.yaml': scheduleOf('a', { memory }) },
  });
  return { loop, number, first: pull.headSha };
}

function calls({ account }: Loop): number {
  const all = Object.values(account.calls()).reduce((sum, { reads, writes }) => sum + reads + writes, 0);
  return all + account.events().length;
}

function memoryOf(plan: Plan | undefined): unknown {
  const changes = plan?.actions.find(({ id }) => id === FUNCTION)?.changes;
  return changes?.find(({ path }) => path === 'MemorySize')?.after;
}

describe('T41 a pull request from a fork', () => {
  it('is planned without any call of an account, and its comment says so', async () => {
    const { loop, number } = await forked();
    const { plan, exit } = await loop.plan(number);
    expect(exit).toBe(0);
    expect(plan).toMatchObject({ offline: true, complete: false, calls: {} });
    expect(calls(loop)).toBe(0);
    expect(loop.comments(number)).toHaveLength(1);
    expect(loop.comments(number)[0]).toMatch(/offline: nothing was looked at[\s\S]*0 calls[\s\S]*`trueup:plan`/);
    expect(loop.comments(number)[0]).toContain('"digest":""');
    expect(loop.notes).toEqual([]);
  });

  it('whose repository is gone is as strange', async () => {
    const { loop, number } = await forked();
    loop.github.deleteFork(number);
    expect((await loop.plan(number, { action: 'reopened' })).plan?.offline).toBe(true);
    expect(calls(loop)).toBe(0);
  });

  it.each<[what: string, action: PullAction, label: string | undefined]>([
    ['another label that is set', 'labeled', 'bug'],
    ['a label of like name', 'labeled', 'trueup:plan '],
    ['the label that is taken off', 'unlabeled', LABEL],
    ['anything but setting it, while it is there', 'reopened', undefined],
  ])('%s does nothing', async (_, action, label) => {
    const { loop, number } = await forked();
    if (label === undefined) loop.github.label(number, LABEL);
    const { plan } = await loop.plan(number, { action, ...(label !== undefined && { label }) });
    expect(plan?.offline).toBe(true);
    expect(calls(loop)).toBe(0);
  });

  it('with the label of a maintainer is planned once, at exactly the commit that was labelled', async () => {
    const { loop, number, first } = await forked(512);
    loop.github.label(number, LABEL);
    const labelled: GithubEvent = pullRequestTarget(loop.github, number, 'labeled', { label: LABEL, by: 'ann' });
    const second = loop.github.pushTo(
      number,
      { 'config/a.yaml': scheduleOf('a', { memory: 3008 }) },
      { by: 'mallory' },
    );
    const { plan, exit, artifact } = await loop.plan(number, { event: labelled });
    expect(exit).toBe(0);
    expect(plan).toMatchObject({ complete: true, github: { head: first } });
    expect(memoryOf(plan)).toBe(512);
    expect(artifact?.name).toBe(`trueup-plan-${number}-${first}`);
    const asked = calls(loop);
    expect(asked).toBeGreaterThan(0);
    expect(loop.github.pull(number).labels).toEqual([LABEL]);

    const pushed = await loop.plan(number, { action: 'synchronize' });
    expect(pushed.plan).toMatchObject({ offline: true, github: { head: second } });
    expect(calls(loop)).toBe(asked);
    expect(loop.github.pull(number).labels).toEqual([]);
    expect(loop.comments(number)).toHaveLength(1);
    expect(loop.comments(number)[0]).toContain('offline: nothing was looked at');

    loop.github.merge(number);
    const { result } = await loop.apply();
    expect(result).toMatchObject({ outcome: 'stale', done: [] });
    expect(loop.writes()).toEqual([]);
  });

  it('a push to a branch of our own keeps its labels', async () => {
    const loop = await openLoop({ 'config/settings.yaml': SETTINGS });
    const { number } = loop.github.openPull({ files: { 'config/a.yaml': scheduleOf('a') } });
    loop.github.label(number, 'bug');
    loop.github.pushTo(number, { 'config/b.yaml': scheduleOf('b') });
    expect((await loop.plan(number, { action: 'synchronize' })).plan?.offline).toBeUndefined();
    expect(loop.github.pull(number).labels).toEqual(['bug']);
  });

  it('a label that cannot be dropped is said, and the plan is offline all the same', async () => {
    const { loop, number } = await forked();
    loop.github.label(number, LABEL);
    loop.github.faults.push({ method: 'DELETE', path: /\/labels\//, fault: 'status:403' });
    const { plan, exit } = await loop.plan(number, { action: 'synchronize' });
    expect([plan?.offline, exit]).toEqual([true, 0]);
    expect(loop.notes).toEqual([expect.stringMatching(/^GitHub: DELETE .*labels.* 403/)]);
    expect(calls(loop)).toBe(0);
  });
});

const BASE: Files = { 'config/a.yaml': scheduleOf('a'), 'config/b.yaml': scheduleOf('b') };

const CHANGES: readonly [what: string, files: Files][] = [
  ['a new document', { 'config/c.yaml': scheduleOf('c') }],
  ['a changed one', { 'config/a.yaml': scheduleOf('a', { memory: 512 }) }],
  ['a removed one', { 'config/a.yaml': null }],
  [
    'a renamed one',
    {
      'config/a.yaml': scheduleOf('z')
        .replace('{ name: z }', '{ name: z, formerly: [a] }')
        .replace('Schedule-z', 'Schedule-a'),
    },
  ],
  ['one that moves to another file', { 'config/a.yaml': null, 'config/moved.yaml': scheduleOf('a') }],
  [
    'all at once',
    { 'config/a.yaml': scheduleOf('a', { off: '17:00' }), 'config/b.yaml': null, 'config/c.yaml': scheduleOf('c') },
  ],
];

describe('T41 plan --offline', () => {
  it.each(CHANGES)('shows of %s what a plan at the accounts shows, without any call', async (_, files) => {
    const loop = await openLoop({ 'config/settings.yaml': SETTINGS });
    const first = loop.github.openPull({ files: BASE });
    await loop.plan(first.number);
    loop.github.merge(first.number);
    expect((await loop.apply()).result.outcome).toBe('applied');
    const { number } = loop.github.openPull({ files });
    const before = calls(loop);
    const offline = await loop.plan(number, { flags: { offline: true } });
    expect(calls(loop)).toBe(before);
    expect(offline).toMatchObject({ exit: 0, plan: { offline: true } });
    expect(offline.artifact).toBeUndefined();
    const online = await loop.plan(number, { action: 'reopened' });
    expect(online.exit).toBe(0);
    expect(shown(offline.plan)).toEqual(shown(online.plan));
    expect(offline.plan?.documents.map(({ name, seal }) => [name, seal])).toEqual(
      online.plan?.documents.map(({ name, seal }) => [name, seal]),
    );
  });

  it('ends with 4 where a guard stands', async () => {
    const strict = SETTINGS.replace('{ percent: 100 }', '{ percent: 10, count: 1, from: 1 }');
    const loop = await openLoop({ 'config/settings.yaml': strict, ...BASE });
    const { number } = loop.github.openPull({ files: { 'config/a.yaml': null } });
    const { plan, exit } = await loop.plan(number, { flags: { offline: true } });
    expect(exit).toBe(4);
    expect(plan?.guards).toMatchObject([{ code: 'deletes', allowed: false }]);
    expect(calls(loop)).toBe(0);
  });

  it('is a plan that no apply takes: TU3001, 3', async () => {
    const { loop, number } = await forked();
    const { plan } = await loop.plan(number);
    if (!plan) throw new Error('there is no plan');
    const file = join(loop.checkout(), 'plan.json');
    writeFileSync(file, renderJson(toPlanJson(plan, { records: false })));
    const refusal = toReport(await readPlanFile(file).catch((error: unknown) => error));
    expect(refusal).toMatchObject({ exitCode: 3, report: { code: 'TU3001' } });
    expect(refusal.report.message).toContain('without a look at any account');
  });

  it('is none that a merge applies, wherever it was put', async () => {
    const { loop, number, first } = await forked();
    const { plan } = await loop.plan(number);
    if (!plan) throw new Error('there is no plan');
    const run = loop.github.putRun({
      event: 'pull_request_target',
      path: '.github/workflows/plan.yml',
      headSha: first,
    });
    const content = renderJson(toPlanJson(plan, { records: false }));
    loop.github.putArtifact({ name: `trueup-plan-${number}-${first}`, run, content });
    loop.github.merge(number);
    const { result } = await loop.apply();
    expect(result).toMatchObject({ outcome: 'stale', done: [] });
    expect(JSON.stringify(result.refused)).toContain('without a look at any account');
    expect(loop.writes()).toEqual([]);
  });
});

/** What would be done to what. */
function shown(plan: Plan | undefined): readonly string[] | undefined {
  return plan?.actions.map(({ action, id }) => `${action} ${id}`).sort();
}
