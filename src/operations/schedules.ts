import { didYouMean } from '../engine/config/suggest.ts';
import { documentAddress } from '../engine/address.ts';
import type { Document } from '../engine/types.ts';
import type { InstanceSchedule } from '../reconcilers/instance-schedule/places.ts';
import { parseDeclared } from '../schedule/declared.ts';
import type { Schedule, ScheduleMode } from '../schedule/types.ts';
import type { Project } from './project.ts';

/** No document, or no schedule, of that name; or several. */
export class ScheduleNameError extends Error {
  override readonly name = 'ScheduleNameError';
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** A schedule that a document declares. */
export interface NamedSchedule {
  /** `document/schedule`. */
  readonly id: string;
  readonly schedule: Schedule;
  readonly mode: ScheduleMode;
}

/**
 * Finds a declared schedule by its name, by `document/schedule`, or by a document that declares one only.
 * @throws ScheduleNameError
 */
export function findSchedule(project: Project, name: string): NamedSchedule {
  const all = schedulesOf(project);
  const found = all.filter(({ document, schedule }) => schedule === name || `${document.name}/${schedule}` === name);
  const [first, ...others] = found.length > 0 ? found : all.filter(({ document }) => document.name === name);
  const ids = (list: typeof all): string =>
    list.map(({ document, schedule }) => `${document.name}/${schedule}`).join(', ');
  if (!first) {
    const known = all.map(({ schedule }) => schedule);
    const hint = didYouMean(name, known) ?? (known.length > 0 ? `schedules: ${ids(all)}` : undefined);
    throw new ScheduleNameError(`no document declares a schedule ${name}`, hint);
  }
  if (others.length > 0)
    throw new ScheduleNameError(`${name} is several schedules`, `one of ${ids([first, ...others])}`);
  const { document, schedule } = first;
  const parsed = parseDeclared(document.spec.schedules[schedule]);
  if (parsed.error) throw new Error('a valid configuration has schedules that can be read');
  return { id: `${document.name}/${schedule}`, schedule: parsed, mode: document.spec.mode };
}

/** @throws ScheduleNameError */
export function findInstanceSchedule({ documents }: Project, name: string): InstanceSchedule {
  const schedules = documents.filter(isInstanceSchedule);
  const found = schedules.find((document) => [document.name, documentAddress(document)].includes(name));
  if (found) return found;
  throw new ScheduleNameError(
    `there is no InstanceSchedule ${name}`,
    didYouMean(
      name,
      schedules.map((document) => document.name),
    ),
  );
}

function schedulesOf({
  documents,
}: Project): readonly { readonly document: InstanceSchedule; readonly schedule: string }[] {
  return documents
    .filter(isInstanceSchedule)
    .flatMap((document) => Object.keys(document.spec.schedules).map((schedule) => ({ document, schedule })));
}

function isInstanceSchedule(document: Document): document is InstanceSchedule {
  return document.kind === 'InstanceSchedule';
}
