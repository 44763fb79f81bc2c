import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { collect, withAccount } from './verb-options.ts';
import type { Finish } from './verb-options.ts';

/** `fan-out redrive`, `fan-out status`, `fan-out test`. */
export function addFanOutVerbs(program: Command, finish: Finish): void {
  const fanOut = program.command('fan-out').description('copies of a bucket: redrive, status, test');
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
  return withAccount(command).option(
    '--destination <bucket>',
    'only this destination; may be given again; default: all',
    collect,
  );
}
