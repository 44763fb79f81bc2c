import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/embedded/index.ts';
import type { Desired, Value } from '../../src/engine/types.ts';
import { HERE, OWNER } from './fake-world.ts';
import { testPermissions } from './permission-laws.ts';
import { locateObject, observeObject, releaseObject, removeObject } from './removal.ts';
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
  /** Further values, for updates that take another call. */
  readonly later?: Properties;
  /** The embedded service, the command that creates, and one that looks. */
  readonly service: string;
  readonly create: string;
  readonly look: string;
  /** The command that lists tags; default: ListTagsForResource. */
  readonly listTags?: string;
  /** Commands that delete, in their order. */
  readonly removal: readonly string[];
  /** The property that holds the object's name, and a name that follows from the marker. */
  readonly name: { readonly property: string; readonly ofMarker: string; readonly marker?: string };
  /** ARN of the object of this name, as its service writes it. */
  arn(bench: TypeBench<Client>, name: string): Promise<string>;
  /** ARNs that are those of another type, or of something below one of this type. */
  readonly otherArns: readonly string[];
  bench(properties: Properties, faults?: readonly Fault[]): TypeBench<Client>;
  /** Tags of the object as they are. */
  tags(bench: TypeBench<Client>): Promise<Readonly<Record<string, string>>>;
  tag(bench: TypeBench<Client>, tags: Readonly<Record<string, string>>): Promise<void>;
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

    it.each([subject.look, subject.listTags ?? 'ListTagsForResource'])(
      'is unknown, not absent, where %s is denied',
      async (command) => {
        const fault = { service: subject.service, command, times: 99, fault: 'access-denied' } as const;
        const bench = createBench(properties, [fault]);
        await subject.makeForeign(bench);

        const plan = await bench.plan();

        expect(plan).toMatchObject({ complete: false, actions: [] });
        expect(plan.documents[0]!.findings).toMatchObject([
          { code: 'unknown', message: expect.stringContaining('denied') },
        ]);
      },
    );

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

  testRemoval(subject);
  testFinding(subject);
  testPermissions({
    name: subject.type,
    open: () => createBench(properties),
    resources: [desiredOf(properties)],
    updates: [
      { resources: [desiredOf({ ...properties, ...others })], rest: { protect: true } },
      ...(subject.later ? [{ resources: [desiredOf({ ...properties, ...subject.later })] }] : []),
      { resources: [desiredOf(properties)] },
    ],
    makeForeign: (bench) => subject.makeForeign(bench),
  });

  function desiredOf(wanted: Properties): Desired {
    return { id: 'It', type: subject.type, place: HERE, properties: wanted };
  }
}

const ADDRESS = BENCH_MARKER.slice(OWNER.length + 1);

function testRemoval<Client>(subject: Subject<Client>): void {
  const { properties, type } = subject;
  const which = { type, properties, address: ADDRESS };

  async function applied(faults: readonly Fault[] = []): Promise<TypeBench<Client>> {
    const bench = subject.bench(properties, faults);
    expect((await bench.apply()).outcome).toBe('applied');
    return bench;
  }

  describe(`${type}, when nothing declares it any more`, () => {
    it('is removed when that is wanted, and what is gone is gone', async () => {
      const bench = await applied();

      const late = bench.resources.types().get(type)!;
      const seen = (await observeObject(bench.resources, which))!;
      await removeObject(bench.resources, which);

      expect(await bench.actions()).toEqual([expect.stringMatching(/^create missing/)]);
      const target = { ...which, owner: OWNER, place: HERE, token: '', applied: '', protect: false };
      expect(await late.remove!(target, seen)).toEqual({ done: true });
    });

    it.each(
      subject.removal.flatMap((command) =>
        (['lost-reply', 'crash-before', 'crash-after', 'throttle'] as const).map((fault) => ({ command, fault })),
      ),
    )('is removed in spite of a $fault of $command', async ({ command, fault }) => {
      const bench = await applied([{ service: subject.service, command, fault }]);

      const failed = await removeObject(bench.resources, which, 1);

      expect(failed).toBe(fault.startsWith('crash') ? 1 : 0);
      expect(bench.account.events().map(({ eventName }) => eventName)).toContain(subject.removal.at(-1));
    });

    it('is let go: our tags go and nothing else, and then it is nobody’s', async () => {
      const bench = await applied();
      bench.declare(properties, { protect: true, onRemove: 'release' });
      await bench.apply();
      const tags = await subject.tags(bench);
      const before = await subject.snapshot(bench);

      await releaseObject(bench.resources, which);

      const theirs = Object.entries(tags).filter(([key]) => !key.startsWith('trueup:'));
      expect(theirs.length).toBeGreaterThan(0);
      expect(await subject.tags(bench)).toEqual(Object.fromEntries(theirs));
      expect(await subject.snapshot(bench)).toEqual(before);
      bench.declare(properties);
      expect(await bench.findings()).toEqual(['foreign']);
    });

    it.each([
      ['release', 'release'],
      ['delete', 'delete'],
      ['whatever', undefined],
    ])('says what becomes of it: %s', async (value, onRemove) => {
      const bench = await applied();
      await subject.tag(bench, { 'trueup:on-remove': value });

      expect((await observeObject(bench.resources, which))?.onRemove).toBe(onRemove);
    });
  });
}

