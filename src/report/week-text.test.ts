import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDeclared } from '../schedule/declared.ts';
import { periodOf } from '../schedule/timeline.ts';
import type { Period } from '../schedule/timeline.ts';
import { cellsOf, localDays, spansOf } from './day-cells.ts';
import { lineWidth } from './layout.ts';
import { createStyle } from './style.ts';
import { weekSvg } from './week-svg.ts';
import { dayLines, weekLines } from './week-text.ts';

const HOUR = 3_600_000;

function period(timezone: string, from: string, days: number, on: string, off: string, id = 'dev'): Period {
  const schedule = parseDeclared({ timezone, periods: [{ days: 'mon-sun', on, off }] });
  if (schedule.error) throw new Error(schedule.error.message);
  return periodOf(schedule, { id, from: Date.parse(from), days });
}

/** The bars, as drawn. */
function bars(shown: Period, unicode = true): readonly string[] {
  const style = createStyle({ color: false, width: 80, unicode });
  const lines = style.paint(dayLines(shown.timelines[0]!, shown, style)).split('\n');
  return lines.flatMap((line) => /[▕|](.{24})[▏|]/u.exec(line)?.[1] ?? []);
}

describe('a day', () => {
  it.each([
    ['on the half hour', '08:30', '17:30', '········▐████████▌······'],
    ['a quarter', '08:15', '08:20', '········▒···············'],
    ['over midnight', '21:00', '05:00', '█████················███'],
    ['all day', '00:00', '23:59', '████████████████████████'],
  ])('%s', (_what, on, off, bar) => {
    expect(bars(period('UTC', '2026-11-24T00:00Z', 1, on, off))).toEqual([bar]);
  });

  it('in ASCII has no half', () => {
    expect(bars(period('UTC', '2026-11-24T00:00Z', 1, '08:30', '17:30'), false)).toEqual(
      ['........+########+.......'].map((bar) => bar.slice(0, 24)),
    );
  });

  it('leaves out the hour that the clocks skip, and draws the one that comes twice once', () => {
    expect(bars(period('Europe/London', '2026-03-29T00:00Z', 1, '00:00', '04:00'))).toEqual([
      '█ ██····················',
    ]);
    expect(bars(period('Europe/London', '2026-10-24T23:00Z', 1, '00:00', '04:00'))).toEqual([
      '████····················',
    ]);
  });

  it('is empty before and after the period', () => {
    expect(bars(period('UTC', '2026-11-24T12:00Z', 1, '06:00', '18:00'))).toEqual([
      '            ██████······',
      '······██████            ',
    ]);
  });
});

describe('what is drawn', () => {
  const ZONE = fc.constantFrom('UTC', 'Europe/London', 'America/Santiago', 'Australia/Lord_Howe', 'Africa/Cairo');
  const TIME = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
  const PERIOD = fc
    .record({
      zone: ZONE,
      hour: fc.integer({ min: 0, max: 8_000 }),
      days: fc.integer({ min: 1, max: 9 }),
      on: TIME,
      off: TIME,
      id: fc.string({ unit: 'binary', maxLength: 40 }),
    })
    .map(({ zone, hour, days, on, off, id }) =>
      period(zone, new Date(Date.UTC(2026, 0, 1) + hour * HOUR).toISOString(), days, on, off, id),
    );

  it('is as long as the period, and fits', () => {
    fc.assert(
      fc.property(PERIOD, fc.boolean(), (shown, unicode) => {
        const style = createStyle({ color: false, width: 80, unicode });
        const [timeline] = shown.timelines;
        const spans = spansOf(timeline!, Date.parse(shown.from), Date.parse(shown.to));
        expect(spans.reduce((sum, { start, end }) => sum + end - start, 0)).toBe(
          Date.parse(shown.to) - Date.parse(shown.from),
        );
        const days = localDays(shown);
        expect(days.every((day) => cellsOf(timeline!, shown, day, 24).length === 24)).toBe(true);
        for (const line of [...dayLines(timeline!, shown, style), ...weekLines(shown, style)]) {
          expect(lineWidth(line)).toBeLessThanOrEqual(80);
          expect(unicode || /^[\x20-\x7e]*$/.test(line.map(({ text }) => text).join(''))).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('as SVG has no markup but its own, whatever the name', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('</text><script>', '&amp;"\'', ']]>', '\u0000\u001b\ufffe', 'x'.repeat(500), '##[error]'),
        PERIOD,
        (id, shown) => {
          const drawn = weekSvg({ ...shown, timelines: shown.timelines.map((timeline) => ({ ...timeline, id })) });
          const tags = new Set([...drawn.matchAll(/<\/?([^\s>]*)/g)].map(([, name]) => name));
          expect(tags).toEqual(new Set(['desc', 'path', 'rect', 'style', 'svg', 'text', 'title']));
          expect(drawn).not.toMatch(/(?!\n)\p{Cc}|&(?!#\d+;)|NaN|##\[/u);
          for (const [, wide] of drawn.matchAll(/width="(-?[\d.]+)"/g)) expect(Number(wide)).toBeGreaterThanOrEqual(0);
        },
      ),
      { numRuns: 60 },
    );
  });
});
