import { LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it, vi } from 'vitest';
import type { ReviewedApply } from '../../src/operations/github/apply-reviewed.ts';
import type { MergeStyle } from '../support/github/merge.ts';
import { pullRequestTarget, push } from '../support/github/events.ts';
import { SETTINGS, openLoop, scheduleOf } from '../support/loop.ts';
import type { Loop, PlanStep } from '../support/loop.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

const A = 'config/a.yaml';
const B = 'config/b.yaml';
const BASE = { 'config/settings.yaml': SETTINGS, [A]: scheduleOf('a'), [B]: scheduleOf('b') };
/** Git merges two edits of one file where enough lines are between them. */
const PADDING = '# -\n'.repeat(8);
const LOOSE = SETTINGS.replace('percent: 100', 'percent: 100, count: 1000');
const STRICT = SETTINGS.replace('percent: 100', 'percent: 20, count: 10');
const FIVE = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [`config/${name}.yaml`, scheduleOf(name)]));
const FUNCTION_A = 'InstanceSchedule/a/Scheduler';
const FUNCTION_B = 'InstanceSchedule/b/Scheduler';

/** A pull request that changes the memory of one function, and its plan. */
async function proposed(loop: Loop, name: 'a' | 'b', memory: number): Promise<{ number: number; planned: PlanStep }> {
  const files = { [name === 'a' ? A : B]: scheduleOf(name, { memory }) };
  const { number } = loop.github.openPull({ files });
  return { number, planned: await loop.plan(number) };
}

/** An estate of two documents that is as its first pull request made it. */
async function settled(options: Parameters<typeof openLoop>[1] = {}, settings = SETTINGS): Promise<Loop> {
  const loop = await openLoop({ 'config/settings.yaml': settings }, options);
  const { number } = loop.github.openPull({ files: { ...BASE, 'config/settings.yaml': settings } });
  expect((await loop.plan(number)).exit).toBe(0);
  loop.github.merge(number);
  expect((await loop.apply()).result.outcome).toBe('applied');
  return loop;
}

function why({ result }: ReviewedApply): string {
  return result.refused.flatMap(({ differences }) => differences.map(({ message }) => message)).join('\n');
}

async function expectRefusal(loop: Loop, reason: RegExp): Promise<void> {
  const before = loop.writes().length;
  const applied = await loop.apply();
  expect(applied.result.outcome).toBe('stale');
  expect(why(applied)).toMatch(reason);
  expect(loop.writes().length).toBe(before);
}

describe('apply --reviewed', () => {
  it('applies exactly what the merged pull request showed, says so there, and then has nothing to do', async () => {
    const loop = await openLoop({ 'config/settings.yaml': SETTINGS });
    const { number } = loop.github.openPull({ files: BASE });
    expect((await loop.plan(number)).exit).toBe(0);
    expect(loop.comments(number)).toHaveLength(1);
    loop.github.merge(number);
    const applied = await loop.apply();
    expect(applied.result).toMatchObject({ outcome: 'applied', refused: [], reviews: [{ pull: number }] });
    expect(loop.comments(number)).toHaveLength(1);
    expect(loop.comments(number)[0]).toMatch(/applied \d{4}-\d\d-\d\d \d\d:\d\d UTC: (\d+) of \1, re-plan empty/);
    expect((await loop.apply()).result).toMatchObject({ outcome: 'nothing', done: [] });
    expect(loop.notes).toEqual([]);
  });

  it('plans what a pull request changes, and nothing of what was changed elsewhere', async () => {
    const loop = await settled();
    const { planned } = await proposed(loop, 'a', 512);
    expect(planned.plan?.documents.map(({ name }) => name)).toEqual(['a']);
    expect(planned.plan?.actions.map(({ id }) => id)).toEqual([FUNCTION_A]);
    expect(planned.plan?.github).toMatchObject({ pull: 2, head: loop.github.pull(2).pull.headSha });
  });

  it('removes what a merged pull request removed', async () => {
    const loop = await settled();
    const { number } = loop.github.openPull({ files: { [A]: null } });
    const { plan, exit } = await loop.plan(number);
    expect(exit).toBe(0);
    expect(plan?.summary.delete).toBeGreaterThan(3);
    loop.github.merge(number);
    const { result } = await loop.apply();
    expect(result.outcome).toBe('applied');
    expect(result.done.every((id) => id.startsWith('InstanceSchedule/a/'))).toBe(true);
  });
});

