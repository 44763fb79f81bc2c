import { parseDate, parseInstant } from './civil.ts';
import { parseDays } from './days.ts';
import { fault, faults, quote, shown } from './faults.ts';
import { isRecord } from './fields.ts';
import type { Fields } from './fields.ts';
import { closed } from './parsed.ts';
import type { Override, Rule, Schedule, ScheduleFault, ScheduleFaults } from './types.ts';
import { isZone } from './zone.ts';

const TIME = /^([01][0-9]|2[0-3]):([0-5][0-9])$/;
/** Longest text that is read in one field. */
const MAX_LENGTH = 256;

/**
 * Reads a schedule as a document declares it (`DeclaredSchedule`). Whatever else it is handed is a fault with the path of
 * the value: the text comes from a document, a tag's companion or a pipe. All faults are told, in the order of the fields.
 */
export function parseDeclared(declared: unknown): Schedule | ScheduleFaults {
  if (!isRecord(declared)) return faults(fault('bad-shape', 'a schedule is an object with periods'));
  const found: ScheduleFault[] = [];
  refuseOthers(declared, ['timezone', 'periods', 'except', 'override'], '', found);
  const timezone = textOf(declared, 'timezone', '', found) ?? 'UTC';
  if (!isZone(timezone)) {
    found.push(fault('unknown-timezone', `${quote(timezone)} is no IANA time zone`, 1, '/timezone'));
  }
  const rules = parsePeriods(declared['periods'], found);
  const except = parseExcept(declared['except'], found);
  const override = parseOverride(declared['override'], found);
  const [first, ...others] = found;
  if (first) return faults(first, others);
  return closed({ timezone, rules, except, ...(override && { override }), disabled: false });
}

/** One by one: there may be more unknown fields than a call can have arguments. */
function refuseOthers(fields: Fields, known: readonly string[], path: string, found: ScheduleFault[]): void {
  for (const name of Object.keys(fields)) {
    if (known.includes(name)) continue;
    found.push(fault('bad-shape', `${quote(name)} is no field here: ${known.join(', ')}`, 1, path));
  }
}

/** The text of a field; undefined where it is absent or no text, which is a fault. */
function textOf(fields: Fields, name: string, path: string, found: ScheduleFault[]): string | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value.length <= MAX_LENGTH) return value;
  const message = `${name} is text of at most ${MAX_LENGTH} characters, not ${shown(value)}`;
  found.push(fault('bad-shape', message, 1, `${path}/${name}`));
  return undefined;
}

function listOf(value: unknown, path: string, found: ScheduleFault[]): readonly unknown[] {
  if (Array.isArray(value)) return value;
  found.push(fault('bad-shape', `${path.slice(1)} is a list`, 1, path));
  return [];
}

function parsePeriods(value: unknown, found: ScheduleFault[]): readonly Rule[] {
  return listOf(value, '/periods', found).flatMap((period, index) => {
    const path = `/periods/${index}`;
    if (isRecord(period)) return parsePeriod(period, path, found);
    found.push(fault('bad-shape', 'a period is an object with days, on and off', 1, path));
    return [];
  });
}

function parsePeriod(period: Fields, path: string, found: ScheduleFault[]): readonly Rule[] {
  refuseOthers(period, ['days', 'on', 'off'], path, found);
  const text = textOf(period, 'days', path, found);
  const on = timeOf(period, 'on', path, found);
  const off = timeOf(period, 'off', path, found);
  if (period['days'] === undefined) found.push(fault('no-days', 'a period needs days', 1, path));
  if (period['on'] === undefined && period['off'] === undefined) {
    found.push(fault('missing-time', 'a period needs on, off or both', 1, path));
  }
  if (text === undefined) return [];
  const days = parseDays(text, `${path}/days`);
  if ('code' in days) {
    found.push(days);
    return [];
  }
  const rules: Rule[] = [];
  if (on !== undefined) rules.push({ action: 'start', days, minute: on, nextDay: false });
  if (off !== undefined) rules.push({ action: 'stop', days, minute: off, nextDay: on !== undefined && off <= on });
  return rules;
}

function timeOf(period: Fields, name: string, path: string, found: ScheduleFault[]): number | undefined {
  const text = textOf(period, name, path, found);
  if (text === undefined) return undefined;
  const [, hour, minute] = TIME.exec(text) ?? [];
  if (hour !== undefined && minute !== undefined) return Number(hour) * 60 + Number(minute);
  found.push(fault('bad-time', `${quote(text)} is no time: write "00:00" to "23:59"`, 1, `${path}/${name}`));
  return undefined;
}

function parseExcept(value: unknown, found: ScheduleFault[]): readonly number[] {
  if (value === undefined) return [];
  const days = listOf(value, '/except', found).flatMap((date, index) => {
    const day = typeof date === 'string' ? parseDate(date) : undefined;
    if (day !== undefined) return [day];
    const path = `/except/${index}`;
    found.push(fault('bad-date', `${shown(date)} is no date: write 2026-12-25`, 1, path));
    return [];
  });
  return [...new Set(days)].sort((left, right) => left - right);
}

function parseOverride(value: unknown, found: ScheduleFault[]): Override | undefined {
  if (value === undefined) return undefined;
  const path = '/override';
  if (!isRecord(value)) {
    found.push(fault('bad-override', 'an override is an object with until, state and reason', 1, path));
    return undefined;
  }
  refuseOthers(value, ['until', 'state', 'reason'], path, found);
  const text = textOf(value, 'until', path, found) ?? '';
  const until = parseInstant(text);
  if (until === undefined) {
    const message = `${quote(text)} is no time with a zone: write 2026-12-01T00:00Z`;
    found.push(fault('bad-override', message, 1, `${path}/until`));
  }
  const state = textOf(value, 'state', path, found);
  if (state !== 'on' && state !== 'off') {
    found.push(fault('bad-override', `${quote(state ?? '')} is no state: on or off`, 1, `${path}/state`));
    return undefined;
  }
  const reason = textOf(value, 'reason', path, found) ?? '';
  return until === undefined ? undefined : { until, state, reason };
}
