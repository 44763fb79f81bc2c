import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyChange } from '../../src/fan-out/apply-change.ts';
import { applyLook } from '../../src/fan-out/apply-look.ts';
import { LOOKS } from '../../src/fan-out/ledger-keys.ts';
import type { ObjectChange } from '../../src/fan-out/object-change.ts';
import { createFanOutModel, Died, dyingAt, Failed } from '../support/fan-out-model.ts';
import type { FanOutModel, Step } from '../support/fan-out-model.ts';

const KEY = 'in/a.pdf';
const COPY = 'out/a.pdf';
const quiet: Step = () => Promise.resolve();

function ordersOf<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, at) => ordersOf(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));
}

/** Five events of one key: the last may be a deletion. */
function fiveEvents(model: FanOutModel, ends: 'created' | 'deleted'): readonly ObjectChange[] {
  const first = [1, 2, 3].map((number) => model.put(KEY, `etag-${number}`));
  const fourth = ends === 'deleted' ? model.put(KEY, 'etag-4') : model.remove(KEY);
  return [...first, fourth, ends === 'deleted' ? model.remove(KEY) : model.put(KEY, 'etag-5')];
}

function createGate(): { readonly passed: Promise<void>; open(): void } {
  let open = (): void => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open: () => open() };
}

/** @param run of a backfill: its second look is a repetition of the first */
function looked(model: FanOutModel, key: string, run: string, step: Step = quiet, isAgain = false) {
  return applyLook(model.world(step), { sourceKey: key, destinationKey: COPY, run, isAgain });
}

function expectSame(model: FanOutModel): void {
  expect(model.copies.get(COPY)).toBe(model.current(KEY));
}

describe.each([
  { isVersioned: true, ends: 'created' },
  { isVersioned: true, ends: 'deleted' },
  { isVersioned: false, ends: 'created' },
  { isVersioned: false, ends: 'deleted' },
] as const)('five events of a key (versioned: $isVersioned, the last: $ends)', ({ isVersioned, ends }) => {
  it('leave the newest in all 120 orders, each event twice', async () => {
    for (const order of ordersOf([0, 1, 2, 3, 4])) {
      const model = createFanOutModel(isVersioned);
      const events = fiveEvents(model, ends);
      for (const at of [...order, ...order]) {
        await applyChange(model.world(quiet), events[at]!, COPY);
      }
      expectSame(model);
      expect(model.landings()).toBeLessThanOrEqual(5);
    }
  });

  it.each(['at once', 'after all others'])(
    'leave the newest when one dies at any step and comes again %s',
    async (when) => {
      let deaths = 0;
      for (const order of ordersOf([0, 1, 2, 3, 4])) {
        for (const victim of order) {
          for (let fatal = 0; ; fatal += 1) {
            const model = createFanOutModel(isVersioned);
            const events = fiveEvents(model, ends);
            const again: ObjectChange[] = [];
            const dying = dyingAt(fatal);
            for (const at of order) {
              const event = events[at]!;
              try {
                await applyChange(model.world(at === victim ? dying.step : quiet), event, COPY);
              } catch (error) {
                if (!(error instanceof Died)) throw error;
                deaths += 1;
                if (when === 'at once') await applyChange(model.world(quiet), event, COPY);
                else again.push(event);
              }
            }
            for (const event of again) await applyChange(model.world(quiet), event, COPY);
            expectSame(model);
            expect([...model.rows.values()].filter(({ state }) => state === 'copying')).toStrictEqual([]);
            if (dying.count() <= fatal) break;
          }
        }
      }
      expect(deaths).toBeGreaterThan(120 * 5);
    },
  );
});

/** @param isAgain it was begun before */
type Process = (step: Step, isAgain: boolean) => Promise<unknown>;

interface Chance {
  choose(count: number): number;
  /** What becomes of a step. */
  fate(what: string): 'goes' | 'dies' | 'fails';
  /** One more process, or none now; `isOver`: there are no more. */
  between(): Process | undefined;
  isOver(): boolean;
}

/** Tries of one that fails, as Lambda makes them, before it is a dead letter. */
const MOST_TRIES = 3;

/**
 * Runs processes step by step in an order that chance gives; those that die come again, and so do those that fail, but not
 * for ever.
 *
 * @returns dead letters
 */
