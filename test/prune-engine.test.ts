import { describe, expect, it } from 'vitest';
import { applyEstate } from '../src/engine/apply.ts';
import type { GuardLimits } from '../src/engine/estate-guards.ts';
import type { PlanRun } from '../src/engine/plan.ts';
import type { ApplyResult, Desired, Document, Plan, ResourceType } from '../src/engine/types.ts';
import { createEngineBench } from './support/engine-bench.ts';
import type { EngineBench } from './support/engine-bench.ts';
import { HERE, OWNER, createFakeWorld, fakeDocument } from './support/fake-world.ts';
import type { FakeObject, FakeWorld } from './support/fake-world.ts';

type Bench = FakeWorld & EngineBench;

const OPEN: GuardLimits = { deletes: { percent: 100, count: 1_000, from: 5 }, requireProtectedOverride: true };
const STRICT: GuardLimits = { deletes: { percent: 20, count: 10, from: 5 }, requireProtectedOverride: true };
const THERE = { ...HERE, region: 'us-east-1' };

function resource(id: string, type: string, name: string, rest: Partial<Desired> = {}): Desired {
  return { id, type: `Fake::${type}`, place: HERE, properties: { Name: name }, ...rest };
}

/** A function with its role, in front of a store. */
function app(name: string): Desired[] {
  return [
    resource('Function', 'Function', `${name}-fn`, {
      properties: { Name: `${name}-fn`, Role: { $get: ['Role', 'Arn'] }, Url: { $get: ['Store', 'Id'] } },
    }),
    resource('Role', 'Role', `${name}-role`, { properties: { Name: `${name}-role`, Trust: 'lambda' } }),
    resource('Store', 'Store', `${name}-store`),
  ];
}

const KEPT = fakeDocument('kept', app('kept'));

/** Documents are applied; then only `kept` is declared. */
async function bereft(...documents: Document[]): Promise<Bench> {
  const fake = createFakeWorld(() => bench.documents);
  const bench: Bench = Object.assign(
    createEngineBench([KEPT, ...documents], () => fake.world),
    fake,
  );
  bench.request = { limits: OPEN };
  expect((await bench.apply()).outcome).toBe('applied');
  bench.documents = [KEPT];
  bench.reset();
  return bench;
}

const one = (): Promise<Bench> => bereft(fakeDocument('gone', app('gone')));

function verbs({ actions }: Plan): readonly string[] {
  return actions.map(({ action, id }) => `${action} ${id}`);
}

function run(bench: Bench, fresh: PlanRun, stop = new AbortController()): Promise<ApplyResult> {
  return applyEstate(bench.world, {
    fresh,
    overrides: [],
    stop: stop.signal,
    onStep() {},
    onEnd() {},
    replan: bench.plan,
  });
}

const GONE_ACTIONS = ['delete Fake/gone/Function', 'delete Fake/gone/Role', 'release Fake/gone/Store'];

