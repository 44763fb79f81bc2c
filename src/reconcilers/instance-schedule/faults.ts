import { parseDuration } from '../../engine/duration.ts';
import { isReserved } from '../../engine/config/reserved.ts';
import { didYouMean } from '../../engine/config/suggest.ts';
import { encodeFunctionDocument, MAX_DOCUMENT_CHARACTERS } from '../../engine/function-document.ts';
import type { DocumentFault, Estate } from '../../engine/types.ts';
import { parseDeclared } from '../../schedule/declared.ts';
import type { ScheduleFault } from '../../schedule/types.ts';
import { IAM_ROLE_POLICY } from '../../resources/aws-iam-role-policy.ts';
import { cadenceOf } from './cadence.ts';
import { check } from './check.ts';
import { compile } from './compile.ts';
import type { InstanceSchedule } from './places.ts';
import { scheduleDocument } from './schedule-document.ts';
import type { InstanceScheduleSchedule, InstanceScheduleSpec } from './spec.gen.ts';

/** Schedules that cannot be read, names that nothing has, and fields that do not go together. */
export function faults(document: InstanceSchedule, estate: Estate): readonly DocumentFault[] {
  const { spec } = document;
  const own = [...reservedKeys(spec), ...unreadable(spec), ...unknownSchedules(spec), ...contradictions(spec)];
  // What cannot be compiled has no size.
  return own.length > 0 ? own : [...tooLarge(document, estate), ...narrow(document, estate)];
}

/** A selector that goes by what is written would find another set of instances after each apply. */
function reservedKeys({ tagKey, assign }: InstanceScheduleSpec): readonly DocumentFault[] {
  const keys = assign.flatMap(({ select }, index) =>
    Object.keys(select.tags)
      .filter((key) => key === tagKey || key.startsWith('trueup:'))
      .map((key): DocumentFault => {
        const path = `/spec/assign/${index}/select/tags/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
        const message = `spec.assign.${index}.select.tags names ${key}, which apply itself writes: what it selects would change with every apply`;
        return { code: 'TU1030', path, message, hint: 'select by a tag that says what the instance is, such as team' };
      }),
  );
  if (!isReserved(tagKey)) return keys;
  const message = `spec.tagKey: ${tagKey} means something to JavaScript and cannot be the key of a schedule tag`;
  return [...keys, { code: 'TU1023', path: '/spec/tagKey', message, hint: 'tagKey: EntScheduler' }];
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
  if (characters <= MAX_DOCUMENT_CHARACTERS) return policiesTooLarge(document, estate);
  const message = `the document takes ${characters} characters in its function's environment, compressed; there is room for ${MAX_DOCUMENT_CHARACTERS}`;
  return [
    { code: 'TU1028', path: '/spec/schedules', message, hint: 'split the document: a tag key of its own for each' },
  ];
}

/** IAM adds up the inline policies of a role without their blanks (IAM user guide, "IAM and AWS STS quotas"). */
const MAX_POLICY_CHARACTERS = 10_240;

function policiesTooLarge(document: InstanceSchedule, estate: Estate): readonly DocumentFault[] {
  const policies = compile(document, estate).filter(({ type }) => type === IAM_ROLE_POLICY);
  const longest = Math.max(0, ...policies.map(({ properties }) => JSON.stringify(properties['PolicyDocument']).length));
  if (longest <= MAX_POLICY_CHARACTERS) return [];
  const message = `a role of the document would have a policy of ${longest} characters; IAM takes ${MAX_POLICY_CHARACTERS}`;
  return [
    { code: 'TU1028', path: '/spec/regions', message, hint: 'split the document: a tag key of its own for each' },
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
