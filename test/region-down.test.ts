import { describe, expect, it } from 'vitest';
import type { EmbeddedAccount } from '../src/embedded/index.ts';
import { estateTrips } from '../src/engine/estate-guards.ts';
import type { PlanRun } from '../src/engine/plan.ts';
import type { Plan } from '../src/engine/types.ts';
import { apply } from '../src/operations/apply.ts';
import { lookAndPlan, plan, worldOptions } from '../src/operations/plan.ts';
import { connect } from '../src/operations/world.ts';
import { withoutRegion } from './support/outage.ts';
import { OPEN, createPruneBench, deploy, exitOf, removalsOf, verbs } from './support/prune-bench.ts';
import type { PruneBench } from './support/prune-bench.ts';

const DOWN = 'ap-southeast-2';
const REGIONS = { one: 'eu-west-1', two: 'eu-central-1', three: DOWN } as const;
const FAILURES: readonly { readonly how: string; readonly failure: () => Error; readonly detail: string }[] = [
  {
    how: 'nobody listens',
    failure: () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', $metadata: {} }),
    detail: '(unreachable): connect ECONNREFUSED',
  },
  {
    how: 'it is not available',
    failure: () =>
      Object.assign(new Error('try later'), { name: 'ServiceUnavailable', $metadata: { httpStatusCode: 503 } }),
    detail: '(failed): ServiceUnavailable: try later',
  },
];

/** What another schedule changes. */
function changedIn(name: string): readonly string[] {
  return ['Mirror', 'Plan', 'Rule'].map((id) => `ZoneMirror/${name}/${id}`);
}

const DONE = [...changedIn('one'), ...changedIn('two')];

function unseenIn({ documents }: Plan): readonly string[] {
  return documents.filter(({ findings }) => findings.some(({ code }) => code === 'unknown')).map(({ name }) => name);
}

function said({ documents, findings }: Plan): readonly string[] {
  return [...documents.flatMap((document) => document.findings), ...findings].map(({ message }) => message);
}

/** Mirrors in three regions, and two that lose their documents: `old` where all is well, `gone` where the region goes down. */
async function threeRegions(more: Readonly<Record<string, string>> = {}): Promise<PruneBench> {
  const bench = await createPruneBench([], { undeployed: true });
  for (const [name, region] of Object.entries({ ...REGIONS, ...more })) {
    bench.serve(`${name}.test`, 5, 'www A 10.0.0.1');
    bench.declare(name, { spec: [`region: ${region}`] });
  }
  await deploy(bench);
  return bench;
}

async function look(bench: PruneBench, account: EmbeddedAccount): Promise<PlanRun> {
  const project = await bench.load();
  const options = worldOptions({ endpoint: { kind: 'embedded', account } }, { role: 'plan', listing: 'when-moved' });
  const { run } = await lookAndPlan(project, connect(project, options), options, {});
  return run;
}

describe.each(FAILURES)('F33 of three regions one is down: $how', ({ failure, detail }) => {
  it('F33 the other two are done, 5, and nothing is pruned anywhere until it is back', async () => {
    const bench = await threeRegions({ old: REGIONS.two, gone: DOWN });
    const { account } = bench;
    const endpoint = { kind: 'embedded', account: withoutRegion(account, DOWN, failure) } as const;
    bench.settings(OPEN);
    bench.remove('old', 'gone');
    for (const name of Object.keys(REGIONS)) {
      bench.rewrite(`${name}.yaml`, (yaml) => yaml.replace('rate(15 minutes)', 'rate(5 minutes)'));
    }
    const begin = account.events().length;

    const seen = await plan(await bench.load(), { endpoint });
    const { result } = await apply(await bench.load(), { endpoint });

    expect([seen.complete, exitOf(seen)]).toEqual([false, 1]);
    expect(verbs(seen)).toEqual(DONE.map((id) => `update ${id}`));
    expect(unseenIn(seen)).toEqual(['three']);
    expect(said(seen).filter((message) => message.includes(detail)).length).toBeGreaterThan(1);
    expect(seen.findings.map(({ code }) => code)).toEqual(['unknown', 'prune-held-back']);
    expect([result!.outcome, exitOf(result!)]).toEqual(['partial', 5]);
    expect([...result!.done].sort()).toEqual(DONE);
    const since = account.events().slice(begin);
    expect(since.filter(({ awsRegion }) => awsRegion === DOWN)).toEqual([]);
    expect(since.filter(({ eventName }) => /^(Delete|Remove|Untag)/.test(eventName))).toEqual([]);

    const back = await bench.apply();
    expect(back.outcome).toBe('applied');
    const removed = [...removalsOf('gone'), ...removalsOf('old')].map((verb) => verb.replace(/^\w+ /, ''));
    expect([...back.done].sort()).toEqual([...removed, ...changedIn('three')].sort());
  });

  it('F33 percentages are of what was seen', async () => {
    const bench = await threeRegions({ old: REGIONS.two, gone: DOWN });
    bench.remove('old', 'gone');

    const whole = await look(bench, bench.account);
    const part = await look(bench, withoutRegion(bench.account, DOWN, failure));

    // Five mirrors of nine objects each, of which the hosted zone and two roles are of no region.
    expect(whole.guarded.population).toEqual(new Map([['ZoneMirror', 45]]));
    expect(part.guarded.population).toEqual(new Map([['ZoneMirror', 33]]));
    // What nothing declares where all is well, if it went now: 8 of 45 are less than 20 %, and 8 of 33 are not.
    const actions = whole.plan.actions.filter(({ id }) => id.startsWith('ZoneMirror/old/'));
    expect(part.plan.actions).toEqual([]);
    expect(estateTrips({ ...whole.guarded, actions })).toEqual([]);
    expect(estateTrips({ ...part.guarded, actions }).map(({ message }) => message)).toEqual([
      'ZoneMirror would lose 8 of 33 objects (24.2 %, limit 20 %)',
    ]);
  });
});