async function interleave(first: Process, { choose, fate, between, isOver }: Chance): Promise<readonly Process[]> {
  const waiting: { readonly what: string; go(): void; die(): void; fail(): void }[] = [];
  const running = new Set<symbol>();
  const letters: Process[] = [];
  const failures: unknown[] = [];

  function start(process: Process, tries = 1, isAgain = false): void {
    const id = Symbol('process');
    const step: Step = (what) =>
      new Promise((resolve, reject) => {
        waiting.push({ what, go: resolve, die: () => reject(new Died(what)), fail: () => reject(new Failed(what)) });
      });
    running.add(id);
    process(step, isAgain).then(
      () => running.delete(id),
      (error: unknown) => {
        running.delete(id);
        if (error instanceof Died) start(process, tries, true);
        else if (!(error instanceof Failed)) failures.push(error);
        else if (tries < MOST_TRIES) start(process, tries + 1, true);
        else letters.push((again) => process(again, true));
      },
    );
  }

  start(first);
  while (running.size > 0 || !isOver()) {
    await new Promise(setImmediate);
    const next = between();
    if (next) start(next);
    const [one] = waiting.splice(choose(waiting.length), 1);
    if (!one) continue;
    const end = fate(one.what);
    if (end === 'dies') one.die();
    else if (end === 'fails') one.fail();
    else one.go();
  }
  expect(failures).toStrictEqual([]);
  return letters;
}

/** What happens between steps: the actions one by one, from the last. */
function chanceOf<Action>(
  next: () => number,
  hazard: Hazard,
  actions: readonly Action[],
  processOf: (action: Action) => Process | undefined,
): Chance {
  const left = [...actions];
  return {
    choose: (count) => next() % Math.max(1, count),
    fate: hazard,
    isOver: () => left.length === 0,
    between() {
      if (next() % 3 !== 0) return undefined;
      const action = left.pop();
      return action === undefined ? undefined : processOf(action);
    },
  };
}

type Hazard = Chance['fate'];

interface Dangers {
  readonly deaths: number;
  readonly failures: number;
}

/** Up to so many deaths and failures. Who cannot even say that he failed is as good as dead. */
function hazardOf(next: () => number, { deaths, failures }: Dangers): Hazard {
  let left = { deaths, failures };
  return (what) => {
    const draw = next() % 16;
    if (draw < 2 && left.deaths > 0) {
      left = { ...left, deaths: left.deaths - 1 };
      return 'dies';
    }
    if (draw > 12 && left.failures > 0 && (deaths > 0 || !what.endsWith(' fail'))) {
      left = { ...left, failures: left.failures - 1 };
      return 'fails';
    }
    return 'goes';
  };
}

const HAZARDS = [
  { deaths: 0, failures: 0 },
  { deaths: 12, failures: 0 },
  { deaths: 0, failures: 20 },
  { deaths: 8, failures: 16 },
] as const satisfies readonly Dangers[];

const CASES = [true, false].flatMap((isVersioned) =>
  HAZARDS.map((dangers) => ({
    isVersioned,
    dangers,
    name: `${isVersioned ? '' : 'not '}versioned, ${dangers.deaths} deaths, ${dangers.failures} failures`,
  })),
);

/** Redrives dead letters, at once and in any order, until none is left. */
async function redrive(letters: readonly Process[], next: () => number, hazard: Hazard): Promise<void> {
  let left = [...letters];
  while (left.length > 0) {
    left = [
      ...(await interleave(
        () => Promise.resolve(),
        chanceOf(next, hazard, left, (process) => process),
      )),
    ];
  }
}

function appliedTo(model: FanOutModel, event: ObjectChange): Process {
  return (step) => applyChange(model.world(step), event, COPY);
}

function lookedAt(model: FanOutModel, key: string, run: string): Process {
  return (step, isAgain) => looked(model, key, run, step, isAgain);
}

/**
 * What is told again is copied once more at most, and only where somebody may have left something that nobody has seen: for
 * ever where he died, and not any more once an attempt that followed a failure has come to its end.
 */
async function expectRest(model: FanOutModel, events: readonly ObjectChange[], { deaths }: Dangers): Promise<void> {
  for (const time of ['first', 'second']) {
    const open = [...model.openAttempts().keys()].filter((row) => !row.includes(LOOKS));
    if (time === 'second' && deaths === 0) expect(open).toStrictEqual([]);
    const before = model.landings();
    for (const event of events) await applyChange(model.world(quiet), event, COPY);
    expect(model.landings() - before).toBeLessThanOrEqual(open.length);
  }
}

