import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { decide } from './decide.ts';
import type { DecideRequest } from './decide.ts';
import { parseDeclared } from './declared.ts';
import { parseTag } from './tag.ts';
import { transitions } from './transitions.ts';
import type { DeclaredPeriod, DeclaredSchedule, Schedule, ScheduleFaults, ScheduleMode } from './types.ts';

/** What the preview shows is what the handler does, over a year of runs. `TRUEUP_THOROUGH` asks for more schedules. */
const THOROUGH = Boolean(process.env['TRUEUP_THOROUGH']);
const RUNS = { numRuns: THOROUGH ? 6 : 1 };
vi.setConfig({ testTimeout: THOROUGH ? 300_000 : 30_000 });

const MINUTE = 60_000;
const DAY = 86_400_000;
const EVERY = 10 * MINUTE;
const WINDOW = 12 * MINUTE;
const START = Date.UTC(2026, 0, 1);
const END = START + 365 * DAY;
/** From a decision to the moment at which its call takes effect. */
const LATE = 50_000;

const ZONES = [
  'Europe/London',
  'America/New_York',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Africa/Cairo',
  'Asia/Beirut',
] as const;

function two(value: number): string {
  return String(value).padStart(2, '0');
}

const WEEKDAY = fc.constantFrom('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun');
const DAYS = fc.oneof(
  WEEKDAY,
  fc.constant('mon-sun'),
  fc.tuple(WEEKDAY, WEEKDAY).map(([from, to]) => `${from}-${to}`),
  fc.tuple(fc.constantFrom('1st', '2nd', '5th', 'last'), WEEKDAY).map(([nth, day]) => `${nth} ${day}`),
  fc.tuple(WEEKDAY, WEEKDAY).map(([one, other]) => `${one}, ${other}`),
);
/** Often where clocks change, and close together. */
const TIME = fc
  .oneof(
    fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 })),
    fc.tuple(fc.constantFrom(0, 1, 2, 23), fc.constantFrom(0, 1, 15, 30, 31, 59)),
  )
  .map(([hour, minute]) => `${two(hour)}:${two(minute)}`);
const PERIOD: fc.Arbitrary<DeclaredPeriod> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ days: DAYS, on: TIME, off: TIME }) },
  { weight: 1, arbitrary: fc.record({ days: DAYS, on: TIME }) },
  { weight: 1, arbitrary: fc.record({ days: DAYS, off: TIME }) },
);
const DATE = fc.integer({ min: 0, max: 364 }).map((day) => new Date(START + day * DAY).toISOString().slice(0, 10));

function declaredIn(timezone: string, override: boolean): fc.Arbitrary<Schedule> {
  const until = fc
    .integer({ min: 1, max: 365 * 24 * 12 })
    .map((steps) => new Date(START + steps * 5 * MINUTE).toISOString());
  return fc
    .record({
      periods: fc.array(PERIOD, { minLength: 1, maxLength: 3 }),
      except: fc.array(DATE, { maxLength: 4 }),
      override: fc.option(fc.record({ until, state: fc.constantFrom('on' as const, 'off' as const) })),
    })
    .map(({ override: state, ...rest }): DeclaredSchedule => ({
      timezone,
      ...rest,
      ...(override && state && { override: state }),
    }))
    .map((declared) => read(parseDeclared(declared)));
}

function read(schedule: Schedule | ScheduleFaults): Schedule {
  if (schedule.error) throw new Error(schedule.error.message);
  return schedule;
}

interface Happening {
  readonly at: number;
  readonly state: 'running' | 'stopped';
}

/** The preview, from well before the year on. */
function preview(schedule: Schedule, mode: ScheduleMode): readonly Happening[] {
  return transitions(schedule, { from: START - 400 * DAY, to: END, mode }).map(({ at, action }) => ({
    at: Date.parse(at),
    state: action === 'start' ? 'running' : 'stopped',
  }));
}