describe('the plan', () => {
  it('shows exactly what nothing declares, and repeats itself to the byte', async () => {
    const bench = await one();
    const plan = await bench.plan();

    expect(verbs(plan)).toEqual(GONE_ACTIONS);
    expect(plan.summary).toMatchObject({ delete: 2, release: 1, unchanged: 3 });
    expect(JSON.stringify(await bench.plan())).toBe(JSON.stringify(plan));
    expect(bench.writes()).toBe(0);
  });

  it('a logical id that is no longer compiled goes; the rest of its document stays', async () => {
    const bench = await one();
    bench.documents = [KEPT, fakeDocument('gone', app('gone').slice(1))];
    expect(verbs(await bench.plan())).toEqual(['delete Fake/gone/Function']);
  });

  it('lists are late: what they still show is gone, or somebody else’s by now', async () => {
    const bench = await one();
    const { id } = bench.objects.get('Fake::Role/gone-role')!;
    const ghost = { marker: `${OWNER}/Fake/gone/Role`, arn: `arn:aws:Fake-Role:${HERE.region}:1:${id}`, place: HERE };
    bench.lists.ghosts.push(ghost);
    bench.objects.get('Fake::Role/gone-role')!.marker = 'globex/Fake/x/Role';
    bench.objects.delete('Fake::Function/gone-fn');

    expect(verbs(await bench.plan())).toEqual(['release Fake/gone/Store']);
    expect((await bench.drift()).orphans.map(({ resource: name }) => name)).not.toContain(id);
  });

  it('T68 a copied marker is said and never pruned, whatever the name', async () => {
    const bench = await one();
    for (const name of ['gone-fn', 'kept-fn']) {
      const original = bench.objects.get(`Fake::Function/${name}`)!;
      bench.objects.set(`Fake::Function/copy-of-${name}`, { ...original, id: `copy-${name}`, isCopy: true });
    }

    expect(verbs(await bench.plan())).toEqual(GONE_ACTIONS);
    expect((await bench.drift()).orphans.filter(({ action }) => action === 'none')).toEqual(
      ['gone', 'kept'].map((name) => ({
        id: `Fake/${name}/Function`,
        type: 'Fake::Function',
        resource: `copy-${name}-fn`,
        ...HERE,
        action: 'none',
        why: expect.stringContaining('the marker was copied') as string,
      })),
    );
  });

  it('T68 one whose id ends like the declared one’s is no less a copy', async () => {
    const bench = await one();
    const original = bench.objects.get('Fake::Role/kept-role')!;
    bench.objects.set('Fake::Role/x', { ...original, id: `x${original.id}`, isCopy: true });
    expect((await bench.drift()).orphans.map(({ resource: name }) => name)).toContain(`x${original.id}`);
  });

  it('what trueup does not make at all is said', async () => {
    const bench = await one();
    bench.lists.ghosts.push({
      marker: `${OWNER}/Fake/gone/Function`,
      arn: `arn:aws:ec2:${HERE.region}:1:vpc/vpc-1`,
      place: HERE,
    });
    expect(verbs(await bench.plan())).toEqual(GONE_ACTIONS);
    expect((await bench.drift()).orphans).toContainEqual(
      expect.objectContaining({
        resource: 'vpc-1',
        type: 'ec2',
        action: 'none',
        why: expect.stringContaining('copied'),
      }),
    );
  });

  it.each([
    { reason: 'another owner', marker: 'globex/Fake/gone/Role' },
    { reason: 'an owner whose name begins like ours', marker: `${OWNER}-two/Fake/gone/Role` },
    { reason: 'the estate itself', marker: `${OWNER}/Settings/estate/Lease` },
  ])('$reason: not ours to remove, nor to name', async ({ marker }) => {
    const bench = await one();
    bench.objects.get('Fake::Role/gone-role')!.marker = marker;
    expect(verbs(await bench.plan())).toEqual(GONE_ACTIONS.filter((action) => !action.endsWith('Role')));
    expect((await bench.drift()).orphans).toHaveLength(2);
  });

  it('a type that cannot be removed is left behind, and said', async () => {
    const bench = await bereft(fakeDocument('gone', [resource('It', 'Fixed', 'fixed')]));
    const { actions, findings } = await bench.plan();
    expect(actions).toEqual([]);
    expect(findings).toMatchObject([{ code: 'left-behind', document: 'Fake/gone', severity: 'warning' }]);
  });

  it.each([
    { reason: 'a list is denied', blind: (bench: Bench) => (bench.lists.denied = true) },
    { reason: 'something declared is not seen', blind: (bench: Bench) => bench.blind('Fake::Role') },
    { reason: 'something that is to go is not seen', blind: (bench: Bench) => bench.blind('Fake::Store') },
  ])('$reason: nothing is removed, and that is said', async ({ blind }) => {
    const bench = await one();
    blind(bench);
    const plan = await bench.plan();

    expect(plan.complete).toBe(false);
    expect(verbs(plan).filter((verb) => /delete|release/.test(verb))).toEqual([]);
    expect(plan.findings.map(({ code }) => code)).toContain('prune-held-back');
    expect((await bench.apply()).done).toEqual([]);
    expect(bench.writes()).toBe(0);
  });

  it('a partial run removes nothing, and looks for nothing', async () => {
    const bench = await one();
    bench.request = { ...bench.request, partial: true };
    expect((await bench.plan()).actions).toEqual([]);
    expect((await bench.drift()).orphans).toEqual([]);
  });

  it('a paused document keeps what it no longer compiles, until the pause ends', async () => {
    const bench = await one();
    const pause = { until: '2026-11-25', reason: 'migration' };
    bench.documents = [KEPT, fakeDocument('gone', app('gone').slice(1), { pause })];

    expect((await bench.plan()).actions).toEqual([]);
    expect((await bench.drift()).orphans).toMatchObject([
      { id: 'Fake/gone/Function', action: 'none', why: 'its document is paused' },
    ]);
    await bench.world.clock.sleep(86_400_000);
    expect(verbs(await bench.plan())).toEqual(['delete Fake/gone/Function']);
  });

  it('an earlier name speaks for its objects: they are marked anew, what is left of them stays', async () => {
    const bench = await one();
    bench.documents = [KEPT, fakeDocument('new', app('gone').slice(1), { formerly: ['gone'] })];
    expect(verbs(await bench.plan())).toEqual(['mark Fake/new/Role', 'mark Fake/new/Store']);
    expect((await bench.drift()).orphans).toMatchObject([
      { id: 'Fake/gone/Function', action: 'none', why: expect.stringContaining('formerly') as string },
      { id: 'Fake/gone/Role' },
      { id: 'Fake/gone/Store' },
    ]);
  });

  it('metadata.onRemove is on the object, and survives its document', async () => {
    const bench = await bereft(
      fakeDocument('gone', app('gone'), { onRemove: 'delete' }),
      fakeDocument('let-go', app('let-go'), { onRemove: 'release' }),
    );
    bench.objects.get('Fake::Store/gone-store')!.items = 7;
    const plan = await bench.plan();
    expect(verbs(plan)).toEqual([
      'delete Fake/gone/Function',
      'delete Fake/gone/Role',
      'delete Fake/gone/Store',
      'release Fake/let-go/Function',
      'release Fake/let-go/Role',
      'release Fake/let-go/Store',
    ]);
    expect(plan.actions[2]!.changes).toEqual([
      {
        path: 'Items',
        before: 7,
        after: 0,
        cause: 'git',
        extent: { create: 0, update: 0, delete: 7, population: 7 },
      },
    ]);
  });
});