/** Every row has come to an end, whoever died or failed on the way. */
function expectNoneCopying(model: FanOutModel): void {
  expect([...model.rows.values()].filter(({ state }) => state === 'copying')).toStrictEqual([]);
}

describe('many at once', () => {
  it.each(CASES)(
    'end with the source under any interleaving, with repeats and looks ($name)',
    async ({ isVersioned, dangers }) => {
      await fc.assert(
        fc.asyncProperty(
          fc.infiniteStream(fc.nat(1_000_000)),
          fc.array(fc.constantFrom('put', 'remove', 'look', 'repeat'), { minLength: 3, maxLength: 9 }),
          async (numbers, actions) => {
            const model = createFanOutModel(isVersioned);
            const next = (): number => numbers.next().value as number;
            const events = [model.put(KEY, 'etag-0')];
            const hazard = hazardOf(next, dangers);
            const applied = (event: ObjectChange): Process => appliedTo(model, event);

            function processOf(action: string): Process {
              if (action === 'look') return lookedAt(model, KEY, `run-${next() % 2}`);
              if (action === 'repeat') return applied(events[next() % events.length]!);
              const event = action === 'put' ? model.put(KEY, `etag-${events.length}`) : model.remove(KEY);
              events.push(event);
              return applied(event);
            }

            const letters = await interleave(applied(events[0]!), chanceOf(next, hazard, actions, processOf));
            await redrive(letters, next, hazard);
            expectSame(model);
            expectNoneCopying(model);
            await expectRest(model, events, dangers);
          },
        ),
        { numRuns: 750 },
      );
    },
  );

  it.each(CASES)(
    'end with the source, though events were lost before a backfill and dead ones come behind it ($name)',
    async ({ isVersioned, dangers }) => {
      await fc.assert(
        fc.asyncProperty(
          fc.infiniteStream(fc.nat(1_000_000)),
          fc.array(fc.constantFrom('put', 'remove', 'lost put', 'dead put', 'dead remove', 'look', 'repeat'), {
            minLength: 3,
            maxLength: 9,
          }),
          async (numbers, actions) => {
            const model = createFanOutModel(isVersioned);
            const next = (): number => numbers.next().value as number;
            const events = [model.put(KEY, 'etag-0')];
            const dead: ObjectChange[] = [];
            const hazard = hazardOf(next, dangers);
            const applied = (event: ObjectChange): Process => appliedTo(model, event);

            function processOf(action: string): Process | undefined {
              if (action === 'look') return lookedAt(model, KEY, 'run-0');
              if (action === 'repeat') return applied(events[next() % events.length]!);
              // The same content now and then: without versions its ETag tells nothing.
              const event = action.endsWith('remove') ? model.remove(KEY) : model.put(KEY, `etag-${next() % 4}`);
              if (action.startsWith('lost')) return undefined;
              events.push(event);
              if (!action.startsWith('dead')) return applied(event);
              dead.push(event);
              return undefined;
            }

            const letters = await interleave(applied(events[0]!), chanceOf(next, hazard, actions, processOf));
            // The backfill, and what comes out of the dead-letter queue at its side.
            const again = [...[...dead, ...dead].map(applied), ...letters].sort(() => (next() % 2 === 0 ? 1 : -1));
            const left = await interleave(
              lookedAt(model, KEY, 'run-1'),
              chanceOf(next, hazard, again, (process) => process),
            );
            await redrive(left, next, hazard);
            expectSame(model);
            expectNoneCopying(model);
            for (const event of [...events].sort(() => (next() % 2 === 0 ? 1 : -1))) await applied(event)(quiet, false);
            expectSame(model);
            await expectRest(model, events, dangers);
          },
        ),
        { numRuns: 750 },
      );
    },
  );

  it.each(CASES)(
    'end with the source, though copies come back, deletions are taken back and records are made up ($name)',
    async ({ isVersioned, dangers }) => {
      await fc.assert(
        fc.asyncProperty(
          fc.infiniteStream(fc.nat(1_000_000)),
          fc.array(fc.constantFrom('put', 'remove', 'restore', 'take back', 'made up', 'look', 'repeat'), {
            minLength: 3,
            maxLength: 9,
          }),
          async (numbers, actions) => {
            const model = createFanOutModel(isVersioned);
            const next = (): number => numbers.next().value as number;
            const events = [model.put(KEY, 'etag-0')];
            const hazard = hazardOf(next, dangers);
            const applied = (event: ObjectChange): Process => appliedTo(model, event);
            let made = 0;

            function eventOf(action: string): ObjectChange | undefined {
              const any = events[next() % events.length]!;
              const { versionId } = any;
              switch (action) {
                case 'put':
                  return model.put(KEY, `etag-${events.length}`);
                case 'remove':
                  return model.remove(KEY);
                case 'restore': {
                  const stands = model.copies.get(COPY);
                  return stands === undefined ? undefined : model.put(KEY, stands, model.metadata(COPY));
                }
                case 'take back':
                  return isVersioned && versionId !== undefined ? model.removeVersion(KEY, versionId) : undefined;
                default:
                  return { ...any, sequencer: `${'F'.repeat(8)}${(made += 1)}` };
              }
            }

            function processOf(action: string): Process | undefined {
              if (action === 'look') return lookedAt(model, KEY, 'run-0');
              if (action === 'repeat') return applied(events[next() % events.length]!);
              const event = eventOf(action);
              if (event) events.push(event);
              return event && applied(event);
            }

            const letters = await interleave(applied(events[0]!), chanceOf(next, hazard, actions, processOf));
            await redrive(letters, next, hazard);
            // What has come back too often is held back: a backfill brings it.
            const left = await interleave(
              lookedAt(model, KEY, 'run-1'),
              chanceOf(next, hazard, [] as readonly Process[], (process) => process),
            );
            await redrive(left, next, hazard);
            if (model.current(KEY) !== undefined) expectSame(model);
            for (const event of [...events].sort(() => (next() % 2 === 0 ? 1 : -1))) await applied(event)(quiet, false);
            if (model.current(KEY) !== undefined) expectSame(model);
          },
        ),
        { numRuns: 750 },
      );
    },
  );

  it.each(CASES)(
    'of two sources of one destination’s key leave one that is there, as it is now ($name)',
    async ({ isVersioned, dangers }) => {
      await fc.assert(
        fc.asyncProperty(
          fc.infiniteStream(fc.nat(1_000_000)),
          fc.array(
            fc.tuple(
              fc.constantFrom('put', 'put', 'remove', 'dead put', 'dead remove', 'look', 'repeat'),
              fc.constantFrom('in/a-1.pdf', 'in/a-2.pdf'),
            ),
            { minLength: 4, maxLength: 10 },
          ),
          async (numbers, actions) => {
            const keys = ['in/a-1.pdf', 'in/a-2.pdf'];
            const model = createFanOutModel(isVersioned);
            const next = (): number => numbers.next().value as number;
            const events = [model.put(keys[0]!, 'etag-0')];
            const dead: ObjectChange[] = [];
            const hazard = hazardOf(next, dangers);
            const applied = (event: ObjectChange): Process => appliedTo(model, event);

            function processOf([action, key]: readonly [string, string]): Process | undefined {
              if (action === 'look') return lookedAt(model, key, 'run-0');
              if (action === 'repeat') return applied(events[next() % events.length]!);
              const event = action.endsWith('remove') ? model.remove(key) : model.put(key, `etag-${events.length}`);
              events.push(event);
              if (!action.startsWith('dead')) return applied(event);
              dead.push(event);
              return undefined;
            }

            function expectOne(): void {
              const there = keys.map((key) => model.current(key)).filter((etag) => etag !== undefined);
              if (there.length === 0) expect(model.copies.get(COPY)).toBeUndefined();
              else expect(there).toContain(model.copies.get(COPY));
            }

            const letters = await interleave(applied(events[0]!), chanceOf(next, hazard, actions, processOf));
            await redrive([...[...dead, ...dead].map(applied), ...letters], next, hazard);
            for (const key of keys) await looked(model, key, 'run-1');
            expectOne();
            expectNoneCopying(model);
            for (const event of [...events].sort(() => (next() % 2 === 0 ? 1 : -1))) await applied(event)(quiet, false);
            expectOne();
            await expectRest(model, events, dangers);
          },
        ),
        { numRuns: 750 },
      );
    },
  );
});

