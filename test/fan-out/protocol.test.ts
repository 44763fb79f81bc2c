import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyChange, applyLook } from '../../src/fan-out/apply-change.ts';
import type { ObjectChange } from '../../src/fan-out/object-change.ts';
import { createFanOutModel, Died, dyingAt } from '../support/fan-out-model.ts';
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

type Process = (step: Step) => Promise<unknown>;

interface Chance {
  choose(count: number): number;
  dies(): boolean;
  /** One more process, or none now; `isOver`: there are no more. */
  between(): Process | undefined;
  isOver(): boolean;
}

/** Runs processes step by step in an order that chance gives; those that die come again. */
async function interleave(first: Process, { choose, dies, between, isOver }: Chance): Promise<void> {
  const waiting: { go(): void; die(): void }[] = [];
  const running = new Set<symbol>();
  const failures: unknown[] = [];

  function start(process: Process): void {
    const id = Symbol('process');
    const step: Step = (what) =>
      new Promise((resolve, reject) => {
        waiting.push({ go: resolve, die: () => reject(new Died(what)) });
      });
    running.add(id);
    process(step).then(
      () => running.delete(id),
      (error: unknown) => {
        running.delete(id);
        if (error instanceof Died) start(process);
        else failures.push(error);
      },
    );
  }

  start(first);
  while (running.size > 0 || !isOver()) {
    await new Promise(setImmediate);
    const next = between();
    if (next) start(next);
    const [one] = waiting.splice(choose(waiting.length), 1);
    if (dies()) one?.die();
    else one?.go();
  }
  expect(failures).toStrictEqual([]);
}

describe('many at once', () => {
  it.each([true, false])(
    'end with the source under any interleaving, with deaths, repeats and looks (versioned: %s)',
    async (isVersioned) => {
      await fc.assert(
        fc.asyncProperty(
          fc.infiniteStream(fc.nat(1_000_000)),
          fc.array(fc.constantFrom('put', 'remove', 'look', 'repeat'), { minLength: 3, maxLength: 9 }),
          fc.boolean(),
          async (numbers, actions, isDeadly) => {
            const model = createFanOutModel(isVersioned);
            const next = (): number => numbers.next().value as number;
            const events = [model.put(KEY, 'etag-0')];
            const left = [...actions];
            let deaths = isDeadly ? 12 : 0;

            function applied(event: ObjectChange): Process {
              return (step) => applyChange(model.world(step), event, COPY);
            }

            await interleave(applied(events[0]!), {
              choose: (count) => next() % Math.max(1, count),
              dies: () => deaths > 0 && next() % 8 === 0 && (deaths -= 1) >= 0,
              isOver: () => left.length === 0,
              between() {
                if (left.length === 0 || next() % 3 !== 0) return undefined;
                const action = left.pop();
                if (action === 'look') return (step) => applyLook(model.world(step), KEY, COPY, () => true);
                if (action === 'repeat') return applied(events[next() % events.length]!);
                const event = action === 'put' ? model.put(KEY, `etag-${events.length}`) : model.remove(KEY);
                events.push(event);
                return applied(event);
              },
            });
            expectSame(model);
            // A look that died may find something else when it comes again: then its first row stays, until it expires.
            const unfinished = [...model.rows.values()].filter(({ state }) => state === 'copying');
            expect(unfinished.filter(({ sk }) => !isDeadly || !sk.includes('look'))).toStrictEqual([]);
          },
        ),
        { numRuns: 3_000 },
      );
    },
  );
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
  it('refuses the second, and leaves the first', async () => {
    const model = createFanOutModel(true);
    const [first, second] = [model.put('a', 'etag-a'), model.put('b', 'etag-b')];
    await applyChange(model.world(quiet), first, COPY);
    expect(await applyChange(model.world(quiet), second, COPY)).toStrictEqual({ is: 'collision', with: 'a' });
    expect(await applyLook(model.world(quiet), 'b', COPY, () => true)).toStrictEqual({ is: 'collision', with: 'a' });
    expect(model.copies.get(COPY)).toBe('etag-a');
  });
});

describe('the loop marker', () => {
  it('ends a true loop at its first hop, and no other object that carries it', async () => {
    const model = createFanOutModel(true);
    await applyChange(model.world(quiet), model.put(KEY, 'etag-1'), COPY);
    const metadata = model.metadata(COPY);
    // Somebody's fan-out brings it back under another key.
    const back = model.put('back', 'etag-1', metadata);
    expect(await applyChange(model.world(quiet), back, 'out/back')).toStrictEqual({ is: 'skipped' });
    const forged = model.put('forged', 'other content', metadata);
    expect(await applyChange(model.world(quiet), forged, 'out/forged')).toMatchObject({ is: 'copied' });
    const [name = '', value = ''] = Object.entries(metadata)[0] ?? [];
    const guessed = model.put('guessed', 'etag-1', { [name]: value.replace(/\.n\d+$/, '.n999') });
    expect(await applyChange(model.world(quiet), guessed, 'out/guessed')).toMatchObject({ is: 'copied' });
  });
});
