import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { scheduleOf } from '../support/loop.ts';
import { expectSuccess, openStage } from '../support/stage.ts';

const DAY = 24 * 3_600_000;
const A = 'config/a.yaml';
const B = 'config/b.yaml';
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
    expect(stage.comment(disjoint)).toMatch(/1 drifted object\].* elsewhere is not part of this plan/);
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

  it(
    'T48 what was pushed past all reviews is not applied, and the drift issue says so',
    { timeout: 300_000 },
    async () => {
      const stage = await openStage();
      const { github } = stage;
      const first = github.openPull({ files: { [A]: scheduleOf('a') } }).number;
      expectSuccess(await stage.planned(first));
      github.merge(first);
      expectSuccess(await stage.applied());
      github.push({ [A]: scheduleOf('a', { memory: 512 }) });
      const refused = await stage.applied();
      expect(refused.conclusion).toBe('failure');
      expect(refused.jobs['apply']?.summary.replaceAll(/\s+/g, ' ')).toContain('pushed without a pull request');
      expectSuccess(await stage.looked());
      expect(stage.issue()).toMatchObject({ state: 'open' });
      expect(stage.issue().body).toContain('what git wants of InstanceSchedule/a is not applied yet');
      // Reviewed after all.
      const mended = github.openPull({ files: { [A]: `# reviewed\n${scheduleOf('a', { memory: 512 })}` } }).number;
      expectSuccess(await stage.planned(mended));
      github.merge(mended);
      expectSuccess(await stage.applied());
      expectSuccess(await stage.looked());
      expect(stage.issue().state).toBe('closed');
    },
  );

  it('T52 a public repository is told nothing that is not in it', { timeout: 300_000 }, async () => {
    const stage = await openStage({ private: false });
    const { github } = stage;
    const first = github.openPull({ files: { [A]: scheduleOf('a') } }).number;
    const planned = await stage.planned(first);
    expectSuccess(planned);
    github.merge(first);
    const applied = await stage.applied();
    expectSuccess(applied);
    expect(stage.comment(first)).toMatch(/applied .*: (\d+) of \1, re-plan empty/);
    await stage.tamper(1024);
    const looked = await stage.looked();
    expectSuccess(looked);
    expect(stage.issue().body).toMatch(/by `<person [a-p]+>`/);
    const [artifact] = github.state.artifacts.values();
    const shown = [
      stage.comment(first),
      stage.issue().body,
      ...[planned, applied, looked].flatMap(({ jobs }) =>
        Object.values(jobs).flatMap(({ summary, log }) => [summary, log]),
      ),
      artifact ? strFromU8(unzipSync(artifact.zip)['plan.json'] ?? new Uint8Array()) : '',
    ];
    expect(artifact).toBeDefined();
    for (const text of shown) {
      expect(text).not.toMatch(/(?<![0-9A-Za-z])\d{12}(?![0-9A-Za-z])/);
      expect(text).not.toMatch(/\b(?:\d{1,3}\.){3}\d{1,3}\b/);
      expect(text).not.toMatch(/[\w.]+@[\w-]+\.\w+/);
    }
  });
});