interface Life {
  readonly schedule: Schedule;
  readonly mode: ScheduleMode;
  /** When the handler runs, by time. */
  readonly runs: readonly number[];
  readonly byHand?: readonly Happening[];
  /** How long after a decision its call takes effect. */
  readonly late?: number;
  readonly changedByUs?: boolean;
  readonly respectManual?: DecideRequest['respectManual'];
}

/** One machine and its handler; the state after each run. What EC2 tells of the machine is all that the handler knows. */
function live(life: Life, first: Happening['state']): readonly Happening['state'][] {
  const { schedule, mode, runs, byHand = [], late = 0, respectManual = 'until-next-transition' } = life;
  let state = first;
  let launched = 0;
  let stopped = 0;
  let hand = 0;
  const change = (to: Happening['state'], at: number): void => {
    if (state === to) return;
    state = to;
    if (to === 'running') launched = at;
    else stopped = at;
  };
  return runs.map((now) => {
    for (let next = byHand[hand]; next && next.at <= now; next = byHand[hand]) {
      change(next.state, next.at);
      hand += 1;
    }
    const changedByUs = life.changedByUs ?? false;
    const { action } = decide({
      schedule,
      now,
      window: WINDOW,
      mode,
      state,
      launched,
      stopped,
      changedByUs,
      respectManual,
    });
    if (action !== 'none') change(action === 'start' ? 'running' : 'stopped', now + late);
    return state;
  });
}

/** The last that happened up to each moment, in one walk. */
function lastUpTo(happenings: readonly Happening[], moments: readonly number[]): readonly (Happening | undefined)[] {
  let next = 0;
  return moments.map((moment) => {
    while (next < happenings.length && happenings[next]!.at <= moment) next += 1;
    return happenings[next - 1];
  });
}

function minuteOf(instant: number): number {
  return Math.floor(instant / MINUTE) * MINUTE;
}

function differences(
  runs: readonly number[],
  found: readonly string[],
  expected: readonly string[],
): readonly string[] {
  return runs.flatMap((run, index) =>
    found[index] === expected[index]
      ? []
      : [`${new Date(run).toISOString()}: ${found[index]}, preview ${expected[index]}`],
  );
}

const EVERY_RUN = Array.from({ length: (END - START) / EVERY }, (_, index) => START + index * EVERY);

/** Runs that are up to two minutes late, some of them missed, once for a day. */
const IRREGULAR = fc
  .record({ seed: fc.integer(), outage: fc.integer({ min: 0, max: 364 }) })
  .map(({ seed, outage }) => {
    let state = seed >>> 0;
    const random = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    const dark = START + outage * DAY;
    return EVERY_RUN.filter((run) => random() > 0.1 && (run < dark || run >= dark + DAY)).map(
      (run) => run + Math.floor(random() * 119_000),
    );
  });

describe.each(ZONES)('preview and handler agree in %s', (zone) => {
  it.each(['edge', 'desired'] as const)('a run every 10 minutes for a year, %s mode', (mode) => {
    fc.assert(
      fc.property(declaredIn(zone, true), (schedule) => {
        const shown = lastUpTo(preview(schedule, mode), EVERY_RUN);
        const first = shown[0]?.state ?? 'stopped';
        // An override that holds from before the first transition on has no moment at which it began.
        const { override } = schedule;
        const expected = EVERY_RUN.map((run, index) => {
          if (mode === 'desired' && override && run < override.until)
            return override.state === 'on' ? 'running' : 'stopped';
          return shown[index]?.state ?? first;
        });
        expect(
          differences(
            EVERY_RUN,
            live({ schedule, mode, runs: EVERY_RUN, late: LATE, changedByUs: mode === 'desired' }, first),
            expected,
          ),
        ).toEqual([]);
      }),
      RUNS,
    );
  });

  it('late and missed runs lose the edges outside every window, and no other, in edge mode', () => {
    fc.assert(
      fc.property(declaredIn(zone, true), IRREGULAR, (schedule, runs) => {
        const shown = lastUpTo(preview(schedule, 'edge'), runs.map(minuteOf));
        const first = shown[0]?.state ?? 'stopped';
        let state = first;
        const expected = runs.map((run, index) => {
          const last = shown[index];
          if (last && last.at >= minuteOf(run) - WINDOW) ({ state } = last);
          return state;
        });
        expect(differences(runs, live({ schedule, mode: 'edge', runs, late: LATE }, first), expected)).toEqual([]);
      }),
      RUNS,
    );
  });

  it('late and missed runs are healed in desired mode', () => {
    fc.assert(
      fc.property(declaredIn(zone, false), IRREGULAR, (schedule, runs) => {
        const shown = lastUpTo(preview(schedule, 'desired'), runs);
        const first = shown[0]?.state ?? 'stopped';
        const expected = runs.map((_, index) => shown[index]?.state ?? first);
        expect(differences(runs, live({ schedule, mode: 'desired', runs }, first), expected)).toEqual([]);
      }),
      RUNS,
    );
  });
});

