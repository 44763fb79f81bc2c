import type { Command } from 'commander';
import { collect, withAccount } from './verb-options.ts';
import type { Finish } from './verb-options.ts';

/** `fan-out verify`, `fan-out backfill`. */
export function addFanOutVerbs(program: Command, finish: Finish): void {
  const fanOut = program.command('fan-out').description('copies of a bucket: verify, backfill');
  withDestinations(fanOut.command('verify <name>').description('compare the source with its copies by their listings'))
    .option('--prefix <prefix>', 'only keys of the source that begin so')
    .action(async (name: string, flags) => {
      finish(await (await import('./fan-out-verify.ts')).runFanOutVerify(name, flags));
    });
  withDestinations(fanOut.command('backfill <name>').description('copy what was there before, and what is missing'))
    .option('--prefix <prefix>', 'only keys of the source that begin so')
    .option('--dry-run', 'say what it would take; nothing is copied')
    .option('--no-wait', 'end when the work is handed over')
    .action(async (name: string, flags) => {
      finish(await (await import('./fan-out-backfill.ts')).runFanOutBackfill(name, flags));
    });
}

function withDestinations(command: Command): Command {
  return withAccount(command).option(
    '--destination <bucket>',
    'only this destination; may be given again; default: all',
    collect,
  );
}
