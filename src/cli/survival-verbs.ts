import type { Command } from 'commander';
import { addSurvivalRunVerbs } from './survival-run-verbs.ts';
import { parseCount } from './verb-options.ts';
import type { Finish } from './verb-options.ts';

/** `survival fit`, `survival run`, `survival serve`. */
export function addSurvivalVerbs(program: Command, finish: Finish): void {
  const survival = program.command('survival').description('Cox regressions: fit, run, serve');
  survival
    .command('fit')
    .description('answer a request of a SurvivalService, from standard input, here: what the service would answer')
    .option('--binary', 'the request is application/octet-stream; default: JSON')
    .option('--min-events <n>', 'rows with fewer events have the status few_events; default: 5', parseCount)
    .action(async (flags) => {
      finish(await (await import('./survival-fit.ts')).runSurvivalFit(flags));
    });
  addSurvivalRunVerbs(survival, finish);
}
