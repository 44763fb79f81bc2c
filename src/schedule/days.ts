import { fault, quote } from './faults.ts';
import { tokensOf, trimmed } from './tokens.ts';
import type { Token } from './tokens.ts';
import type { Days, NthWeekday, ScheduleFault } from './types.ts';

const WEEKDAYS: ReadonlyMap<string, number> = new Map([
  ['sun', 0],
  ['mon', 1],
  ['tue', 2],
  ['wed', 3],
  ['thu', 4],
  ['fri', 5],
  ['sat', 6],
]);

const ORDINALS: ReadonlyMap<string, NthWeekday['nth']> = new Map<string, NthWeekday['nth']>([
  ['1st', 1],
  ['2nd', 2],
  ['3rd', 3],
  ['4th', 4],
  ['5th', 5],
  ['last', 'last'],
]);

const EXAMPLES = 'write mon, mon-fri, 1st sat or last fri, with commas between';

/** 0 (Sunday) to 6, of a name of three letters in any case. */
export function weekdayNamed(text: string): number | undefined {
  return WEEKDAYS.get(text.toLowerCase());
}

/** Reads `mon-fri, 1st sat`. @param path of the text, for the fault. */
export function parseDays(text: string, path: string): Days | ScheduleFault {
  let weekdays = 0;
  const nth: NthWeekday[] = [];
  for (const token of tokensOf(text, ',')) {
    const range = rangeOf(token);
    const nthWeekday = range === undefined ? nthOf(token) : undefined;
    if (range === undefined && nthWeekday === undefined) {
      return fault('unknown-day', `${quote(token.text)} names no days: ${EXAMPLES}`, token.column, path);
    }
    weekdays |= range ?? 0;
    if (nthWeekday) nth.push(nthWeekday);
  }
  return { weekdays, nth };
}

/** `mon` and `mon-fri` as bits; `fri-mon` goes over the weekend. */
function rangeOf({ text, column }: Token): number | undefined {
  const [first, last = first, ...rest] = tokensOf(text, '-', column);
  if (!first || !last || rest.length > 0) return undefined;
  const from = weekdayNamed(first.text);
  const to = weekdayNamed(last.text);
  if (from === undefined || to === undefined) return undefined;
  let bits = 1 << to;
  for (let weekday = from; weekday !== to; weekday = (weekday + 1) % 7) bits |= 1 << weekday;
  return bits;
}

function nthOf({ text, column }: Token): NthWeekday | undefined {
  const space = text.search(/[ \t]/);
  if (space < 0) return undefined;
  const nth = ORDINALS.get(text.slice(0, space).toLowerCase());
  const weekday = weekdayNamed(trimmed(text.slice(space), column + space).text);
  return nth === undefined || weekday === undefined ? undefined : { nth, weekday };
}
