import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { readTree } from '../../src/engine/config/tree.ts';
import { takeLease } from '../../src/operations/lease.ts';
import type { Approvals, Fetched } from '../../src/operations/loop/types.ts';
import { connect } from '../../src/operations/world.ts';
import { createEstate } from '../support/estate.ts';
import type { TestEstate } from '../support/estate.ts';
import { createLoopEstate, loopYaml, REGION } from '../support/loop-estate.ts';
import { approvalOf, invocation, invocations } from '../support/loop-runs.ts';
import type { Chained } from '../support/loop-runs.ts';
import { memoryCell } from '../../src/operations/file-cell.ts';
import { paceOf, setPace } from '../support/rules.ts';
import { scheduleYaml } from '../support/schedule-estate.ts';
import { serviceFault, tapped } from '../support/wiretap.ts';

vi.setConfig({ testTimeout: 120_000 });

const SINCE = { approvedSince: { generation: 0 } };
const nameOf = (index: number): string => `office-${String(index).padStart(2, '0')}`;

async function createMany(count: number): Promise<TestEstate> {
  const estate = await createEstate();
  estate.rewrite('settings.yaml', (yaml) => `${yaml}  guards: { deletes: { percent: 100, count: 1000 } }\n`);
  for (let index = 0; index < count; index += 1) {
    const spec = ['every: rate(10 minutes)', `tagKey: Key${index}`];
    estate.write(`${nameOf(index)}.yaml`, scheduleYaml(spec, nameOf(index)));
  }
  expect((await estate.apply()).outcome).toBe('applied');
  return estate;
}

function slower(estate: TestEstate, index: number): void {
  estate.rewrite(`${nameOf(index)}.yaml`, (yaml) => yaml.replace('rate(10 minutes)', 'rate(20 minutes)'));
}

/** One run in all its parts. @param budget calls that a part of it may make; then its time is over. */
async function run(
  estate: TestEstate,
  approvals: Approvals,
  { state, budget = () => Infinity, left }: Pick<Chained, 'state' | 'left'> & { budget?: (part: number) => number },
) {
  const { answers, attempts } = await invocations(estate, {
    state,
    mode: 'apply',
    generation: 2,
    over: { approvals },
    left: left ?? ((calls) => Math.max(0, budget(1) - calls) * 1000),
    endsAt: (_, { call, part }) => call >= budget(part),
  });
  return { answers, attempts, last: answers.at(-1) };
}