describe('a document that moves', () => {
  const moved = app('gone').map((desired) => ({ ...desired, place: THERE }));

  it('is made there first, and removed here then; ids tell the two apart', async () => {
    const bench = await one();
    bench.documents = [KEPT, fakeDocument('gone', moved)];
    const plan = await bench.plan();
    const here = `@${HERE.account}/${HERE.region}`;

    expect(verbs(plan)).toEqual([
      'create Fake/gone/Function',
      `delete Fake/gone/Function${here}`,
      'create Fake/gone/Role',
      `delete Fake/gone/Role${here}`,
      'create Fake/gone/Store',
      `release Fake/gone/Store${here}`,
    ]);
    expect((await bench.apply(plan)).outcome).toBe('applied');
    expect((await bench.plan()).actions).toEqual([]);
    expect(
      [...bench.objects]
        .filter(([, { marker }]) => marker?.includes('/gone/'))
        .map(([key]) => key)
        .sort(),
    ).toEqual([
      'Fake::Function/gone-fn@us-east-1',
      'Fake::Role/gone-role@us-east-1',
      'Fake::Store/gone-store@us-east-1',
    ]);
  });

  it('the protection of what it leaves holds', async () => {
    const bench = await bereft(fakeDocument('gone', app('gone'), { protect: true }));
    bench.documents = [KEPT, fakeDocument('gone', moved, { protect: true })];
    const { guards } = await bench.plan();
    expect(guards.map(({ code, about }) => [code, about])).toEqual(
      ['Function', 'Role', 'Store'].map((id) => ['protected', `Fake/gone/${id}@${HERE.account}/${HERE.region}`]),
    );
  });

  it('a crash at any write: the reviewed plan still fits, and finishes', async () => {
    for (let at = 0; at < 20; at++) {
      const bench = await one();
      bench.documents = [KEPT, fakeDocument('gone', moved)];
      const reviewed = await bench.plan();
      bench.crash(at, 'after');
      const first = await bench.apply(reviewed);
      if (first.outcome === 'applied') return;
      bench.reset();
      expect([at, (await bench.apply(reviewed)).refused]).toEqual([at, []]);
      expect([at, (await bench.plan()).actions]).toEqual([at, []]);
    }
    throw new Error('there is always another write');
  });
});

describe('a document whose objects have other names', () => {
  const former = (name: string, ...formerly: readonly string[]) => fakeDocument(name, app(name), { formerly });

  it.each([
    { reason: 'the first of two earlier names is not named', documents: [KEPT, former('newest', 'gone')] },
    { reason: 'no earlier name is named any more', documents: [KEPT, fakeDocument('gone', app('newest'))] },
    {
      reason: 'they were made by an earlier owner',
      documents: [KEPT, fakeDocument('gone', app('newest'))],
      change(bench: Bench) {
        for (const found of bench.objects.values()) {
          if (found.marker!.includes('/gone/')) found.marker = found.marker!.replace(OWNER, 'acme-old');
        }
      },
      says: { message: expect.stringContaining('made by the earlier owner acme-old') as string },
    },
  ])('is not made once more: $reason', async ({ documents, change, says }) => {
    const bench = await one();
    change?.(bench);
    bench.documents = documents;
    for (const partial of [false, true]) {
      bench.request = { limits: OPEN, partial };
      const plan = await bench.plan();
      const { findings } = plan.documents.find(({ name }) => name !== 'kept')!;
      // The function refers to the others: it could not be asked for yet.
      expect(findings).toMatchObject([
        { code: 'other-name', severity: 'blocks', ...says },
        { code: 'other-name', severity: 'blocks', ...says },
      ]);
      expect(verbs(plan).filter((verb) => !verb.startsWith('create'))).toEqual([]);
      expect((await bench.apply(plan)).outcome).toBe('refused');
    }
    expect(bench.writes()).toBe(0);
  });

  it('a copy of the marker, or one that is gone, hinders nothing', async () => {
    const bench = await one();
    for (const name of ['gone-fn', 'gone-role', 'gone-store']) {
      const type = { fn: 'Function', role: 'Role', store: 'Store' }[name.slice(5) as 'fn' | 'role' | 'store'];
      bench.objects.get(`Fake::${type}/${name}`)!.isCopy = true;
    }
    bench.documents = [KEPT, fakeDocument('gone', app('newest'))];
    expect((await bench.apply()).outcome).toBe('applied');
  });

  it('renamed and moved in one: made there, removed here, with the document of today', async () => {
    const bench = await one();
    const there = app('gone').map((desired) => ({ ...desired, place: THERE }));
    bench.documents = [KEPT, fakeDocument('new', there, { formerly: ['gone'] })];
    const plan = await bench.plan();
    expect(verbs(plan)).toEqual([
      ...GONE_ACTIONS,
      'create Fake/new/Function',
      'create Fake/new/Role',
      'create Fake/new/Store',
    ]);
    expect(new Set(plan.actions.map(({ document }) => document))).toEqual(new Set(['Fake/new']));
    for (const { action, dependsOn } of plan.actions) {
      if (action !== 'create') expect(dependsOn).toContain('Fake/new/Function');
    }
    expect((await bench.apply(plan)).outcome).toBe('applied');
    expect((await bench.plan()).actions).toEqual([]);
    expect((await bench.drift()).orphans).toEqual([]);
  });
});

