import type { Command } from 'commander';
import { addSurvivalRunVerbs } from './survival-run-verbs.ts';
import type { Finish } from './verb-options.ts';

/** `survival run`, `survival serve`. */
export function addSurvivalVerbs(program: Command, finish: Finish): void {
  const survival = program.command('survival').description('Cox regression of every gene: run, serve');
  addSurvivalRunVerbs(survival, finish);
}