describe('a look and events', () => {
  it.each([true, false])(
    'an event from before a look never brings an older object back (versioned: %s)',
    async (is) => {
      const model = createFanOutModel(is);
      const dead = model.put(KEY, 'etag-1');
      model.put(KEY, 'etag-2');
      await looked(model, KEY, 'run');
      expectSame(model);
      await applyChange(model.world(quiet), dead, COPY);
      expectSame(model);
    },
  );

  it('nor does one whose attempt died before the look', async () => {
    const model = createFanOutModel(true);
    const dead = model.put(KEY, 'etag-1');
    const dying: Step = (what) => (what === 'before copy' ? Promise.reject(new Died(what)) : Promise.resolve());
    await expect(applyChange(model.world(dying), dead, COPY)).rejects.toThrow(Died);
    model.put(KEY, 'etag-2');
    await looked(model, KEY, 'run');
    await applyChange(model.world(quiet), dead, COPY);
    expectSame(model);
  });

  it.each([true, false])('a deletion from before a look leaves what is there (versioned: %s)', async (isVersioned) => {
    const model = createFanOutModel(isVersioned);
    model.put(KEY, 'etag-1');
    const dead = model.remove(KEY);
    model.put(KEY, 'etag-1');
    await looked(model, KEY, 'run');
    expect(await applyChange(model.world(quiet), dead, COPY)).toMatchObject({
      is: isVersioned ? 'superseded' : 'copied',
    });
    expectSame(model);
  });

  it('an event of what a look found is told as its own, and orders what comes then', async () => {
    const model = createFanOutModel(true);
    const first = model.put(KEY, 'etag-1');
    const second = model.put(KEY, 'etag-2');
    await looked(model, KEY, 'run');
    const third = model.put(KEY, 'etag-3');
    expect(await applyChange(model.world(quiet), third, COPY)).toMatchObject({ is: 'copied' });
    for (const event of [second, first]) {
      expect(await applyChange(model.world(quiet), event, COPY)).toStrictEqual({ is: 'superseded' });
    }
    expect(model.landings()).toBe(2);
    expectSame(model);
  });

  it.each([true, false])(
    'the same metadata is not taken for granted where content is the same (versioned: %s)',
    async (is) => {
      const model = createFanOutModel(is);
      model.put(KEY, 'etag-1');
      await looked(model, KEY, 'run');
      const event = model.put(KEY, 'etag-1', { colour: 'red' });
      await applyChange(model.world(quiet), event, COPY);
      expect(model.metadata(COPY)).toMatchObject({ colour: 'red' });
    },
  );
});

