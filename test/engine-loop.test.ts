import { describe, expect, it } from 'vitest';
import { applyEstate } from '../src/engine/apply.ts';
import type { Desired, Document, Plan } from '../src/engine/types.ts';
import { createEngineBench } from './support/engine-bench.ts';
import type { EngineBench } from './support/engine-bench.ts';
import { HERE, createFakeWorld, fakeDocument } from './support/fake-world.ts';
import type { FakeWorld } from './support/fake-world.ts';

function resourcesOf(greeting: string): Desired[] {
  return [
    {
      id: 'Function',
      type: 'Fake::Function',
      place: HERE,
      properties: {
        Name: 'fn',
        Role: { $get: ['Role', 'Arn'] },
        Greeting: greeting,
        Url: { $join: ['https://', { $get: ['Api', 'Id'] }, '.example'] },
      },
    },
    { id: 'Role', type: 'Fake::Role', place: HERE, properties: { Name: 'role', Trust: 'lambda' } },
    { id: 'Api', type: 'Fake::Api', place: HERE, properties: { Name: 'api', Title: 'greetings' } },
  ];
}

type Bench = FakeWorld & EngineBench;

function createBench(...documents: Document[]): Bench {
  const fake = createFakeWorld(() => bench.documents);
  const bench = Object.assign(
    createEngineBench(documents, () => fake.world),
    fake,
  );
  return bench;
}

const hello = (): Bench => createBench(fakeDocument('greeter', resourcesOf('hello')));

describe('plan', () => {
  it('shows everything that is missing, dependencies named, references not yet known', async () => {
    const plan = await hello().plan();

    expect(plan.actions.map(({ id, action, reason, dependsOn }) => ({ id, action, reason, dependsOn }))).toEqual([
      { id: 'Fake/greeter/Api', action: 'create', reason: 'missing', dependsOn: [] },
      {
        id: 'Fake/greeter/Function',
        action: 'create',
        reason: 'missing',
        dependsOn: ['Fake/greeter/Role', 'Fake/greeter/Api'],
      },
      { id: 'Fake/greeter/Role', action: 'create', reason: 'missing', dependsOn: [] },
    ]);
    expect(plan.actions[1]!.bound).toEqual({ 'Role.Arn': `arn:${HERE.account}:role`, 'Api.Id': null });
  });

  it('is byte-identical when it is made again', async () => {
    const bench = hello();

    expect(JSON.stringify(await bench.plan())).toBe(JSON.stringify(await bench.plan()));
  });

  it('is incomplete, and not empty, where something could not be looked at', async () => {
    const bench = hello();
    bench.blind('Fake::Api');

    const plan = await bench.plan();

    expect(plan.complete).toBe(false);
    expect(plan.documents[0]!.findings.map(({ code }) => code)).toEqual(['unknown', 'unknown']);
    expect(plan.actions.map(({ id }) => id)).toEqual(['Fake/greeter/Role']);
  });

  it.each([
    {
      reason: 'git',
      edit: (bench: Bench) => (bench.documents = [fakeDocument('greeter', resourcesOf('hi'))]),
      label: 'declared',
    },
    {
      reason: 'the world',
      edit: (bench: Bench) => (bench.objects.get('Fake::Function/fn')!.properties['Greeting'] = 'hacked'),
      label: 'drifted',
    },
    {
      reason: 'both',
      edit: (bench: Bench) => {
        bench.documents = [fakeDocument('greeter', resourcesOf('hi'))];
        bench.objects.get('Fake::Function/fn')!.properties['Greeting'] = 'hacked';
      },
      label: 'both',
    },
  ])('says that a change comes from $reason', async ({ edit, label }) => {
    const bench = hello();
    await bench.apply();

    edit(bench);
    const plan = await bench.plan();

    expect(plan.actions.map(({ id, reason }) => [id, reason])).toEqual([['Fake/greeter/Function', label]]);
  });

  it('refuses what is not ours, and what hangs on it is not looked at', async () => {
    const bench = hello();
    bench.objects.set('Fake::Api/api', { id: 'theirs', properties: { Name: 'api', Title: 'secret title' } });

    const plan = await bench.plan();

    expect(plan.documents[0]!.findings.map(({ code, severity }) => [code, severity])).toEqual([['foreign', 'blocks']]);
    expect(plan.actions.map(({ id }) => id)).toEqual(['Fake/greeter/Role']);
    expect(JSON.stringify(plan)).not.toContain('secret title');
  });

  it('leaves a paused document alone until the pause ends', async () => {
    const pause = { until: '2026-11-25', reason: 'migration' };
    const bench = createBench(fakeDocument('greeter', resourcesOf('hello'), { pause }));

    expect((await bench.plan()).actions).toEqual([]);
    expect((await bench.plan()).documents[0]!.paused).toEqual(pause);

    await bench.world.clock.sleep(86_400_000);
    expect((await bench.plan()).actions).toHaveLength(3);
  });

  it('never replaces silently', async () => {
    const bucket = (name: string): Desired[] => [
      { id: 'Store', type: 'Fake::Bucket', place: HERE, properties: { Name: name, Versioning: true } },
    ];
    const bench = createBench(fakeDocument('store', bucket('one')));
    await bench.apply();
    bench.objects.set('Fake::Bucket/two', {
      ...bench.objects.get('Fake::Bucket/one')!,
      properties: { Name: 'one', Versioning: true },
    });

    bench.documents = [fakeDocument('store', bucket('two'))];
    const plan = await bench.plan();

    expect(plan.actions).toEqual([]);
    expect(plan.documents[0]!.findings.map(({ code }) => code)).toEqual(['immutable-change']);
  });
});