describe('what is not reviewed', () => {
  it('T44 a push after the plan is applied by no older plan', async () => {
    const loop = await settled();
    const { number } = await proposed(loop, 'a', 512);
    loop.github.pushTo(number, { [A]: scheduleOf('a', { memory: 1024 }) });
    loop.github.merge(number);
    await expectRefusal(loop, /no plan was made for the commit that was merged/);
    expect(loop.comments(number)[0]).toContain('nothing of it was applied');
  });

  it('T44 approvals count that others gave to exactly the merged head', async () => {
    const settings = `${SETTINGS}  github: { requireApprovals: 1 }\n`;
    const loop = await openLoop({ 'config/settings.yaml': settings });
    const { number } = loop.github.openPull({ by: 'ann', files: { ...BASE, 'config/settings.yaml': settings } });
    loop.github.review(number, { by: 'bob', state: 'APPROVED' });
    loop.github.pushTo(number, { [A]: scheduleOf('a', { memory: 512 }) });
    loop.github.review(number, { by: 'ann', state: 'APPROVED' });
    await loop.plan(number);
    loop.github.merge(number);
    await expectRefusal(loop, /0 of 1 approvals/);
    loop.github.review(number, { by: 'bob', state: 'APPROVED', sha: loop.github.pull(number).pull.headSha });
    expect((await loop.apply()).result.outcome).toBe('applied');
  });

  it('T44 an approval that was taken back counts no more', async () => {
    const settings = `${SETTINGS}  github: { requireApprovals: 1 }\n`;
    const loop = await openLoop({ 'config/settings.yaml': settings });
    const { number } = loop.github.openPull({ by: 'ann', files: { ...BASE, 'config/settings.yaml': settings } });
    loop.github.review(number, { by: 'bob', state: 'APPROVED' });
    loop.github.review(number, { by: 'bob', state: 'CHANGES_REQUESTED' });
    await loop.plan(number);
    loop.github.merge(number);
    await expectRefusal(loop, /0 of 1 approvals/);
  });

  it.each<MergeStyle>(['merge', 'rebase'])(
    'T44 whoever lowers the number of approvals does not use that at once, by a %s',
    async (style) => {
      const strict = `${SETTINGS}  github: { requireApprovals: 1 }\n`;
      const loop = await openLoop({ 'config/settings.yaml': strict });
      const { number } = loop.github.openPull({ by: 'ann', files: { 'config/settings.yaml': SETTINGS } });
      loop.github.pushTo(number, { [A]: scheduleOf('a') });
      await loop.plan(number, { action: 'synchronize' });
      loop.github.merge(number, style);
      loop.github.push({ 'README.md': 'later' });
      await expectRefusal(loop, /0 of 1 approvals/);
    },
  );

  it('T45 an old run that is started again creates nothing that was removed since', async () => {
    const loop = await settled();
    const before = loop.github.tip();
    const { number } = loop.github.openPull({ files: { [A]: null } });
    await loop.plan(number);
    loop.github.merge(number);
    expect((await loop.apply()).result.outcome).toBe('applied');
    const writes = loop.writes().length;
    await expect(loop.apply({ event: push(loop.github, { after: before }), commit: before })).rejects.toThrow(
      /is not the tip of main/,
    );
    expect(loop.writes().length).toBe(writes);
  });

  it('T45 a seal ends with the next change of its document, also where its “absent” fits again', async () => {
    const loop = await settled();
    const removal = loop.github.openPull({ files: { [A]: null } });
    await loop.plan(removal.number);
    loop.github.merge(removal.number);
    await loop.apply();
    // Somebody puts the very document back without a pull request: the first review said just this.
    loop.github.push({ [A]: scheduleOf('a') });
    await expectRefusal(loop, /pushed without a pull request/);
  });

  it('T45 the tip is asked for again before anything is written', async () => {
    const loop = await settled();
    const { number } = await proposed(loop, 'a', 512);
    loop.github.merge(number);
    const writes = loop.writes().length;
    let looks = 0;
    const { log } = loop.github;
    const add = log.push.bind(log);
    log.push = (...requests) => {
      const isLook = requests.some(({ path }) => path.endsWith('/branches/main'));
      if (isLook && (looks += 1) === LOOKS_BEFORE_LEASE) loop.github.push({ 'README.md': 'later' });
      return add(...requests);
    };
    await expect(loop.apply()).rejects.toThrow(/is not the tip of main/);
    expect(loop.writes().length).toBe(writes);
  });

  it('T46 two that were merged together are applied both, each once, and each is told', async () => {
    const loop = await settled();
    const one = await proposed(loop, 'a', 512);
    const two = await proposed(loop, 'b', 512);
    loop.github.merge(one.number);
    loop.github.merge(two.number);
    const applied = await loop.apply();
    expect(applied.result).toMatchObject({ outcome: 'applied', done: [FUNCTION_A, FUNCTION_B] });
    for (const { number } of [one, two]) expect(loop.comments(number)[0]).toContain('1 of 1, re-plan empty');
    expect((await loop.apply()).result.outcome).toBe('nothing');
  });

  it('T46 the second of two on the same object is refused with what differs', async () => {
    const loop = await settled();
    const one = await proposed(loop, 'a', 512);
    const two = loop.github.openPull({ files: { [A]: scheduleOf('a', { off: '17:00' }) } });
    await loop.plan(two.number);
    loop.github.merge(one.number);
    expect((await loop.apply()).result).toMatchObject({ outcome: 'applied', done: [FUNCTION_A] });
    expect(loop.comments(two.number)[0]).toMatch(/out of date: #\d+ changed `InstanceSchedule\/a` since/);
    loop.github.merge(two.number);
    const applied = await loop.apply();
    expect(applied.result.outcome).toBe('stale');
    expect(why(applied)).toContain('is another than the reviewed one');
    expect(loop.comments(two.number)[0]).toContain('refused');
  });

  it('T46 one that another changed again before any apply is told which', async () => {
    const loop = await settled();
    const one = await proposed(loop, 'a', 512);
    loop.github.merge(one.number);
    const two = await proposed(loop, 'a', 1024);
    loop.github.merge(two.number);
    expect((await loop.apply()).result).toMatchObject({ outcome: 'applied', done: [FUNCTION_A] });
    expect(loop.comments(one.number)[0]).toContain(`not applied by itself: #${two.number} changed`);
    expect(loop.comments(two.number)[0]).toContain('1 of 1, re-plan empty');
  });

  it('T46 a run that was dropped from the queue is made up for by the next', async () => {
    const loop = await settled();
    const one = await proposed(loop, 'a', 512);
    loop.github.merge(one.number);
    const two = await proposed(loop, 'b', 512);
    loop.github.merge(two.number);
    expect((await loop.apply()).result.done).toEqual([FUNCTION_A, FUNCTION_B]);
  });

  it.each<MergeStyle>(['merge', 'squash', 'rebase'])(
    'T47 a %s is held to the configuration, not to commits',
    async (style) => {
      const loop = await settled();
      const { number } = await proposed(loop, 'a', 512);
      loop.github.pushTo(number, { 'README.md': 'more' });
      await loop.plan(number, { action: 'synchronize' });
      loop.github.merge(number, style);
      expect((await loop.apply()).result).toMatchObject({ outcome: 'applied', done: [FUNCTION_A] });
    },
  );

  it('T47 a revert is planned like anything else, and not applied without', async () => {
    const loop = await settled();
    const { number } = await proposed(loop, 'a', 512);
    loop.github.merge(number);
    await loop.apply();
    const revert = loop.github.openPull({ files: { [A]: scheduleOf('a') }, title: 'Revert "Change"' });
    loop.github.merge(revert.number);
    await expectRefusal(loop, /no plan was made/);
    const planned = loop.github.openPull({ files: { [A]: `# as before\n${scheduleOf('a')}` } });
    expect((await loop.plan(planned.number)).plan?.actions.map(({ id }) => id)).toEqual([FUNCTION_A]);
    loop.github.merge(planned.number);
    expect((await loop.apply()).result.outcome).toBe('applied');
  });

  it.each([
    ['a direct push', (loop: Loop) => void loop.github.push({ [A]: scheduleOf('a', { memory: 512 }) })],
    [
      'a forced push over what was merged',
      (loop: Loop) => {
        loop.github.moveBranch('other', loop.github.git.resolve(`${loop.github.tip()}^1`) ?? null);
        const sha = loop.github.push({ ...BASE, [A]: scheduleOf('a', { memory: 512 }) }, { branch: 'other' });
        loop.github.moveBranch('main', sha);
      },
    ],
  ])('T48 %s has no seal', async (_, change) => {
    const loop = await settled();
    change(loop);
    await expectRefusal(loop, /pushed without a pull request/);
  });

  it('T48 a run of another branch applies nothing', async () => {
    const loop = await settled();
    loop.github.moveBranch('release', loop.github.tip());
    loop.github.push({ [A]: scheduleOf('a', { memory: 512 }) }, { branch: 'release' });
    const event = push(loop.github, { branch: 'release' });
    await expect(loop.apply({ event, commit: event.sha })).rejects.toThrow(/not the default branch main/);
  });

  it('T13 a plan that was held against another branch is none, by a rebase too', async () => {
    const loop = await openLoop({ 'config/settings.yaml': STRICT, ...FIVE });
    const { github } = loop;
    const first = github.openPull({
      files: Object.fromEntries(Object.entries(FIVE).map(([file, text]) => [file, `# a\n${text}`])),
    });
    await loop.plan(first.number);
    github.merge(first.number);
    expect((await loop.apply()).result.outcome).toBe('applied');
    github.moveBranch('dev', github.tip());
    github.push({ 'config/settings.yaml': LOOSE }, { branch: 'dev' });
    const gone = Object.fromEntries(
      Object.keys(FIVE)
        .slice(1)
        .map((file) => [file, null]),
    );
    const { number, pull } = github.openPull({ base: 'dev', files: gone });
    await loop.plan(number);
    Object.assign(pull, { baseBranch: 'main', baseSha: github.tip() });
    github.merge(number, 'rebase');
    await expectRefusal(loop, /which was not of main then/);
  });

  it('T44 only people of the repository approve, and not whoever made the head', async () => {
    const settings = `${SETTINGS}  github: { requireApprovals: 1 }\n`;
    const loop = await openLoop({ 'config/settings.yaml': settings }, { settings: { outsiders: ['eve'] } });
    const { number } = loop.github.openPull({ by: 'ann', files: { [A]: scheduleOf('a') } });
    loop.github.pushTo(number, { [B]: scheduleOf('b') }, { by: 'bob' });
    loop.github.review(number, { by: 'bob', state: 'APPROVED' });
    loop.github.review(number, { by: 'eve', state: 'APPROVED' });
    await loop.plan(number);
    loop.github.merge(number);
    await expectRefusal(loop, /0 of 1 approvals/);
  });

  it('T45 a branch that is moved back to what was applied once applies nothing of it again', async () => {
    const loop = await settled();
    const old = loop.github.tip();
    const removal = loop.github.openPull({ files: { [A]: null } });
    await loop.plan(removal.number);
    loop.github.setTime(loop.github.now() + 60_000);
    loop.github.merge(removal.number);
    expect((await loop.apply()).result.outcome).toBe('applied');
    loop.github.moveBranch('main', old);
    await expectRefusal(loop, /was applied already/);
  });

  it('T45 a run of somebody’s own making does not say what was applied', async () => {
    const loop = await settled();
    const { number } = await proposed(loop, 'a', 512);
    loop.github.merge(number);
    loop.github.setTime(loop.github.now() + 60_000);
    const forged = { path: '.github/workflows/apply.yml', headSha: loop.github.tip(), headBranch: 'main' } as const;
    loop.github.putRun({ event: 'pull_request', ...forged });
    loop.github.putRun({ event: 'push', repositoryId: 666, ...forged });
    expect((await loop.apply()).result).toMatchObject({ outcome: 'applied', done: [FUNCTION_A] });
  });

  it('T46 two documents of one file are applied both', async () => {
    const both = 'config/both.yaml';
    const of = (a: number, b: number): string =>
      `${scheduleOf('c', { memory: a })}---\n${PADDING}${scheduleOf('d', { memory: b })}`;
    const loop = await openLoop({ 'config/settings.yaml': SETTINGS });
    const first = loop.github.openPull({ files: { [both]: of(256, 256) } });
    await loop.plan(first.number);
    loop.github.merge(first.number);
    expect((await loop.apply()).result.outcome).toBe('applied');
    const one = loop.github.openPull({ files: { [both]: of(512, 256) } });
    const two = loop.github.openPull({ files: { [both]: of(256, 512) } });
    await loop.plan(one.number);
    await loop.plan(two.number);
    loop.github.merge(one.number);
    loop.github.merge(two.number);
    expect((await loop.apply()).result).toMatchObject({ outcome: 'applied', refused: [] });
    expect((await loop.apply()).result.outcome).toBe('nothing');
    expect(loop.comments(one.number)[0]).toContain('1 of 1, re-plan empty');
  });

  it('a plan of an old event neither speaks over a newer one nor over what was applied', async () => {
    const loop = await settled();
    const { number } = loop.github.openPull({ files: { [A]: scheduleOf('a', { memory: 512 }) } });
    const event = pullRequestTarget(loop.github, number, 'opened');
    loop.github.pushTo(number, { [A]: null });
    await loop.plan(number, { action: 'synchronize' });
    const said = loop.comments(number);
    await loop.plan(number, { event });
    expect(loop.comments(number)).toEqual(said);
    loop.github.merge(number);
    await loop.apply();
    const applied = loop.comments(number);
    await loop.plan(number, { action: 'labeled', label: 'other' });
    expect(loop.comments(number)).toEqual(applied);
  });

  it('T49 a default branch that is not protected applies nothing', async () => {
    const loop = await settled();
    const { number } = await proposed(loop, 'a', 512);
    loop.github.merge(number);
    loop.github.state.settings.protection = {};
    const writes = loop.writes().length;
    await expect(loop.apply()).rejects.toThrow('the default branch main is not protected');
    expect(loop.writes().length).toBe(writes);
  });

  it('T51 what a writer makes of our comment changes nothing of what is applied', async () => {
    const loop = await settled();
    const { number, planned } = await proposed(loop, 'a', 512);
    const comment = loop.github.state.issues.get(number)?.comments[0];
    if (!comment) throw new Error('there is no comment');
    comment.body = comment.body.replaceAll(planned.plan?.digest ?? '', '0'.repeat(64)).replaceAll('512', '64');
    loop.github.merge(number);
    const { result } = await loop.apply();
    expect(result).toMatchObject({ outcome: 'applied', done: [FUNCTION_A], digest: planned.plan?.digest });
  });

  it('the world that moved since the review is refused, that document alone', async () => {
    const loop = await settled();
    const one = await proposed(loop, 'a', 512);
    const two = await proposed(loop, 'b', 512);
    const lambda = loop.account.client(LambdaClient, { region: 'eu-west-1' });
    const FunctionName = one.planned.plan?.actions[0]?.resource ?? '';
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, MemorySize: 1024 }));
    loop.github.merge(one.number);
    loop.github.merge(two.number);
    const applied = await loop.apply();
    expect(applied.result).toMatchObject({ outcome: 'stale', done: [FUNCTION_B] });
    expect(why(applied)).toContain('MemorySize moved since the review');
    expect(loop.comments(one.number)[0]).toMatch(/reviewed 256 +now 1024/);
  });
});

/** The first look is the branch's own, the second is right before the lease. */
const LOOKS_BEFORE_LEASE = 2;