describe('the work of a backfill that comes again', () => {
  it.each([true, false])('is found done, also where an event did it before (versioned: %s)', async (isVersioned) => {
    const model = createFanOutModel(isVersioned);
    await applyChange(model.world(quiet), model.put(KEY, 'etag-1'), COPY);
    const ends = [];
    for (let times = 0; times < 5; times += 1) ends.push((await looked(model, KEY, 'run')).is);
    expect(ends).toStrictEqual(['copied', ...Array.from({ length: 4 }, () => 'duplicate')]);
    expect(model.landings()).toBe(2);
  });

  it.each([true, false])(
    'is done once more by another run: somebody took the copy away (versioned: %s)',
    async (is) => {
      const model = createFanOutModel(is);
      model.put(KEY, 'etag-1');
      await looked(model, KEY, 'run-1');
      expect(await looked(model, KEY, 'run-2')).toMatchObject({ is: 'copied' });
      expect(model.landings()).toBe(2);
    },
  );

  it('is done wherever it died before', async () => {
    for (let fatal = 0; ; fatal += 1) {
      const model = createFanOutModel(true);
      model.put(KEY, 'etag-1');
      const dying = dyingAt(fatal);
      await looked(model, KEY, 'run', dying.step).catch(() => undefined);
      await looked(model, KEY, 'run');
      expectSame(model);
      expect([...model.rows.values()].map(({ state }) => state)).toStrictEqual(['done']);
      if (dying.count() <= fatal) break;
    }
  });
});

describe('one event, delivered twice', () => {
  it('is looked after by a delivery that landed late and died, though the other one finished the row', async () => {
    const model = createFanOutModel(true);
    const event = model.put(KEY, 'etag-1');
    const within = createGate();
    const released = createGate();
    const late = applyChange(
      model.world(async (what) => {
        if (what === 'after copy') throw new Died(what);
        if (what !== 'within copy') return;
        within.open();
        await released.passed;
      }),
      event,
      COPY,
    );
    await within.passed;
    await applyChange(model.world(quiet), event, COPY);
    await applyChange(model.world(quiet), model.remove(KEY), COPY);
    released.open();
    await expect(late).rejects.toThrow(Died);
    expect(model.copies.get(COPY)).toBe('etag-1');
    expect(await applyChange(model.world(quiet), event, COPY)).toStrictEqual({ is: 'superseded' });
    expectSame(model);
  });
});