describe('the executor', () => {
  it('references go first, in steps; the rest follows', async () => {
    const bench = await one();
    const result = await bench.apply(await bench.plan());

    expect(result).toMatchObject({ outcome: 'applied', failed: [], skipped: [] });
    expect(bench.removed.slice(0, 2)).toEqual(['drain Fake::Function/gone-fn', 'delete Fake::Function/gone-fn']);
    expect(bench.removed.slice(2).sort()).toEqual(['delete Fake::Role/gone-role', 'release Fake::Store/gone-store']);
    expect(bench.objects.get('Fake::Store/gone-store')!.marker).toBeUndefined();
    expect((await bench.plan()).actions).toEqual([]);
    expect(await bench.drift()).toMatchObject({ complete: true, drifted: [], missing: [], orphans: [] });
  });

  it('after everything that the document still declares, and not at all if that fails', async () => {
    const bench = await one();
    bench.documents = [KEPT, fakeDocument('gone', [...app('gone').slice(1), resource('Api', 'Api', 'gone-api')])];
    const plan = await bench.plan();
    expect(plan.actions.find(({ action }) => action === 'delete')?.dependsOn).toEqual(['Fake/gone/Api']);

    bench.crash(0, 'before');
    const result = await bench.apply(plan);
    expect(result).toMatchObject({
      outcome: 'partial',
      failed: [{ id: 'Fake/gone/Api' }],
      skipped: [{ id: 'Fake/gone/Function', why: 'Fake/gone/Api was not done' }],
    });
    expect(bench.removed).toEqual([]);
  });

  it('F13 a failure stops what waits for it, and nothing else', async () => {
    const bench = await bereft(fakeDocument('gone', app('gone')), fakeDocument('lost', app('lost')));
    bench.hooks.onRemoval = (step) => {
      if (step === 'drain Fake::Function/gone-fn') throw new Error('AccessDenied');
    };
    const result = await bench.apply(await bench.plan());

    expect(result.outcome).toBe('partial');
    expect(result.failed).toEqual([{ id: 'Fake/gone/Function', error: 'AccessDenied' }]);
    expect(result.skipped.map(({ id, why }) => `${id}: ${why}`).sort()).toEqual([
      'Fake/gone/Role: Fake/gone/Function was not done',
      'Fake/gone/Store: Fake/gone/Function was not done',
    ]);
    expect([...result.done].sort()).toEqual(['Fake/lost/Function', 'Fake/lost/Role', 'Fake/lost/Store']);
  });

  it('a blocked document keeps what it no longer declares', async () => {
    const bench = await one();
    bench.objects.set('Fake::Api/gone-api', { id: 'theirs', properties: { Name: 'gone-api' } });
    bench.documents = [KEPT, fakeDocument('gone', [...app('gone').slice(1), resource('Api', 'Api', 'gone-api')])];
    const result = await bench.apply();
    expect(result).toMatchObject({ outcome: 'refused', done: [], skipped: [{ id: 'Fake/gone/Function' }] });
    expect(bench.removed).toEqual([]);
  });

  it('interrupted: the step in flight ends, nothing new starts', async () => {
    const bench = await one();
    const stop = new AbortController();
    bench.hooks.onRemoval = () => stop.abort();
    const result = await run(bench, await bench.look(), stop);

    expect(result.outcome).toBe('interrupted');
    expect(bench.removed).toEqual(['drain Fake::Function/gone-fn']);
    expect(result.skipped.map(({ why }) => why)).toEqual(['interrupted', 'interrupted', 'interrupted']);
    bench.hooks.onRemoval = () => undefined;
    expect((await bench.apply()).outcome).toBe('applied');
  });

  it.each([
    { reason: 'its protection', change: (found: FakeObject) => (found.isProtected = true) },
    { reason: 'what makes it dangerous', change: (found: FakeObject) => (found.risk = { empty: false }) },
    { reason: 'the object itself', change: (found: FakeObject) => (found.id = 'another') },
    { reason: 'its owner', change: (found: FakeObject) => (found.marker = 'globex/Fake/gone/Role') },
    { reason: 'its owner is gone', change: (found: FakeObject) => delete found.marker },
  ])('F14 $reason moved between plan and write: refused, nothing is written', async ({ change }) => {
    const bench = await bereft(fakeDocument('gone', [resource('Role', 'Role', 'gone-role')]));
    const fresh = await bench.look();
    change(bench.objects.get('Fake::Role/gone-role')!);

    expect(await run(bench, fresh)).toMatchObject({
      outcome: 'partial',
      failed: [{ id: 'Fake/gone/Role', error: 'it moved after it was planned: plan again' }],
    });
    expect(bench.writes()).toBe(0);
  });

  it.each([
    { reason: 'more would go with it', items: 8, outcome: 'partial' },
    { reason: 'as much', items: 7, outcome: 'applied' },
    { reason: 'less', items: 2, outcome: 'applied' },
    { reason: 'nothing any more', items: 0, outcome: 'applied' },
  ])('F14 $reason than was planned: $outcome', async ({ items, outcome }) => {
    const store = [resource('Store', 'Store', 'gone-store')];
    const bench = await bereft(fakeDocument('gone', store, { onRemove: 'delete' }));
    const found = bench.objects.get('Fake::Store/gone-store')!;
    found.items = 7;
    const fresh = await bench.look();
    const reviewed = await bench.plan();
    found.items = items;

    const result = await run(bench, fresh);
    expect(result.outcome).toBe(outcome);
    expect(bench.objects.has('Fake::Store/gone-store')).toBe(outcome === 'partial');
    if (outcome === 'applied') return;
    expect(result.failed).toMatchObject([{ error: expect.stringContaining('would lose more') as string }]);
    expect(await bench.apply(reviewed)).toMatchObject({
      outcome: 'stale',
      refused: [{ differences: [{ path: 'Items', reviewed: { delete: 7 }, now: { delete: items } }] }],
    });
    expect(bench.writes()).toBe(0);
  });

  it('a crash that left less in it: the review still fits', async () => {
    const store = [resource('Store', 'Store', 'gone-store')];
    const bench = await bereft(fakeDocument('gone', store, { onRemove: 'delete' }));
    bench.objects.get('Fake::Store/gone-store')!.items = 7;
    const reviewed = await bench.plan();
    bench.objects.get('Fake::Store/gone-store')!.items = 3;
    expect((await bench.apply(reviewed)).outcome).toBe('applied');
  });

  it.each([
    { reason: 'before it was deleted', at: 'drain', outcome: 'partial' },
    { reason: 'after it was deleted', at: 'delete', outcome: 'applied' },
  ])('another of its name appears $reason: it is not touched', async ({ at, outcome }) => {
    const bench = await bereft(fakeDocument('gone', [resource('Function', 'Function', 'gone-fn')]));
    const theirs: FakeObject = { id: 'theirs', marker: 'globex/Fake/x/Function', properties: { Name: 'gone-fn' } };
    bench.hooks.onRemoval = (step) => {
      // The effect of the step comes first; then theirs is there.
      if (step.startsWith(at)) queueMicrotask(() => bench.objects.set('Fake::Function/gone-fn', theirs));
    };
    const result = await run(bench, await bench.look());

    expect(result.outcome).toBe(outcome);
    expect(bench.objects.get('Fake::Function/gone-fn')).toEqual(theirs);
    expect(bench.removed.filter((step) => step.startsWith('delete'))).toHaveLength(at === 'delete' ? 1 : 0);
  });

  it('a crash before and after every write, a lost reply among them: the review converges', async () => {
    const documents = [fakeDocument('gone', app('gone')), fakeDocument('lost', app('lost'), { onRemove: 'delete' })];
    const writes = await (async () => {
      const bench = await bereft(...documents);
      await bench.apply();
      return bench.writes();
    })();
    expect(writes).toBe(8);

    for (const side of ['before', 'after'] as const) {
      for (let at = 0; at < writes; at++) {
        const bench = await bereft(...documents);
        const reviewed = await bench.plan();
        bench.crash(at, side);
        expect([side, at, (await bench.apply(reviewed)).outcome]).toEqual([side, at, 'partial']);
        bench.reset();
        const second = await bench.apply(reviewed);
        expect([side, at, second.refused, second.failed]).toEqual([side, at, [], []]);
        expect([side, at, (await bench.plan()).actions]).toEqual([side, at, []]);
      }
    }
  });
});

