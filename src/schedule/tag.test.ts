import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTag } from './tag.ts';
import type { Rule } from './types.ts';

const SUN = 1;
const MON = 2;
const WED_FRI = 8 + 16 + 32;
const THU_SAT = 16 + 32 + 64;
const DAILY = 127;

function rule(action: Rule['action'], weekdays: number, minute: number): Rule {
  return { action, days: { weekdays, nth: [] }, minute, nextDay: false };
}

describe('a tag', () => {
  it.each([
    [
      'mon,tue,wed,thu,fri,sat,sun;0830;mon,tue,wed,thu,fri,sat,sun;1700;',
      [rule('start', DAILY, 510), rule('stop', DAILY, 1020)],
    ],
    ['mon;0700;fri;1800;', [rule('start', MON, 420), rule('stop', 32, 1080)]],
    ['wed,thu,fri;2100;thu,fri,sat;0500;', [rule('start', WED_FRI, 1260), rule('stop', THU_SAT, 300)]],
    ['sat,thu,fri;0000;sun;2359', [rule('start', THU_SAT, 0), rule('stop', SUN, 1439)]],
    [';;fri;1800;', [rule('stop', 32, 1080)]],
    ['mon;0700;;', [rule('start', MON, 420)]],
    ['mon;0700;;;', [rule('start', MON, 420)]],
    [';0700;fri;1800', [rule('stop', 32, 1080)]],
    ['MON,mon;0700;Fri;1800', [rule('start', MON, 420), rule('stop', 32, 1080)]],
    [' mon , wed\t,thu,fri ; 0700;\tfri ; 1800 ; ', [rule('start', MON + WED_FRI, 420), rule('stop', 32, 1080)]],
  ])('reads %s', (text, rules) => {
    expect(parseTag(text)).toEqual({ timezone: 'UTC', rules, except: [], disabled: false });
  });

  it.each(['disable', 'disable;', 'DISABLED', ' Disabled ; '])('is switched off by %s', (word) => {
    const schedule = parseTag(`wed,thu,fri;2100;thu,fri,sat;0500;${word}`);
    expect(schedule).toMatchObject({ disabled: true, rules: [{ minute: 1260 }, { minute: 300 }] });
  });

  it.each([
    ['', 'too-few-parts', '', 1],
    ['office-hours', 'too-few-parts', 'office-hours', 1],
    ['mon;0700', 'too-few-parts', '0700', 5],
    ['mon;0700;fri', 'too-few-parts', 'fri', 10],
    ['mon;0700; fri', 'too-few-parts', 'fri', 11],
    ['mon;0700;fri;1800;disable;more', 'too-many-parts', 'more', 27],
    ['mon;0700;fri;1800;disable;;', 'too-many-parts', '', 27],
    ['mon;0700;fri;1800;;', 'unknown-word', '', 19],
    ['mon;0700;fri;1800;off', 'unknown-word', 'off', 19],
    ['mon;0700;fri;1800;disable-not', 'unknown-word', 'disable-not', 19],
    ['monday;0700;fri;1800', 'unknown-day', 'monday', 1],
    ['mon tue;0700;fri;1800', 'unknown-day', 'mon tue', 1],
    ['mon-fri;0700;fri;1800', 'unknown-day', 'mon-fri', 1],
    ['mon,,tue;0700;fri;1800', 'unknown-day', '', 5],
    ['mon,tue,;0700;fri;1800', 'unknown-day', '', 9],
    ['mon, mo ;0700;fri;1800', 'unknown-day', 'mo', 6],
    ['mon;0700;fri,sot;1800', 'unknown-day', 'sot', 14],
    ['mon;830;fri;1800', 'bad-time', '830', 5],
    ['mon;083;fri;1800', 'bad-time', '083', 5],
    ['mon;08:30;fri;1800', 'bad-time', '08:30', 5],
    ['mon;0700;fri;2400', 'bad-time', '2400', 14],
    ['mon;2360;fri;1800', 'bad-time', '2360', 5],
    ['mon;8;fri;1800', 'bad-time', '8', 5],
    ['mon;٠٧٠٠;fri;1800', 'bad-time', '٠٧٠٠', 5],
    ['mon;07 00;fri;1800', 'bad-time', '07 00', 5],
    [';9999;fri;1800', 'bad-time', '9999', 2],
    ['mon;0700\u00a0;fri;1800', 'bad-time', '0700\u00a0', 5],
    ['mon;0700\n;fri;1800', 'bad-time', '0700\n', 5],
    ['mon; ;fri;1800', 'missing-time', 'mon', 6],
    ['mon;0700;fri;', 'missing-time', 'fri', 14],
    [';;;;', 'no-days', '', 1],
    [';0700;;1800', 'no-days', '', 1],
  ])('%j is refused: %s', (text, code, token, column) => {
    const { error } = parseTag(text);
    expect(error).toMatchObject({ code, column, path: '' });
    expect(error?.message).toContain(`"${token}"`);
    expect(error?.message).toContain(String(column));
  });

  it('quotes no more of a token than the beginning', () => {
    expect(parseTag(`${'x'.repeat(200)};0700;fri;1800`).error?.message).toContain(`"${'x'.repeat(32)}…"`);
  });

  it('is not read where it is longer than a tag can be', () => {
    const days = 'mon,'.repeat(60);
    expect(parseTag(`${days}mon;0700;;`).error).toBeUndefined();
    expect(parseTag(`${days}tue,wed,fri,thu;0700;;`).error).toMatchObject({ code: 'too-long', column: 257 });
    expect(parseTag(';'.repeat(1_000_000)).error).toMatchObject({ code: 'too-long', column: 257 });
  });
});

describe('hostile tags (T87)', () => {
  const near = fc.array(
    fc.constantFrom(
      'mon',
      'Tue',
      ',',
      ';',
      ' ',
      '0830',
      '2400',
      '1',
      'disable',
      '\u202e',
      '\0',
      '<script>',
      '-',
      '1st',
    ),
    { maxLength: 40 },
  );

  it('are a schedule or a fault that points into the text, and never an exception', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          near.map((pieces) => pieces.join('')),
          fc.string({ unit: 'binary', maxLength: 60 }),
        ),
        (text) => {
          const parsed = parseTag(text);
          if (!parsed.error) {
            expect(parsed.rules.length).toBeGreaterThan(0);
            return;
          }
          expect(parsed.error.column).toBeGreaterThanOrEqual(1);
          expect(parsed.error.column).toBeLessThanOrEqual(text.length + 1);
          expect(parsed.error.message.length).toBeLessThan(220);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('10,000 of the longest are read while the others wait for nothing', () => {
    const shapes = [',', ';', ' ', 'mon,', 'm', ' ;', '\t,', ';0', 'mon;0830;'].map((piece) =>
      piece.repeat(256).slice(0, 256),
    );
    const parsed = Array.from({ length: 10_000 }, (_, index) => parseTag(shapes[index % shapes.length]!));
    expect(parsed.every(({ error }) => error !== undefined)).toBe(true);
  });
});