describe('two sources of one destination key', () => {
  it.each(['an event', 'a look'])('leaves the place to the second when the first is gone (by %s)', async (by) => {
    const model = createFanOutModel(true);
    await applyChange(model.world(quiet), model.put('x-v1', 'etag-1'), COPY);
    const deletion = model.remove('x-v1');
    const second = model.put('x-v2', 'etag-2');
    const end = by === 'a look' ? looked(model, 'x-v2', 'run') : applyChange(model.world(quiet), second, COPY);
    expect(await end).toMatchObject({ is: 'copied' });
    // Its deletion comes late, and is of what has no place any more.
    expect(await applyChange(model.world(quiet), deletion, COPY)).toStrictEqual({ is: 'superseded' });
    expect(model.copies.get(COPY)).toBe('etag-2');
  });

  it('refuses the second, and leaves the first', async () => {
    const model = createFanOutModel(true);
    const [first, second] = [model.put('a', 'etag-a'), model.put('b', 'etag-b')];
    await applyChange(model.world(quiet), first, COPY);
    expect(await applyChange(model.world(quiet), second, COPY)).toStrictEqual({ is: 'collision', with: 'a' });
    expect(await looked(model, 'b', 'run')).toStrictEqual({ is: 'collision', with: 'a' });
    expect(model.copies.get(COPY)).toBe('etag-a');
  });
});

describe('the loop marker', () => {
  it('ends a true loop at its first hop, and no other object that carries it', async () => {
    const model = createFanOutModel(true);
    await applyChange(model.world(quiet), model.put(KEY, 'etag-1'), COPY);
    const metadata = model.metadata(COPY);
    // Somebody's fan-out brings it back.
    const back = model.put(KEY, 'etag-1', metadata);
    expect(await applyChange(model.world(quiet), back, COPY)).toStrictEqual({ is: 'skipped' });
    expect(await applyChange(model.world(quiet), back, COPY)).toStrictEqual({ is: 'duplicate' });
    expect(model.landings()).toBe(1);
    const forged = model.put('forged', 'other content', metadata);
    expect(await applyChange(model.world(quiet), forged, 'out/forged')).toMatchObject({ is: 'copied' });
    const [name = '', value = ''] = Object.entries(metadata)[0] ?? [];
    const guessed = model.put('guessed', 'etag-1', { [name]: value.replace(/\.n\d+(?=\.|$)/, '.n999') });
    expect(await applyChange(model.world(quiet), guessed, 'out/guessed')).toMatchObject({ is: 'copied' });
  });

  it('hides no version that somebody restores over what stands there', async () => {
    const model = createFanOutModel(true);
    await applyChange(model.world(quiet), model.put(KEY, 'good-1'), COPY);
    const metadata = model.metadata(COPY);
    await applyChange(model.world(quiet), model.put(KEY, 'corrupt'), COPY);
    const restored = model.put(KEY, 'good-1', metadata);
    expect(await applyChange(model.world(quiet), restored, COPY)).toMatchObject({ is: 'copied' });
    expectSame(model);
  });

  it('lets an event from between a copy and its return be older than the return', async () => {
    const model = createFanOutModel(true);
    await applyChange(model.world(quiet), model.put(KEY, 'etag-1'), COPY);
    const late = model.put(KEY, 'etag-2');
    const back = model.put(KEY, 'etag-1', model.metadata(COPY));
    expect(await applyChange(model.world(quiet), back, COPY)).toStrictEqual({ is: 'skipped' });
    expect(await applyChange(model.world(quiet), late, COPY)).toStrictEqual({ is: 'superseded' });
    expectSame(model);
  });

  it('ends what goes round under ever new keys with its third copy', async () => {
    const model = createFanOutModel(true);
    let metadata = {};
    const ends = [];
    for (let turn = 0; turn < 5; turn += 1) {
      const event = model.put(`key-${turn}`, 'etag-1', metadata);
      ends.push((await applyChange(model.world(quiet), event, `out/key-${turn}`)).is);
      metadata = model.metadata(`out/key-${Math.min(turn, 2)}`);
    }
    expect(ends).toStrictEqual(['copied', 'copied', 'copied', 'skipped', 'skipped']);
  });

  it('holds no look of a backfill back', async () => {
    const model = createFanOutModel(true);
    await applyChange(model.world(quiet), model.put(KEY, 'etag-1'), COPY);
    await applyChange(model.world(quiet), model.put(KEY, 'etag-1', model.metadata(COPY)), COPY);
    expect(model.landings()).toBe(1);
    expect(await looked(model, KEY, 'run')).toMatchObject({ is: 'copied' });
    expect(await looked(model, KEY, 'run', quiet)).toMatchObject({ is: 'duplicate' });
  });
});