describe('the seal', () => {
  it('declared again after the review: refused, nothing of it is written', async () => {
    const bench = await one();
    const reviewed = await bench.plan();
    bench.documents = [KEPT, fakeDocument('gone', app('gone'))];

    expect(await bench.apply(reviewed)).toMatchObject({
      outcome: 'stale',
      refused: [{ document: 'Fake/gone', differences: [{ message: expect.stringContaining('declared again') }] }],
    });
    expect(bench.writes()).toBe(0);
  });

  it('renamed after the review: refused, for what it would have removed is spoken for', async () => {
    const bench = await one();
    const reviewed = await bench.plan();
    bench.documents = [KEPT, fakeDocument('new', app('gone'), { formerly: ['gone'] })];

    const result = await bench.apply(reviewed);
    expect(result).toMatchObject({ outcome: 'stale', refused: [{ document: 'Fake/gone' }] });
    expect(result.refused[0]!.differences.map(({ id }) => id)).toEqual([
      'Fake/gone/Function',
      'Fake/gone/Role',
      'Fake/gone/Store',
    ]);
    expect(bench.writes()).toBe(0);
  });

  it('gone already: done, and said', async () => {
    const bench = await one();
    const reviewed = await bench.plan();
    await bench.apply(reviewed);
    bench.reset();

    const again = await bench.apply(reviewed);
    expect(again).toMatchObject({ outcome: 'nothing', refused: [] });
    expect(again.skipped.map(({ why }) => why)).toEqual(['already done', 'already done', 'already done']);
  });

  it.each([
    { reason: 'not everything can be seen', hide: (bench: Bench) => (bench.lists.denied = true), outcome: 'partial' },
    {
      reason: 'the run is partial',
      hide: (bench: Bench) => (bench.request = { ...bench.request, partial: true }),
      outcome: 'nothing',
    },
  ])('$reason: skipped, and never taken as done', async ({ hide, outcome }) => {
    const bench = await one();
    const reviewed = await bench.plan();
    hide(bench);

    const result = await bench.apply(reviewed);
    expect(result.outcome).toBe(outcome);
    expect(result.skipped).toHaveLength(3);
    for (const { why } of result.skipped) expect(why).not.toContain('already done');
    expect(bench.writes()).toBe(0);
  });

  it('what was not reviewed is not removed: of another document skipped, of the same refused', async () => {
    const bench = await bereft(fakeDocument('gone', app('gone')), fakeDocument('lost', app('lost')));
    bench.documents = [KEPT, fakeDocument('lost', app('lost'))];
    const reviewed = await bench.plan();
    bench.documents = [KEPT];

    const result = await bench.apply(reviewed);
    // The review names `lost` as declared, and it is not any more.
    expect(result.refused.map(({ document }) => document)).toEqual(['Fake/lost']);
    expect(result.done).toHaveLength(3);
    expect(bench.objects.get('Fake::Store/lost-store')!.marker).toBeDefined();
  });
});

