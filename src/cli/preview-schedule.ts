import { previewSchedule } from '../operations/preview-schedule.ts';
import { findSchedule } from '../operations/schedules.ts';
import type { NamedSchedule } from '../operations/schedules.ts';
import { renderPreview } from '../report/render.ts';
import { weekSvg } from '../report/week-svg.ts';
import { DAY, isInstant, parseDate, parseInstant } from '../schedule/civil.ts';
import { parseTag } from '../schedule/tag.ts';
import { isZone, momentOf, zoneOf } from '../schedule/zone.ts';
import { readClock } from './endpoint.ts';
import { CliError, usageError } from './errors.ts';
import { EXIT } from './exit-codes.ts';
import { createOutput, openReportFile } from './output.ts';
import type { Output, OutputFlags } from './output.ts';
import { loadProject } from './session.ts';

/** A document or a schedule by name, or both. */
const NAME = /^[a-z0-9-]+(?:\/[a-z0-9-]+)?$/;

export interface PreviewScheduleFlags extends OutputFlags {
  readonly config: string;
  readonly from?: string;
  readonly days: number;
  readonly timezone?: string;
  readonly out?: string;
}

/** Needs no AWS, and for a tag no configuration. With `--out FILE.svg` the days are also drawn. */
export async function runPreviewSchedule(text: string, flags: PreviewScheduleFlags): Promise<number> {
  const output = createOutput(flags);
  const found = await readSchedule(text, flags, output);
  if (!found) return EXIT.invalid;
  const { id, schedule, mode } = found;
  const timezone = flags.timezone ?? schedule.timezone;
  if (!isZone(timezone)) throw usageError(`--timezone ${timezone} is no IANA time zone`, 'such as Europe/London');
  const start = parseFrom(flags.from, timezone);
  if (!isInstant(start.from + (flags.days + 1) * DAY)) throw usageError('--from and --days go beyond the year 9998');
  const report = flags.out === undefined ? undefined : openReportFile(flags.out);
  const { preview, period } = previewSchedule(schedule, {
    id,
    mode,
    ...start,
    days: flags.days,
    timezone,
  });
  if (flags.out?.toLowerCase().endsWith('.svg')) report?.writeText(weekSvg(period));
  else report?.write(preview);
  output.result(preview, (options) => renderPreview(period, { ...options, disabled: schedule.disabled }), EXIT.ok);
  return EXIT.ok;
}

/**
 * A tag has a semicolon, a name has none.
 * @throws CliError TU0007 for text that is no tag.
 */
async function readSchedule(
  text: string,
  flags: PreviewScheduleFlags,
  output: Output,
): Promise<NamedSchedule | undefined> {
  if (NAME.test(text)) {
    const project = await loadProject(flags, output);
    return project && findSchedule(project, text);
  }
  const schedule = parseTag(text);
  if (!schedule.error) return { id: text, schedule, mode: 'edge' };
  const { code, message, column } = schedule.error;
  throw new CliError('TU0007', `the schedule cannot be read: ${message}`, {
    exitCode: EXIT.usage,
    hint: "in quotes, such as 'mon,tue,wed,thu,fri;0830;mon,tue,wed,thu,fri;1800'",
    fields: { code: 'TU0007', message, column, fault: code },
  });
}

/** A date is the midnight at which it begins in the zone; nothing given, today's. */
function parseFrom(text: string | undefined, timezone: string): { readonly from: number; readonly isDate: boolean } {
  if (text === undefined) return { from: readClock() ?? Date.now(), isDate: true };
  const day = parseDate(text);
  const from = day === undefined ? parseInstant(text) : momentOf(zoneOf(timezone), day * DAY).at;
  if (from !== undefined) return { from, isDate: false };
  throw usageError(`--from ${text} is no time`, 'a date, 2026-03-29, or a time with its zone, 2026-03-29T00:00Z');
}
