import { randomBytes } from 'node:crypto';
import { fstatSync, mkdirSync, statSync } from 'node:fs';
import { fenceLog } from '../github/log-fence.ts';
import { openWholeFile, writeWhole } from '../operations/whole-file.ts';
import type { WholeFile } from '../operations/whole-file.ts';
import { disarmCommand, escapeText } from '../report/escape.ts';
import { renderJson, renderLine, renderNdjson, toErrorJson } from '../report/json.ts';
import type { JsonDocument } from '../report/json.ts';
import { createProgress } from '../report/progress.ts';
import type { Progress } from '../report/progress.ts';
import { renderError } from '../report/render.ts';
import type { ErrorReport, RenderOptions } from '../report/options.ts';
import { CliError, usageError } from './errors.ts';

export const FORMATS = ['text', 'markdown', 'json', 'ndjson'] as const;
export type Format = (typeof FORMATS)[number];

/** How a verb's result leaves the process: stdout is the result, stderr is progress. */
export interface Output {
  readonly format: Format;
  readonly render: RenderOptions;
  readonly progress: Progress;
  /**
   * Prints the result in the format asked for.
   * @throws CliError TU0003 when standard output is a file that cannot take it all.
   */
  result(document: JsonDocument, text: (options: RenderOptions) => string, exitCode: number): void;
  /** One of several results, each a line of its own in NDJSON. */
  entry(document: JsonDocument, text: (options: RenderOptions) => string): void;
  error(report: ErrorReport, exitCode: number): void;
  readonly note: (text: string) => void;
  /** Workflow commands of our own; nothing outside of Actions, and nothing beside a document for programs. */
  annotate(commands: string): void;
}

export interface OutputFlags {
  readonly format?: string;
  readonly color?: string;
  readonly quiet?: boolean;
  /** Formats that the verb takes, for the message; default: all. */
  readonly formats?: readonly string[];
}

const FALLBACK_WIDTH = 80;
const MAX_WIDTH = 120;

export function createOutput(flags: OutputFlags, environment: NodeJS.ProcessEnv = process.env): Output {
  const format = flags.format ?? 'text';
  if (!isFormat(format)) {
    const known = `one of ${(flags.formats ?? FORMATS).join(', ')}`;
    throw usageError(format === 'html' ? '--format html is not built yet' : `--format ${format} is unknown`, known);
  }
  const render: RenderOptions = {
    format: format === 'markdown' ? 'markdown' : 'text',
    color: wantsColor(flags.color ?? 'auto', environment),
    width: Math.min(MAX_WIDTH, Math.max(FALLBACK_WIDTH, process.stdout.columns ?? FALLBACK_WIDTH)),
    unicode: isUnicode(environment),
  };
  const quiet = flags.quiet ?? false;
  const isActions = environment['GITHUB_ACTIONS'] === 'true';
  const isForPeople = format === 'text' || format === 'markdown';
  return {
    format,
    render,
    progress: createProgress({ stream: process.stderr, quiet, now: () => performance.now() }),
    result(document, text, exitCode) {
      print(textOf(document, () => logged(text({ ...render, exitCode, elapsed: performance.now() }))));
    },
    entry(document, text) {
      print(format === 'ndjson' ? renderLine(document) : textOf(document, () => logged(text(render))));
    },
    error(report, exitCode) {
      const asText = renderError(report, { ...render, exitCode });
      if (isForPeople) {
        process.stderr.write(logged(asText));
        return;
      }
      try {
        print(textOf(toErrorJson(report), () => ''));
      } catch {
        process.stderr.write(asText);
      }
    },
    note(text) {
      if (!quiet) process.stderr.write(`${isActions ? disarmed(text) : text}\n`);
    },
    annotate(commands) {
      if (isActions && isForPeople && commands !== '') print(commands);
    },
  };

  /** What others named must not be read as a command by the runner (threats T26). */
  function logged(text: string): string {
    return isActions ? fenceLog(text, randomBytes(16).toString('hex')) : text;
  }

  function textOf(document: JsonDocument, text: () => string): string {
    if (format === 'json') return renderJson(document);
    if (format === 'ndjson') return renderNdjson(document);
    return text();
  }
}

function disarmed(text: string): string {
  return text
    .split('\n')
    .map((line) => disarmCommand(escapeText(line)))
    .join('\n');
}

const STDOUT = 1;

/** Node's stream for a file writes once and does not look how much was taken: what is printed must be whole. */
export function print(text: string): void {
  if (!isFile(STDOUT)) {
    process.stdout.write(text);
    return;
  }
  try {
    writeWhole(STDOUT, Buffer.from(text));
  } catch (cause) {
    throw cannotWrite('standard output', cause);
  }
}

/** A device, such as `/dev/full`, is written like a file; a terminal is not. */
function isFile(descriptor: number): boolean {
  try {
    const stats = fstatSync(descriptor);
    return stats.isFile() || (stats.isCharacterDevice() && !process.stdout.isTTY);
  } catch {
    return false;
  }
}

function isFormat(text: string): text is Format {
  return (FORMATS as readonly string[]).includes(text);
}

function wantsColor(flag: string, environment: NodeJS.ProcessEnv): boolean {
  if (flag === 'always') return true;
  if (flag === 'never') return false;
  if (flag !== 'auto') throw usageError(`--color takes auto, always or never, not ${flag}`);
  if (environment['NO_COLOR']) return false;
  return process.stdout.isTTY ?? false;
}

function isUnicode(environment: NodeJS.ProcessEnv): boolean {
  const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || '';
  return /utf-?8/i.test(locale) || (locale === '' && environment['CI'] !== undefined);
}

/** A report file that is sure to be written: it is opened before the work begins and takes its name at the end. */
export interface ReportFile {
  write(document: JsonDocument): void;
  writeText(text: string): void;
  writeBytes(bytes: Buffer): void;
  discard(): void;
}

/** A whole file, or none. What cannot be replaced by one, such as a device, is refused. */
export function openReportFile(path: string): ReportFile {
  refuseSpecialFile(path);
  let file: WholeFile;
  try {
    file = openWholeFile(path);
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
  // Whatever ends the command before the report is written: nothing is left beside its place.
  process.once('exit', file.discard);
  return {
    write(document) {
      this.writeText(renderJson(document));
    },
    writeText(text) {
      this.writeBytes(Buffer.from(text));
    },
    writeBytes(bytes) {
      try {
        file.finish(bytes);
      } catch (cause) {
        throw cannotWrite(path, cause);
      }
      process.off('exit', file.discard);
    },
    discard() {
      file.discard();
      process.off('exit', file.discard);
    },
  };
}

/** A directory for files that are written; one that is there is taken. */
export function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
}

/** A rename over `/dev/stdout`, a pipe or a folder would destroy it or fail after the work is done. */
function refuseSpecialFile(path: string): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats && !stats.isFile()) throw cannotWrite(path, new Error('it is not a regular file'));
}

function cannotWrite(path: string, cause: unknown): CliError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new CliError('TU0003', `${path} cannot be written: ${why}`, {
    hint: 'give it a place that can be written',
    cause,
  });
}