describe('the base', () => {
  const base = (explicit: boolean, before: readonly Document[]) => (bench: Bench) => ({
    limits: OPEN,
    loosened: [],
    before: { documents: before, estate: bench.world.estate },
    explicit,
  });
  const gone = fakeDocument('gone', app('gone'));
  const lost = fakeDocument('lost', app('lost'));

  it('named: only what went since goes; what lay there before is said', async () => {
    const bench = await bereft(gone, lost);
    bench.request = { ...bench.request, base: base(true, [KEPT, gone])(bench) };

    expect(verbs(await bench.plan())).toEqual(GONE_ACTIONS);
    expect((await bench.drift()).orphans.filter(({ action }) => action === 'none')).toMatchObject(
      ['Function', 'Role', 'Store'].map((id) => ({
        id: `Fake/lost/${id}`,
        why: expect.stringContaining('not declared at the base either'),
      })),
    );
  });

  it('named: found by name, though no list has it yet', async () => {
    const bench = await bereft(gone);
    for (const { id } of bench.objects.values()) bench.lists.late.add(id);
    expect((await bench.plan()).actions).toEqual([]);
    bench.request = { ...bench.request, base: base(true, [KEPT, gone])(bench) };
    expect(verbs(await bench.plan())).toEqual(GONE_ACTIONS);
  });

  it('named: what is gone, copied, another’s or declared still is no candidate', async () => {
    const bench = await bereft(gone);
    bench.request = { ...bench.request, base: base(true, [KEPT, gone])(bench) };
    bench.objects.delete('Fake::Function/gone-fn');
    bench.objects.get('Fake::Role/gone-role')!.isCopy = true;
    bench.objects.get('Fake::Store/gone-store')!.marker = 'globex/Fake/gone/Store';
    expect((await bench.plan()).actions).toEqual([]);
  });

  it('named: renamed is not dropped', async () => {
    const bench = await bereft(gone);
    bench.request = { ...bench.request, base: base(true, [KEPT, gone])(bench) };
    bench.documents = [KEPT, fakeDocument('new', app('gone'), { formerly: ['gone'] })];
    expect(verbs(await bench.plan()).every((verb) => verb.startsWith('mark'))).toBe(true);
  });

  it('not named: everything goes, and what cannot be seen holds it back', async () => {
    const bench = await bereft(gone, lost);
    bench.request = { ...bench.request, base: base(false, [KEPT, gone])(bench) };
    expect((await bench.plan()).actions).toHaveLength(6);
    bench.request = { ...bench.request, base: base(true, [KEPT, gone])(bench) };
    bench.blind('Fake::Store');
    expect(verbs(await bench.plan())).toEqual([]);
  });
});

