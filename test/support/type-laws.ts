import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/embedded/index.ts';
import type { Value } from '../../src/engine/types.ts';
import { BENCH_MARKER } from './type-bench.ts';
import type { TypeBench } from './type-bench.ts';

type Properties = Readonly<Record<string, Value>>;

/** What the laws need to know of a type that carries its marker as a tag from its creation on. */
export interface Subject<Client> {
  readonly type: string;
  /** Every managed property. */
  readonly properties: Properties;
  /** For each property that can change: another value. */
  readonly others: Properties;
  /** The embedded service, the command that creates, and one that looks. */
  readonly service: string;
  readonly create: string;
  readonly look: string;
  bench(properties: Properties, faults?: readonly Fault[]): TypeBench<Client>;
  /** Tags of the object as they are. */
  tags(bench: TypeBench<Client>): Promise<Readonly<Record<string, string>>>;
  untag(bench: TypeBench<Client>, keys: readonly string[]): Promise<void>;
  /** Makes an object of this name by hand, with nothing of ours. */
  makeForeign(bench: TypeBench<Client>): Promise<void>;
  /** The object as it is, without tags, to be compared with itself. */
  snapshot(bench: TypeBench<Client>): Promise<unknown>;
}

/** The laws of docs/adding-a-kind.md, for one type over the embedded account. */
export function testTypeLaws<Client>(subject: Subject<Client>): void {
  const { properties, others, bench: createBench } = subject;
  const lasting = Object.keys(properties);

  async function applied(faults: readonly Fault[] = []): Promise<TypeBench<Client>> {
    const bench = createBench(properties, faults);
    expect(await bench.apply()).toMatchObject({ outcome: 'applied', failed: [] });
    return bench;
  }

  async function expectDone(bench: TypeBench<Client>): Promise<void> {
    expect(await bench.actions()).toEqual([]);
    expect(await subject.tags(bench)).toMatchObject({
      'trueup:owner': BENCH_MARKER,
      'trueup:applied': expect.stringMatching(/^[\w-]+$/),
    });
  }

  describe(`${subject.type}, by the laws`, () => {
    it('is created, and then there is nothing to do', async () => {
      const bench = createBench(properties);
      expect(await bench.actions()).toEqual([['create missing', ...lasting].join(' ')]);

      expect(await bench.apply()).toMatchObject({ outcome: 'applied', replan: { summary: { create: 0, update: 0 } } });

      await expectDone(bench);
      const writes = bench.account.calls()[subject.service]!.writes;
      expect((await bench.apply()).outcome).toBe('nothing');
      expect(bench.account.calls()[subject.service]!.writes).toBe(writes);
    });

    it.each(Object.keys(others))('is updated in place: %s', async (name) => {
      const bench = await applied();
      bench.declare({ ...properties, [name]: others[name]! });
      expect(await bench.actions()).toEqual([`update declared ${name}`]);

      expect((await bench.apply()).outcome).toBe('applied');
      await expectDone(bench);

      bench.declare(properties);
      expect(await bench.actions()).toEqual([`update declared ${name}`]);
      await bench.apply();
      await expectDone(bench);
    });

    it('leaves a foreign object alone, and takes it over when it is told to', async () => {
      const bench = createBench(properties);
      await subject.makeForeign(bench);
      const before = await subject.snapshot(bench);
      const tags = await subject.tags(bench);

      expect(await bench.findings()).toEqual(['foreign']);
      await bench.apply();
      expect(await subject.snapshot(bench)).toEqual(before);
      expect(await subject.tags(bench)).toEqual(tags);

      bench.declare(properties, { adopt: true });
      expect(await bench.actions()).toEqual(['adopt declared']);
      await bench.apply();
      expect(await subject.snapshot(bench)).toEqual(before);
      expect(await subject.tags(bench)).toEqual({ ...tags, 'trueup:owner': BENCH_MARKER });
      expect((await bench.actions())[0]).toMatch(/^update unfinished/);
      await bench.apply();
      await expectDone(bench);
    });

    it('is finished when a crash left it without the stamp', async () => {
      const bench = await applied();
      await subject.untag(bench, ['trueup:applied']);

      expect(await bench.actions()).toEqual(['update unfinished']);
      await bench.apply();

      await expectDone(bench);
    });

    it.each([
      [1, 'lost-reply'],
      [2, 'lost-reply'],
      [3, 'lost-reply'],
      [1, 'throttle'],
      [2, 'server-error'],
    ] as const)('survives call %i with %s', async (nth, fault) => {
      const bench = createBench(properties, [{ service: subject.service, command: '*', nth, fault }]);

      for (let tries = 0; (await bench.actions()).length > 0 && tries < 5; tries += 1) await bench.apply();

      await expectDone(bench);
    });

    it('survives a lost reply of its creation', async () => {
      const bench = createBench(properties, [
        { service: subject.service, command: subject.create, fault: 'lost-reply' },
      ]);

      expect((await bench.apply()).outcome).toBe('applied');

      await expectDone(bench);
    });

    it('is not created over what somebody made since the look', async () => {
      const bench = createBench(properties);
      await subject.makeForeign(bench);
      const before = await subject.snapshot(bench);

      expect(await bench.create()).toMatchObject({ done: false });

      expect(await subject.snapshot(bench)).toEqual(before);
    });

    it.each([subject.look, 'ListTagsForResource'])('is unknown, not absent, where %s is denied', async (command) => {
      const fault = { service: subject.service, command, times: 99, fault: 'access-denied' } as const;
      const bench = createBench(properties, [fault]);
      await subject.makeForeign(bench);

      const plan = await bench.plan();

      expect(plan).toMatchObject({ complete: false, actions: [] });
      expect(plan.documents[0]!.findings).toMatchObject([
        { code: 'unknown', message: expect.stringContaining('denied') },
      ]);
    });

    it('says protection and takes it back', async () => {
      const bench = await applied();
      bench.declare(properties, { protect: true, onRemove: 'release' });
      expect(await bench.actions()).toEqual([expect.stringMatching(/trueup:protect trueup:on-remove$/)]);
      await bench.apply();
      expect(await subject.tags(bench)).toMatchObject({ 'trueup:protect': 'true', 'trueup:on-remove': 'release' });

      bench.declare(properties);
      await bench.apply();
      await expectDone(bench);
      expect(Object.keys(await subject.tags(bench))).not.toContain('trueup:protect');
    });
  });
}