describe('what people do by hand', () => {
  /** So long after a transition that a run has acted on it: a machine that still stands cannot be stopped. */
  const AWAY = EVERY + MINUTE;
  const BY_HAND = fc.array(
    fc.record({
      at: fc.integer({ min: START, max: END }),
      state: fc.constantFrom('running' as const, 'stopped' as const),
    }),
    { minLength: 20, maxLength: 200 },
  );

  it.each(['edge', 'desired'] as const)('stands until the next transition, %s mode', (mode) => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES).chain((zone) => declaredIn(zone, false)),
        BY_HAND,
        (schedule, wishes) => {
          const shown = preview(schedule, mode);
          const sorted = wishes.toSorted((left, right) => left.at - right.at);
          const before = lastUpTo(
            shown,
            sorted.map(({ at }) => at),
          );
          const byHand = sorted.filter(({ at }, index) => at - (before[index]?.at ?? 0) > AWAY);
          const first = lastUpTo(shown, [START])[0]?.state ?? 'stopped';
          const all = [...shown, ...byHand].sort((left, right) => left.at - right.at);
          const expected = lastUpTo(all, EVERY_RUN).map((last) => last?.state ?? first);
          expect(differences(EVERY_RUN, live({ schedule, mode, runs: EVERY_RUN, byHand }, first), expected)).toEqual(
            [],
          );
        },
      ),
      RUNS,
    );
  });

  it('is undone at the next run where it is enforced', () => {
    fc.assert(
      fc.property(declaredIn('Europe/London', false), BY_HAND, (schedule, wishes) => {
        const byHand = wishes.toSorted((left, right) => left.at - right.at);
        const shown = lastUpTo(preview(schedule, 'desired'), EVERY_RUN);
        const first = shown[0]?.state ?? 'stopped';
        const found = live({ schedule, mode: 'desired', runs: EVERY_RUN, byHand, respectManual: 'enforce' }, first);
        const told = EVERY_RUN.map((_, index) => shown[index]?.state);
        expect(
          differences(
            EVERY_RUN,
            found,
            told.map((state, index) => state ?? found[index]!),
          ),
        ).toEqual([]);
      }),
      RUNS,
    );
  });
});

describe('a start and a stop one minute apart', () => {
  it.each([
    ['mon,tue,wed,thu,fri,sat,sun;0830;mon,tue,wed,thu,fri,sat,sun;0831', 'stopped'],
    ['mon,tue,wed,thu,fri,sat,sun;0831;mon,tue,wed,thu,fri,sat,sun;0830', 'running'],
  ] as const)('never loop: %s', (tag, end) => {
    const schedule = read(parseTag(tag));
    for (const mode of ['edge', 'desired'] as const) {
      for (let offset = 0; offset < EVERY; offset += MINUTE / 2) {
        const runs = Array.from({ length: 144 }, (_, index) => START + offset + index * EVERY);
        const states = live({ schedule, mode, runs, late: LATE, changedByUs: mode === 'desired' }, end);
        const changes = states.filter((state, index) => state !== (states[index - 1] ?? end)).length;
        expect([mode, offset, changes <= 2, states.at(-1)]).toEqual([mode, offset, true, end]);
      }
    }
  });
});