describe('what was approved', () => {
  it('T45 is not written where another configuration comes before the first write', async () => {
    const estate = await createMany(1);
    const state = memoryCell();
    await invocation(estate, { state, mode: 'apply' });
    const old = (await readTree(join(estate.directory, 'config'))).files;
    slower(estate, 0);
    const { files } = await readTree(join(estate.directory, 'config'));
    const approvals = approvalOf(await estate.plan());
    let tip: Fetched = { files, commit: '2'.padStart(40, '0'), generation: 2, digest: 'b'.repeat(64), ...SINCE };
    const account = tapped(estate.account, ({ command }) => {
      // The merge is taken back while the loop looks.
      if (command === 'GetRole')
        tip = { files: old, commit: '3'.padStart(40, '0'), generation: 3, digest: 'c'.repeat(64), ...SINCE };
    });

    const over = { source: { read: async () => tip }, approvals };
    expect(await invocation(estate, { state, mode: 'apply', account, over })).toMatchObject({ outcome: 'busy' });
    expect(await paceOf(estate, nameOf(0))).toBe('rate(10 minutes)');
  });

  it('is not judged by what another apply has half done', async () => {
    const estate = await createMany(1);
    const state = memoryCell();
    await invocation(estate, { state, mode: 'apply' });
    slower(estate, 0);
    const over = { approvals: approvalOf(await estate.plan()) };
    const project = await estate.load();
    const endpoint = { kind: 'embedded', account: estate.account } as const;
    const aws = connect(project, { endpoint, role: 'apply' });
    const lease = await takeLease(project, aws, { endpoint, repository: undefined, calm: undefined });
    await setPace(estate, nameOf(0), 'rate(7 days)');
    expect(await invocation(estate, { state, mode: 'apply', generation: 2, over })).toMatchObject({ outcome: 'busy' });
    await setPace(estate, nameOf(0), 'rate(10 minutes)');
    await lease.release();

    expect(await invocation(estate, { state, mode: 'apply', generation: 2, over })).toMatchObject({
      outcome: 'applied',
    });
    expect(await paceOf(estate, nameOf(0))).toBe('rate(20 minutes)');
  });

  it('is done once, whatever else is approved beside it later, and again where it is let pass again', async () => {
    const estate = await createMany(1);
    const state = memoryCell();
    await invocation(estate, { state });
    slower(estate, 0);
    const plan = await estate.plan();
    const request = { state, mode: 'apply', generation: 2 } as const;
    const looks: number[] = [];
    const applyOf = async (approvals: Approvals) => {
      const account = tapped(estate.account, () => undefined);
      const answer = await invocation(estate, { ...request, account, over: { approvals } });
      looks.push(account.attempts.filter(({ command }) => command === 'DescribeRule').length);
      return answer;
    };
    expect(await applyOf(approvalOf(plan))).toMatchObject({ outcome: 'applied', applied: 2 });
    expect(await applyOf(approvalOf(plan))).toMatchObject({ outcome: 'in-line', applied: 0 });
    expect(await applyOf(approvalOf(await estate.plan(), plan))).toMatchObject({ outcome: 'in-line', applied: 0 });
    expect(new Set(looks.slice(1)).size).toBe(1);
    const [again] = await approvalOf(plan).read({} as Fetched);
    expect(await applyOf({ read: async () => [{ ...again!, approvedAt: '2026-11-25T09:30:00Z' }] })).toMatchObject({
      outcome: 'in-line',
    });
    expect(looks.at(-1)).toBeGreaterThan(looks[1]!);
  });

  it('stays approved where a part of it was refused or failed', async () => {
    const estate = await createMany(2);
    const state = memoryCell();
    await invocation(estate, { state });
    slower(estate, 0);
    slower(estate, 1);
    const over = { approvals: approvalOf(await estate.plan()) };
    await setPace(estate, nameOf(0), 'rate(7 days)');
    let fails = true;
    const account = tapped(estate.account, ({ command }) => {
      if (fails && command === 'PutRule') throw serviceFault('AccessDeniedException', 400);
    });
    const request = { state, mode: 'apply', account, generation: 2, over } as const;
    expect(await invocation(estate, request)).toMatchObject({ outcome: 'partial' });
    expect(await paceOf(estate, nameOf(1))).toBe('rate(10 minutes)');
    fails = false;
    expect(await invocation(estate, request)).toMatchObject({ outcome: 'partial', applied: 1 });
    expect(await paceOf(estate, nameOf(1))).toBe('rate(20 minutes)');
  });

  it('is applied in portions where it is more than one look: what it removes comes last, and each once', async () => {
    const estate = await createMany(40);
    const state = memoryCell();
    expect(await invocation(estate, { state })).toMatchObject({ outcome: 'in-line' });
    for (let index = 0; index < 39; index += 1) slower(estate, index);
    rmSync(join(estate.directory, 'config', `${nameOf(39)}.yaml`));
    const approvals = approvalOf(await estate.plan());

    // No time is ever left: each part takes one step all the same.
    const { answers, attempts, last } = await run(estate, approvals, { state, left: () => 0 });
    expect(answers.length).toBeGreaterThan(4);
    expect(last).toMatchObject({ outcome: 'applied', documents: 39, failed: [], left: [], open: 0 });
    const writes = attempts.map(({ command }) => command).filter((name) => /^(Put|Delete)Rule$/.test(name));
    expect(writes).toEqual([...Array.from({ length: 39 }, () => 'PutRule'), 'DeleteRule']);
    expect(await paceOf(estate, nameOf(39))).toBeUndefined();
    expect(await estate.plan()).toMatchObject({ actions: [], complete: true });
    const second = await run(estate, approvals, { state });
    expect(second.last).toMatchObject({ outcome: 'in-line', applied: 0 });
  });

  it('removes what is gone, though looking at all of the estate takes longer than an invocation has', async () => {
    const estate = await createMany(40);
    const state = memoryCell();
    const counted = tapped(estate.account, () => undefined);
    expect(await invocation(estate, { state, account: counted })).toMatchObject({ outcome: 'in-line' });
    const budget = Math.ceil(counted.attempts.length * 0.9);
    rmSync(join(estate.directory, 'config', `${nameOf(39)}.yaml`));
    const approvals = approvalOf(await estate.plan());
    await setPace(estate, nameOf(3), 'rate(7 days)');

    const { last } = await run(estate, approvals, { state, budget: () => budget });
    expect(last).toMatchObject({ outcome: 'applied', failed: [], documents: 39, healed: 1 });
    expect(await paceOf(estate, nameOf(39))).toBeUndefined();
    expect(await paceOf(estate, nameOf(3))).toBe('rate(10 minutes)');
    expect(await estate.plan()).toMatchObject({ actions: [], complete: true });
  });

  it('and takes longer to look at than an invocation has: the rest is not held up, and it is said', async () => {
    const estate = await createMany(40);
    const state = memoryCell();
    expect(await invocation(estate, { state })).toMatchObject({ outcome: 'in-line' });
    for (let index = 10; index < 40; index += 1) slower(estate, index);
    const approvals = approvalOf(await estate.plan());
    await setPace(estate, nameOf(3), 'rate(7 days)');

    // A look at thirty documents is stopped each time; one at all of them, which comes after, is not.
    const { answers, last } = await run(estate, approvals, {
      state,
      budget: (part) => (part <= 3 ? 40 : Infinity),
      left: () => Infinity,
    });
    expect(answers.map(({ outcome }) => outcome)).toEqual(['goes-on', 'goes-on', 'goes-on', 'partial']);
    expect(last).toMatchObject({ failed: [{ id: 'what was approved' }] });
    expect(await paceOf(estate, nameOf(3))).toBe('rate(10 minutes)');
    expect(await paceOf(estate, nameOf(39))).toBe('rate(10 minutes)');
  });

  it('and healing that finds no time is given up as well: what comes after it is healed, and it is said', async () => {
    const estate = await createMany(40);
    const state = memoryCell();
    await invocation(estate, { state });
    for (const index of [0, 39]) await setPace(estate, nameOf(index), 'rate(7 days)');
    const { answers } = await invocations(estate, {
      state,
      left: () => Infinity,
      // Its time is always over when it has looked, until the first slice is given up.
      endsAt: ({ service, command }, { part }) => part <= 3 && service === 'S3' && command === 'PutObject',
    });
    expect(answers.map(({ outcome }) => outcome)).toEqual(['goes-on', 'goes-on', 'goes-on', 'partial']);
    expect(answers.at(-1)).toMatchObject({ healed: 1, open: 1, documents: 40, failed: [{ id: 'healing' }] });
    expect(await paceOf(estate, nameOf(39))).toBe('rate(10 minutes)');
  });

  it('T62 never is the loop’s own document, under a new name either', async () => {
    const estate = await createLoopEstate({ mode: 'apply' });
    expect((await estate.apply()).outcome).toBe('applied');
    await estate.publish(7);
    await estate.run();
    const wider = loopYaml('apply', ['approvals: { bucket: somebody-elses, key: k }']);
    estate.write('loop.yaml', wider.replace('{ name: main }', '{ name: other, formerly: [main] }'));
    await estate.publish(8);
    await estate.approve([await estate.plan()]);

    const name = await estate.functionName('Loop', 'other');
    const event = { action: 'run', document: 'ReconcileLoop/main' };
    const { answer } = await estate.account.invoke(name, event, { region: REGION });
    expect(answer).toMatchObject({ generation: 8, applied: 0, healed: 0, left: [{ document: 'ReconcileLoop/other' }] });
  });
});