describe('guards', () => {
  const population = Array.from({ length: 50 }, (_, index) =>
    fakeDocument(`d${index}`, [resource('Role', 'Role', `role-${index}`)]),
  );

  it('T13 thresholds loosened and 50 removals in one change: refused, 0 writes; merged before: allowed', async () => {
    const bench = await bereft(...population);
    const before = { documents: [KEPT, ...population], estate: bench.world.estate };
    bench.request = { limits: OPEN, base: { limits: STRICT, loosened: [], before, explicit: false } };
    const plan = await bench.plan();
    expect(plan.actions).toHaveLength(50);
    expect(plan.guards).toMatchObject([
      { code: 'deletes', allowed: false, message: expect.stringContaining('a loosening counts from its own merge on') },
    ]);
    expect(await bench.apply(plan)).toMatchObject({ outcome: 'refused', done: [], guards: [{ code: 'deletes' }] });
    expect(bench.writes()).toBe(0);

    bench.request = { limits: OPEN, base: { limits: OPEN, loosened: [], before, explicit: false } };
    expect((await bench.apply(await bench.plan())).outcome).toBe('applied');
    expect(bench.removed).toHaveLength(50);
  });

  it.each([
    { reason: 'its digest, in force', override: {}, allowed: true },
    { reason: 'another digest', override: { digest: '0'.repeat(64) }, allowed: false },
    { reason: 'past its day', override: { until: '2026-11-24' }, allowed: false },
    { reason: 'another guard', override: { allow: ['protected'] }, allowed: false },
  ])('T13 an override with $reason: $allowed', async ({ override, allowed }) => {
    const bench = await bereft(...population);
    bench.request = { limits: STRICT };
    const plan = await bench.plan();
    const line = { digest: plan.digest, allow: ['deletes'], reason: 'decommission', until: '2026-11-25', ...override };
    bench.request = { limits: STRICT, overrides: [line] };

    expect((await bench.apply(plan)).outcome).toBe(allowed ? 'applied' : 'refused');
    expect(bench.removed).toHaveLength(allowed ? 50 : 0);
  });

  it('an override holds for what a crash left of its plan, and for nothing else', async () => {
    const bench = await bereft(...population);
    bench.request = { limits: STRICT };
    const reviewed = await bench.plan();
    const line = { digest: reviewed.digest, allow: ['deletes'], reason: 'decommission', until: '2026-12-01' };
    bench.request = { limits: STRICT, overrides: [line] };
    let left = 20;
    bench.hooks.onRemoval = () => {
      if (--left < 0) throw new Error('crash');
    };
    expect(await bench.apply(reviewed)).toMatchObject({ outcome: 'partial' });
    expect(bench.removed).toHaveLength(20);

    bench.hooks.onRemoval = () => undefined;
    const fresh = await bench.plan();
    expect(fresh.guards).toMatchObject([{ code: 'deletes', allowed: false }]);
    expect((await bench.apply()).outcome).toBe('refused');
    bench.objects.get('Fake::Role/role-49')!.isProtected = true;
    // A guard that the review did not show, on an object that is not the reviewed one any more.
    expect((await bench.apply(reviewed)).outcome).toBe('stale');
    delete bench.objects.get('Fake::Role/role-49')!.isProtected;
    expect((await bench.apply(reviewed)).outcome).toBe('applied');
    expect(bench.removed).toHaveLength(50);
  });

  it('a guard that the review did not show stops the whole apply, 0 writes', async () => {
    const bench = await one();
    const reviewed = await bench.plan();
    expect(reviewed.guards).toEqual([]);
    bench.request = { limits: { ...OPEN, deletes: { percent: 100, count: 1, from: 5 } } };
    const line = { digest: reviewed.digest, allow: ['deletes'], reason: 'x', until: '2026-12-01' };
    bench.request = { ...bench.request, overrides: [line] };

    expect(await bench.apply(reviewed)).toMatchObject({ outcome: 'refused', done: [], guards: [{ code: 'deletes' }] });
    expect(bench.writes()).toBe(0);
  });

  it('a kind of which no document is left', async () => {
    const bench = await bereft(fakeDocument('gone', app('gone'), { kind: 'Other' }));
    const plan = await bench.plan();
    expect(plan.guards).toMatchObject([{ code: 'vanished-kind', about: 'Other', allowed: false }]);
    expect(plan.guards[0]!.allow).toBe(
      `- { digest: ${plan.digest}, allow: [vanished-kind], reason: "…", until: 2026-12-01 }`,
    );
    expect((await bench.apply(plan)).outcome).toBe('refused');
    expect(bench.writes()).toBe(0);

    const line = { digest: plan.digest, allow: ['vanished-kind'], reason: 'x', until: '2026-12-01' };
    bench.request = { ...bench.request, overrides: [line] };
    expect((await bench.apply(plan)).outcome).toBe('applied');
  });

  it('protection is on the object: it survives the deletion of the YAML', async () => {
    const bench = await bereft(fakeDocument('gone', app('gone'), { protect: true }));
    const plan = await bench.plan();
    expect(plan.guards.map(({ code, about }) => `${code} ${about}`)).toEqual([
      'protected Fake/gone/Function',
      'protected Fake/gone/Role',
      'protected Fake/gone/Store',
    ]);
    expect((await bench.apply(plan)).outcome).toBe('refused');
    bench.request = { limits: { ...OPEN, requireProtectedOverride: false } };
    expect((await bench.plan()).guards).toEqual([]);
    expect((await bench.apply()).outcome).toBe('applied');
  });
});

