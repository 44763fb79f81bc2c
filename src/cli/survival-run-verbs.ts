import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { MOST_LABELS } from '../report/volcano/points.ts';
import { withStyle } from './verb-options.ts';
import type { Finish } from './verb-options.ts';

const LARGEST_COUNT = 1_000_000;

/** `survival run` and `survival serve`. */
export function addSurvivalRunVerbs(survival: Command, finish: Finish): void {
  withTables(
    survival.command('run [name]').description('Cox regression of every row of a matrix, by a service or here'),
  )
    .option('--local', 'compute on this computer, by all its cores; no AWS')
    .option('--min-events <n>', 'with --local: fewer events make a row few_events; default: 5', parseWhole)
    .option('--concurrency <n>', 'requests under way at once; default: 10', parseWhole)
    .option('--chunk-rows <n>', 'rows of a request; default: as many as fit', parseWhole)
    .option('--token-env <name>', 'the environment variable that holds the bearer token of a service with jwt')
    .option('--fresh', 'throw away what an earlier run left, and begin anew')
    .option('--config <dir>', 'directory of the configuration', 'config')
    .option('--endpoint <endpoint>', 'embedded[:FILE], or the URL of an emulator; default: AWS')
    .option('--format <format>', 'text, markdown, json or ndjson', 'text')
    .addHelpText(
      'after',
      "\nA service is asked as the apply role of Settings. It is sent times, events and values, and nothing that\nnames a sample, a gene or a file.\n\nExample:\n  trueup survival run --local --matrix genes.tsv --clinical clinical.tsv --where 'year >= 2009' --out results.tsv",
    )
    .action(async (name: string | undefined, flags) => {
      finish(await (await import('./survival-run.ts')).runSurvivalRun(name, flags));
    });
  survival
    .command('serve <name>')
    .description('answer for a service of the embedded account over HTTP')
    .option('--port <port>', 'of 127.0.0.1; 0: any that is free', (text: string) => parsePort(text), 0)
    .option('--config <dir>', 'directory of the configuration', 'config')
    .option('--endpoint <endpoint>', 'embedded[:FILE]')
    .action(async (name: string, flags) => {
      finish(await (await import('./survival-serve.ts')).runSurvivalServe(name, flags));
    });
}

function withTables(command: Command): Command {
  return withStyle(command)
    .requiredOption('--matrix <file>', 'TSV: a corner cell and sample ids, then one line a gene; may be gzip')
    .requiredOption('--clinical <file>', 'TSV: a line of column names, then one line a sample')
    .requiredOption('--out <file>', 'the results table')
    .option('--plot <file>', 'also draw a volcano plot: SVG')
    .option('--label <n>', 'significant rows that the plot names, 200 at most; default: 20', parseLabels)
    .option('--id <column>', 'of the clinical table: the sample ids', 'sample')
    .option('--time <column>', 'of the clinical table: times, from 0', 'time')
    .option('--event <column>', 'of the clinical table: 1 an event, 0 censored', 'event')
    .option('--samples <file>', 'only these samples: ids, one a line')
    .option('--where <expression>', "only samples that meet it: comparisons joined by and, such as 'year >= 2009'")
    .option('--allow-missing', 'leave out selected samples that one of the tables lacks')
    .option('--any-order', 'join by id though the tables list the samples in different orders');
}

function parseWhole(text: string): number {
  if (/^\d{1,7}$/.test(text) && Number(text) >= 1 && Number(text) <= LARGEST_COUNT) return Number(text);
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${LARGEST_COUNT}.`);
}

function parseLabels(text: string): number {
  if (/^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= MOST_LABELS) return Number(text);
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${MOST_LABELS}.`);
}

function parsePort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError('It must be a port, from 0 to 65535.');
}
