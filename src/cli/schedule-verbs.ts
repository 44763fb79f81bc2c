import type { Command } from 'commander';
import { parseCount, withConfig } from './verb-options.ts';
import type { Finish } from './verb-options.ts';

/** `preview schedule`, `schedule owner-policy`, `schedule decide`. */
export function addScheduleVerbs(program: Command, finish: Finish): void {
  const preview = program.command('preview').description('what would happen, without AWS: schedule');
  withConfig(
    preview
      .command('schedule <schedule>')
      .description('when a tag, or a declared schedule by name, starts and stops machines'),
  )
    .option('--from <time>', 'first day or moment: 2026-03-29, or 2026-03-29T00:00Z; default: today')
    .option('--days <n>', 'how many days', parseCount, 7)
    .option('--timezone <zone>', 'whose days and clocks are shown; default: the schedule’s own, UTC for a tag')
    .action(async (schedule: string, flags) => {
      finish(await (await import('./preview-schedule.ts')).runPreviewSchedule(schedule, flags));
    });
  const schedule = program.command('schedule').description('schedules of machines: decide, owner-policy');
  withConfig(
    schedule
      .command('owner-policy <document>')
      .description('the IAM policy that lets owners of instances set the schedule tag, and no other'),
  ).action(async (document: string, flags) => {
    finish(await (await import('./owner-policy.ts')).runOwnerPolicy(document, flags));
  });
  schedule
    .command('decide')
    .description('answer each line of standard input, { tag or schedule, now, state, … }, with a decision')
    .option('--ndjson', 'one JSON object a line, which is the only form')
    .action(async () => {
      finish(await (await import('./schedule-decide.ts')).runScheduleDecide());
    });
}