function testFinding<Client>(subject: Subject<Client>): void {
  const { properties, type, name } = subject;
  const own = properties[name.property] as string;
  const marker = name.marker ?? BENCH_MARKER;

  describe(`${type}, by its ARN`, () => {
    it('is found again, and looked at with nothing but that', async () => {
      const bench = subject.bench({ ...properties, [name.property]: name.ofMarker });
      await bench.apply();
      const arn = await subject.arn(bench, name.ofMarker);

      const located = (await locateObject(bench.resources, type, { marker, arn }))!;
      const which = { type, properties: located.properties as Properties, address: ADDRESS };
      const seen = await observeObject(bench.resources, which);

      expect(located.witnessed).toBe(true);
      expect(seen).toMatchObject({ resource: name.ofMarker, marker: BENCH_MARKER, witness: true });
      await removeObject(bench.resources, which);
      expect(await observeObject(bench.resources, which)).toBeUndefined();
    });

    it('T68 is no witness of itself under another name, as one with a copied tag is', async () => {
      const bench = subject.bench(properties);
      await subject.makeForeign(bench);
      await subject.tag(bench, { 'trueup:owner': marker, 'trueup:adopted': name.ofMarker });
      const arn = await subject.arn(bench, own);

      expect(await locateObject(bench.resources, type, { marker, arn })).toMatchObject({ witnessed: false });
    });

    it('T68 is one under its first name, when its document was renamed', async () => {
      const bench = subject.bench(properties);
      await bench.apply();
      bench.declare(properties, { name: 'office', formerly: ['app'] });
      expect(await bench.actions()).toEqual(['mark renamed']);
      await bench.apply();

      const tags = await subject.tags(bench);
      const found = { marker: tags['trueup:owner']!, arn: await subject.arn(bench, own) };
      expect(found.marker).toBe(`${OWNER}/Fake/office/It`);
      expect(await locateObject(bench.resources, type, found)).toMatchObject({ witnessed: true });
      expect(await bench.actions()).toEqual([]);
    });

    it('is in doubt, and no copy, where it cannot be looked at', async () => {
      const seen = subject.bench(properties);
      await subject.makeForeign(seen);
      const arn = await subject.arn(seen, own);
      const fault = { service: subject.service, command: subject.look, times: 99, fault: 'access-denied' } as const;
      const bench = subject.bench(properties, [fault]);
      await subject.makeForeign(bench);

      await expect(locateObject(bench.resources, type, { marker, arn })).rejects.toThrow('not authorized');
    });

    it('is not taken for another type, account, region or partition', async () => {
      const bench = subject.bench(properties);
      await subject.makeForeign(bench);
      const arn = await subject.arn(bench, own);
      const others = [
        ...subject.otherArns,
        arn.replace(HERE.account, '999988887777'),
        arn.replace(HERE.region, 'eu-central-1'),
        arn.replace('arn:aws:', 'arn:aws-cn:'),
        arn.slice(0, arn.indexOf(own)),
        `x${arn}`,
      ];

      const located = others.map((other) => locateObject(bench.resources, type, { marker: BENCH_MARKER, arn: other }));

      expect(await Promise.all(located)).toEqual(others.map(() => undefined));
    });
  });
}