describe('re-creation', () => {
  const lostStore = async (): Promise<Bench> => {
    const bench = await bereft();
    bench.objects.delete('Fake::Store/kept-store');
    return bench;
  };

  it('a store that is gone while something made for it is there: refused, 0 writes; allowed by its line', async () => {
    const bench = await lostStore();
    const plan = await bench.plan();
    expect(plan.guards).toMatchObject([
      { code: 're-creation', document: 'Fake/kept', about: 'Fake/kept/Store', allowed: false },
    ]);
    expect((await bench.apply(plan)).outcome).toBe('refused');
    expect(bench.writes()).toBe(0);

    const line = { digest: plan.digest, allow: ['re-creation'], reason: 'x', until: '2026-12-01' };
    bench.request = { ...bench.request, overrides: [line] };
    expect((await bench.apply(plan)).outcome).toBe('applied');
  });

  const isGlobal = (bench: Bench): void => {
    const types = bench.world.types as Map<string, ResourceType>;
    types.set('Fake::Store', { ...types.get('Fake::Store')!, global: true });
  };
  const moved = app('kept').map((desired) => ({ ...desired, place: THERE }));

  it.each([
    {
      reason: 'renamed',
      change: (bench: Bench) => (bench.documents = [fakeDocument('new', app('kept'), { formerly: ['kept'] })]),
      about: 'Fake/new/Store',
    },
    {
      reason: 'moved to another region, of none itself',
      change(bench: Bench) {
        isGlobal(bench);
        bench.documents = [fakeDocument('kept', moved)];
      },
      about: 'Fake/kept/Store',
    },
    {
      reason: 'of an earlier owner',
      change(bench: Bench) {
        for (const found of bench.objects.values()) found.marker = found.marker!.replace(OWNER, 'acme-old');
      },
      about: 'Fake/kept/Store',
    },
    {
      reason: 'renamed and moved, of an earlier owner',
      change(bench: Bench) {
        isGlobal(bench);
        for (const found of bench.objects.values()) found.marker = found.marker!.replace(OWNER, 'acme-old');
        bench.documents = [fakeDocument('new', moved, { formerly: ['kept'] })];
      },
      about: 'Fake/new/Store',
    },
  ])('sees as much in the same change: $reason', async ({ change, about }) => {
    const bench = await lostStore();
    change(bench);
    const { guards } = await bench.plan();
    expect(guards.filter(({ code }) => code === 're-creation')).toMatchObject([{ about, allowed: false }]);
  });

  it('a store of a region that is made anew in another one was there never', async () => {
    const bench = await lostStore();
    bench.documents = [fakeDocument('kept', moved)];
    expect((await bench.plan()).guards).toEqual([]);
  });

  it('holds in a partial run', async () => {
    const bench = await lostStore();
    bench.request = { ...bench.request, partial: true };
    expect((await bench.plan()).guards).toMatchObject([{ code: 're-creation' }]);
  });

  it('holds where what was made for it cannot be looked at', async () => {
    const bench = await lostStore();
    bench.blind('Fake::Function');
    expect((await bench.plan()).guards).toMatchObject([{ code: 're-creation' }]);
  });

  it.each([
    { reason: 'nothing made for it is left', change: (bench: Bench) => bench.objects.delete('Fake::Function/kept-fn') },
    {
      reason: 'only a copied marker says so',
      change: (bench: Bench) => {
        const found = bench.objects.get('Fake::Function/kept-fn')!;
        bench.objects.delete('Fake::Function/kept-fn');
        bench.objects.set('Fake::Function/theirs', { ...found, isCopy: true });
      },
    },
    {
      reason: 'it is not ours any more',
      change: (bench: Bench) => (bench.objects.get('Fake::Function/kept-fn')!.marker = 'globex/Fake/x/Function'),
    },
  ])('is nothing where $reason', async ({ change }) => {
    const bench = await lostStore();
    change(bench);
    const { guards, actions } = await bench.plan();
    expect(actions.map(({ id }) => id)).toContain('Fake/kept/Store');
    expect(guards).toEqual([]);
  });

  it('a copy beside the original hides it not', async () => {
    const bench = await lostStore();
    const found = bench.objects.get('Fake::Function/kept-fn')!;
    bench.objects.set('Fake::Function/theirs', { ...found, id: 'theirs', isCopy: true });
    expect((await bench.plan()).guards).toMatchObject([{ code: 're-creation' }]);
  });

  it('stops no apply of a review that is about other documents', async () => {
    const bench = await one();
    bench.documents = [fakeDocument('other', [resource('Role', 'Role', 'other-role')])];
    const other = await bench.plan();
    expect(other.actions.some(({ id }) => id === 'Fake/other/Role')).toBe(true);
    bench.documents = [KEPT, ...bench.documents];
    bench.objects.delete('Fake::Store/kept-store');
    const only = { ...other, actions: other.actions.filter(({ document }) => document === 'Fake/other') };

    const result = await bench.apply(only);
    expect(result.done).toEqual(['Fake/other/Role']);
    expect(bench.objects.has('Fake::Store/kept-store')).toBe(false);
  });
});
