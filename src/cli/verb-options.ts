import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';

/** Ends the command with an exit code. */
export type Finish = (exitCode: number) => void;

export function collect(value: string, list: readonly string[] = []): readonly string[] {
  return [...list, value];
}

export function parseCount(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1 to 9999.');
}

export function withOutput(command: Command): Command {
  return withStyle(command.option('--format <format>', 'text, markdown, json or ndjson', 'text')).option(
    '--out <file>',
    'also write the result as JSON to this file',
  );
}

/** How text looks. */
export function withStyle(command: Command): Command {
  return command.option('--color <when>', 'auto, always or never', 'auto').option('--quiet', 'no progress on stderr');
}

export function withConfig(command: Command): Command {
  return withOutput(withTree(command));
}

export function withTree(command: Command): Command {
  return command.option('--config <dir>', 'directory of the configuration', 'config');
}

export function withAccount(command: Command): Command {
  return withConfig(command).option(
    '--endpoint <endpoint>',
    'embedded[:FILE], or the URL of an emulator; default: AWS',
  );
}

export function withSelection(command: Command): Command {
  return command
    .option('--only <glob>', 'only documents whose kind/name matches; may be given again', collect)
    .option('--exclude <glob>', 'all but these; may be given again', collect);
}

export function withEstate(command: Command): Command {
  return withSelection(withAccount(command)).option(
    '--concurrency <n>',
    'parallel tasks in one account and region',
    parseCount,
  );
}

export function withBase(command: Command): Command {
  return command.option(
    '--base <rev>',
    'the commit whose Settings guard too; default: HEAD, or its first parent where nothing is uncommitted',
  );
}