describe('an event of somebody else’s making', () => {
  const NEWEST = 'F'.repeat(16);

  it.each([true, false])('of what there is not raises no head (versioned: %s)', async (isVersioned) => {
    const model = createFanOutModel(isVersioned);
    const first = model.put(KEY, 'etag-1');
    await applyChange(model.world(quiet), first, COPY);
    const made = { ...first, sequencer: NEWEST, ...(isVersioned ? { versionId: 'nothing' } : { etag: 'nothing' }) };
    expect(await applyChange(model.world(quiet), made, COPY)).toStrictEqual({ is: 'superseded' });
    expect(await applyChange(model.world(quiet), model.put(KEY, 'etag-2'), COPY)).toMatchObject({ is: 'copied' });
    expectSame(model);
  });

  it.each([true, false])('of what there is stands in nobody’s way (versioned: %s)', async (isVersioned) => {
    const model = createFanOutModel(isVersioned);
    const first = model.put(KEY, 'etag-1');
    await applyChange(model.world(quiet), { ...first, sequencer: NEWEST }, COPY);
    for (const etag of ['etag-2', 'etag-3', 'etag-1']) {
      await applyChange(model.world(quiet), model.put(KEY, etag), COPY);
      expectSame(model);
    }
    await applyChange(model.world(quiet), model.remove(KEY), COPY);
    expectSame(model);
  });

  it('brings no older version back', async () => {
    const model = createFanOutModel(true);
    const events = ['etag-1', 'etag-2', 'etag-3'].map((etag) => model.put(KEY, etag));
    for (const event of events) await applyChange(model.world(quiet), event, COPY);
    await applyChange(model.world(quiet), { ...events[0]!, sequencer: NEWEST }, COPY);
    expectSame(model);
  });

  it.each([true, false])('tells of no deletion that there was not (versioned: %s)', async (isVersioned) => {
    const model = createFanOutModel(isVersioned);
    const { etag: _, size: __, ...first } = model.put(KEY, 'etag-1');
    await looked(model, KEY, 'run');
    await applyChange(model.world(quiet), { ...first, kind: 'deleted', sequencer: NEWEST }, COPY);
    expectSame(model);
    await applyChange(model.world(quiet), model.remove(KEY), COPY);
    expectSame(model);
    // Of a key that is gone it may be told once more, and of what comes then its own event tells.
    await applyChange(model.world(quiet), { ...first, kind: 'deleted', sequencer: `${NEWEST}1` }, COPY);
    await applyChange(model.world(quiet), model.put(KEY, 'etag-2'), COPY);
    expectSame(model);
  });
});

describe('where there is no head', () => {
  it('an event of what is not current any more brings what is', async () => {
    const model = createFanOutModel(true);
    const dead = model.put(KEY, 'etag-1');
    model.put(KEY, 'etag-2');
    expect(await applyChange(model.world(quiet), dead, COPY)).toMatchObject({ is: 'copied' });
    expectSame(model);
    expect(model.landings()).toBe(1);
  });

  it('what was deleted meanwhile is copied still, where deletions stay at the source', async () => {
    const model = createFanOutModel(true, { keepsDeleted: true });
    const created = model.put(KEY, 'etag-1');
    model.remove(KEY);
    expect(await applyChange(model.world(quiet), created, COPY)).toMatchObject({ is: 'copied' });
    expect(model.copies.get(COPY)).toBe('etag-1');
  });

  it.each([
    { reason: 'nobody’s', mapsOneToOne: false, metadata: 'none', is: 'kept' },
    { reason: 'another key’s copy', mapsOneToOne: false, metadata: 'another', is: 'kept' },
    { reason: 'its copy', mapsOneToOne: false, metadata: 'own', is: 'deleted' },
    { reason: 'nobody else’s, where every key has its place', mapsOneToOne: true, metadata: 'none', is: 'deleted' },
  ] as const)('a deletion of what is there and is $reason: $is', async ({ mapsOneToOne, metadata, is }) => {
    const model = createFanOutModel(true, { mapsOneToOne });
    const key = metadata === 'another' ? 'in/a-1.pdf' : KEY;
    await applyChange(model.world(quiet), model.put(key, 'etag-1'), COPY);
    model.forget(metadata === 'none' ? 'all' : 'rows');
    model.put(KEY, 'etag-2');
    expect(await applyChange(model.world(quiet), model.remove(KEY), COPY)).toStrictEqual({ is });
    expect(model.copies.has(COPY)).toBe(is === 'kept');
  });
});

