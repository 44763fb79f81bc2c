import { parseDuration } from '../../engine/duration.ts';
import { didYouMean } from '../../engine/config/suggest.ts';
import { encodeFunctionDocument, MAX_DOCUMENT_CHARACTERS } from '../../engine/function-document.ts';
import type { DocumentFault, Estate } from '../../engine/types.ts';
import { parseDeclared } from '../../schedule/declared.ts';
import type { ScheduleFault } from '../../schedule/types.ts';
import { cadenceOf } from './cadence.ts';
import { check } from './check.ts';
import type { InstanceSchedule } from './places.ts';
import { scheduleDocument } from './schedule-document.ts';
import type { InstanceScheduleSchedule, InstanceScheduleSpec } from './spec.gen.ts';

/** Schedules that cannot be read, names that nothing has, and fields that do not go together. */
export function faults(document: InstanceSchedule, estate: Estate): readonly DocumentFault[] {
  const { spec } = document;
  return [
    ...unreadable(spec),
    ...unknownSchedules(spec),
    ...contradictions(spec),
    ...tooLarge(document, estate),
    ...narrow(document, estate),
  ];
}

function unreadable({ schedules }: InstanceScheduleSpec): readonly DocumentFault[] {
  return Object.entries(schedules).flatMap(([name, declared]) =>
    faultsOf(declared).map((fault): DocumentFault => {
      const hint = fault.code === 'unknown-timezone' ? zoneHint(declared.timezone) : undefined;
      const path = `/spec/schedules/${name}${fault.path}`;
      return { code: 'TU1003', path, message: messageOf(path, fault), ...(hint !== undefined && { hint }) };
    }),
  );
}

function faultsOf(declared: InstanceScheduleSchedule): readonly ScheduleFault[] {
  const parsed = parseDeclared(declared);
  return parsed.error ? parsed.errors : [];
}

function messageOf(path: string, { message, column }: ScheduleFault): string {
  const place = column > 1 ? ` (column ${column} of the text)` : '';
  return `${path.slice(1).replaceAll('/', '.')}: ${message}${place}`;
}

function zoneHint(zone: string): string | undefined {
  return didYouMean(zone, Intl.supportedValuesOf('timeZone'));
}

function unknownSchedules({ assign, schedules }: InstanceScheduleSpec): readonly DocumentFault[] {
  return assign.flatMap(({ schedule }, index) => {
    if (Object.hasOwn(schedules, schedule)) return [];
    const hint = didYouMean(schedule, Object.keys(schedules)) ?? 'declare it under spec.schedules';
    const message = `spec.assign.${index}.schedule: this document has no schedule ${schedule}`;
    return [{ code: 'TU1029', path: `/spec/assign/${index}/schedule`, message, hint }];
  });
}

function contradictions({ mode, window, every, respectManual }: InstanceScheduleSpec): readonly DocumentFault[] {
  const found: DocumentFault[] = [];
  const say = (field: string, message: string, hint: string): void => {
    found.push({ code: 'TU1030', path: `/spec/${field}`, message: `spec.${field} ${message}`, hint });
  };
  const seconds = window === undefined ? undefined : parseDuration(window);
  const shortest = cadenceOf(every)?.shortest;
  if (seconds !== undefined && seconds % 60 !== 0) {
    say('window', `is ${window}, and runs count whole minutes`, `window: ${Math.ceil(seconds / 60)}m`);
  } else if (mode === 'edge' && seconds !== undefined && shortest !== undefined && seconds / 60 < shortest) {
    const message = `is ${window}, and ${every} runs every ${shortest} minutes: what falls between two windows never happens`;
    say('window', message, `window: ${shortest + 2}m`);
  }
  if (mode === 'edge' && respectManual === 'enforce') {
    const message = 'is enforce, and in mode edge a run between two edges acts on nothing';
    say('respectManual', message, 'mode: desired');
  }
  return found;
}

function tooLarge(document: InstanceSchedule, estate: Estate): readonly DocumentFault[] {
  const characters = encodeFunctionDocument(scheduleDocument(document, estate)).length;
  if (characters <= MAX_DOCUMENT_CHARACTERS) return [];
  const message = `the document takes ${characters} characters in its function's environment, compressed; there is room for ${MAX_DOCUMENT_CHARACTERS}`;
  return [
    { code: 'TU1028', path: '/spec/schedules', message, hint: 'split the document: a tag key of its own for each' },
  ];
}

/** A warning: what the plan says of a window that a late run is not covered by, where it is declared. */
function narrow(document: InstanceSchedule, estate: Estate): readonly DocumentFault[] {
  const { spec } = document;
  if (contradictions(spec).length > 0) return [];
  const field = spec.window === undefined ? 'every' : 'window';
  return check(document, estate, [])
    .filter(({ code }) => code === 'window-narrow')
    .map(({ message, hint }) => ({
      code: 'TU1031',
      path: `/spec/${field}`,
      message: `spec.${field}: ${message}`,
      ...(hint !== undefined && { hint }),
      warning: true,
    }));
}
