import { describe, expect, it, vi } from 'vitest';
import { exitOfApply } from '../../src/cli/exit-codes.ts';
import { renderJson, toPlanJson } from '../../src/report/json.ts';
import type { Files } from '../support/github/git.ts';
import { SETTINGS, openLoop, scheduleOf } from '../support/loop.ts';
import type { Loop, PlanStep } from '../support/loop.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

const STRICT = SETTINGS.replace('{ percent: 100 }', '{ percent: 20, count: 10, from: 5 }');
const LOOSE = SETTINGS.replace('{ percent: 100 }', '{ percent: 100, count: 1000, from: 1000 }');
const NAMES = Array.from({ length: 12 }, (_, index) => `s${index}`);
const DAY = 86_400_000;

function fileOf(name: string): string {
  return `config/${name}.yaml`;
}

/** An estate of twelve documents that is as its pull request made it. */
async function settled(): Promise<Loop> {
  const loop = await openLoop({ 'config/settings.yaml': STRICT });
  const files: Files = Object.fromEntries(NAMES.map((name) => [fileOf(name), scheduleOf(name)]));
  const { number } = loop.github.openPull({ files });
  expect((await loop.plan(number)).exit).toBe(0);
  loop.github.merge(number);
  expect((await loop.apply()).result.outcome).toBe('applied');
  return loop;
}

/** Ten documents of twelve go, and limits with them. */
const GREEDY: Files = {
  ...Object.fromEntries(NAMES.slice(2).map((name) => [fileOf(name), null])),
  'config/settings.yaml': LOOSE,
};

function withOverride(digest: string, until: number): Files {
  const day = new Date(until).toISOString().slice(0, 10);
  const override = `{ digest: ${digest}, allow: [deletes], reason: 'decommissioned', until: '${day}' }`;
  return { 'config/settings.yaml': `${LOOSE}  overrides:\n    - ${override}\n` };
}

async function greedy(loop: Loop): Promise<{ number: number; planned: PlanStep; digest: string }> {
  const { number } = loop.github.openPull({ files: GREEDY });
  const planned = await loop.plan(number);
  return { number, planned, digest: planned.plan?.digest ?? '' };
}

describe('T13 limits that are loosened and used in one pull request', () => {
  it('50 removals: the plan ends with 4, and a merge all the same writes nothing', async () => {
    const loop = await settled();
    const { number, planned } = await greedy(loop);
    expect(planned.exit).toBe(4);
    expect(planned.plan?.summary.delete).toBeGreaterThanOrEqual(50);
    expect(planned.plan?.guards.filter(({ allowed }) => !allowed)).toMatchObject([
      { code: 'deletes', message: expect.stringContaining('a loosening counts from its own merge on') },
    ]);
    expect(planned.artifact).toBeUndefined();
    expect(loop.comments(number)[0]).toContain('deletes');
    const writes = loop.writes().length;
    loop.github.merge(number);
    const { result } = await loop.apply();
    expect(exitOfApply(result, undefined)).toBe(3);
    expect(loop.writes().length).toBe(writes);
  }, 60_000);

  it('a plan that the guard stopped, kept as if it had not, is refused with 4 and no write', async () => {
    const loop = await settled();
    const { number, planned } = await greedy(loop);
    if (!planned.plan) throw new Error('there is no plan');
    const headSha = loop.github.pull(number).pull.headSha;
    const run = loop.github.putRun({ event: 'pull_request_target', path: '.github/workflows/plan.yml', headSha });
    const content = renderJson(toPlanJson(planned.plan, { records: false }));
    loop.github.putArtifact({ name: `trueup-plan-${number}-${headSha}`, run, content });
    const writes = loop.writes().length;
    loop.github.merge(number);
    const { result } = await loop.apply();
    expect(result).toMatchObject({ outcome: 'refused', done: [], guards: [{ code: 'deletes', allowed: false }] });
    expect(exitOfApply(result, undefined)).toBe(4);
    expect(loop.writes().length).toBe(writes);
  }, 60_000);

  it('an override in the next push: of another digest 4, of the right one it passes and applies', async () => {
    const loop = await settled();
    const { number, digest } = await greedy(loop);
    const push = async (files: Files): Promise<PlanStep> => {
      loop.github.pushTo(number, files);
      return loop.plan(number, { action: 'synchronize' });
    };
    const other = await push(withOverride('f'.repeat(64), Date.now() + 7 * DAY));
    expect([other.exit, other.plan?.digest]).toEqual([4, digest]);
    const late = await push(withOverride(digest, Date.now() - DAY));
    expect([late.exit, late.plan?.digest]).toEqual([4, digest]);
    const writes = loop.writes().length;
    const right = await push(withOverride(digest, Date.now() + 7 * DAY));
    expect([right.exit, right.plan?.digest]).toEqual([0, digest]);
    expect(loop.writes().length).toBe(writes);
    loop.github.merge(number);
    const { result } = await loop.apply();
    expect(result).toMatchObject({ outcome: 'applied', digest });
    expect(result.done.length).toBeGreaterThanOrEqual(50);
    expect((await loop.apply()).result.outcome).toBe('nothing');
  }, 60_000);

  it('limits that were merged before are used', async () => {
    const loop = await settled();
    const first = loop.github.openPull({ files: { 'config/settings.yaml': LOOSE } });
    expect((await loop.plan(first.number)).exit).toBe(0);
    loop.github.merge(first.number);
    await loop.apply();
    const { planned } = await greedy(loop);
    expect(planned.exit).toBe(0);
  }, 60_000);
});
