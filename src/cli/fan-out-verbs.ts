import type { Command } from 'commander';
import { collect, withAccount } from './verb-options.ts';
import type { Finish } from './verb-options.ts';

/** `fan-out verify`, `fan-out backfill`. */
export function addFanOutVerbs(program: Command, _finish: Finish): void {
  program.command('fan-out').description('copies of a bucket: verify, backfill');
}

function withDestinations(command: Command): Command {
  return withAccount(command).option(
    '--destination <bucket>',
    'only this destination; may be given again; default: all',
    collect,
  );
}