describe('apply', () => {
  it('makes everything, and a plan right after it is empty', async () => {
    const bench = hello();

    const result = await bench.apply(await bench.plan());

    expect(result.outcome).toBe('applied');
    expect(result.done).toHaveLength(3);
    expect((await bench.plan()).actions).toEqual([]);
    expect(bench.objects.get('Fake::Function/fn')!.properties['Url']).toMatch(/^https:\/\/id-\d+\.example$/);
  });

  it('adopts by writing the marker and nothing else', async () => {
    const bench = createBench(fakeDocument('greeter', resourcesOf('hello').slice(2), { adopt: true }));
    bench.objects.set('Fake::Api/api', { id: 'old', properties: { Name: 'api', Title: 'old title' } });

    const result = await bench.apply(await bench.plan());

    expect(result.outcome).toBe('applied');
    expect(bench.objects.get('Fake::Api/api')).toEqual({
      id: 'old',
      marker: 'acme-network/Fake/greeter/Api',
      properties: { Name: 'api', Title: 'old title' },
    });
  });

  it('converges after a crash before and after every write, and the old seal still fits', async () => {
    const writes = await (async () => {
      const bench = hello();
      await bench.apply();
      return bench.writes();
    })();
    expect(writes).toBeGreaterThan(6);

    for (const side of ['before', 'after'] as const) {
      for (let at = 0; at < writes; at++) {
        const bench = hello();
        const reviewed = await bench.plan();
        bench.crash(at, side);
        const first = await bench.apply(reviewed);
        expect([side, at, first.outcome]).toEqual([side, at, 'partial']);

        bench.reset();
        const second = await bench.apply(reviewed);

        expect([side, at, second.refused]).toEqual([side, at, []]);
        expect([side, at, (await bench.plan()).actions]).toEqual([side, at, []]);
        expect([...bench.objects.keys()]).toHaveLength(3);
      }
    }
  });

  it('skips what depends on a failure and does the rest', async () => {
    const bench = hello();
    bench.crash(0, 'before');

    const result = await bench.apply();

    expect(result.outcome).toBe('partial');
    expect(result.failed).toHaveLength(1);
    expect(result.skipped).toEqual([{ id: 'Fake/greeter/Function', why: expect.stringContaining('was not done') }]);
    expect(result.done).toHaveLength(1);
  });

  it('starts nothing new once it is told to stop', async () => {
    const bench = hello();
    const stop = new AbortController();
    stop.abort();
    const result = await applyEstate(bench.world, {
      fresh: await bench.look(),
      overrides: [],
      stop: stop.signal,
      onStep() {},
      onEnd() {},
      replan: bench.plan,
    });

    expect(result.outcome).toBe('interrupted');
    expect(bench.writes()).toBe(0);
  });
});

describe('the read right before a write', () => {
  it('F14 finds an object that changed after it was planned: nothing is written', async () => {
    const bench = hello();
    await bench.apply();
    bench.documents = [fakeDocument('greeter', resourcesOf('hi'))];
    const fresh = await bench.look();
    bench.objects.get('Fake::Function/fn')!.properties['Greeting'] = 'hacked';
    const writes = bench.writes();

    const result = await applyEstate(bench.world, {
      fresh,
      overrides: [],
      stop: new AbortController().signal,
      onStep() {},
      onEnd() {},
      replan: bench.plan,
    });

    expect(result).toMatchObject({
      outcome: 'partial',
      failed: [{ error: 'it moved after it was planned: plan again' }],
    });
    expect(bench.writes()).toBe(writes);
  });
});

