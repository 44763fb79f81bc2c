import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { collect, withAccount } from './verb-options.ts';
import type { Finish } from './verb-options.ts';

/** Of every verb of a fan-out, also of those that only look (threats T61). */
const ROLE = 'Acts as the apply role of Settings: rows of the ledger and HEAD of objects\nare denied to the plan role.';

/** `fan-out verify`, `fan-out backfill`, `fan-out redrive`, `fan-out status`, `fan-out test`. */
export function addFanOutVerbs(program: Command, finish: Finish): void {
  const fanOut = program.command('fan-out').description('copies of a bucket: verify, backfill, redrive, status, test');
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
  addRepairVerbs(fanOut, finish);
}

function addRepairVerbs(fanOut: Command, finish: Finish): void {
  withDestinations(
    fanOut.command('redrive <name>').description('try dead letters again; one that succeeds is deleted'),
  ).action(async (name: string, flags) => {
    finish(await (await import('./fan-out-redrive.ts')).runFanOutRedrive(name, flags));
  });
  withDestinations(fanOut.command('status <name>').description('copies by state, lag, dead letters, last errors'))
    .option('--key <key>', 'what is known of this key of the source')
    .option('--rows <n>', 'rows of the ledger that are read at most; default: 100000', parseRows)
    .action(async (name: string, flags) => {
      finish(await (await import('./fan-out-status.ts')).runFanOutStatus(name, flags));
    });
  withDestinations(
    fanOut.command('test <name>').description('put a probe, wait for it at every destination, take it away again'),
  )
    .option('--timeout <duration>', 'how long it is waited for', '60s')
    .action(async (name: string, flags) => {
      finish(await (await import('./fan-out-test.ts')).runFanOutTest(name, flags));
    });
}

function parseRows(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1.');
}

function withDestinations(command: Command): Command {
  return withAccount(command)
    .option('--destination <bucket>', 'only this destination; may be given again; default: all', collect)
    .addHelpText('after', `\n${ROLE}`);
}
