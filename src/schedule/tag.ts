import { weekdayNamed } from './days.ts';
import { fault, faults, quote } from './faults.ts';
import { closed } from './parsed.ts';
import { tokensOf } from './tokens.ts';
import type { Token } from './tokens.ts';
import type { Rule, Schedule, ScheduleAction, ScheduleFault, ScheduleFaults } from './types.ts';

/** EC2's limit for the value of a tag. */
const MAX_LENGTH = 256;
/** Days and time of the start, days and time of the stop. */
const PARTS = 4;
const DISABLE: ReadonlySet<string> = new Set(['disable', 'disabled']);
const TIME = /^(?:[01][0-9]|2[0-3])[0-5][0-9]$/;

/**
 * Reads the compact grammar of a tag, `mon,tue;0830;mon,tue;1700[;disable][;]`: days and time of the start, days and time
 * of the stop, in UTC. An empty list of days leaves that side out. Time and space grow with the length of the text, and
 * one longer than a tag can be is not read at all.
 */
export function parseTag(text: string): Schedule | ScheduleFaults {
  if (text.length > MAX_LENGTH) {
    const message = `a tag has at most ${MAX_LENGTH} characters, this one has ${text.length}`;
    return faults(fault('too-long', message, MAX_LENGTH + 1));
  }
  const all = tokensOf(text, ';');
  const parts = all.length > PARTS && all.at(-1)?.text === '' ? all.slice(0, -1) : all;
  const [onDays, onTime, offDays, offTime, word, extra] = parts;
  if (!onDays || !onTime || !offDays || !offTime) return faults(tooFew(parts));
  if (extra) return faults(fault('too-many-parts', `${quoted(extra)} is one part too many`, extra.column));
  if (word && !DISABLE.has(word.text.toLowerCase())) {
    return faults(fault('unknown-word', `${quoted(word)} is not disable, the only fifth part`, word.column));
  }
  const start = sideOf('start', onDays, onTime);
  if (isFault(start)) return faults(start);
  const stop = sideOf('stop', offDays, offTime);
  if (isFault(stop)) return faults(stop);
  const rules = [...start, ...stop];
  if (rules.length === 0) {
    return faults(
      fault(
        'no-days',
        `neither starts nor stops: ${quoted(onDays)} and ${quoted(offDays)} name no days`,
        onDays.column,
      ),
    );
  }
  return closed({ timezone: 'UTC', rules, except: [], disabled: word !== undefined });
}

/** A token as a message names it: people read tags without a ruler. */
function quoted({ text, column }: Token): string {
  return `${quote(text)} at column ${column}`;
}

function tooFew(parts: readonly Token[]): ScheduleFault {
  const { text = '', column = 1 } = parts.at(-1) ?? {};
  const message = `${parts.length} of 4 parts, the last is ${quoted({ text, column })}: write days;HHMM;days;HHMM`;
  return fault('too-few-parts', message, column);
}

function isFault(side: readonly Rule[] | ScheduleFault): side is ScheduleFault {
  return 'code' in side;
}

/** One side of the tag; without days none. */
function sideOf(action: ScheduleAction, days: Token, time: Token): readonly Rule[] | ScheduleFault {
  let weekdays = 0;
  for (const day of days.text === '' ? [] : tokensOf(days.text, ',', days.column)) {
    const weekday = weekdayNamed(day.text);
    if (weekday === undefined) {
      return fault(
        'unknown-day',
        `${quoted(day)} is no day: write mon tue wed thu fri sat sun, with commas between`,
        day.column,
      );
    }
    weekdays |= 1 << weekday;
  }
  if (time.text === '') {
    if (weekdays === 0) return [];
    return fault(
      'missing-time',
      `${quoted(days)} has no time at column ${time.column}: write four digits, 0000 to 2359`,
      time.column,
    );
  }
  if (!TIME.test(time.text)) {
    return fault('bad-time', `${quoted(time)} is no time: write four digits, 0000 to 2359`, time.column);
  }
  if (weekdays === 0) return [];
  const minute = Number(time.text.slice(0, 2)) * 60 + Number(time.text.slice(2));
  return [{ action, days: { weekdays, nth: [] }, minute, nextDay: false }];
}