describe('the seal', () => {
  it('is done, with no write, when everything is as reviewed already', async () => {
    const bench = hello();
    const reviewed = await bench.plan();
    await bench.apply(reviewed);
    const writes = bench.writes();

    const again = await bench.apply(reviewed);

    expect(again.outcome).toBe('nothing');
    expect(again.skipped.map(({ why }) => why)).toEqual(['already done', 'already done', 'already done']);
    expect(bench.writes()).toBe(writes);
  });

  it.each([
    {
      reason: 'the document changed',
      move: (bench: Bench) => (bench.documents = [fakeDocument('greeter', resourcesOf('bye'))]),
      says: 'the document, or a setting it uses',
    },
    {
      reason: 'the field is at a third value',
      move: (bench: Bench) => (bench.objects.get('Fake::Function/fn')!.properties['Greeting'] = 'hacked'),
      says: 'Greeting moved since the review',
    },
    {
      reason: 'a sibling field drifted',
      move: (bench: Bench) => (bench.objects.get('Fake::Function/fn')!.properties['Role'] = 'arn:evil'),
      says: 'Role was not to change',
    },
    {
      reason: 'another object drifted',
      move: (bench: Bench) => (bench.objects.get('Fake::Role/role')!.properties['Trust'] = 'ec2'),
      says: 'was not reviewed',
    },
    {
      reason: 'what it refers to is another object now',
      move: (bench: Bench) => (bench.objects.get('Fake::Api/api')!.id = 'id-new'),
      says: 'Api.Id is another',
    },
    {
      reason: 'the object is another one',
      move: (bench: Bench) => (bench.objects.get('Fake::Function/fn')!.id = 'id-new'),
      says: 'the object is another',
    },
    {
      reason: 'the object became protected',
      move: (bench: Bench) => (bench.objects.get('Fake::Function/fn')!.isProtected = true),
      says: 'the object is another, or riskier',
    },
    {
      reason: 'the object is gone',
      move: (bench: Bench) => bench.objects.delete('Fake::Function/fn'),
      says: 'update was reviewed, create is what is needed now',
    },
    {
      reason: 'somebody took the marker away',
      move: (bench: Bench) => delete bench.objects.get('Fake::Function/fn')!.marker,
      says: 'not ours',
    },
    {
      reason: 'it cannot be looked at',
      move: (bench: Bench) => bench.blind('Fake::Function'),
      says: 'could not be looked at',
    },
  ])('refuses with no write when $reason', async ({ move, says }) => {
    const bench = hello();
    await bench.apply();
    bench.documents = [fakeDocument('greeter', resourcesOf('hi'))];
    const reviewed = await bench.plan();
    const writes = bench.writes();

    move(bench);
    const result = await bench.apply(reviewed);

    expect(result.outcome).toBe('stale');
    expect(result.refused[0]!.differences.map(({ message }) => message).join('\n')).toContain(says);
    expect(bench.writes()).toBe(writes);
  });

  it('refuses only the document that moved', async () => {
    const other = fakeDocument('other', [
      { id: 'Api', type: 'Fake::Api', place: HERE, properties: { Name: 'other-api', Title: 'one' } },
    ]);
    const bench = createBench(fakeDocument('greeter', resourcesOf('hello')), other);
    const reviewed = await bench.plan();

    bench.documents = [fakeDocument('greeter', resourcesOf('bye')), other];
    const result = await bench.apply(reviewed);

    expect(result.outcome).toBe('stale');
    expect(result.refused.map(({ document }) => document)).toEqual(['Fake/greeter']);
    expect(result.done).toEqual(['Fake/other/Api']);
  });

  it('does not touch a document that it does not name', async () => {
    const bench = hello();
    const reviewed = await bench.plan();
    bench.documents = [
      ...bench.documents,
      fakeDocument('later', [{ id: 'Api', type: 'Fake::Api', place: HERE, properties: { Name: 'later', Title: 'x' } }]),
    ];

    const result = await bench.apply(reviewed);

    expect(result.outcome).toBe('applied');
    expect(result.skipped).toEqual([{ id: 'Fake/later/Api', why: 'not in the reviewed plan' }]);
  });

  it('T69 a random trueup:applied changes words, never actions', async () => {
    const bench = hello();
    await bench.apply();
    bench.objects.get('Fake::Function/fn')!.properties['Greeting'] = 'hacked';
    const before = await bench.plan();

    bench.objects.get('Fake::Function/fn')!.applied = 'x'.repeat(24);
    const after = await bench.plan();

    const acts = (plan: Plan) =>
      plan.actions.map(({ id, action, changes }) => ({ id, action, paths: changes.map(({ path }) => path) }));
    expect(acts(after)).toEqual(acts(before));
    expect(after.actions[0]!.changes[0]!.cause).toBe('both');
  });
});