describe('where deletions stay at the source', () => {
  it('the newest version stays at the destination, whatever looks and events came between, in any order', async () => {
    const steps = fc.array(fc.constantFrom('put', 'remove', 'look', 'deliver'), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(steps, fc.infiniteStream(fc.nat()), async (given, chance) => {
        const model = createFanOutModel(true, { keepsDeleted: true });
        const waiting: ObjectChange[] = [];
        let newest: string | undefined;
        const deliver = async (): Promise<void> => {
          const [event] = waiting.splice((chance.next().value ?? 0) % waiting.length, 1);
          if (event) await applyChange(model.world(quiet), event, COPY);
        };
        for (const [at, step] of ['put', ...given, 'remove'].entries()) {
          if (step === 'put') waiting.push(model.put(KEY, (newest = `etag-${at}`)));
          else if (step === 'remove') model.remove(KEY);
          else if (step === 'look') await looked(model, KEY, `run-${at}`);
          else if (waiting.length > 0) await deliver();
        }
        while (waiting.length > 0) await deliver();
        expect(model.copies.get(COPY)).toBe(newest);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('a version that is deleted', () => {
  it('brings back what is current then, and takes away what is not there any more', async () => {
    const model = createFanOutModel(true);
    const first = model.put(KEY, 'etag-1');
    await applyChange(model.world(quiet), first, COPY);
    const marker = model.remove(KEY);
    await applyChange(model.world(quiet), marker, COPY);
    expect(model.copies.has(COPY)).toBe(false);
    expect(await applyChange(model.world(quiet), model.removeVersion(KEY, marker.versionId!), COPY)).toMatchObject({
      is: 'copied',
    });
    expectSame(model);
    expect(await applyChange(model.world(quiet), model.removeVersion(KEY, first.versionId!), COPY)).toStrictEqual({
      is: 'deleted',
    });
    expectSame(model);
  });

  it('brings nothing where another is current', async () => {
    const model = createFanOutModel(true);
    const events = [model.put(KEY, 'etag-1'), model.put(KEY, 'etag-2')];
    for (const event of events) await applyChange(model.world(quiet), event, COPY);
    const landings = model.landings();
    const end = await applyChange(model.world(quiet), model.removeVersion(KEY, events[0]!.versionId!), COPY);
    expect([end, model.landings()]).toStrictEqual([{ is: 'superseded' }, landings]);
    expectSame(model);
  });
});

describe('a place whose holder has another one today', () => {
  it.each(['an event', 'a look'])('is taken by who has it now (by %s)', async (by) => {
    const elsewhere = new Set<string>();
    const model = createFanOutModel(true, { elsewhere });
    await applyChange(model.world(quiet), model.put('a/f', 'etag-a'), COPY);
    elsewhere.add('a/f');
    const event = model.put('b/f', 'etag-b');
    const end = by === 'a look' ? looked(model, 'b/f', 'run') : applyChange(model.world(quiet), event, COPY);
    expect(await end).toMatchObject({ is: 'copied' });
    expect(model.copies.get(COPY)).toBe('etag-b');
  });

  it('keeps what it has when another key of that place is deleted', async () => {
    const elsewhere = new Set<string>();
    const model = createFanOutModel(true, { elsewhere });
    await applyChange(model.world(quiet), model.put('a/f', 'etag-a'), COPY);
    elsewhere.add('a/f');
    model.put('b/f', 'etag-b');
    await applyChange(model.world(quiet), model.remove('b/f'), COPY);
    expect(model.copies.get(COPY)).toBe('etag-a');
  });
});
